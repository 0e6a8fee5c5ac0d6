"""A proposal as the field values of pages.

Texts stay verbatim. One that is too long for its field is cut, and told in full to the
person who imports; a title that is too long refuses the import, because the title is how
a page is found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from wagtail_safeguarding.content.comments import CommentsState
from wagtail_safeguarding.content.indexes import Ordering

from .proposed import (
    ProposedDocument,
    ProposedFurtherInformation,
    ProposedIndex,
    ProposedLink,
    ProposedParagraph,
    ProposedReview,
    Unsure,
)
from .refusal import ImportRefused
from .rich_text import rich_text, web_url
from .wording import clip, sentences, trimmed

TITLE_LENGTH = 255
SHORT_LENGTH = 80
NO_TITLE = "Practice reviews"
"""The title of an index whose source has none; the report says so."""


@dataclass
class Values:
    """What one page is made of, and what an editor should know of it."""

    fields: dict[str, Any]
    unsure: list[Unsure] = field(default_factory=list)


def index_values(proposal: ProposedIndex) -> Values:
    """The fields of the index page. Raises ImportRefused for a title that is too long."""
    unsure: list[Unsure] = []
    title = checked_title(proposal.title)
    if not title:
        title = NO_TITLE
        unsure.append(Unsure("title", f"The source has none; the page is called “{NO_TITLE}”."))
    links, left = _further_information(proposal.further_information, unsure)
    comments = proposal.comments
    further = proposal.further_information
    return Values(
        {
            "title": title,
            "publisher": _fit(proposal.publisher, TITLE_LENGTH, "publisher", unsure),
            "emergency_lines": list(_emergency_lines(proposal, unsure)),
            "introduction": rich_text((*proposal.introduction, *left), unsure),
            "documents": list(_documents(proposal.documents, unsure)),
            "ordering": _ordering(proposal, unsure),
            "further_information_heading": _fit(
                further.heading if further else "", TITLE_LENGTH, "further information", unsure
            ),
            "further_information": links,
            # A page that says nothing of comments goes on saying nothing.
            "comments_state": CommentsState.CLOSED if comments else CommentsState.HIDDEN,
            **{
                f"comments_{name}": _fit(
                    getattr(comments, name) if comments else "", TITLE_LENGTH, "comments", unsure
                )
                for name in ("heading", "prompt", "message")
            },
        },
        unsure,
    )


def review_values(review: ProposedReview, known_types: Iterable[str]) -> Values:
    """The fields of a review page. Raises ImportRefused for a heading that is too long.

    A type that the vocabulary of this site does not know is left out and reported.
    """
    unsure: list[Unsure] = []
    where = f"{clip(review.heading)}: "
    review_type = review.review_type or ""
    if review_type and review_type not in set(known_types):
        unsure.append(Unsure(f"{where}type", f"This site has no type “{review_type}”."))
        review_type = ""
    subjects = [_fit(each, SHORT_LENGTH, f"{where}child", unsure) for each in review.subjects]
    return Values(
        {
            "title": checked_title(review.heading),
            "review_type": review_type,
            "subjects": [("subject", subject) for subject in subjects],
            "reference": _fit(review.reference, SHORT_LENGTH, f"{where}reference", unsure),
            "review_date": review.date,
            "summary": rich_text(review.paragraphs, unsure, where),
            "documents": list(_documents(review.documents, unsure, where)),
        },
        unsure,
    )


def checked_title(title: str) -> str:
    title = trimmed(title)
    if len(title) > TITLE_LENGTH:
        raise ImportRefused(
            f"A title has {len(title)} characters, and a page holds {TITLE_LENGTH}. Shorten it "
            f"in the source: {clip(title)}"
        )
    return title


def _fit(text: str, length: int, where: str, unsure: list[Unsure]) -> str:
    if len(text) <= length:
        return text
    unsure.append(Unsure(where, f"Cut to {length} characters. The whole of it: {text}"))
    return text[: length - 1].rstrip() + "…"


def _ordering(proposal: ProposedIndex, unsure: list[Unsure]) -> str:
    """By date where that is the order of the source, otherwise as the source has it."""
    dates = [str(review.date or "") for review in proposal.reviews]
    if dates == sorted(dates, reverse=True):
        return Ordering.DATE.value
    unsure.append(
        Unsure("order of the reviews", "The source is not in order of date; its order was kept.")
    )
    return Ordering.MANUAL.value


def _emergency_lines(proposal: ProposedIndex, unsure: list[Unsure]) -> Iterator[tuple[str, Any]]:
    if line := proposal.emergency_line:
        text = _fit(line.text, TITLE_LENGTH, "emergency line", unsure)
        yield "line", {"text": text, "number": line.number or ""}


def _documents(
    documents: Iterable[ProposedDocument], unsure: list[Unsure], where: str = ""
) -> Iterator[tuple[str, Any]]:
    """Rows without a file: "to be supplied". The old address of a file is for the report
    only, as a link to it on the page would lead readers past the gate."""
    for document in documents:
        place = f"{where}{clip(document.title)}"
        if document.url:
            unsure.append(Unsure(place, f"The file is to be supplied. It was at {document.url}"))
        yield (
            "document",
            {
                "version": None,
                "title": _fit(document.title, TITLE_LENGTH, place, unsure),
                "role": document.role or "",
                "date": document.date,
            },
        )


@dataclass
class _Resource:
    """A link with the sentences around it: its own, and those that lead to or follow it."""

    link: ProposedLink
    words: list[str] = field(default_factory=list)

    def says(self, sentence: str) -> bool:
        if self.link.description:
            return self.link.description == sentence
        return self.link.text in sentence


def _further_information(
    further: ProposedFurtherInformation | None, unsure: list[Unsure]
) -> tuple[list[tuple[str, Any]], list[ProposedParagraph]]:
    """The links, and the paragraphs that belong to none of them (for the introduction)."""
    if further is None:
        return [], []
    resources = [
        _Resource(link, [link.description] if link.description else [])
        for link in further.resources
    ]
    left = [
        paragraph
        for paragraph in further.paragraphs
        if not _spread(sentences(paragraph.text), resources)
    ]
    unsure.extend(
        Unsure(
            f"further information: {clip(paragraph.text)}",
            "A text without a resource; it was put at the end of the introduction.",
        )
        for paragraph in left
    )
    return [("link", _link(resource, unsure)) for resource in resources], left


def _spread(parts: list[str], resources: list[_Resource]) -> bool:
    """Give the sentences of a paragraph to the resources in it; False where it has none.

    A sentence without a resource belongs to the one before it, or else to the first.
    """
    current: _Resource | None = None
    ahead: list[str] = []
    for part in parts:
        own = [resource for resource in resources if resource.says(part)]
        if own:
            if ahead:
                own[0].words[:0] = ahead
                ahead = []
            current = own[-1]
        elif current is not None:
            current.words.append(part)
        else:
            ahead.append(part)
    return current is not None


def _link(resource: _Resource, unsure: list[Unsure]) -> dict[str, Any]:
    link = resource.link
    where = f"further information: {clip(link.text)}"
    url = web_url(link.url)
    if link.url and not url:
        unsure.append(Unsure(where, f"The address is not whole, so it was left out: {link.url}"))
    return {
        "title": _fit(link.text, TITLE_LENGTH, where, unsure),
        "url": url,
        "organisation": _fit(link.organisation, TITLE_LENGTH, where, unsure),
        "description": " ".join(resource.words),
    }
