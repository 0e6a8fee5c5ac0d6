"""The objects that Wagtail's API sends of our pages, as types.

API v2 sends them as they are; from Wagtail 8.0 on, API v3 reads its schema from them. A site
may send more than is named here.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import ConfigDict, with_config

# pydantic takes the standard library's TypedDict from Python 3.12 on.
from typing_extensions import TypedDict

OPEN = ConfigDict(extra="allow")


@with_config(OPEN)
class PartialDateShape(TypedDict):
    """ISO 8601 text of what is known, and how much that is."""

    value: str
    precision: Literal["year", "month", "day"]


@with_config(OPEN)
class TermShape(TypedDict):
    """A term of a controlled vocabulary."""

    scheme: str
    key: str
    label: str
    abbreviation: str


@with_config(OPEN)
class DocumentShape(TypedDict):
    """A row of a document list. Without a file that may be read now, the file's part is null."""

    title: str
    role: TermShape | None
    audience: list[TermShape]
    language: str
    date: PartialDateShape | None
    description: str
    status: Literal["available", "not available", "to be supplied"]
    id: str | None
    version: int | None
    url: str | None
    file_name: str | None
    media_type: str | None
    bytes: int | None
    pages: int | None
    sha256: str | None


@with_config(OPEN)
class LinkShape(TypedDict):
    """A link. A page of this site that the public cannot see has no address."""

    title: str
    description: str
    organisation: str
    url: str | None
    internal: bool


@with_config(OPEN)
class EmergencyLineShape(TypedDict):
    """What to do if a child is in danger, with the parts of the text around the number."""

    text: str
    number: str
    tel: str
    before: str
    after: str
    number_in_text: bool


@with_config(OPEN)
class NamedReviewShape(TypedDict):
    """A review as another page names it."""

    id: int
    title: str
    review_type: TermShape | None
    review_date: PartialDateShape | None
    url: str | None


@with_config(OPEN)
class CommentsShape(TypedDict):
    """What a page says about comments. They can never be opened."""

    state: Literal["closed", "hidden"]
    reason: str
    closed_at: dt.date | None
    heading: str
    prompt: str
    message: str
