"""How a line is worded: what the readers of headings, dates and roles look at first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_LINE = 200
"""A longer line is prose: no heading, no document's title."""

MAX_WORDS = 20

_SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_FOLD = str.maketrans({**dict.fromkeys(_SPACES, " "), **dict.fromkeys("’‘", "'")})
_FOLD |= str.maketrans({**dict.fromkeys("“”", '"'), **dict.fromkeys("–—‑−", "-")})
_SENTENCE_END = re.compile(r"[.!?…][\"')\]]*$")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?])[\"')\]]{0,3}\s+(?=[\"'(\[]{0,3}[A-Z0-9])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|no|nos|Dr|Mr|Mrs|Ms|St|approx)|\b[A-Z])\.$")
_BULLET = re.compile(r"^(?:[•‣◦▪·*-]|\d{1,2}[.)])\s+")
_CLIP = 60


def plain(text: str) -> str:
    """The same text, character for character, with plain spaces, quotes and hyphens.

    As long as the original, so that what is found in it can be cut out of the original.
    """
    return text.translate(_FOLD)


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for look-up."""
    return frozenset(text.split())


def phrases(alternatives: Iterable[str]) -> str:
    """A regular expression for any of these; a space in one stands for any white space."""
    return "|".join(words.replace(" ", r"\s+") for words in alternatives)


def trimmed(text: str) -> str:
    """Without the white space around it, no-break spaces included; the inside verbatim."""
    return text.strip()


def without_bullet(text: str) -> str:
    """A list line of a plain text without the mark that made it one."""
    text = trimmed(text)
    match = _BULLET.match(plain(text))
    return text[match.end() :] if match else text


def is_short(text: str) -> bool:
    """Whether a line may be a heading or a title: short, and not a sentence."""
    text = plain(text).strip()
    return (
        0 < len(text) <= MAX_LINE
        and len(text.split()) <= MAX_WORDS
        and not _SENTENCE_END.search(text)
        and not text.endswith((";", ","))
    )


def is_label(text: str) -> bool:
    """Whether a line only announces the next ones: "Documents:"."""
    return trimmed(text).endswith(":")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, each verbatim without the white space around it."""
    found: list[str] = []
    start = 0
    folded = plain(text)
    for gap in _SENTENCE_BREAK.finditer(folded):
        if not _ABBREVIATION.search(folded[max(start, gap.start() - 12) : gap.start()]):
            found.append(trimmed(text[start : gap.end()]))
            start = gap.end()
    found.append(trimmed(text[start:]))
    return [sentence for sentence in found if sentence]


def clip(text: str, length: int = _CLIP) -> str:
    """The beginning of a text, printable on one line of any terminal."""
    shown = " ".join(printable(text).split())
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"


def printable(text: str) -> str:
    """No control or direction characters: a source must not steer the reader's terminal."""
    return "".join(
        char if char.isprintable() else " " if char.isspace() else _stand_in(char) for char in text
    )


def _stand_in(char: str) -> str:
    return "" if unicodedata.category(char) == "Cf" else "\N{REPLACEMENT CHARACTER}"
