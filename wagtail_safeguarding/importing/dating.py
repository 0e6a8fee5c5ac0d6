"""Dates as people write them into headings and titles -> partial dates, nothing invented.

Every date in a line is found with its place. A part that the line does not give is left
unknown; a date that the calendar does not have gives nothing but a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from wagtail_safeguarding.dates import PartialDate

from .months import MONTH_PATTERN, MONTHS
from .wording import MAX_LINE, plain

_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th|ain|af|il|ydd|edd|fed|eg)?"
_GAP = r"[\s,]{1,3}"

_DATES = re.compile(
    rf"""
      (?<![\w/.-])(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})(?![\w-])
    | (?<![\w/.-])(?P<isomonth>{_YEAR}-\d{{2}})(?![\w/-])
    | (?<![\w/.-])(?P<range>{_YEAR}\s?(?:[-/]|\bto\b|\band\b|&)\s?(?:{_YEAR}|\d\d))(?![\w/-])
    | (?<![\w/.-])(?P<numeric>\d{{1,2}}(?P<sep>[/.-])\d{{1,2}}(?P=sep)(?:\d{{4}}|\d\d))(?![\w/-])
    | (?<![\w/.-])(?P<dmy>{_DAY}\s{{0,3}}(?:of\s|-)?{MONTH_PATTERN}(?:{_GAP}|-)\d{{4}})(?!\w)
    | \b(?P<mdy>{MONTH_PATTERN}\s{{1,3}}{_DAY}{_GAP}\d{{4}})(?!\w)
    | \b(?P<months>{MONTH_PATTERN}\s?(?:[-/&]|and|to)\s?{MONTH_PATTERN}{_GAP}{_YEAR})(?!\w)
    | \b(?P<my>{MONTH_PATTERN}(?:{_GAP}(?:of\s)?|-|/)?{_YEAR})(?!\w)
    | \b(?P<short>{MONTH_PATTERN}{_GAP}'\d\d)(?!\w)
    | (?<![\w/.-])(?P<slash>\d{{1,2}}/{_YEAR})(?![\w/])
    | \b(?P<season>(?:spring|summer|autumn|winter|early|mid|late|q[1-4]|gwanwyn|haf|hydref|gaeaf)
        [\s-]{_YEAR})(?!\w)
    | (?<![\w/.£])(?<!\w-)(?P<year>{_YEAR})(?!\w|[-/]\w|\.\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MONTH = re.compile(rf"{MONTH_PATTERN}", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_PUBLISHED = re.compile(r"\b(?:publish\w*|publication|released?|issued|cyhoedd\w*)\W", re.I)
_EVENT = re.compile(r"\b(?:died|death|dies|born|birth|dob|injured|incident|deceased)\W", re.I)
_CHANGED = re.compile(r"\b(?:updated|amended|revised|next review)\W", re.I)
_NUMBERED_SUBJECT = re.compile(
    r"\b(?:child|baby|adult|case|family|plentyn|sibling|person|no\.?|number)\s$", re.I
)
_LOOK_BACK = 30


@dataclass(frozen=True)
class FoundDate:
    """One date in a line: ``date`` is None where it names no day of the calendar."""

    start: int
    end: int
    date: PartialDate | None
    unsure: str = ""
    published: bool = False
    aside: bool = False
    """Understood, and the date of something else than the publication."""


@dataclass(frozen=True)
class DateReading:
    """What a line as a whole says of its date, and every place where it spoke of one."""

    date: PartialDate | None = None
    unsure: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def read_date(text: str) -> DateReading:
    """The date that a heading or title gives, if it gives one. Prose gives none."""
    if len(text) > MAX_LINE:
        return DateReading()
    found = find_dates(text)
    spans = tuple((one.start, one.end) for one in found)
    notes = tuple(one.unsure for one in found if one.unsure)
    known = [one for one in found if one.date is not None]
    labelled = [one for one in known if one.published]
    dates = _most_exact([one.date for one in labelled or known if one.date is not None])
    if len(dates) == 1 and (labelled or all(one.date or one.aside for one in found)):
        return DateReading(dates[0], notes, spans)
    if dates:
        seen = ", ".join(f"“{text[start:end]}”" for start, end in spans)
        notes = (
            *notes,
            f"More than one date, or one that is not clear, so none was taken: {seen}.",
        )
    return DateReading(None, notes, spans)


def find_dates(text: str) -> list[FoundDate]:
    """Every date in ``text``, in order."""
    folded = plain(text)
    return [_read_match(folded, match) for match in _DATES.finditer(folded)]


def _most_exact(dates: list[PartialDate]) -> list[PartialDate]:
    """Without repetitions, and without a year or month that another date makes exact."""
    unique = sorted(set(dates), key=str)
    return [
        one
        for one in unique
        if not any(other != one and str(other).startswith(f"{one}-") for other in unique)
    ]


def _read_match(text: str, match: re.Match[str]) -> FoundDate:
    kind = next(name for name, value in match.groupdict().items() if value and name != "sep")
    written = match[kind]
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    try:
        date, unsure = _READERS[kind](written)
        if date is not None and 0 in {date.month, date.day}:
            raise ValueError(written)
    except ValueError:
        date, unsure = None, f"“{written}” is no date of the calendar, so nothing was taken."
    start = match.start()
    if kind == "dmy" and date is not None and _NUMBERED_SUBJECT.search(before):
        date = PartialDate(date.year, date.month)
        start += len(_NUMBERS.findall(written)[0])
        unsure = f"The number in “{written}” may be part of a name, so the day was not taken."
    published = _last_word(_PUBLISHED, before) > max(
        _last_word(_EVENT, before), _last_word(_CHANGED, before)
    )
    aside = "" if published else _other_occasion(before)
    if aside and date is not None:
        date, unsure = None, f"“{written}” dates {aside}, not the publication; not taken."
    return FoundDate(start, match.end(), date, unsure, published, bool(aside))


def _other_occasion(before: str) -> str:
    if _last_word(_EVENT, before) >= 0:
        return "an event"
    return "a change" if _last_word(_CHANGED, before) >= 0 else ""


def _last_word(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


Read = tuple[PartialDate | None, str]


def _iso(written: str) -> Read:
    return PartialDate.parse(written), ""


def _iso_month(written: str) -> Read:
    year, second = (int(part) for part in written.split("-"))
    if second == (year + 1) % 100:
        return _range(written)
    if not 1 <= second <= 12:
        return _range(written)
    return PartialDate(year, second), ""


def _range(written: str) -> Read:
    return None, f"“{written}” is a span of years, not a date; not taken."


def _numeric(written: str) -> Read:
    day, month, year = (int(number) for number in _NUMBERS.findall(written))
    if year < 100:
        return None, f"The century of “{written}” is not given, so the date was not taken."
    date = PartialDate(year, month, day)
    if day <= 12 and day != month:
        return date, f"“{written}” was read day first, as is usual in the UK."
    return date, ""


def _worded(written: str) -> Read:
    """Day, month and year, or month and year, whatever their order."""
    month = MONTHS[_MONTH.findall(written)[0].lower().rstrip(".")]
    *day, year = (int(number) for number in _NUMBERS.findall(written))
    if not 1900 <= year < 2100:
        raise ValueError(written)
    return PartialDate(year, month, *day), ""


def _months(written: str) -> Read:
    return _year_of(written, f"“{written}” names two months, so only the year was taken.")


def _season(written: str) -> Read:
    return _year_of(written, f"“{written}” names no month, so only the year was taken.")


def _year_of(written: str, unsure: str) -> Read:
    return PartialDate(int(written[-4:])), unsure


def _short(written: str) -> Read:
    return None, f"The century of “{written}” is not given, so the date was not taken."


def _slash(written: str) -> Read:
    month, year = (int(number) for number in written.split("/"))
    return PartialDate(year, month), f"“{written}” was read as month and year."


def _year(written: str) -> Read:
    return PartialDate(int(written)), ""


_READERS: dict[str, Callable[[str], Read]] = {
    "iso": _iso,
    "isomonth": _iso_month,
    "range": _range,
    "numeric": _numeric,
    "dmy": _worded,
    "mdy": _worded,
    "months": _months,
    "my": _worded,
    "short": _short,
    "slash": _slash,
    "season": _season,
    "year": _year,
}
