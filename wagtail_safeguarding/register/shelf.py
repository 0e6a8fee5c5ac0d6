"""Read records for the public: those alone that Wagtail shows anybody at this moment.

The register says what is public, and Wagtail's own tables are asked again, as the gate does for
files: a page that was hidden in a way that tells nobody (``.update(live=False)``) is not read here.
On SQLite they are asked once for as long as nothing at all is written (see :class:`Shown`).
The statements are put together once and asked with other keys each time; built anew for each
request they cost many times what the database needs.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connections, router
from django.db.models import (
    BinaryField,
    Case,
    CharField,
    Exists,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models import Value as Constant
from django.db.models.functions import Cast, Left, StrIndex

from wagtail_safeguarding.kept import Kept, state_of
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.statements import Statement, in_sizes, marks

from .clock import Now, Reading, now, says_still
from .facets import terms_among, values_of
from .models import Record, RecordState
from .overview import is_at_hand, overview
from .projection import DESCRIBED_END, DESCRIBED_REST
from .visibility import tree, visible_pages


def readable() -> QuerySet[Record]:
    """The records that anybody can read now."""
    page = visible_pages().filter(pk=OuterRef("page_id"))
    public = Record.objects.filter(state=RecordState.PUBLIC, page_deleted=False)
    return public.filter(Exists(page))


def read(pks: Sequence[int], *columns: str, seen: Now | None = None) -> dict[int, tuple[Any, ...]]:
    """The ``columns`` (texts, numbers and bytes, as the database has them) of those of the records
    that anybody can read now. One query for up to 500. What Wagtail shows is taken from ``seen``, a
    reading of the clock that is this request's own; without, it is asked."""
    seen = seen or now()
    using = router.db_for_read(Record)
    found: dict[int, tuple[Any, ...]] = {}
    for some in in_sizes(pks):
        rows, _then = _by_keys(using, tree(), len(some), columns).ask(some)
        found.update(_shown(rows, seen))
    return found


def read_now(pks: Sequence[int], *columns: str) -> tuple[dict[int, tuple[Any, ...]], Now]:
    """The same of up to 500 records, and the reading of the clock that it was taken from: in one
    query, so that both are of the same moment."""
    (some,) = in_sizes(pks or [0])
    using = router.db_for_read(Record)
    bare = _bare_by_keys(using, len(some), columns)
    return _look(using, pks, _by_keys(using, tree(), len(some), columns), bare, some)


def _look(
    using: str, keys: Sequence[Any], reading: Reading, bare: Statement, wanted: Sequence[Any]
) -> tuple[dict[int, tuple[Any, ...]], Now]:
    """Of the records that ``keys`` stand for, those that anybody can read now: by ``reading``, or
    by ``bare``, the same without pages, where it is known that all of them were shown."""
    shown = Shown(using)
    if shown.has(keys):
        rows = bare.ask(wanted)
        if still := shown.still():
            return {row[0]: row[1:] for row in rows if all(row) or _is_whole(row)}, still
    rows, seen = reading.ask(wanted)
    if seen is None:
        seen = now()
        rows, _then = reading.ask(wanted)
    found = _shown(rows, seen)
    shown.keep(keys if len(found) == len(keys) else found, seen)
    return found, seen


MOST_SHOWN = 10_000
"""Keys that a thread remembers; some two megabytes."""


class Shown:
    """Records that were shown in the state that the database is in: for as long as nothing is
    written they are shown, and their pages need not be asked for. See :mod:`kept`."""

    def __init__(self, using: str) -> None:
        self._key = using, tree()
        self._state = state_of(using)
        self._before = _shown_before.get(self._key, self._state)

    def has(self, keys: Iterable[Any]) -> bool:
        return self._before is not None and self._before[1].issuperset(keys)

    def still(self) -> Now | None:
        """The reading of the clock under which they were, unless something was written since."""
        if self._before is None or self._state is None or not self._state.holds():
            return None
        return says_still(self._before[0])

    def keep(self, keys: Iterable[Any], seen: Now) -> None:
        """They were shown in this state or a later one, as ``seen`` has it."""
        if self._state is None or seen.is_behind:
            return
        if self._before is not None and len(self._before[1]) < MOST_SHOWN:
            self._before[1].update(keys)
        else:
            _shown_before.keep(self._key, self._state, (seen, set(keys)))


_shown_before: Kept[tuple[Now, set[Any]]] = Kept()


def _records() -> QuerySet[Record]:
    """With the path of the live page of each public one; without a path for any other.

    Nothing but the keys to choose by: a database that has never counted its rows (SQLite, until
    somebody runs ANALYZE) would rather go through all that is public.
    """
    pages = get_base_page_model().objects.filter(pk=OuterRef("page_id"), live=True)
    path = Subquery(pages.order_by().values("path")[:1])
    return _columns().annotate(
        at=Case(When(state=RecordState.PUBLIC, page_deleted=False, then=path))
    )


