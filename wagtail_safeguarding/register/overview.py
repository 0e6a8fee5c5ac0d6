"""All that is public at a glance: for each value of each facet, which records have it.

Kept in memory by each process and brought up to date by the log, so that filters, counts and
orders cost next to nothing however many records there are: a set of records is a number with a
bit for each, and combining two of them is one operation. It takes some 350 bytes a record.

It holds keys and sort values, no text but titles; what a list shows is read from the database,
which is asked again, for each answer, what of it the public can see.
"""

from __future__ import annotations

import datetime as dt
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from .clock import Now
from .facets import Value, terms_among, values_of
from .models import Entry, Record, RecordState

FEW = 2000
"""So many records, if they are no more than a quarter of all, are sorted one by one; more are
picked while walking along the whole order."""

BATCH = 5000

Key = tuple[int | str, int]

_UNDATED_LAST = 10**8


@dataclass(frozen=True, slots=True)
class Row:
    """What is remembered of one record."""

    pk: int
    facets: tuple[Value, ...]
    terms: int
    """Those of the facets that are terms, as a number: see :attr:`.Value.bit`."""
    date: str
    title: str
    published: int
    changed: int

    @property
    def day(self) -> int:
        """The date as a number that sorts as its text does: 2019, 2019-07 and 2019-07-04 are
        20190000, 20190700 and 20190704; 0 without a date."""
        return int(self.date.replace("-", "").ljust(8, "0")) if self.date else 0


SORTS: dict[str, Callable[[Row], Key]] = {
    "-date": lambda row: (-row.day, -row.pk),
    "date": lambda row: (row.day or _UNDATED_LAST, row.pk),
    "-published": lambda row: (-row.published, -row.pk),
    "published": lambda row: (row.published, row.pk),
    "-changed": lambda row: (-row.changed, -row.pk),
    "changed": lambda row: (row.changed, row.pk),
    "title": lambda row: (row.title, row.pk),
}
"""Each gives a key; the smallest comes first. Undated records come last either way."""


