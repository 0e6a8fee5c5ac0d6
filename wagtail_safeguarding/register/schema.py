"""The public form of every kind of page, as typed schemas.

The door builds one of these for a page that is published; the register stores its JSON, and the
API describes it (OpenAPI) with the same class. Every field is public by its nature: nothing that
an editor has not published has a place here.

Terms of the vocabularies are named by their keys, which never change; the addresses of pages and
the labels of terms are joined when a record is read (``api``).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class PublicSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PublicDate(PublicSchema):
    """ISO 8601 text of what is known ("2019", "2019-07", "2019-07-04"), and how much that is."""

    value: str
    precision: Literal["year", "month", "day"]


class PublicDocument(PublicSchema):
    """A row of a document list. Without a file (``uuid`` is null) it is still to be supplied, or
    cannot be read any more."""

    title: str
    role: str | None = Field(description="A key of the vocabulary document-role.")
    audience: list[str] = Field(description="Keys of the vocabulary audience.")
    language: str
    date: PublicDate | None
    description: str
    uuid: str | None = None
    version: int | None = None
    url: str | None = Field(
        default=None, description="Where the file is read; relative to the address of the API."
    )
    file_name: str | None = None
    media_type: str | None = None
    size: int | None = Field(default=None, description="Bytes.")
    pages: int | None = None
    sha256: str | None = None
    licence: str = ""
    rights_holder: str = ""
    alternative_format_contact: str = ""


class PublicLink(PublicSchema):
    title: str
    description: str
    organisation: str
    url: str | None = Field(description="Null while the page it leads to cannot be read.")
    record: str | None = Field(default=None, description="The record it leads to, if one.")


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
    status: str | None = Field(description="A key of the vocabulary recommendation-status.")
    due: PublicDate | None
    updated: dt.date | None


class PublicLearningPoint(PublicSchema):
    title: str
    text: str = Field(description="HTML.")
    themes: list[str] = Field(description="Keys of the vocabulary theme.")


class PublicSection(PublicSchema):
    """A headed group of documents in a collection."""

    heading: str
    introduction: str = Field(description="HTML.")
    documents: list[PublicDocument]


class PublicTranslation(PublicSchema):
    language: str
    record: str = Field(description="The UUID of the record in that language.")


class EmergencyLine(PublicSchema):
    """A sentence with a telephone number, and its parts, so that any front end can link it."""

    text: str
    number: str
    tel: str
    before: str
    after: str
    number_in_text: bool


# The text of a page


class HeadingBlock(PublicSchema):
    type: Literal["heading"] = "heading"
    text: str


class ParagraphBlock(PublicSchema):
    type: Literal["paragraph"] = "paragraph"
    html: str


class QuotationBlock(PublicSchema):
    type: Literal["quotation"] = "quotation"
    text: str


class DocumentBlock(PublicSchema):
    type: Literal["document"] = "document"
    document: PublicDocument


class LinkBlock(PublicSchema):
    type: Literal["link"] = "link"
    link: PublicLink


class OtherBlock(PublicSchema):
    """A block that the site added. What is in it is the site's own business, and not told."""

    type: Literal["other"] = "other"
    name: str


PublicBlock = Annotated[
    HeadingBlock | ParagraphBlock | QuotationBlock | DocumentBlock | LinkBlock | OtherBlock,
    Field(discriminator="type"),
]


# The kinds


class PublicForm(PublicSchema):
    """What every kind has in common."""

    kind: str
    title: str
    language: str
    summary: str = Field(default="", description="HTML.")
    date: PublicDate | None = None
    publisher: str = ""
    body: list[PublicBlock] = []
    documents: list[PublicDocument] = []
    further_information_heading: str = ""
    further_information: list[PublicLink] = []
    comments: PublicComments | None = None
    translations: list[PublicTranslation] = []
    alias_of: str | None = Field(
        default=None, description="The record that this one repeats at another address."
    )

    def all_documents(self) -> list[PublicDocument]:
        """Each row of a document list, wherever it stands on the page."""
        in_text = [block.document for block in self.body if isinstance(block, DocumentBlock)]
        return [*self.documents, *in_text]


class PublicReview(PublicForm):
    """A practice review."""

    kind: Literal["review"] = "review"
    review_type: str | None = Field(description="A key of the vocabulary review-type.")
    jurisdiction: str = Field(default="", description="Of the type of review.")
    subjects: list[str] = Field(description="Pseudonyms. Two reviews may share one.")
    reference: str
    outcome: str | None = Field(description="A key of the vocabulary outcome.")
    age_band: str | None = Field(description="A key of the vocabulary age-band.")
    harms: list[str] = Field(description="Keys of the vocabulary harm.")
    themes: list[str] = Field(description="Keys of the vocabulary theme.")
    learning_points: list[PublicLearningPoint]
    recommendations: list[PublicRecommendation]
    related_reviews: list[str] = Field(default=[], description="UUIDs of records.")
    related_documents: list[PublicDocument]

    def all_documents(self) -> list[PublicDocument]:
        return [*super().all_documents(), *self.related_documents]


class PublicIndex(PublicForm):
    """A publisher's reviews stand below it."""

    kind: Literal["index"] = "index"
    own_publisher: str = ""
    own_emergency_lines: list[EmergencyLine] = []


class PublicCollection(PublicForm):
    """Protocols, pathways and leaflets that serve many reviews."""

    kind: Literal["collection"] = "collection"
    sections: list[PublicSection] = []

    def all_documents(self) -> list[PublicDocument]:
        in_sections = [document for section in self.sections for document in section.documents]
        return [*super().all_documents(), *in_sections]


class PublicFurtherInformation(PublicForm):
    kind: Literal["further-information"] = "further-information"


class PublicArticle(PublicForm):
    kind: Literal["article"] = "article"


# What an answer adds to the form


class Described(PublicSchema):
    """What the register knows of a record besides its public form."""

    uuid: str = Field(description="Permanent: it outlives edits, moves and deletion.")
    url: str | None = Field(description="Where people read it; joined when read.")
    state: Literal["public"] = "public"
    first_public_at: dt.datetime
    changed_at: dt.datetime
    sha256: str = Field(description="Of the public form, as the history has it.")


class ItemDocument(PublicSchema):
    """A document, in a list of records."""

    title: str
    role: str | None
    language: str
    url: str | None
    media_type: str | None
    size: int | None
    pages: int | None


class Item(Described):
    """What a list shows of a record; ``fields`` asks for more."""

    kind: str
    title: str
    language: str
    summary: str = Field(description="Plain text, shortened.")
    date: PublicDate | None
    publisher: str
    documents: list[ItemDocument]
    review_type: str | None = None
    jurisdiction: str | None = None
    subjects: list[str] | None = None
    reference: str | None = None
    outcome: str | None = None
    age_band: str | None = None
    harms: list[str] | None = None
    themes: list[str] | None = None


FORMS: dict[str, type[PublicForm]] = {
    "review": PublicReview,
    "index": PublicIndex,
    "collection": PublicCollection,
    "further-information": PublicFurtherInformation,
    "article": PublicArticle,
}
