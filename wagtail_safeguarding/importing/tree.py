"""A proposal as a tree for a terminal: what a dry run prints."""

from __future__ import annotations

from collections.abc import Iterator

from .proposed import (
    ProposedDocument,
    ProposedFurtherInformation,
    ProposedIndex,
    ProposedReview,
    Unsure,
)
from .wording import clip, printable

_WIDE = 400


def render_tree(proposal: ProposedIndex) -> str:
    """The whole proposal, one line for each thing; "?" before what is unsure.

    Safe to print: control characters of the source are not in it.
    """
    return "\n".join(_index(proposal)) + "\n"


def _index(proposal: ProposedIndex) -> Iterator[str]:
    yield f"Review index: {_text(proposal.title) or '? no title found'}"
    yield f"  publisher: {_text(proposal.publisher) or '? not found'}"
    line = proposal.emergency_line
    if line is None:
        yield "  emergency line: ? none found"
    else:
        yield f"  emergency line: {_text(line.text)} [{line.number or '? no number'}]"
    yield f"  introduction: {_count(len(proposal.introduction), 'paragraph')}"
    yield from (f"    {clip(paragraph.text)}" for paragraph in proposal.introduction)
    yield f"  documents of no review: {len(proposal.documents) or 'none'}"
    for document in proposal.documents:
        yield f"    {_document(document)}"
    yield f"  reviews: {len(proposal.reviews) or 'none'}"
    for review in proposal.reviews:
        yield from _review(review)
    yield from _further(proposal.further_information)
    yield from _comments(proposal)
    if proposal.unsure:
        yield "  unsure:"
        yield from (f"    {_unsure(note)}" for note in proposal.unsure)


def _review(review: ProposedReview) -> Iterator[str]:
    yield f"    {_text(review.heading)}"
    date = f"{review.date} ({review.date.precision})" if review.date else "? no date"
    facts = [
        f"type: {review.review_type or '?'}",
        f"date: {date}",
        f"about: {_text(', '.join(review.subjects)) or '?'}",
    ]
    if review.reference:
        facts.append(f"reference: {_text(review.reference)}")
    yield f"      {' | '.join(facts)}"
    for document in review.documents:
        yield f"      document: {_document(document)}"
    for paragraph in review.paragraphs:
        yield f"      text: {clip(paragraph.text)}"
    yield from (f"      {_unsure(note)}" for note in review.unsure)


def _document(document: ProposedDocument) -> str:
    date = f", {document.date}" if document.date else ""
    source = f"from {_text(document.url)}" if document.url else "file to be supplied"
    return f"{_text(document.title)} [{document.role or '? role'}{date}] - {source}"


def _further(further: ProposedFurtherInformation | None) -> Iterator[str]:
    if further is None:
        yield "  further information: none"
        return
    count = _count(len(further.paragraphs), "paragraph")
    yield f"  further information: {_text(further.heading)} ({count})"
    for link in further.resources:
        by = f" ({_text(link.organisation)})" if link.organisation else ""
        yield f"    link: {_text(link.text)}{by} - {_text(link.url or '') or '? address not known'}"


def _comments(proposal: ProposedIndex) -> Iterator[str]:
    comments = proposal.comments
    if comments is None:
        yield "  comments: none on the page"
        return
    yield f"  comments: {comments.state}"
    for name in ("heading", "prompt", "message"):
        if text := getattr(comments, name):
            yield f"    {name}: {_text(text)}"
    yield from (f"    ? left out: {clip(text)}" for text in comments.left_out)


def _unsure(note: Unsure) -> str:
    return f"? {clip(note.where, _WIDE)}: {clip(note.what, _WIDE)}"


def _text(text: str) -> str:
    return " ".join(printable(text).split())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
