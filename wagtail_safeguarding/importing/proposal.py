"""From a page as read to the index, reviews and documents that an editor would create.

Nothing is invented: no address, no part of a date, no type of review. Nothing is lost:
each line of the source is somewhere in the proposal, and what was not understood is
where an editor sees it, with a note.
"""

from __future__ import annotations

from collections.abc import Sequence

from .emergency import find_emergency_line
from .headings import read_heading
from .opening import read_opening
from .proposed import (
    EmergencyLine,
    ProposedComments,
    ProposedDocument,
    ProposedFurtherInformation,
    ProposedIndex,
    ProposedLink,
    ProposedParagraph,
    ProposedReview,
    Unsure,
)
from .resources import read_resources
from .review_types import speaks_of_scotland
from .source import Block, SourcePage
from .tree import render_tree
from .walk import Walk, lost_links
from .wording import clip

__all__ = [
    "EmergencyLine",
    "ProposedComments",
    "ProposedDocument",
    "ProposedFurtherInformation",
    "ProposedIndex",
    "ProposedLink",
    "ProposedParagraph",
    "ProposedReview",
    "Unsure",
    "propose",
    "render_tree",
]


def propose(source: SourcePage) -> ProposedIndex:
    """What an import of this page would create. Never raises for a page that was read."""
    blocks = source.blocks
    emergency = find_emergency_line(blocks, _first_review(blocks))
    position, emergency_line = emergency or (None, None)
    opening = read_opening(source, position)
    walk = Walk(source.format, scottish=any(speaks_of_scotland(block.text) for block in blocks))
    walk.unsure.extend(Unsure(f"line {each.line}", each.what) for each in source.notes)
    walk.unsure.extend(Unsure("the head of the page", what) for what in opening.unsure)
    for index, block in enumerate(blocks):
        if index == position or index in opening.used:
            walk.unsure.extend(lost_links(block))
        else:
            walk.place(block, blocks[index + 1] if index + 1 < len(blocks) else None)
    further = _further_information(walk)
    return ProposedIndex(
        publisher=opening.publisher,
        title=opening.title,
        emergency_line=emergency_line,
        introduction=tuple(walk.introduction),
        documents=tuple(walk.documents),
        reviews=walk.reviews,
        further_information=further,
        comments=_comments(walk),
        unsure=tuple(walk.unsure),
    )


def _first_review(blocks: Sequence[Block]) -> int:
    for position, block in enumerate(blocks):
        reading = read_heading(block.text)
        if not reading.plural and (reading.is_typed_review or reading.is_plain_subject):
            return position
    return len(blocks)


def _further_information(walk: Walk) -> ProposedFurtherInformation | None:
    if not walk.further_heading:
        return None
    readings = read_resources(walk.further)
    for reading in readings:
        where = (
            f"line {reading.line}: {clip(reading.resource.description or reading.resource.text)}"
        )
        walk.unsure.extend(Unsure(where, what) for what in reading.unsure)
    return ProposedFurtherInformation(
        heading=walk.further_heading,
        paragraphs=tuple(ProposedParagraph(block.text, block.links) for block in walk.further),
        resources=tuple(reading.resource for reading in readings),
    )


def _comments(walk: Walk) -> ProposedComments | None:
    comments = walk.comments
    if comments is None:
        return None
    if not comments.message:
        walk.unsure.append(
            Unsure("comments", "The page does not say that comments are closed; they will be.")
        )
    if comments.left_out:
        walk.unsure.append(
            Unsure(
                "comments",
                "Lines beside the comments were left out of all pages, as visitors' comments may "
                f"name a child: {len(comments.left_out)}.",
            )
        )
    return comments
