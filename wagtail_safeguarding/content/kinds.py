"""The page types of this site, by what they are: found among its models, not imported.

A mixin names its ``kind``; a site's own subclasses of it are of the same kind.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import get_page_models

REVIEW = "review"
INDEX = "index"
COLLECTION = "collection"
FURTHER_INFORMATION = "further-information"
ARTICLE = "article"


def models_of_kind(kind: str) -> list[Any]:
    """The concrete page models of ``kind``, in the order in which they were defined."""
    return [model for model in get_page_models() if getattr(model, "kind", None) == kind]


def review_models() -> list[Any]:
    """The page types of this site that are practice reviews."""
    return models_of_kind(REVIEW)


def index_models() -> list[Any]:
    """The page types of this site that are review indexes."""
    return models_of_kind(INDEX)
