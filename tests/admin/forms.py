"""What the page editor posts for a review."""

from __future__ import annotations

import json
from collections.abc import Iterable

STREAMS = (
    "body",
    "subjects",
    "learning_points",
    "recommendations",
    "related_reviews",
    "related_documents",
    "further_information",
)


def rich_text(text: str) -> str:
    """A paragraph as the rich text editor sends it; an empty text is an empty field."""
    if not text:
        return "null"
    block = {
        "key": "a0000",
        "text": text,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    return json.dumps({"entityMap": {}, "blocks": [block]})


def review_form(
    rows: Iterable[tuple[int, str]], *, summary: str = "", **values: str
) -> dict[str, str]:
    """A review with a document row for each (version, title on the page)."""
    rows = list(rows)
    data = {
        "title": "Mine",
        "slug": "mine",
        "review_type": "learning-review",
        "summary": rich_text(summary),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "wagtail_admin_comments-TOTAL_FORMS": "0",
        "wagtail_admin_comments-INITIAL_FORMS": "0",
        "documents-count": str(len(rows)),
        **{f"{name}-count": "0" for name in STREAMS},
    }
    for number, (version, title) in enumerate(rows):
        row = {
            "deleted": "",
            "order": str(number),
            "type": "document",
            "id": "",
            "value-version": str(version),
            "value-title": title,
            "value-role": "",
            "value-language": "",
            "value-date": "",
            "value-description": "",
        }
        data.update({f"documents-{number}-{name}": text for name, text in row.items()})
    return {**data, **values}
