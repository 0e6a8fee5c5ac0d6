"""Identifiers of people in the texts of a file: numbers, dates, places, addresses.

Everything is looked for in what a worker read, seen or unseen, and in the file's name. A finding
never repeats an identifier in full, nor any other that stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from wagtail_safeguarding.inspection.reading import Found, Text
from wagtail_safeguarding.inspection.text_child import UNSEEN

from .contacts import emails, postcodes, telephones
from .dates import birthdays, dates
from .hits import Finder, Hit
from .numbers import case_numbers, insurance_numbers, nhs_numbers, property_numbers
from .schools import schools

FINDERS: tuple[Finder, ...] = (
    nhs_numbers,
    insurance_numbers,
    dates,
    birthdays,
    property_numbers,
    case_numbers,
    emails,
    telephones,
    postcodes,
    schools,
)
"""What is found first keeps its place: a number is of one kind."""

OF_WORDS: frozenset[Finder] = frozenset({emails, schools})
"""Those that may find something where there is no digit at all, as in most of what a page says."""

MAX_OF_A_CODE = 100
"""Different identifiers of one code and severity that are listed."""
MORE = "and more of them elsewhere"
_CONTEXT = 30
_KEPT = 2
_SIGNS = {
    **str.maketrans("‐‑‒–—−’‘ʼ", "------'''"),
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
}
_SPACES = re.compile(r"[^\S\n]+")
_DIGIT = re.compile(r"\d")


def plain_text(text: str) -> str:
    """``text`` as the finders read it: nothing that cannot be seen, one kind of hyphen, apostrophe
    and space, and digits and letters of one width."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SIGNS)
    return _SPACES.sub(" ", UNSEEN.sub("", text))


def hits_in(text: str) -> list[Hit]:
    """The identifiers in a plain text, in order, none over another."""
    taken: list[Hit] = []
    has_digits = _DIGIT.search(text) is not None
    for finder in FINDERS:
        if has_digits or finder in OF_WORDS:
            taken += finder(text)
    # Of two at one place the first finder's stays: sorting keeps their order.
    taken.sort(key=lambda hit: hit.start)
    found: list[Hit] = []
    for hit in taken:
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return found


def find_identifiers(texts: Iterable[Text]) -> list[Found]:
    """What identifies somebody in these texts. The same identifier at several places is said once
    for each severity, at the first of them."""
    seen: dict[tuple[str, str, str], None] = {}
    counts: dict[tuple[str, str], int] = {}
    found: list[Found] = []
    for text in _joined(texts):
        said = plain_text(text.text)
        hits = hits_in(said)
        for at, hit in enumerate(hits):
            severity = (hit.shown if text.shown else hit.unseen) or ""
            value = said[hit.start : hit.end].casefold()
            kind = (hit.code, str(severity))
            if (*kind, value) in seen or counts.get(kind, 0) > MAX_OF_A_CODE:
                continue
            seen[(*kind, value)] = None
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] > MAX_OF_A_CODE:
                found.append(Found(hit.code, where=MORE, severity=str(severity)))
                continue
            excerpt = _excerpt(said, hit, hits[max(0, at - 5) : at + 6])
            found.append(Found(hit.code, text.page, None, excerpt, text.where, str(severity)))
    return found


def file_name_text(name: str) -> Text:
    """A file's name as a text; its underscores are spaces."""
    return Text(name.replace("_", " "), "the name of the file")


def without_identifiers(text: str) -> str:
    """``text``, with the identifiers in it made unreadable."""
    said = plain_text(text)
    hits = hits_in(said)
    return _masked(said, 0, len(said), hits) if hits else text


def _joined(texts: Iterable[Text]) -> Iterator[Text]:
    """Texts of one place as one: "NHS number" may stand in one cell of a table and the number in
    the next."""
    for (where, page, shown), group in groupby(texts, key=lambda t: (t.where, t.page, t.shown)):
        yield Text("\n".join(text.text for text in group), where, page, shown)


def _excerpt(text: str, hit: Hit, near: list[Hit]) -> str:
    start = max(0, hit.start - _CONTEXT)
    end = min(len(text), hit.end + _CONTEXT)
    # No part of a number whose beginning is cut off, and no half words.
    start = min(
        chain(
            [_word_start(text, start, hit.start)],
            (h.start for h in near if h.start < start < h.end),
        )
    )
    return " ".join(_masked(text, start, _word_end(text, end, hit.end), near).split())


def _word_start(text: str, start: int, limit: int) -> int:
    if start == 0:
        return 0
    space = text.find(" ", start, limit)
    return space + 1 if space >= 0 else limit


def _word_end(text: str, end: int, limit: int) -> int:
    if end == len(text):
        return end
    space = text.rfind(" ", limit, end)
    return space if space >= 0 else limit


def _masked(text: str, start: int, end: int, hits: list[Hit]) -> str:
    parts = []
    at = start
    for hit in hits:
        if hit.end <= start or hit.start >= end:
            continue
        parts += [text[at : hit.start], mask(text[hit.start : hit.end])]
        at = hit.end
    return "".join([*parts, text[at:end]])


def mask(identifier: str) -> str:
    """Its first letters or digits; dots for the others."""
    kept = 0
    masked = []
    for c in identifier:
        if c.isalnum():
            kept += 1
            masked.append(c if kept <= _KEPT else "•")
        else:
            masked.append(c)
    return "".join(masked)
