"""The reference of a review, as partnerships write it: "BSCP2020-21-01", "CPR 3/2016"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .wording import plain, word_set

_WRITTEN = re.compile(
    r"""
      (?<![\w/-])(?P<joined>[A-Z]{2,10}[-/]?\d{2,4}(?:[-/]\d{1,4}){1,3}[A-Z]?)(?![\w/-])
    | (?<![\w/-])(?P<glued>[A-Z]{2,10}\d{3,8})(?![\w/-])
    | (?<![\w/-])(?P<spaced>(?P<letters>[A-Z]{2,10})\s(?:\d{1,3}/\d{4}|\d{4}/\d{1,3}))(?![\w/-])
    | \b(?:[Rr]ef(?:erence)?|REF|[Cc]ase\s[Nn]o|[Cc]ase\s[Nn]umber)[.:]{0,2}\s{0,3}
      (?:[Nn]o\.?\s|[Nn]umber\s)?(?P<labelled>(?=[A-Za-z/-]{0,15}\d)[\w/-]{1,30})
    """,
    re.VERBOSE,
)
# In a heading in capitals these are words, not the letters of a board.
_WORDS = word_set(
    """
    CHILD BABY ADULT FAMILY CASE REVIEW PUBLISHED JAN JANUARY FEB FEBRUARY MAR MARCH APR APRIL
    MAY JUN JUNE JUL JULY AUG AUGUST SEP SEPT SEPTEMBER OCT OCTOBER NOV NOVEMBER DEC DECEMBER
    REPORT UPDATED
    """
)


@dataclass(frozen=True)
class ReferenceReading:
    """The reference verbatim, "" where there is none, and every place that holds one."""

    reference: str = ""
    spans: tuple[tuple[int, int], ...] = ()


def read_reference(text: str) -> ReferenceReading:
    """The first reference of a heading. The years in it are not dates."""
    spans = []
    for match in _WRITTEN.finditer(plain(text)):
        if match["letters"] not in _WORDS:
            name = "labelled" if match["labelled"] else 0
            spans.append((match.start(name), match.end(name)))
    if not spans:
        return ReferenceReading()
    start, end = spans[0]
    return ReferenceReading(text[start:end], tuple(spans))
