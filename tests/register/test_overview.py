"""What is kept in memory of the register answers as a plain walk over all records would, and is
the same whether it followed the log or was read anew."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.register import overview as module
from wagtail_safeguarding.register.clock import Now, now, number_entries
from wagtail_safeguarding.register.facets import Value, terms_among, values_of
from wagtail_safeguarding.register.models import Clock, Entry, Event, Record, RecordState
from wagtail_safeguarding.register.overview import SORTS, Overview, Row, overview

NOW = Now(1, "mark", "around")
MOMENT = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)

dates = st.one_of(
    st.builds(PartialDate, st.integers(2018, 2021)),
    st.builds(PartialDate, st.integers(2018, 2021), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(2018, 2021), st.integers(1, 12), st.integers(1, 28)),
    st.sampled_from([PartialDate(2020, 2, 29), PartialDate(2019, 12, 31), PartialDate(2019, 1, 1)]),
)
values = st.sampled_from(["a", "b", "c"])
facets = st.dictionaries(
    st.sampled_from(["theme", "harm"]), st.lists(values, min_size=1, max_size=3, unique=True)
)
parts = st.tuples(
    facets,
    st.none() | dates,
    st.sampled_from(["x", "Y", "z"]),
    st.integers(0, 3),
    st.integers(0, 3),
)


@st.composite
def records(draw: Any) -> list[Row]:
    drawn = draw(st.lists(parts, max_size=30))
    return [
        Row(
            pk=pk,
            facets=values_of(own),
            terms=terms_among(values_of(own)),
            date=str(date) if date else "",
            title=title.casefold(),
            published=published,
            changed=changed,
        )
        for pk, (own, date, title, published, changed) in enumerate(drawn, 1)
    ]


@given(records(), st.sampled_from(["theme", "harm"]), st.lists(values, max_size=2))
def test_filters_and_counts(rows: list[Row], facet: str, wanted: list[str]) -> None:
    view = Overview.of(NOW, None, rows)
    chosen = [row for row in rows if any(Value.of(facet, value) in row.facets for value in wanted)]
    bits = view.having(facet, wanted)
    assert sorted(view.pks(bits)) == [row.pk for row in chosen]
    assert sorted(view.pks(view.everything)) == [row.pk for row in rows]
    assert view.records([row.pk for row in chosen] + [999]) == bits
    for each in ("theme", "harm"):
        naive = Counter(one.value for row in chosen for one in row.facets if one.facet == each)
        assert view.counts(each, bits) == naive


@given(records(), st.none() | dates, st.none() | dates)
def test_dates_that_may_lie_in_a_time(
    rows: list[Row], begin: PartialDate | None, end: PartialDate | None
) -> None:
    view = Overview.of(NOW, None, rows)
    earliest = int(begin.earliest.strftime("%Y%m%d")) if begin else None
    latest = int(end.latest.strftime("%Y%m%d")) if end else None

    def may(row: Row) -> bool:
        date = PartialDate.parse(row.date) if row.date else None
        return (
            date is not None
            and (begin is None or date.latest >= begin.earliest)
            and (end is None or date.earliest <= end.latest)
        )

    found = view.pks(view.dated(earliest, latest))
    assert sorted(found) == [row.pk for row in rows if may(row)]


@pytest.mark.parametrize("few", [0, 2000], ids=["walking", "sorting"])
@pytest.mark.parametrize("sort", SORTS)
@given(rows=records(), wanted=st.lists(values, max_size=2), size=st.integers(1, 7))
def test_pages_behind_each_other_are_the_whole_order(
    sort: str, few: int, rows: list[Row], wanted: list[str], size: int
) -> None:
    """Every record once, in its place, whichever way they are picked."""
    view = Overview.of(NOW, None, rows)
    bits = view.having("theme", wanted) if wanted else view.everything
    chosen = [row for row in rows if view.records([row.pk]) & bits]
    order, after, seen = view.order(sort), None, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", few)
        while picked := order.pick(bits, after, size):
            assert len(picked) <= size
            seen += [view.pk_at(slot) for _key, slot in picked]
            after = picked[-1][0]
    assert seen == [row.pk for row in sorted(chosen, key=SORTS[sort])]


@given(records())
def test_records_without_a_date_come_last_either_way(rows: list[Row]) -> None:
    view = Overview.of(NOW, None, rows)
    for sort in ("date", "-date"):
        order = view.order(sort)
        dated = [bool(rows[slot].date) for slot in order.slots]
        assert dated == sorted(dated, reverse=True)


# Following the log


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with the same database, and with nothing in memory."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_latest", None)
        yield
        transaction.set_rollback(True)


def write(page_id: int, own: Any, date: PartialDate | None, title: str, *, public: bool) -> None:
    state = RecordState.PUBLIC if public else RecordState.WITHDRAWN
    record, _new = Record.objects.update_or_create(
        page_id=page_id,
        defaults={
            "kind": "review",
            "state": state,
            "facets": own if public else {},
            "date": date if public else None,
            "title": title if public else "",
            "first_public_at": MOMENT,
            "changed_at": MOMENT,
        },
    )
    Entry.objects.create(record=record, event=Event.UPDATED if public else Event.WITHDRAWN)


def contents(view: Overview) -> Any:
    """All that a view says, without the places that records happen to have in it."""
    rows = sorted((row for row in view.rows if row), key=lambda row: row.pk)
    bits = {pair: sorted(view.pks(held)) for pair, held in view.bits.items()}
    orders = {
        sort: [view.pk_at(slot) for _key, slot in view.order(sort).pick(view.everything, None, 99)]
        for sort in SORTS
    }
    return rows, bits, orders, sorted(view.pks(view.everything))


edits = st.lists(
    st.tuples(st.integers(1, 8), facets, st.none() | dates, values, st.booleans()), max_size=5
)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(edits, min_size=1, max_size=5))
def test_following_the_log_ends_where_reading_anew_does(history: list[Any]) -> None:
    with undone():
        for part in history:
            for page_id, own, date, title, public in part:
                write(page_id, own, date, title, public=public)
            number_entries()
            followed = overview(now())
            assert contents(followed) == contents(module._load(now()))


@pytest.mark.django_db
def test_an_earlier_reading_is_not_changed_by_following(
    django_assert_max_num_queries: Any,
) -> None:
    with undone():
        write(1, {"theme": ["a"]}, None, "one", public=True)
        number_entries()
        first = overview(now())
        said = contents(first)
        write(1, {"theme": ["b"]}, None, "other", public=True)
        write(2, {"theme": ["a"]}, None, "two", public=True)
        number_entries()
        second = overview(now())
        assert contents(first) == said
        assert contents(second) != said
        with django_assert_max_num_queries(1):
            assert overview(now()) is second


@pytest.mark.django_db
@pytest.mark.parametrize("longer", [False, True], ids=["shorter", "longer"])
def test_another_history_is_noticed(longer: bool) -> None:
    """A database that was restored from an earlier copy, and went on from there."""
    with undone():
        write(1, {"theme": ["a"]}, None, "one", public=True)
        number_entries()
        copy = connection.savepoint()
        write(2, {"theme": ["a"]}, None, "lost", public=True)
        number_entries()
        lost = overview(now())
        connection.savepoint_rollback(copy)
        for page_id in range(3, 6 if longer else 4):
            write(page_id, {"theme": ["c"]}, None, "kept", public=True)
            number_entries()
        assert (now().sequence > lost.now.sequence) is longer
        restored = overview(now())
        assert contents(restored) == contents(module._load(now()))
        assert "lost" not in [row.title for row in restored.rows if row]


@pytest.mark.django_db
def test_the_clock_as_it_was_is_noticed_by_its_mark() -> None:
    """The same number of entries, but others."""
    with undone():
        write(1, {"theme": ["a"]}, None, "one", public=True)
        number_entries()
        before = overview(now())
        Record.objects.update(facets={"theme": ["b"]})
        Clock.objects.update(mark="restored")
        assert overview(now()).having("theme", ["b"])
        assert not before.having("theme", ["b"])
