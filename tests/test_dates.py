"""Partial dates: exactly what is known, in order, and back from their own text."""

from __future__ import annotations

import calendar
import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_safeguarding.dates import MIN_YEAR, PartialDate


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(st.dates(min_value=dt.date(MIN_YEAR, 1, 1)))
    parts = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:parts])


@pytest.mark.parametrize(
    ("text", "precision"), [("2008", "year"), ("2019-07", "month"), ("2019-07-04", "day")]
)
def test_text_keeps_exactly_what_is_known(text: str, precision: str) -> None:
    value = PartialDate.parse(text)
    assert str(value) == text
    assert value.precision == precision


@pytest.mark.parametrize(
    "text",
    [
        "",
        "08",
        "208",
        "02008",
        "0999",
        "0000",
        "2019-7",
        "2019-00",
        "2019-13",
        "2019-00-04",
        "2019-07-00",
        "2019-02-29",
        "2019-04-31",
        "2019-07-4",
        "2019-07-04T00:00",
        " 2019",
        "2019\n",
        "2019/07",
        "-2019",
        "٢٠١٩",
        "July 2019",
    ],
)
def test_other_text_and_dates_the_calendar_does_not_have_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    "parts",
    [
        (2019, None, 4),
        (2019, 0),
        (2019, 13),
        (2019, -1),
        (2019, 2, 30),
        (2019, 1, 0),
        (2019, 0, 0),
        (999,),
        (0,),
        (10000,),
    ],
)
def test_parts_that_make_no_date_are_refused(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate(*parts)


def test_leap_day_exists_in_leap_years() -> None:
    assert PartialDate(2020, 2, 29).latest == dt.date(2020, 2, 29)
    assert PartialDate(2020, 2).latest == dt.date(2020, 2, 29)
    assert PartialDate(2019, 2).latest == dt.date(2019, 2, 28)


def test_bare_year_stands_before_its_months_and_a_month_before_its_days() -> None:
    ordered = ["2007-12-31", "2008", "2008-01", "2008-01-01", "2008-01-02", "2008-05", "2009"]
    values = [PartialDate.parse(text) for text in ordered]
    shuffled = random.Random(1).sample(values, len(values))
    assert sorted(shuffled) == values
    assert PartialDate(2008) < PartialDate(2008, 5) < PartialDate(2009)
    assert PartialDate(2008, 5) >= PartialDate(2008, 5) <= PartialDate(2008, 5)
    assert PartialDate(2009) > PartialDate(2008, 12, 31)


def test_a_year_is_not_the_same_as_its_first_day() -> None:
    assert PartialDate(2008) != PartialDate(2008, 1)
    assert PartialDate(2008, 1) != PartialDate(2008, 1, 1)
    assert len({PartialDate(2008), PartialDate(2008), PartialDate(2008, 1)}) == 2


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2008", dt.date(2008, 1, 1), dt.date(2008, 12, 31)),
        ("2008-02", dt.date(2008, 2, 1), dt.date(2008, 2, 29)),
        ("2008-12", dt.date(2008, 12, 1), dt.date(2008, 12, 31)),
        ("2008-12-05", dt.date(2008, 12, 5), dt.date(2008, 12, 5)),
        ("9999", dt.date(9999, 1, 1), dt.date(9999, 12, 31)),
        ("9999-12", dt.date(9999, 12, 1), dt.date(9999, 12, 31)),
    ],
)
def test_earliest_and_latest_day(text: str, earliest: dt.date, latest: dt.date) -> None:
    value = PartialDate.parse(text)
    assert (value.earliest, value.latest) == (earliest, latest)


@given(partial_dates())
def test_every_date_comes_back_from_its_text(value: PartialDate) -> None:
    assert PartialDate.parse(str(value)) == value
    assert value.earliest <= value.latest
    if value.precision == "month":
        assert value.latest.day == calendar.monthrange(value.year, value.month or 0)[1]


@given(partial_dates(), partial_dates())
def test_order_never_contradicts_the_calendar(one: PartialDate, other: PartialDate) -> None:
    if one.latest < other.earliest:
        assert one < other
    assert (one < other) == (str(one) < str(other))
    assert (one == other) == (str(one) == str(other))


@given(st.text(max_size=12))
def test_parse_takes_its_own_form_or_refuses(text: str) -> None:
    try:
        value = PartialDate.parse(text)
    except ValueError:
        return
    assert str(value) == text
