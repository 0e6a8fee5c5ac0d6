"""What the register API answers, as typed schemas: the OpenAPI document is made of them.

Records are sent as they are stored, without passing through these classes; a test reads real
answers with them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field

from wagtail_safeguarding.register.schema import (
    Described,
    EmergencyLine,
    Item,
    PublicArticle,
    PublicCollection,
    PublicDate,
    PublicFurtherInformation,
    PublicIndex,
    PublicReview,
    PublicSchema,
)

Labels = dict[str, dict[str, str]]


class Surrounded(Described):
    """What is joined to a record when it is read, and is no part of its hash."""

    labels: Labels = Field(description="By vocabulary and key: what people read for a term.")
    emergency_lines: list[EmergencyLine]
    alternative_format_contact: str


class ReviewRecord(PublicReview, Surrounded):
    pass


class IndexRecord(PublicIndex, Surrounded):
    pass


class CollectionRecord(PublicCollection, Surrounded):
    pass


class FurtherInformationRecord(PublicFurtherInformation, Surrounded):
    pass


class ArticleRecord(PublicArticle, Surrounded):
    pass


AnyRecord = ReviewRecord | IndexRecord | CollectionRecord | FurtherInformationRecord | ArticleRecord


class FacetValue(PublicSchema):
    value: str
    label: str
    count: int


class Snippet(PublicSchema):
    """Where the words of ``q`` were found."""

    html: str = Field(description="Escaped text, with the words in <mark>.")
    document: str | None = Field(description="UUID of the document; null: in the page itself.")
    page: int | None = Field(description="Page of the file.")


class Listed(Item):
    snippet: Snippet | None = Field(default=None, description="With q.")


class Tombstone(PublicSchema):
    """What is kept of a record that was taken down: no title, no text."""

    uuid: str
    kind: str
    state: Literal["archived", "withdrawn"]
    first_public_at: dt.datetime
    changed_at: dt.datetime
    sha256: str = Field(description="Of the public form it last had.")


class Page(PublicSchema):
    """A part of a list."""

    count: int
    count_is: Literal["exact", "at least"]
    next: str | None = Field(description="Where the list goes on.")


class RecordList(Page):
    items: list[Listed | Tombstone | dict[str, Any]] = Field(
        description="With `fields`: only these; with `state`: tombstones."
    )
    labels: Labels
    facets: dict[str, list[FacetValue]] | None = None


class FileHash(PublicSchema):
    document: str
    version: int
    sha256: str


class HistoryEntry(PublicSchema):
    sequence: int
    event: Literal["published", "updated", "moved", "archived", "withdrawn"]
    at: dt.datetime
    sha256: str = Field(description="Of the public form.")
    files: list[FileHash]


class History(PublicSchema):
    uuid: str
    state: Literal["public", "archived", "withdrawn"]
    entries: list[HistoryEntry]
    next: str | None


class Change(HistoryEntry):
    record: str = Field(description="UUID.")
    kind: str
    state: Literal["public", "archived", "withdrawn"] = Field(description="Of the record, now.")
    tombstone: Tombstone | None = Field(description="Of what was taken down: drop your copy.")


class Changes(PublicSchema):
    items: list[Change]
    next: str = Field(description="Where to go on, later as well. Always given.")
    more: bool = Field(description="There is more already.")


class PublicVersion(PublicSchema):
    """A version of a document that is public, or was."""

    number: int
    sha256: str
    media_type: str
    size: int = Field(description="Bytes.")
    pages: int | None
    first_public_at: dt.datetime
    state: Literal["current", "superseded", "withdrawn", "closed"] = Field(
        description="`closed`: later than the current one, and not public any more."
    )
    withdrawal_reason: str | None


class Use(PublicSchema):
    uuid: str
    title: str
    url: str | None


class UsedBy(PublicSchema):
    """Records that name a version of the document."""

    count: int
    items: list[Use]
    next: str | None


class Document(PublicSchema):
    """As a record that names its current version has it."""

    uuid: str
    title: str
    role: str | None
    audience: list[str]
    language: str
    date: PublicDate | None
    description: str
    url: str
    file_name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    licence: str
    rights_holder: str
    alternative_format_contact: str
    version: int
    versions: list[PublicVersion] = Field(description="Those ever public, newest first, 100.")
    used_by: UsedBy


class VocabularyItem(PublicSchema):
    scheme: str
    label: str
    parameter: str = Field(description="The parameter of `records` that takes its keys.")
    terms: int = Field(description="How many.")
    url: str


class Vocabularies(PublicSchema):
    items: list[VocabularyItem]


class VocabularyTerm(PublicSchema):
    key: str = Field(description="Permanent.")
    label: str
    labels: dict[str, str] = Field(description="By language.")
    scope_notes: dict[str, str] = Field(description="By language: when the term is used.")
    abbreviation: str
    formerly: str = Field(description="The name that earlier guidance used.")
    jurisdiction: str
    deprecated: bool
    count: int = Field(description="Public records that have it.")


class Vocabulary(PublicSchema):
    scheme: str
    label: str
    parameter: str
    terms: list[VocabularyTerm]


class FeedAuthor(PublicSchema):
    name: str


class FeedAttachment(PublicSchema):
    url: str
    mime_type: str
    title: str
    size_in_bytes: int


class FeedItem(PublicSchema):
    id: str
    url: str
    title: str
    content_text: str
    date_published: dt.datetime
    date_modified: dt.datetime
    language: str
    authors: list[FeedAuthor] | None = None
    attachments: list[FeedAttachment] | None = None


class Feed(PublicSchema):
    """JSON Feed 1.1."""

    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    home_page_url: str
    feed_url: str
    authors: list[FeedAuthor]
    items: list[FeedItem]


class WrongParameter(BaseModel):
    parameter: str
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[WrongParameter] | None = None
