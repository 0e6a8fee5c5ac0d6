"""Registers what the package adds to Wagtail's admin; the logic lives elsewhere."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .documents.chooser import viewset


@hooks.register("register_admin_viewset")
def register_document_chooser() -> Any:
    return viewset


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action(
        "wagtail_safeguarding.version_state",
        _("Change the state of a file"),
        _("A file changed its state"),
    )
    actions.register_action(
        "wagtail_safeguarding.not_published",
        _("Refuse a scheduled publication"),
        _("The scheduled publication was refused"),
    )
