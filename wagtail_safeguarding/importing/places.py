"""Where an import goes: the parent page, and the site's page types for index and review."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from wagtail.models import Site

from wagtail_safeguarding.content.kinds import index_models, review_models
from wagtail_safeguarding.pagemodel import get_base_page_model

from .refusal import ImportRefused

READY_MADE = "safeguarding_pages"


def find_parent(path: str = "", *, lock: bool = False) -> Any:
    """The page at a URL path of the default site, live or not; without a path, its root page.

    ``lock``: until the end of the transaction no other import can work below it.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise ImportRefused("This site has no default site in Wagtail, so no page to import under.")
    parts = [unquote(part) for part in path.split("/") if part]
    url_path = site.root_page.url_path + "".join(f"{part}/" for part in parts)
    pages = get_base_page_model().objects.filter(url_path=url_path)
    page = (pages.select_for_update() if lock else pages).first()
    if page is None:
        raise ImportRefused(f"There is no page at {path} to import under.")
    return page.specific


def creatable(models: list[Any], app_label: str = READY_MADE) -> list[Any]:
    """The page types that an editor can create: those of ``app_label``, then the ready-made
    ones, then the rest."""
    usable = [model for model in models if model.is_creatable]
    return sorted(
        usable,
        key=lambda model: (
            model._meta.app_label != app_label,
            model._meta.app_label != READY_MADE,
        ),
    )


def index_model_below(parent: Any) -> Any:
    """The type of index that may be created below ``parent``."""
    models = creatable(index_models())
    if not models or not creatable(review_models()):
        raise ImportRefused(
            "This site has no page types for reviews. Add wagtail_safeguarding.pages to "
            "INSTALLED_APPS, or page types of your own with ReviewIndexMixin and "
            "PracticeReviewMixin."
        )
    for model in models:
        if model.can_create_at(parent):
            return model
    raise ImportRefused(f"No review index can be created below the page “{parent.title}”.")


def review_model_below(index_model: Any) -> Any:
    """The type of review that may stand below an index of this type."""
    allowed = index_model.allowed_subpage_models()
    for model in creatable(review_models(), index_model._meta.app_label):
        if model in allowed:
            return model
    raise ImportRefused(f"No review can be created below a {index_model._meta.verbose_name}.")


def indexes_below(parent: Any) -> list[Any]:
    """The review indexes directly below a page, of whatever type."""
    return _children(parent, index_models())


def reviews_below(index: Any) -> list[Any]:
    """The reviews directly below a page, of whatever type."""
    return _children(index, review_models())


def _children(parent: Any, models: list[Any]) -> list[Any]:
    if not models:
        return []
    return list(parent.get_children().type(*models).specific().order_by("path"))
