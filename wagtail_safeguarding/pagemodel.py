"""The site's base page model, which Wagtail 8 lets a site swap."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings


def base_page_label() -> str:
    """``"wagtailcore.Page"``, or the model that ``WAGTAIL_PAGE_MODEL`` names."""
    return str(getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page"))


def get_base_page_model() -> Any:
    return apps.get_model(base_page_label())
