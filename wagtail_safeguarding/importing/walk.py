"""Going through a page block by block, and putting each into the part it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from .dating import read_date
from .documents import DocumentsReading, read_review_documents, read_standalone_documents
from .headings import HeadingReading, read_heading
from .hrefs import MAX_HREF, is_file
from .proposed import (
    ProposedComments,
    ProposedDocument,
    ProposedParagraph,
    ProposedReview,
    Unsure,
)
from .sections import (
    closes_comments,
    opens_comments,
    opens_further_information,
    prompts_for_comments,
)
from .source import Block, BlockKind, SourceFormat
from .subjects import NOISE
from .wording import clip, is_short, plain, trimmed

_NO_HEADING = 7
"""Below every HTML level: a heading that is only a bold or a plain line."""


_ROLES_OF_REVIEWS = frozenset(
    {
        "overview-report",
        "executive-summary",
        "learning-summary",
        "briefing-note",
        "seven-minute-briefing",
    }
)


class Part(Enum):
    INTRODUCTION = auto()
    REVIEW = auto()
    FURTHER = auto()
    COMMENTS = auto()
    ASIDE = auto()


@dataclass
class _Review:
    reading: HeadingReading
    block: Block
    level: int
    documents: list[ProposedDocument] = field(default_factory=list)
    paragraphs: list[ProposedParagraph] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)

    def propose(self) -> ProposedReview:
        reading = self.reading
        return ProposedReview(
            heading=trimmed(self.block.text),
            review_type=reading.review_type,
            subjects=reading.subjects,
            date=reading.date,
            reference=reading.reference,
            documents=tuple(self.documents),
            paragraphs=tuple(self.paragraphs),
            unsure=tuple(self.unsure),
        )


@dataclass
class Walk:
    """The parts of a page while it is read. Every block placed ends up in exactly one or,
    where it names documents beside other things, in its documents as well.
    """

    format: SourceFormat
    scottish: bool = False
    introduction: list[ProposedParagraph] = field(default_factory=list)
    documents: list[ProposedDocument] = field(default_factory=list)
    further_heading: str = ""
    further: list[Block] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)
    _reviews: list[_Review] = field(default_factory=list)
    _part: Part = Part.INTRODUCTION
    _group: str = ""
    _further_level: int = _NO_HEADING
    _comments: ProposedComments | None = None
    _comments_left_out: list[str] = field(default_factory=list)

    @property
    def reviews(self) -> tuple[ProposedReview, ...]:
        return tuple(review.propose() for review in self._reviews)

    @property
    def comments(self) -> ProposedComments | None:
        if self._comments is None:
            return None
        return replace(self._comments, left_out=tuple(self._comments_left_out))

    def place(self, block: Block, following: Block | None = None) -> None:
        """Put one block where it belongs; ``following`` is the next, only looked at."""
        if not (
            self._place_review_heading(block, following)
            or self._place_group_heading(block)
            or self._place_further_heading(block)
            or self._place_comment(block)
            or self._place_other_heading(block)
        ):
            self._place_content(block)

    # Reviews

    def _place_review_heading(self, block: Block, following: Block | None) -> bool:
        if opens_further_information(block.text) or opens_comments(block.text):
            return False
        reading = read_heading(block.text, scottish=self.scottish)
        if not self._opens_review(block, reading, following):
            return False
        level = _level(block)
        review = _Review(reading, block, level)
        review.unsure.extend(note(block, what) for what in reading.unsure)
        if reading.review_type is None and self._group:
            review.unsure.append(note(block, f"It stands under “{clip(self._group)}”."))
        if self.format is SourceFormat.HTML and not _is_marked(block):
            what = "It was read as a review of its own, though the page does not show a heading."
            review.unsure.append(note(block, what))
        self._reviews.append(review)
        self._part = Part.REVIEW
        if block.links or reading.role:
            self._place_heading_documents(block, review)
        return True

    def _opens_review(self, block: Block, reading: HeadingReading, following: Block | None) -> bool:
        if reading.plural or (self._part is Part.COMMENTS and not _is_marked(block)):
            return False
        if _is_marked(block):
            return self._marked_opens_review(block, reading, following)
        if self._part is Part.REVIEW and self._repeats(reading):
            return False
        if reading.role is not None:
            return reading.review_type is not None and reading.named
        if reading.is_typed_review or (reading.reference and reading.subjects):
            return True
        if self.format is SourceFormat.HTML:
            return False
        return reading.is_plain_subject or (reading.is_names and reading.date is not None)

    def _marked_opens_review(
        self, block: Block, reading: HeadingReading, following: Block | None
    ) -> bool:
        if self._part is Part.REVIEW and _level(block) > self._reviews[-1].level:
            # "Child A" or "SCR report" deeper inside a review is a part of it.
            nameless = not self._reviews[-1].reading.subjects
            return not self._repeats(reading) and (
                reading.is_typed_review or (reading.is_plain_subject and nameless)
            )
        return (
            reading.is_typed_review
            or reading.is_plain_subject
            or bool(reading.reference and reading.subjects)
            or (reading.is_names and (bool(reading.date) or self._is_report(following)))
        )

    def _repeats(self, reading: HeadingReading) -> bool:
        """Whether a line only names the review it stands under, as its documents do."""
        current = self._reviews[-1].reading
        if set(map(_key, reading.subjects)) - set(map(_key, current.subjects)):
            return False
        if reading.role is not None or not reading.tells_apart:
            return bool(reading.subjects) or reading.role is not None
        return (reading.date, reading.reference) == (current.date, current.reference)

    def _is_report(self, block: Block | None) -> bool:
        """Whether a block under a heading such as "Emily and Jack" shows that it is a review."""
        if block is None:
            return False
        read = read_review_documents(block, self.format)
        return any(document.role in _ROLES_OF_REVIEWS for document in read.documents)

    def _place_heading_documents(self, block: Block, review: _Review) -> None:
        """A heading that is itself a link, or the title of a document."""
        files = [link for link in block.links if is_file(link.href)]
        if files or review.reading.role:
            read = read_review_documents(block, self.format)
            review.documents.extend(read.documents)
            review.unsure.append(note(block, "The heading may be the title of a document as well."))
        for link in block.links:
            if link.href and link not in files:
                review.unsure.append(
                    note(block, f"The heading is a link to {clip(link.href, MAX_HREF)}")
                )

    # Other parts

    def _place_group_heading(self, block: Block) -> bool:
        """ "Serious Case Reviews" or "2019" above the reviews that it speaks of."""
        if self._part in {Part.FURTHER, Part.COMMENTS} and not _is_marked(block):
            return False
        reading = read_heading(block.text)
        of_a_type = reading.plural and reading.review_type is not None
        of_a_time = block.kind is BlockKind.HEADING and _is_only_a_date(block.text)
        if reading.role or reading.rest or reading.subjects or not (of_a_type or of_a_time):
            return False
        self._group = trimmed(block.text)
        self._part = Part.ASIDE if self._reviews else Part.INTRODUCTION
        self.introduction.append(_paragraph(block))
        what = "A heading above reviews; it was put into the introduction and gives them nothing."
        self.unsure.append(note(block, what))
        return True

    def _place_further_heading(self, block: Block) -> bool:
        if not opens_further_information(block.text):
            return False
        inside = block.kind is BlockKind.HEADING and self._part is Part.REVIEW
        if inside and _level(block) > self._reviews[-1].level:
            return False
        if self.further_heading:
            self.further.append(block)
        else:
            self.unsure.extend(lost_links(block))
            self.further_heading = trimmed(block.text)
            self._further_level = _level(block)
        self._part = Part.FURTHER
        return True

    def _place_comment(self, block: Block) -> bool:
        text = trimmed(block.text)
        opens, closes = opens_comments(block.text), closes_comments(block.text)
        prompts = prompts_for_comments(block.text)
        if self._part is not Part.COMMENTS and not (opens or closes or prompts):
            return False
        if self._part is Part.COMMENTS and _is_marked(block) and not (opens or closes or prompts):
            return False  # a heading of the page after its comments
        self._part = Part.COMMENTS
        self.unsure.extend(lost_links(block))
        if self._comments is None:
            self._comments = ProposedComments()
        name = "message" if closes else "heading" if opens else "prompt"
        if not (opens or closes or prompts) and (self._comments.message or not is_short(text)):
            name = ""
        if name and not getattr(self._comments, name):
            change: dict[str, Any] = {name: text}
            self._comments = replace(self._comments, **change)
        else:
            self._comments_left_out.append(block.text)
        return True

    def _place_other_heading(self, block: Block) -> bool:
        """A heading nobody knows: inside the review above it, or a part of its own."""
        if block.kind is not BlockKind.HEADING:
            return False
        level = _level(block)
        if self._part is Part.REVIEW and level > self._reviews[-1].level:
            self._reviews[-1].paragraphs.append(_paragraph(block))
            return True
        if self._part is Part.FURTHER and level > self._further_level:
            self.further.append(block)
            return True
        if self._reviews or self._part is not Part.INTRODUCTION:
            self._part = Part.ASIDE
            self.unsure.append(
                note(block, "A heading among the reviews; it was put into the introduction.")
            )
        elif read_heading(block.text).review_type:
            what = "It names a type of review but no review; it was put into the introduction."
            self.unsure.append(note(block, what))
        self.introduction.append(_paragraph(block))
        if block.links:
            self._place_standalone(read_standalone_documents(block), block)
        return True

    def _place_content(self, block: Block) -> None:
        if self._part is Part.FURTHER:
            self.further.append(block)
        elif self._part is Part.REVIEW:
            self._place_in_review(block)
        else:
            read = read_standalone_documents(block)
            self._place_standalone(read, block)
            if read.keep:
                self._keep(block, understood=bool(read.documents))

    def _keep(self, block: Block, *, understood: bool) -> None:
        self.introduction.append(_paragraph(block))
        if not understood and is_short(block.text) and self.format is SourceFormat.TEXT:
            self.unsure.append(note(block, "Not understood; it was put into the introduction."))

    def _place_standalone(self, read: DocumentsReading, block: Block) -> None:
        self.documents.extend(read.documents)
        self.unsure.extend(note(block, what) for what in read.unsure)

    def _place_in_review(self, block: Block) -> None:
        review = self._reviews[-1]
        if review.reading.date is None and _is_only_a_date(block.text):
            self._take_date(review, block)
            return
        read = read_review_documents(block, self.format)
        review.documents.extend(read.documents)
        review.unsure.extend(note(block, what) for what in read.unsure)
        if read.keep:
            review.paragraphs.append(_paragraph(block))

    def _take_date(self, review: _Review, block: Block) -> None:
        read = read_date(block.text)
        review.paragraphs.append(_paragraph(block))
        review.unsure.extend(note(block, what) for what in read.unsure)
        if read.date is not None:
            review.reading = review.reading.dated(read.date)
            review.unsure.append(note(block, "The date was taken from a line under the heading."))


def note(block: Block, what: str) -> Unsure:
    """A note that leads an editor to the line it is about."""
    return Unsure(f"line {block.line}: {clip(block.text)}", what)


def lost_links(block: Block) -> list[Unsure]:
    """Titles, comments and the like carry no links, so an editor is told of those."""
    return [
        note(block, f"A link was left out here: {clip(link.href, MAX_HREF)}")
        for link in block.links
        if link.href and not link.href.lower().startswith("tel:")
    ]


def _paragraph(block: Block) -> ProposedParagraph:
    return ProposedParagraph(block.text, block.links)


def _is_marked(block: Block) -> bool:
    """Whether the page itself shows a block as a heading."""
    return block.kind is BlockKind.HEADING or (block.bold and is_short(block.text))


def _level(block: Block) -> int:
    return block.level if block.kind is BlockKind.HEADING else _NO_HEADING


def _key(subject: str) -> str:
    return " ".join(plain(subject).casefold().split())


def _is_only_a_date(text: str) -> bool:
    """ "Published: 3 May 2021", or the date alone."""
    read = read_date(text)
    if not read.spans:
        return False
    rest = plain(text)
    for start, end in read.spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    words = rest.replace(":", " ").replace(",", " ").lower().split()
    return all(word.strip("().-") in NOISE | {"", "was", "updated", "last"} for word in words)
