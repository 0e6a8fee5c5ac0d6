"""What an import would create: a tree of plain values that an editor can judge first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from wagtail_safeguarding.dates import PartialDate

from .source import Link


@dataclass(frozen=True)
class Unsure:
    """Something that an editor should check: where on the page, and what."""

    where: str
    what: str


@dataclass(frozen=True)
class ProposedParagraph:
    """A paragraph verbatim, with the links in it."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class EmergencyLine:
    """The line verbatim, and the telephone number as it stands in it."""

    text: str
    number: str | None = None


@dataclass(frozen=True)
class ProposedDocument:
    """A document without its file.

    ``title`` is verbatim but for the white space around it, ``source_text`` the whole line
    or paragraph it was read from. ``role`` is a vocabulary key. ``url`` is the legacy
    address, as written, where the source has one.
    """

    title: str
    source_text: str
    role: str | None = None
    date: PartialDate | None = None
    url: str | None = None


@dataclass(frozen=True)
class ProposedReview:
    """A review: its heading verbatim beside what was understood of it."""

    heading: str
    review_type: str | None = None
    subjects: tuple[str, ...] = ()
    date: PartialDate | None = None
    reference: str = ""
    documents: tuple[ProposedDocument, ...] = ()
    paragraphs: tuple[ProposedParagraph, ...] = ()
    unsure: tuple[Unsure, ...] = ()


@dataclass(frozen=True)
class ProposedLink:
    """A resource elsewhere. ``description`` is the sentence it stands in, verbatim."""

    text: str
    description: str = ""
    organisation: str = ""
    url: str | None = None


@dataclass(frozen=True)
class ProposedFurtherInformation:
    heading: str
    paragraphs: tuple[ProposedParagraph, ...] = ()
    resources: tuple[ProposedLink, ...] = ()


@dataclass(frozen=True)
class ProposedComments:
    """The block that says that comments are closed; no other state is ever proposed.

    ``left_out`` are the lines beside it, among them any comments that visitors left. They
    may name a child: show them to the importing person, and put them on no page.
    """

    heading: str = ""
    prompt: str = ""
    message: str = ""
    state: Literal["closed"] = "closed"
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProposedIndex:
    """A review index with everything on it, in the order of the page."""

    publisher: str = ""
    title: str = ""
    emergency_line: EmergencyLine | None = None
    introduction: tuple[ProposedParagraph, ...] = ()
    documents: tuple[ProposedDocument, ...] = ()
    reviews: tuple[ProposedReview, ...] = ()
    further_information: ProposedFurtherInformation | None = None
    comments: ProposedComments | None = None
    unsure: tuple[Unsure, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready. A date is ``{"value": "2019-07", "precision": "month"}``."""
        result: dict[str, Any] = _jsonable(self)
        return result

    def all_unsure(self) -> tuple[Unsure, ...]:
        """The notes on the page and on its reviews."""
        return (*self.unsure, *(note for review in self.reviews for note in review.unsure))

    def all_documents(self) -> Iterator[ProposedDocument]:
        """Stand-alone documents, then those of the reviews."""
        yield from self.documents
        for review in self.reviews:
            yield from review.documents

    def kept_texts(self) -> Iterator[str]:
        """Every text of the source that the proposal holds; together they are all of it."""
        yield self.publisher
        yield self.title
        if self.emergency_line:
            yield self.emergency_line.text
        yield from (paragraph.text for paragraph in self.introduction)
        for review in self.reviews:
            yield review.heading
            yield from (paragraph.text for paragraph in review.paragraphs)
        yield from (document.source_text for document in self.all_documents())
        if self.further_information:
            yield self.further_information.heading
            yield from (paragraph.text for paragraph in self.further_information.paragraphs)
        if self.comments:
            yield from (self.comments.heading, self.comments.prompt, self.comments.message)
            yield from self.comments.left_out


def _jsonable(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return {"value": str(value), "precision": value.precision}
    if isinstance(value, tuple):
        return [_jsonable(item) for item in value]
    if is_dataclass(value):
        return {field.name: _jsonable(getattr(value, field.name)) for field in fields(value)}
    return value
