"""Who publishes a page, and what it is called: its first lines, or its metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .headings import read_heading
from .sections import opens_comments, opens_further_information
from .source import Block, BlockKind, SourceFormat, SourcePage
from .wording import is_label, is_short, plain, trimmed

_BODY = re.compile(
    r"\b(?:partnership|board|council|committee|panel|trust|authority|borough|children's\s+services|"
    r"LSC[BP]|SCP|SCB|CSCP|LSP|partneriaeth|cyngor|bwrdd)\b",
    re.IGNORECASE,
)
_ABOUT_REVIEWS = re.compile(r"\breviews?\b|\badolygiad", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|–—:-]\s+|\s*[|»]\s*")
_HEAD = 12
"""A title is looked for among so many first blocks of a text."""


@dataclass(frozen=True)
class Opening:
    """``used``: positions of the blocks that the publisher and the title were taken from."""

    publisher: str = ""
    title: str = ""
    used: frozenset[int] = frozenset()
    unsure: tuple[str, ...] = ()


def read_opening(page: SourcePage, skip: int | None) -> Opening:
    """Publisher and title. ``skip`` is the place of a block that is neither."""
    read = _of_markup if page.format is SourceFormat.HTML else _of_text
    opening = read(page, skip)
    notes = list(opening.unsure)
    if not opening.title:
        notes.append("The page has no title.")
    if not opening.publisher:
        notes.append("The page does not name its publisher.")
    return Opening(opening.publisher, opening.title, opening.used, tuple(notes))


def is_publisher(text: str) -> bool:
    """Whether a line is the name of a body that publishes reviews."""
    folded = plain(text)
    return is_short(text) and bool(_BODY.search(folded)) and not _ABOUT_REVIEWS.search(folded)


def _of_text(page: SourcePage, skip: int | None) -> Opening:
    lines: list[tuple[int, str]] = []
    for position, block in enumerate(page.blocks[:_HEAD]):
        if position == skip:
            continue
        if len(lines) == 2 or not _may_be_title(block):
            break
        lines.append((position, trimmed(block.text)))
    if not lines:
        return Opening()
    if len(lines) == 2:
        for publisher, title in (lines, lines[::-1]):
            if is_publisher(publisher[1]) and not is_publisher(title[1]):
                used = frozenset({publisher[0], title[0]})
                return Opening(publisher[1], title[1], used)
    position, line = lines[0]
    if is_publisher(line):
        return Opening(line, "", frozenset({position}))
    return Opening("", line, frozenset({position}))


def _may_be_title(block: Block) -> bool:
    text = block.text
    if block.kind is BlockKind.LIST_ITEM or not is_short(text) or is_label(text):
        return False
    if opens_further_information(text) or opens_comments(text):
        return False
    heading = read_heading(text)
    return heading.plural or not (heading.is_typed_review or heading.is_plain_subject)


def _of_markup(page: SourcePage, skip: int | None) -> Opening:
    headings = [
        (position, block)
        for position, block in enumerate(page.blocks)
        if block.kind is BlockKind.HEADING and block.level == 1 and position != skip
    ]
    used: set[int] = set()
    title, notes = "", []
    if headings and _may_be_title(headings[0][1]):
        position, block = headings[0]
        title = trimmed(block.text)
        used.add(position)
    parts = [part for part in _TITLE_PARTS.split(page.title) if part]
    publisher = trimmed(page.site_name)
    for position, block in enumerate(page.blocks[: headings[0][0] if headings else 0]):
        if not publisher and position != skip and is_publisher(block.text):
            publisher = trimmed(block.text)
            used.add(position)
    if not publisher:
        publisher = next((trimmed(part) for part in reversed(parts[1:]) if is_publisher(part)), "")
    if not title and parts and not is_publisher(parts[0]):
        title = trimmed(parts[0])
        notes.append("The title was taken from the browser's title; the page shows none.")
    return Opening(publisher, title, frozenset(used), tuple(notes))
