"""What a worker says of a file: the answer of a child process, in types that JSON can hold.

Only the standard library is imported here, since the workers import it too. They find things and
name them by a code; the words for each code, and how bad it is, are in ``rules``. All text of
the file that can be read by anybody, seen or unseen, comes along, so that identifiers and names
are looked for in one place and outside of the child: the list of names never goes near the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAX_FOUND = 2_000
"""Findings of a file; a worker stops looking there and says so (``too-many``)."""
MAX_EXCERPT = 120
MAX_TEXT = 5_000_000
"""Characters of all texts together."""

UNKNOWN_DATA = "data of the file"
"""The place of a text whose meaning nobody knows: names are looked for in it, and nothing else."""

WITH_HIDDEN = "page, with the words that are hidden on it"
"""A page's whole text, once more: a name may be hidden in part. Only names are looked for."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner of the page as it is shown."""


@dataclass(frozen=True)
class Found:
    """One thing that was found. Its ``code`` is one of ``rules.RULES``."""

    code: str
    page: int | None = None
    box: Box | None = None
    excerpt: str = ""
    where: str = ""
    severity: str = ""
    """Where it is another than the rule's: "blocker", "warning" or "note"."""


@dataclass(frozen=True)
class Text:
    """Text of the file, and whether a reader of the file sees it."""

    text: str
    where: str
    """"page", "comment", "metadata: Author", "the name of sheet 2" and the like."""
    page: int | None = None
    shown: bool = True


@dataclass(frozen=True)
class Reading:
    """What one worker says of one file."""

    found: list[Found] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    """Numbers, words, true and false, by name: "tagged", "title", "fonts"."""
    pages: int | None = None
    language: str = ""
