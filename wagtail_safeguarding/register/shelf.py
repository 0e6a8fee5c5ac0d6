"""Read records for the public: those alone that Wagtail shows anybody at this moment.

The register says what is public, and Wagtail's own tables are asked again, as the gate does for
files: a page that was hidden in a way that tells nobody (``.update(live=False)``) is not read here.
The statements are put together once and asked with other keys each time; built anew for each
request they cost many times what the database needs.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, QuerySet, Subquery, UUIDField

from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.statements import in_sizes, marks

from .clock import Now, Reading, now
from .facets import Value
from .models import Record, RecordState
from .visibility import tree, visible_pages

_UUID: Any = UUIDField()


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


def _public() -> QuerySet[Record]:
    """With the path of the live page of each."""
    pages = get_base_page_model().objects.filter(pk=OuterRef("page_id"), live=True)
    at = Subquery(pages.order_by().values("path")[:1])
    return Record.objects.filter(state=RecordState.PUBLIC, page_deleted=False).annotate(at=at)


def _shown(rows: list[tuple[Any, ...]], seen: Now) -> dict[int, tuple[Any, ...]]:
    """Those of the rows whose page is visible, by key.

    Asked in two steps: in one, PostgreSQL takes several times longer to plan the statement than
    all of this takes.
    """
    # A record that lost its form is not shown; `register rebuild` mends it.
    shows = seen.shows
    return {
        row[0]: row[2:] for row in rows if b"" not in row and "" not in row[2:] and shows(row[1])
    }


@dataclass(frozen=True)
class Whole:
    """A record with everything that an answer needs of it."""

    pk: int
    etag: str
    changed_at: str
    site_id: int | None
    lines_from: int | None
    payload: bytes = b""
    item: str = ""
    facets: Any = ""
    """These three only where they were asked for."""

    def values(self) -> Iterator[Value]:
        """Of its facets."""
        facets = self.facets  # JSON as SQLite hands it out, or data as PostgreSQL does
        found = json.loads(facets) if isinstance(facets, str) else facets
        return (Value.of(facet, value) for facet, values in found.items() for value in values)


_OUTSIDE = ("etag", "changed_at", "site_id", "lines_from")
_INSIDE = ("payload", "item", "facets")


def read_whole(record: uuid.UUID, *, inside: bool = True) -> tuple[Whole | None, Now]:
    """The record, if anybody can read it now, and the reading of the clock that this was taken
    from. See :func:`read_now`. Without ``inside``, only what tells one state of it from another."""
    using = router.db_for_read(Record)
    wanted = [_UUID.get_db_prep_value(record, connections[using])]
    reading = _by_uuid(using, tree(), inside)
    rows, seen = reading.ask(wanted)
    if seen is None:
        seen = now()
        rows, _then = reading.ask(wanted)
    for pk, (etag, changed_at, site_id, lines_from, *within) in _shown(rows, seen).items():
        known = Whole(pk, etag, str(changed_at), site_id, lines_from)
        if inside:
            payload, item, facets = within
            known = replace(known, payload=bytes(payload), item=item, facets=facets)
        return known, seen
    return None, seen


@cache
def _by_keys(using: str, of: Any, size: int, columns: tuple[str, ...]) -> Reading:
    markers = marks(size)
    return Reading(using, _public().filter(pk__in=markers), columns, markers)


@cache
def _by_uuid(using: str, of: Any, inside: bool) -> Reading:
    marker = uuid.UUID("b4b0c3a2-0000-4000-8000-000000000000")
    wanted = [_UUID.get_db_prep_value(marker, connections[using])]
    columns = _OUTSIDE + _INSIDE if inside else _OUTSIDE
    return Reading(using, _public().filter(uuid=marker), columns, wanted)
