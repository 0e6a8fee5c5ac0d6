"""Read records for the public: those alone that Wagtail shows anybody at this moment.

The register says what is public, and Wagtail's own tables are asked again, as the gate does for
files: a page that was hidden in a way that tells nobody (``.update(live=False)``) is not read here.
The statements are put together once and asked with other keys each time; built anew for each
request they cost many times what the database needs.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
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

from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.statements import in_sizes, marks

from .clock import Now, Reading, now
from .facets import Value
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
    found: dict[int, tuple[Any, ...]] = {}
    for some in in_sizes(pks):
        rows, _then = _ask(some, columns)
        found.update(_shown(rows, seen))
    return found


def read_now(pks: Sequence[int], *columns: str) -> tuple[dict[int, tuple[Any, ...]], Now]:
    """The same of up to 500 records, and the reading of the clock that it was taken from: in one
    query, so that both are of the same moment."""
    (some,) = in_sizes(pks or [0])
    rows, seen = _ask(some, columns)
    if seen is None:
        seen = now()
        rows, _then = _ask(some, columns)
    return _shown(rows, seen), seen


def _ask(pks: list[int], columns: tuple[str, ...]) -> tuple[list[tuple[Any, ...]], Now | None]:
    return _by_keys(router.db_for_read(Record), tree(), len(pks), columns).ask(pks)


def _records() -> QuerySet[Record]:
    """With the path of the live page of each public one; without a path for any other.

    Nothing but the keys to choose by: a database that has never counted its rows (SQLite, until
    somebody runs ANALYZE) would rather go through all that is public.
    """
    pages = get_base_page_model().objects.filter(pk=OuterRef("page_id"), live=True)
    path = Subquery(pages.order_by().values("path")[:1])
    end = StrIndex("item", Constant(DESCRIBED_END)) - 1 + len(DESCRIBED_END) + DESCRIBED_REST
    return Record.objects.order_by().annotate(
        at=Case(When(state=RecordState.PUBLIC, page_deleted=False, then=path)),
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
        columns = row[2:]
        # A record that lost its form is not shown; `register rebuild` mends it.
        if all(columns) or not (b"" in columns or "" in columns):
            found[row[0]] = columns
    return found


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


def read_values(pk: int, seen: Now) -> frozenset[Value]:
    """The values of the facets of a record that was read together with ``seen``."""
    if is_at_hand(seen) and (found := overview(seen)).has(pk):
        return found.facets_of([pk])
    for (facets,) in read([pk], "facets", seen=seen).values():
        # JSON as SQLite hands it out, or data as PostgreSQL does
        known = json.loads(facets) if isinstance(facets, str) else facets
        return frozenset(Value.of(facet, value) for facet, some in known.items() for value in some)
    return frozenset()


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
    wanted = [_as_stored(record, using)]
    reading = _by_uuid(using, tree(), inside)
    rows, seen = reading.ask(wanted)
    if seen is None:
        seen = now()
        rows, _then = reading.ask(wanted)
    for pk, (etag, changed, site_id, lines_from, *within) in _shown(rows, seen).items():
        found = Whole(pk, etag, changed, site_id, lines_from, *map(utf8, within))
        return (found if not inside or is_described(found.described) else None), seen
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
def _by_uuid(using: str, of: Any, inside: bool) -> Reading:
    marker = uuid.UUID("b4b0c3a2-0000-4000-8000-000000000000")
    wanted = [_as_stored(marker, using)]
    columns = _OUTSIDE + _INSIDE if inside else _OUTSIDE
    return Reading(using, _records().filter(uuid=marker), columns, wanted)