class Order:
    """The records in one order."""

    def __init__(self, rows: list[Row | None], sort: str) -> None:
        key = SORTS[sort]
        found = sorted((key(row), slot) for slot, row in enumerate(rows) if row is not None)
        self.keys: list[Key] = [key for key, _slot in found]
        self.slots = [slot for _key, slot in found]

    @cached_property
    def rank(self) -> dict[int, int]:
        return {slot: place for place, slot in enumerate(self.slots)}

    def pick(self, bits: int, after: Key | None, count: int) -> list[tuple[Key, int]]:
        """The first ``count`` of the records in ``bits`` behind ``after``: their keys and slots."""
        start = bisect_right(self.keys, after) if after is not None else 0
        if bits.bit_count() == len(self.slots):
            end = start + count
            return list(zip(self.keys[start:end], self.slots[start:end], strict=True))
        if bits.bit_count() <= min(FEW, len(self.slots) // 4):
            places = sorted(self.rank[slot] for slot in slots_of(bits))
            places = places[bisect_right(places, start - 1) :][:count]
        else:
            places = list(self._walk(bits, start, count))
        return [(self.keys[place], self.slots[place]) for place in places]

    def _walk(self, bits: int, start: int, count: int) -> Iterator[int]:
        held = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
        end = len(held) * 8
        for place in range(start, len(self.slots)):
            slot = self.slots[place]
            if slot < end and held[slot >> 3] >> (slot & 7) & 1:
                yield place
                count -= 1
                if not count:
                    return


class Overview:
    """What is public under one reading of the clock. Never changed, only followed by another."""

    def __init__(self, now: Now, last: Any, rows: list[Row | None], bits: dict[Value, int]) -> None:
        self.now = now
        self.last = last
        """What the log says of its last entry; in another history it says something else."""
        self.rows = rows
        self.bits = bits
        self._orders: dict[str, Order] = {}

    @classmethod
    def of(cls, now: Now, last: Any, found: Iterable[Row]) -> Overview:
        rows: list[Row | None] = [*found]
        having: dict[Value, list[int]] = {}
        for slot, row in enumerate(rows):
            for facet in row.facets if row else ():
                having.setdefault(facet, []).append(slot)
        bits = {facet: bits_of(slots, len(rows)) for facet, slots in having.items()}
        return cls(now, last, rows, bits)

    @cached_property
    def slot_of(self) -> dict[int, int]:
        return {row.pk: slot for slot, row in enumerate(self.rows) if row is not None}

    @cached_property
    def everything(self) -> int:
        return bits_of((slot for slot, row in enumerate(self.rows) if row), len(self.rows))

    @cached_property
    def values(self) -> dict[str, list[Value]]:
        """The values of each facet that some record has."""
        found: dict[str, list[Value]] = {}
        for value in self.bits:
            found.setdefault(value.facet, []).append(value)
        return found

    def order(self, sort: str) -> Order:
        if sort not in self._orders:
            self._orders[sort] = Order(self.rows, sort)
        return self._orders[sort]

    def pk_at(self, slot: int) -> int:
        row = self.rows[slot]
        if row is None:
            raise LookupError(f"There is no record in slot {slot}.")
        return row.pk

    def pks(self, bits: int) -> list[int]:
        return [self.pk_at(slot) for slot in slots_of(bits)]

    def has(self, pk: int) -> bool:
        return pk in self.slot_of

    def terms_of(self, pks: Iterable[int]) -> int:
        """The terms that any of these records has."""
        found, rows, slot_of = 0, self.rows, self.slot_of
        for pk in pks:
            if row := rows[slot_of[pk]]:
                found |= row.terms
        return found

    def having(self, facet: str, values: Iterable[str]) -> int:
        """The records with any of these values."""
        found = 0
        for value in values:
            if known := Value.known(facet, value):
                found |= self.bits.get(known, 0)
        return found

    def records(self, pks: Iterable[int]) -> int:
        slots = (self.slot_of[pk] for pk in pks if pk in self.slot_of)
        return bits_of(slots, len(self.rows))

    def dated(self, earliest: int | None, latest: int | None) -> int:
        """The records whose date can be between these days (as ``Row.day`` has them), both
        included. "2019" can be any day of that year."""
        order = self.order("date")
        end = bisect_right(order.keys, (_UNDATED_LAST if latest is None else latest + 1, 0))
        first = 0
        reaching: list[int] = []
        if earliest is not None:
            first = min(bisect_right(order.keys, (earliest, 0)), end)
            # A year or month that began before may still reach into the time asked for.
            begun = bisect_right(order.keys, (earliest // 10000 * 10000, 0))
            reaching = [
                order.slots[place]
                for place in range(begun, first)
                if _last_day(int(order.keys[place][0])) >= earliest
            ]
        return bits_of([*reaching, *order.slots[first:end]], len(self.rows))

    def counts(self, facet: str, bits: int) -> dict[str, int]:
        """How many of the records in ``bits`` have each value of the facet."""
        found = {}
        for value in self.values.get(facet, ()):
            if count := (self.bits[value] & bits).bit_count():
                found[value.value] = count
        return found


def _last_day(day: int) -> int:
    if day % 10000 == 0:
        return day + 1231
    return day + 31 if day % 100 == 0 else day


def bits_of(slots: Iterable[int], size: int) -> int:
    held = bytearray((size + 7) // 8)
    for slot in slots:
        held[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(held, "little")


def slots_of(bits: int) -> list[int]:
    found = []
    for place, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if byte:
            found += [place * 8 + bit for bit in range(8) if byte >> bit & 1]
    return found


# Kept up to date

_lock = threading.Lock()
_latest: Overview | None = None


def overview(now: Now) -> Overview:
    """What is public under this reading of the clock: the one in memory, where the log has gone on
    brought up to date."""
    global _latest
    known = _latest
    if known is not None and known.now.mark == now.mark:
        return known
    with _lock:
        if _latest is None or _latest.now.mark != now.mark:
            _latest = _follow(_latest, now) if _latest is not None else _load(now)
        return _latest


def is_at_hand(now: Now) -> bool:
    """Whether :func:`overview` has nothing to read for this reading of the clock."""
    return _latest is not None and _latest.now.mark == now.mark


def _load(now: Now) -> Overview:
    last = _last_entry(now.sequence)
    return Overview.of(now, last, _read(Record.objects.all()))


def _follow(known: Overview, now: Now) -> Overview:
    """Read again what the log names since then."""
    sequence = known.now.sequence
    if now.sequence <= sequence or _last_entry(sequence) != known.last:
        return _load(now)  # another history: a database that was restored, for example
    last = _last_entry(now.sequence)
    most = len(known.rows) // 5 + BATCH // 10
    entries = Entry.objects.filter(sequence__gt=sequence).order_by()
    changed = set(entries.values_list("record_id", flat=True).distinct()[: most + 1])
    if len(changed) > most:
        return _load(now)
    rows, bits = list(known.rows), dict(known.bits)
    free = [slot for slot, row in enumerate(rows) if row is None]
    for pk in changed & known.slot_of.keys():
        slot = known.slot_of[pk]
        row, rows[slot] = rows[slot], None
        free.append(slot)
        for facet in row.facets if row else ():
            bits[facet] &= ~(1 << slot)
    for row in _read(Record.objects.filter(pk__in=changed)):
        slot = free.pop() if free else len(rows)
        rows[slot : slot + 1] = [row]
        for facet in row.facets:
            bits[facet] = bits.get(facet, 0) | 1 << slot
    return Overview(now, last, rows, {facet: held for facet, held in bits.items() if held})


def _last_entry(sequence: int) -> Any:
    return Entry.objects.filter(sequence=sequence).values_list("pk", "record_id", "at").first()


def _read(records: QuerySet[Record]) -> Iterator[Row]:
    columns = ("pk", "facets", "date", "title", "first_public_at", "changed_at")
    public = records.filter(state=RecordState.PUBLIC).order_by("pk").values_list(*columns)
    for pk, facets, date, title, published, changed in public.iterator(BATCH):
        values = values_of(facets)
        yield Row(
            pk=pk,
            facets=values,
            terms=terms_among(values),
            date=str(date) if date else "",
            title=title.casefold(),
            published=_microseconds(published),
            changed=_microseconds(changed),
        )


def _microseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
