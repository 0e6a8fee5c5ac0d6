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
from django.db.models import Exists, OuterRef, QuerySet, Subquery, UUIDField

from wagtail_safeguarding.pagemodel import get_base_page_model

from .clock import Now, now
from .models import Record, RecordState
from .statements import Statement
from .visibility import tree, visible_pages

_UUID: Any = UUIDField()

_SIZES = (1, 20, 100, 500)
"""Keys in one statement; fewer are filled up with 0, which no record has."""


def readable() -> QuerySet[Record]:
    """The records that anybody can read now."""
    page = visible_pages().filter(pk=OuterRef("page_id"))
    return _public().filter(Exists(page))


def read(pks: Sequence[int], *columns: str, seen: Now | None = None) -> dict[int, tuple[Any, ...]]:
    """The ``columns`` (texts, numbers and bytes, as the database has them) of those of the records
    that anybody can read now. One query for up to 500. What Wagtail shows is taken from ``seen``, a
    reading of the clock that is this request's own; without, it is asked."""
    using = router.db_for_read(Record)
    found: dict[int, tuple[Any, ...]] = {}
    for start in range(0, len(pks), _SIZES[-1]):
        part = pks[start : start + _SIZES[-1]]
        size = next(size for size in _SIZES if size >= len(part))
        statement = _by_keys(using, tree(), size, columns)
        rows = statement.ask([*part, *[0] * (size - len(part))])
        for pk, *values in _shown(rows, seen):
            found[pk] = tuple(values)
    return found


def _public() -> QuerySet[Record]:
    return Record.objects.filter(state=RecordState.PUBLIC, page_deleted=False)


def _live_path() -> Subquery:
    page = get_base_page_model().objects.filter(pk=OuterRef("page_id"), live=True)
    return Subquery(page.order_by().values("path")[:1])


def _shown(rows: list[tuple[Any, ...]], seen: Now | None) -> list[tuple[Any, ...]]:
    """Those of the rows, without the path of a live page that ends each, whose page is visible.

    Asked in two steps: in one, PostgreSQL takes several times longer to plan the statement than
    all of this takes.
    """
    if not rows:
        return []
    seen = seen or now()
    # A record that lost its form is not shown; `register rebuild` mends it.
    return [row[:-1] for row in rows if b"" not in row and seen.shows(row[-1])]


@dataclass(frozen=True)
class Whole:
    """A record with everything that an answer needs of it."""

    pk: int
    payload: bytes
    item: dict[str, Any]
    facets: dict[str, list[str]]
    site_id: int | None
    lines_from: int | None


_WHOLE = ("pk", "payload", "item", "facets", "site_id", "lines_from")


def read_whole(record: uuid.UUID, seen: Now | None = None) -> Whole | None:
    """The record, if anybody can read it now. See :func:`read`."""
    using = router.db_for_read(Record)
    wanted = _UUID.get_db_prep_value(record, connections[using])
    rows = _by_uuid(using, tree()).ask([wanted])
    for pk, payload, item, facets, site_id, lines_from in _shown(rows, seen):
        return Whole(
            pk, bytes(payload), json.loads(bytes(item)), loaded(facets), site_id, lines_from
        )
    return None


def loaded(value: Any) -> Any:
    """JSON as SQLite hands it out (text) or as PostgreSQL does (text or data)."""
    return json.loads(value) if isinstance(value, str) else value


@cache
def _by_keys(using: str, of: Any, size: int, columns: tuple[str, ...]) -> Statement:
    markers = [-number for number in range(1, size + 1)]
    rows = _public().using(using).filter(pk__in=markers).values_list("pk", *columns, _live_path())
    return Statement.of(rows, using, markers)


@cache
def _by_uuid(using: str, of: Any) -> Statement:
    marker = uuid.UUID("b4b0c3a2-0000-4000-8000-000000000000")
    rows = _public().using(using).filter(uuid=marker).values_list(*_WHOLE, _live_path())
    return Statement.of(rows, using, [_UUID.get_db_prep_value(marker, connections[using])])
