"""What was read from a legacy page, before anybody interprets it: blocks, links, notes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 5 * 1024 * 1024
MAX_BLOCKS = 50_000
MAX_BLOCK_CHARS = 100_000
MAX_NOTES = 50


class SourceError(ValueError):
    """The source cannot be imported. The message is one line, fit for a person."""

    def __init__(self, message: str) -> None:
        line = " ".join(message.split())
        # The message quotes the source and its name; neither may steer a terminal.
        super().__init__("".join(char if char.isprintable() else "?" for char in line))


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    OTHER = "other"


class SourceFormat(StrEnum):
    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True)
class Link:
    """``text`` as shown; ``href`` as written, or None where it was lost or not allowed."""

    text: str
    href: str | None


@dataclass(frozen=True)
class Block:
    """One line or paragraph. ``level`` is a heading's (1-6) or a list's depth, else 0.

    ``bold`` tells of a paragraph that is emphasised as a whole: often a heading in disguise.
    """

    kind: BlockKind
    text: str
    level: int = 0
    links: tuple[Link, ...] = ()
    line: int = 0
    bold: bool = False


@dataclass(frozen=True)
class SourceNote:
    """Something the reader left out or was not sure of."""

    line: int
    what: str


@dataclass(frozen=True)
class SourcePage:
    """A page as read. ``title`` and ``site_name`` are HTML metadata, "" where there is none."""

    format: SourceFormat
    blocks: tuple[Block, ...]
    notes: tuple[SourceNote, ...] = ()
    title: str = ""
    site_name: str = ""


def is_blank(text: str) -> bool:
    """Whether nothing would show: only spaces of any kind and invisible characters."""
    return all(char.isspace() or unicodedata.category(char) in {"Cc", "Cf"} for char in text)


class BlockList:
    """Collects blocks and notes within the limits; raises SourceError beyond them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._notes: list[SourceNote] = []
        self._notes_dropped = 0

    def add(self, block: Block) -> None:
        if len(self.blocks) >= MAX_BLOCKS:
            raise SourceError(
                f"The source has more than {MAX_BLOCKS:,} lines or paragraphs: too many for a page."
            )
        if len(block.text) > MAX_BLOCK_CHARS:
            raise SourceError(
                f"Line {block.line} of the source has more than {MAX_BLOCK_CHARS:,} characters."
            )
        self.blocks.append(block)

    def note(self, line: int, what: str) -> None:
        if len(self._notes) < MAX_NOTES:
            self._notes.append(SourceNote(line, what))
        else:
            self._notes_dropped += 1

    @property
    def notes(self) -> tuple[SourceNote, ...]:
        if not self._notes_dropped:
            return tuple(self._notes)
        rest = SourceNote(0, f"{self._notes_dropped} more notes of the same kinds are not shown.")
        return (*self._notes, rest)