def _columns() -> QuerySet[Record]:
    end = StrIndex("item", Constant(DESCRIBED_END)) - 1 + len(DESCRIBED_END) + DESCRIBED_REST
    return Record.objects.order_by().annotate(
        utf8=Utf8("item"),
        described=Utf8(Left("item", end)),
        # A driver takes longer to make a date of it than the database to read it.
        changed=Cast("changed_at", CharField()),
    )


def _shown(rows: list[tuple[Any, ...]], seen: Now) -> dict[int, tuple[Any, ...]]:
    """Those of the rows whose page is visible, by key.

    Asked in two steps: in one, PostgreSQL takes several times longer to plan the statement than
    all of this takes.
    """
    roots, closed = seen.roots, seen.closed
    found = {}
    for row in rows:
        path = row[1]  # of the live page; see visible_pages
        if not path or not path.startswith(roots) or path.startswith(closed):
            continue
        if _is_whole(row[2:]):
            found[row[0]] = row[2:]
    return found


def _is_whole(columns: tuple[Any, ...]) -> bool:
    """A record that lost its form is not shown; `register rebuild` mends it."""
    return all(columns) or not (b"" in columns or "" in columns)


@dataclass(frozen=True)
class Whole:
    """A record with everything that an answer needs of it."""

    pk: int
    etag: str
    changed: str
    """When it last did, as the database writes it."""
    site_id: int | None
    lines_from: int | None
    payload: bytes = b""
    described: bytes = b""
    """What the register knows of it besides its form: a JSON object without its end. These two only
    where they were asked for."""


def read_terms(pk: int, seen: Now) -> int:
    """The terms of a record that was read together with ``seen``: see :attr:`.Value.bit`."""
    if is_at_hand(seen) and (found := overview(seen)).has(pk):
        return found.terms_of([pk])
    for (facets,) in read([pk], "facets", seen=seen).values():
        # JSON as SQLite hands it out, or data as PostgreSQL does
        known = json.loads(facets) if isinstance(facets, str) else facets
        return terms_among(values_of(known))
    return 0


_OUTSIDE = ("etag", "changed", "site_id", "lines_from")
_INSIDE = ("payload", "described")


class Utf8(Func):
    """A text as it is sent. To make texts of bytes and bytes of texts takes longer than to read
    them, where the database hands out its bytes: SQLite. Elsewhere it is the text: :func:`utf8`."""

    output_field = BinaryField()
    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS BLOB)", **extra)


def is_described(part: bytes) -> bool:
    """Whether it is what ``described`` should be: an item that is damaged has no such part."""
    return part[-len(_DESCRIBED_END) - DESCRIBED_REST :].startswith(_DESCRIBED_END)


_DESCRIBED_END = DESCRIBED_END.encode()


def utf8(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)


def read_whole(record: uuid.UUID, *, inside: bool = True) -> tuple[Whole | None, Now]:
    """The record, if anybody can read it now, and the reading of the clock that this was taken
    from. See :func:`read_now`. Without ``inside``, only what tells one state of it from another."""
    using = router.db_for_read(Record)
    reading, bare = _by_uuid(using, tree(), inside), _bare_by_uuid(using, inside)
    found, seen = _look(using, [record], reading, bare, [_as_stored(record, using)])
    for pk, (etag, changed, site_id, lines_from, *within) in found.items():
        whole = Whole(pk, etag, changed, site_id, lines_from, *map(utf8, within))
        return (whole if not inside or is_described(whole.described) else None), seen
    return None, seen


def _as_stored(record: uuid.UUID, using: str) -> Any:
    """As UUIDField has it, which takes its time. (An address gives the text of it.)"""
    if connections[using].features.has_native_uuid_field:
        return record
    return str(record).replace("-", "")


@cache
def _by_keys(using: str, of: Any, size: int, columns: tuple[str, ...]) -> Reading:
    markers = marks(size)
    return Reading(using, _records().filter(pk__in=markers), columns, markers)


@cache
def _bare_by_keys(using: str, size: int, columns: tuple[str, ...]) -> Statement:
    markers = marks(size)
    rows = _columns().filter(pk__in=markers).values_list("pk", *columns)
    return Statement.of(rows, using, markers)


@cache
def _by_uuid(using: str, of: Any, inside: bool) -> Reading:
    wanted = [_as_stored(_MARK, using)]
    return Reading(using, _records().filter(uuid=_MARK), _whole_columns(inside), wanted)


@cache
def _bare_by_uuid(using: str, inside: bool) -> Statement:
    rows = _columns().filter(uuid=_MARK).values_list("pk", *_whole_columns(inside))
    return Statement.of(rows, using, [_as_stored(_MARK, using)])


_MARK = uuid.UUID("b4b0c3a2-0000-4000-8000-000000000000")


def _whole_columns(inside: bool) -> tuple[str, ...]:
    return _OUTSIDE + _INSIDE if inside else _OUTSIDE
