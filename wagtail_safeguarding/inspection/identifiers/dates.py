"""Dates to the day: of birth, and beside an age."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wagtail_safeguarding.inspection.report import Severity

from .hits import Hit, before

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|"
    r"mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)\b\.?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"(?<![\w/-])(?<!\d\.)(?:"
    rf"{_DAY}(?:st|nd|rd|th|ain|fed|eg)?(?: of)?[ \n-]{{1,2}}{_MONTH},?[ \n-]{{1,2}}{_YEAR}"
    rf"|{_MONTH}[ \n]{_DAY}(?:st|nd|rd|th)?,?[ \n]{{1,2}}{_YEAR}"
    rf"|{_DAY}([./-])(?:1[0-2]|0?[1-9])\1(?:{_YEAR}|\d\d)"
    rf"|{_DAY} ?/ ?(?:1[0-2]|0?[1-9]) ?/ ?(?:{_YEAR}|\d\d)"
    rf"|{_YEAR}([./-])(?:1[0-2]|0[1-9])\2(?:3[01]|[12]\d|0[1-9])"
    rf")(?:(?=T\d)|(?!\w|[./-]\d))",
    re.IGNORECASE,
)
# Without a century, or without a year: a date only beside the words for it.
_SHORT_DATE = re.compile(
    rf"(?<![\w./-]){_DAY}(?:st|nd|rd|th)?(?: of)?[ \n-]{{1,2}}{_MONTH}(?:,?[ -]'?\d\d)?(?!\w)",
    re.IGNORECASE,
)
# "12.3.10" may be a date; more often it is a section of the report.
_SECTION = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}")
_BIRTH = re.compile(
    r"\b(?:dates? of birth|d\.? ?o\.? ?b\b\.?|birth ?date|"
    r"born(?! (?:after|before|since|between|from))|(?<!st |nd |rd |th )birthday|"
    r"dyddiad geni|ganwyd|ganed|aned)(?!\w)",
    re.IGNORECASE,
)
_BORN = re.compile(r"(?<!\w)b[.:] ?\Z")
_NUMBER = (
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen)"
)
_AGE = re.compile(
    rf"\b(?:aged? (?:of |just |only |about )?{_NUMBER}\b"
    rf"|{_NUMBER}[ -](?:years?|months?|weeks?|days?)[ -](?:old|of age)\b"
    r"|\d{1,2}(?:st|nd|rd|th) birthday\b"
    r"|\d{1,2} (?:mlwydd|mis) oed\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\s\"')\]]|\n\n")


def dates(text: str) -> Iterator[Hit]:
    """Dates of birth by the words before them, and other dates to the day in one breath with an
    age, from which the birthday may be worked out."""
    for found in _DATE.finditer(text):
        start, end = found.span()
        if _is_of_birth(text, start):
            yield Hit("date-of-birth", start, end, unseen=Severity.BLOCKER)
        elif not _SECTION.fullmatch(found[0]) and _AGE.search(_sentence(text, start, end)):
            yield Hit("exact-date-near-age", start, end)


def birthdays(text: str) -> Iterator[Hit]:
    """Dates of birth without a year, or with two digits of it. After ``dates``, which knows more of
    each."""
    if _BIRTH.search(text):
        for found in _SHORT_DATE.finditer(text):
            if _is_of_birth(text, found.start()):
                yield Hit("date-of-birth", *found.span(), unseen=Severity.BLOCKER)


def _is_of_birth(text: str, start: int) -> bool:
    said = before(text, start, 40)
    words = list(_BIRTH.finditer(said))
    if words:
        return not _SENTENCE_END.search(said, words[-1].end())
    return bool(_BORN.search(said))


def _sentence(text: str, start: int, end: int) -> str:
    """What stands around a date, up to the ends of its sentence."""
    left = _SENTENCE_END.split(before(text, start, 90))[-1]
    right = _SENTENCE_END.split(text[end : end + 90])[0]
    return f"{left} {right}"
