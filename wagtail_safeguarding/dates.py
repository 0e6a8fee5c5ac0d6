"""Partial dates: a year, a month of a year, or a day. Never an invented part.

The heading of a review says "July 2019" or "2008", so a full date would be a lie.
A :class:`PartialDate` is stored and sent as the ISO 8601 text of exactly what is
known ("2008", "2019-07", "2019-07-04"). That text sorts by what is known: a bare
year comes before its months, in every database and in Python.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["year", "month", "day"]

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

MIN_YEAR = 1000
"""Four digits without a leading zero, so that text order is date order."""


@dataclass(frozen=True, order=False)
class PartialDate:
    """A date of which only the year, the month or everything is known.

    Raises :class:`ValueError` for a day without a month and for a date that the
    calendar does not have.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("A day needs a month.")
        if self.year < MIN_YEAR:
            raise ValueError(f"The year must be {MIN_YEAR} or later.")
        dt.date(
            self.year,
            1 if self.month is None else self.month,
            1 if self.day is None else self.day,
        )

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read "2008", "2019-07" or "2019-07-04". Raises ValueError for anything else."""
        match = _ISO.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a year, a month (YYYY-MM) or a day (YYYY-MM-DD).")
        year, month, day = match.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @property
    def precision(self) -> Precision:
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def earliest(self) -> dt.date:
        """The first day this date can mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> dt.date:
        """The last day this date can mean."""
        if self.day is not None:
            return dt.date(self.year, self.month or 1, self.day)
        if self.month is None or self.month == 12:
            return dt.date(self.year, 12, 31)
        return dt.date(self.year, self.month + 1, 1) - dt.timedelta(days=1)

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    def __lt__(self, other: PartialDate) -> bool:
        return str(self) < str(other)

    def __le__(self, other: PartialDate) -> bool:
        return str(self) <= str(other)

    def __gt__(self, other: PartialDate) -> bool:
        return str(self) > str(other)

    def __ge__(self, other: PartialDate) -> bool:
        return str(self) >= str(other)
