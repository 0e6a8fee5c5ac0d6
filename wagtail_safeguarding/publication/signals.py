"""Whatever else moves a page: expiry, move, privacy, deletion, of *any* page class.

Wagtail's expiry, bulk unpublish and move save the base ``Page``, so the ``save()`` of our
mixin never runs there. Closing happens at once, inside the caller's transaction; opening
last, after commit: a fault in between leaves things closed.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import PageViewRestriction, Site

from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.models import Record, RecordState
from wagtail_safeguarding.register.projection import close_records
from wagtail_safeguarding.register.visibility import ALIAS_DEPTH, visible_pages

from .door import SafeguardingPage, project, safeguarding_models

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect the receivers. Called once, from ``AppConfig.ready()``."""
    post_save.connect(page_saved, dispatch_uid="safeguarding_page_saved")
    pre_delete.connect(page_deleted, dispatch_uid="safeguarding_page_deleted")
    for signal in (post_save, post_delete):
        signal.connect(
            restriction_changed,
            sender=PageViewRestriction,
            dispatch_uid=f"safeguarding_restriction_{id(signal)}",
        )
        signal.connect(site_changed, sender=Site, dispatch_uid=f"safeguarding_site_{id(signal)}")


def page_saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if raw or not isinstance(instance, get_base_page_model()):
        return
    # A page type of ours projects itself at the end of its own save().
    own = instance.pk if isinstance(instance, SafeguardingPage) else None
    refresh(instance.path, projects_itself=own)


def page_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, get_base_page_model()):
        close_records([instance.pk], deleted=True)


def restriction_changed(sender: Any, instance: PageViewRestriction, **kwargs: Any) -> None:
    path = get_base_page_model().objects.filter(pk=instance.page_id).values_list("path", flat=True)
    for found in path:
        refresh(found)


def site_changed(sender: Any, instance: Site, **kwargs: Any) -> None:
    refresh("")


def refresh(path: str, *, projects_itself: int | None = None) -> None:
    """Bring the register in line for the subtree at ``path`` and for the aliases of its pages.

    ``""`` means every page.
    """
    affected = _subtree_and_aliases(path)
    pages = get_base_page_model().objects.filter(affected)
    public = Record.objects.filter(state=RecordState.PUBLIC, page_deleted=False)
    closing = public.filter(page_id__in=pages.values("pk")).exclude(
        page_id__in=visible_pages().values("pk")
    )
    close_records(list(closing.values_list("page_id", flat=True)))

    types = [model._meta.label_lower.split(".") for model in safeguarding_models()]
    if not types:
        return
    ours = Q()
    for app_label, model_name in types:
        ours |= Q(content_type__app_label=app_label, content_type__model=model_name)
    opening = (
        visible_pages()
        .filter(affected)
        .filter(ours)
        .exclude(pk__in=public.values("page_id"))
        .exclude(pk=projects_itself)
    )
    for page_id in list(opening.values_list("pk", flat=True)):
        transaction.on_commit(partial(_open, page_id), robust=True)


def _open(page_id: int) -> None:
    with transaction.atomic():
        project(page_id)


def _subtree_and_aliases(path: str) -> Q:
    """Pages at or below ``path``, and pages at or below an alias of one of these."""
    condition = Q(path__startswith=path)
    if not path:
        return condition
    sources = Q()
    for depth in range(1, ALIAS_DEPTH + 1):
        source_path = "__".join([*["alias_of"] * depth, "path"])
        sources |= Q(**{f"{source_path}__startswith": path})
    aliases = get_base_page_model().objects.filter(sources, alias_of__isnull=False)
    for alias_path in aliases.values_list("path", flat=True):
        condition |= Q(path__startswith=alias_path)
    return condition
