"""The public form of every kind of page, as typed schemas.

The door builds one of these for a page that is published; the register stores its JSON.
Every field is public by its nature: nothing that an editor has not published has a place
here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class PublicSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PublicTerm(PublicSchema):
    """A term by its key. Its label is joined when read, so that a new label needs no rewrite."""

    scheme: str
    key: str


class PublicDate(PublicSchema):
    """ISO 8601 text of what is known, and how much that is."""

    value: str
    precision: Literal["year", "month", "day"]


class PublicDocument(PublicSchema):
    """A row of a document list. Without a file (``uuid`` is None) it is still to be supplied."""

    title: str
    role: str | None
    audience: list[str]
    language: str
    date: PublicDate | None
    description: str
    uuid: str | None = None
    version: int | None = None
    file_name: str | None = None
    media_type: str | None = None
    size: int | None = None
    sha256: str | None = None


class PublicLink(PublicSchema):
    title: str
    description: str
    organisation: str
    url: str | None


class PublicComments(PublicSchema):
    """``closed`` shows the heading, prompt and message; ``hidden`` shows nothing. Never open."""

    state: Literal["closed", "hidden"]
    reason: str
    closed_at: dt.date | None
    heading: str
    prompt: str
    message: str


class PublicRecommendation(PublicSchema):
    text: str
    owner: str
    status: str | None
    due: PublicDate | None
    updated: dt.date | None


class PublicForm(PublicSchema):
    """What every kind has in common."""

    kind: str
    title: str
    language: str
    summary: str = ""
    date: PublicDate | None = None
    body: list[dict[str, Any]] = []
    documents: list[PublicDocument] = []
    further_information: list[PublicLink] = []
    comments: PublicComments | None = None


class PublicReview(PublicForm):
    kind: Literal["review"] = "review"
    review_type: str | None
    subjects: list[str]
    reference: str
    outcome: str | None
    age_band: str | None
    harms: list[str]
    themes: list[str]
    learning_points: list[dict[str, Any]]
    recommendations: list[PublicRecommendation]
    related_documents: list[PublicDocument]


class PublicIndex(PublicForm):
    kind: Literal["index"] = "index"
    publisher: str


class PublicCollection(PublicForm):
    kind: Literal["collection"] = "collection"


class PublicFurtherInformation(PublicForm):
    kind: Literal["further-information"] = "further-information"


class PublicArticle(PublicForm):
    kind: Literal["article"] = "article"
