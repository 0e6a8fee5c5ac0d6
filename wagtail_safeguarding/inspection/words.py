"""Words of a text as names are compared: without accents, case, apostrophes, hyphens.

A name may be written "O'Brien", "O’Brien", "O Brien" or "obrien"; be broken at the end of a line
or by a capital in a file's name ("JohnSmith"); be spelled out ("J o h n"); or have an "'s". Each
way in which letters may be read as one word is a :class:`Unit`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .text_child import UNSEEN

MAX_WORD = 60
"""Letters of a word; longer ones are nobody's name."""

_APOSTROPHES = "'’‘ʼ`´＇"
_MARKS = "\u0300-\u036f"
_TOKEN = re.compile(
    rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}]|[{_APOSTROPHES}](?=[^\W\d_]))*",
)
_HUMP = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
# Letters that Unicode does not take apart.
_FOLDED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_BROKEN = re.compile(r"[-‐‑\x02\xad] ?\r?\n[ \t]*")
_PREFIX = 2
"""Letters of what is written apart and together: O, Mc, De."""
_SPELLED = range(4, 41)
_JOINED = 8
"""Pieces of a word that capitals or line ends break: "VanDerBerg"."""


@dataclass(frozen=True, slots=True)
class Word:
    """Letters of a text that stand together."""

    start: int
    end: int
    plain: str
    capital: bool
    broken: bool
    """Whether it may go on in the next word: at a line's end, or where a capital begins."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One way to read the words ``[first:after]`` as one word."""

    first: int
    after: int
    plain: str


def seen_text(text: str) -> str:
    """``text`` without what nobody sees; pdfium's sign for a broken word is taken out too, so that
    the word is whole."""
    return UNSEEN.sub("", text)


def plain(word: str) -> str:
    """``word`` in small letters, without accents, apostrophes and a final "'s"."""
    folded = unicodedata.normalize("NFKD", word[: 4 * MAX_WORD]).casefold().translate(_FOLDED)
    letters = "".join("'" if c in _APOSTROPHES else c for c in folded)
    letters = letters.removesuffix("'s").replace("'", "")
    return "".join(c for c in letters if c.isalpha())[:MAX_WORD]


def words_of(text: str) -> list[Word]:
    """The words of a text (see ``seen_text``), in order. Their ends are places in it."""
    # Of this text only: nothing that was read stays in memory.
    known: dict[str, str] = {}
    broken_at = {found.start() for found in _BROKEN.finditer(text)}
    found = []
    for token in _TOKEN.finditer(text):
        start = token.start()
        humps = [start, *(start + h.start() for h in _HUMP.finditer(token[0])), token.end()]
        for begin, end in pairwise(humps):
            written = text[begin:end]
            letters = known.get(written)
            if letters is None:
                letters = known[written] = plain(written)
            if letters:
                is_broken = end < token.end() or end in broken_at
                found.append(Word(begin, end, letters, written[0].isupper(), is_broken))
    return found


def units_at(words: list[Word], at: int) -> Iterator[Unit]:
    """The ways to read what begins with the word ``at``."""
    word = words[at]
    yield Unit(at, at + 1, word.plain)
    if len(word.plain) > 3 and word.plain.endswith("s"):  # "the Smiths", "john-smiths-review"
        yield Unit(at, at + 1, word.plain[:-1])
    if at + 1 < len(words) and (word.broken or len(word.plain) <= _PREFIX):
        yield Unit(at, at + 2, word.plain + words[at + 1].plain)
    yield from _joined(words, at)
    if len(word.plain) == 1 and (at == 0 or len(words[at - 1].plain) > 1):
        yield from _spelled(words, at)


def _joined(words: list[Word], at: int) -> Iterator[Unit]:
    end = at + 1
    while end < len(words) and words[end - 1].broken:
        end += 1
        if end - at > _JOINED:  # nobody's name, and where it goes on and on it would take long
            return
    together = words[at].plain
    for after in range(at + 1, end):
        together += words[after].plain
        if after > at + 1:
            yield Unit(at, after + 1, together)


def _spelled(words: list[Word], at: int) -> Iterator[Unit]:
    after = at
    while after < len(words) and len(words[after].plain) == 1 and after - at < _SPELLED.stop:
        after += 1
    if after - at in _SPELLED:
        yield Unit(at, after, "".join(word.plain for word in words[at:after]))


def pairs_at(words: list[Word], at: int) -> Iterator[tuple[Unit, Unit]]:
    """Two words that stand side by side, or with an initial or one more name between them."""
    for one in units_at(words, at):
        after = one.after
        if after >= len(words):
            continue
        for other in units_at(words, after):
            yield one, other
        between = words[after]
        if after + 1 < len(words) and (between.capital or len(between.plain) == 1):
            for other in units_at(words, after + 1):
                yield one, other
