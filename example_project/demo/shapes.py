"""The shapes of the demo content: plain dataclasses, no Django.

Conventions: ``key`` is how one piece of content names another. Dates are the text of what
is known ("2026", "2026-03", "2026-03-12"). ``html`` strings hold the few tags that a rich
text field keeps: ``<p>`` and ``<a href>``. Type, role, audience, outcome, age band, harm,
theme and status are keys of ``wagtail_safeguarding.vocabularies``. A page's ``description``
is for search engines and for the council's home page.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace


def written_date(date: str) -> str:
    """A partial date for readers: "2026", "March 2026", "12 March 2026"."""
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    parts = (day.lstrip("0"), calendar.month_name[int(month)] if month else "", year)
    return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Section:
    """A heading with the paragraphs and bullet points below it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()


def sections(text: str) -> tuple[Section, ...]:
    """Read "# heading", "- bullet" and paragraphs, parted by blank lines.

    Text that follows bullets begins a section without a heading.
    """
    found: list[Section] = []
    for part in text.strip().split("\n\n"):
        if part.startswith("# "):
            found.append(Section(_one_line(part[2:])))
            continue
        if not found or found[-1].bullets:
            found.append(Section(""))
        last = found[-1]
        if part.startswith("- "):
            bullets = tuple(_one_line(item) for item in part[2:].split("\n- "))
            found[-1] = replace(last, bullets=bullets)
        else:
            found[-1] = replace(last, paragraphs=(*last.paragraphs, _one_line(part)))
    return tuple(found)


def _one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Document:
    """A review document: how a page shows it, and the text of its PDF file."""

    key: str
    title: str
    file_name: str
    role: str
    date: str
    audiences: tuple[str, ...]
    summary: str
    sections: tuple[Section, ...]
    language: str = "en-GB"


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    organisation: str
    description: str


@dataclass(frozen=True)
class LearningPoint:
    title: str
    text: str


@dataclass(frozen=True)
class Recommendation:
    text: str
    agency: str
    status: str
    due: str
    updated: str


@dataclass(frozen=True)
class Review:
    """All but the first six fields stay empty for a legacy item.

    ``documents`` belong to the review; ``shared_documents`` belong to another one.
    """

    key: str
    title: str
    slug: str
    type: str
    subjects: tuple[str, ...]
    date: str
    documents: tuple[str, ...]
    reference: str = ""
    summary: str = ""
    body: tuple[Section, ...] = ()
    outcome: str = ""
    age_band: str = ""
    harms: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    learning_points: tuple[LearningPoint, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    related_reviews: tuple[str, ...] = ()
    shared_documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class EmergencyLine:
    """``number`` is the part of ``text`` that becomes a telephone link."""

    text: str
    number: str


@dataclass(frozen=True)
class CommentsClosed:
    heading: str
    prompt: str
    message: str
    closed_on: str
    reason: str


@dataclass(frozen=True)
class FurtherInformation:
    heading: str
    html: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ReviewIndex:
    title: str
    slug: str
    description: str
    emergency_line: EmergencyLine
    introduction: tuple[str, ...]
    documents: tuple[str, ...]
    reviews: tuple[Review, ...]
    further_information: FurtherInformation
    comments: CommentsClosed


@dataclass(frozen=True)
class DocumentSection:
    heading: str
    html: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class DocumentCollection:
    title: str
    slug: str
    description: str
    html: str
    sections: tuple[DocumentSection, ...]


@dataclass(frozen=True)
class FurtherInformationPage:
    title: str
    slug: str
    description: str
    html: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Article:
    title: str
    slug: str
    description: str
    date: str
    html: str
    body: tuple[Section, ...]
    documents: tuple[str, ...]
    further_information: FurtherInformation
    comments: CommentsClosed


@dataclass(frozen=True)
class Publisher:
    name: str
    short_name: str
    telephone: str
    email: str


@dataclass(frozen=True)
class Home:
    title: str
    introduction: str


@dataclass(frozen=True)
class Site:
    """Everything the demo publishes. ``documents`` is keyed by ``Document.key``."""

    publisher: Publisher
    home: Home
    documents: dict[str, Document]
    review_index: ReviewIndex
    collection: DocumentCollection
    further_information: FurtherInformationPage
    article: Article
