"""Compare the register with what the door would write now, and project again what differs.

Even where the register is wrong, the gate asks Wagtail as well and shows no file of a page
that the public cannot see. ``Drift.served`` says what it hands out at this moment.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register import indexing
from wagtail_safeguarding.register.models import Due, Record, RecordDocument, RecordState
from wagtail_safeguarding.register.passages import (
    Passage,
    changed_record_passages,
    write_record_passages,
)
from wagtail_safeguarding.register.projection import (
    ERASED,
    Projection,
    close_record,
    close_records,
    differences,
    item_json,
    named_by,
    own_texts,
    public_values,
)
from wagtail_safeguarding.register.visibility import open_links, visible_pages

from .door import lock_pages, open_projections, safeguarding_models, write
from .reading import STEP

logger = logging.getLogger(__name__)

BATCH = 200


class Kind(StrEnum):
    SHOULD_BE_PUBLIC = "should-be-public"
    SHOULD_BE_CLOSED = "should-be-closed"
    WRONG_PAYLOAD = "wrong-payload"
    WRONG_TEXT = "wrong-text"
    WRONG_VERSIONS = "wrong-versions"
    TOMBSTONE = "tombstone"
    LEFTOVER = "leftover"
    UNREADABLE = "unreadable"


class Direction(StrEnum):
    """Which way the register is wrong. Only the first is a danger."""

    OPEN = "open although it should be closed"
    CLOSED = "closed although it should be open"
    UNTIDY = "closed as it should be, but not cleared up"


@dataclass(frozen=True)
class Drift:
    """One difference. ``record`` is the record's uuid; no title is told.

    ``served`` are the files ("<document uuid> version 2") that the gate hands out now
    because of it.
    """

    kind: Kind
    direction: Direction
    page_id: int
    record: str | None = None
    detail: str = ""
    served: tuple[str, ...] = field(default=())

    @property
    def is_dangerous(self) -> bool:
        return self.direction is Direction.OPEN


def find_drift(tick: Callable[[], object] = lambda: None) -> Iterator[Drift]:
    """Every difference between the register and what the door would write now.

    Writes nothing, and holds no more than a batch of pages in memory.
    """
    for page_ids in _page_ids():
        found = drift_of_pages(page_ids)
        for page_id in page_ids:
            yield from found.get(page_id, [])
            tick()
    for record in _tombstones():
        yield from drift_of_tombstone(record)
        tick()


def count_work(after: str = "") -> int:
    """How often :func:`find_drift` and :func:`rebuild` call ``tick``."""
    depth = len(after) // STEP
    pages = _open_pages().filter(Q(depth__gt=depth) | Q(depth=depth, path__gt=after))
    return sum(work.count() for work in (pages, _other_records(), _all_tombstones()))


def drift_of_page(page_id: int) -> list[Drift]:
    """What is wrong with the register about one page."""
    return drift_of_pages([page_id]).get(page_id, [])


def drift_of_pages(page_ids: Sequence[int]) -> dict[int, list[Drift]]:
    """What is wrong with the register about each of these pages."""
    # Somebody may be publishing one at this moment, so a difference is looked at twice.
    first = _compare(page_ids, _read(page_ids))
    return _compare(list(first), _read(list(first))) if first else {}


def drift_of_tombstone(record: Record) -> list[Drift]:
    """What is wrong with the record of a page that was deleted."""
    if record.state == RecordState.PUBLIC:
        return [
            _drift(record, Kind.TOMBSTONE, Direction.OPEN, "The page was deleted.", served=True)
        ]
    return _leftovers(record)


@dataclass(frozen=True)
class Mended:
    """What was wrong before, and what still is."""

    before: list[Drift]
    after: list[Drift]


def rebuild(
    *,
    dry_run: bool = False,
    after: str = "",
    tick: Callable[[], object] = lambda: None,
    at: Callable[[str], object] = lambda path: None,
) -> Iterator[Mended]:
    """Project again every page that differs, a batch in a transaction.

    Through the door's own functions, so that nothing becomes public that is not. ``at`` is told
    how far it is: the path in the tree, from ``after`` which it can go on another time.
    """
    for page_ids in _page_ids(after):
        with _no_search_for_cycles():
            mended = _mend(page_ids, dry_run=dry_run)
        yield from mended
        for _page_id in page_ids:
            tick()
        at(_last_path(page_ids))
    for record in _tombstones():
        if before := drift_of_tombstone(record):
            if not dry_run:
                close_record(record.pk)
                record.refresh_from_db()
            yield Mended(before, drift_of_tombstone(record))
        tick()
    if not dry_run:
        _count_index()


def _count_index() -> None:
    try:
        indexing.update_statistics()
    except OperationalError:  # somebody writes; the next file that is indexed does it too
        logger.warning("The size of the search index could not be told to SQLite", exc_info=True)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """A batch makes some hundred thousand objects, and Python would look through all that there are
    for cycles again and again meanwhile: a fifth of the time. Afterwards is early enough."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Place:
    """How far a rebuild has come, kept in the database so that it can be gone on with."""

    def __init__(self, *, begin_anew: bool = False) -> None:
        self._rows = Due.objects.filter(what=Due.What.REBUILD)
        row = None if begin_anew else self._rows.first()
        self.path = row.after if row else ""

    def keep(self, path: str) -> None:
        if path:
            Due.objects.update_or_create(what=Due.What.REBUILD, defaults={"after": path})

    def forget(self) -> None:
        self._rows.delete()


def _mend(page_ids: Sequence[int], *, dry_run: bool) -> list[Mended]:
    if dry_run:
        found = drift_of_pages(page_ids)
        return [Mended(found[pk], found[pk]) for pk in page_ids if pk in found]
    try:
        with transaction.atomic():
            lock_pages(page_ids)
            read = _read(page_ids)
            before = _compare(page_ids, read)
            _write(before, read)
    except Exception:
        if len(page_ids) > 1:
            # One page that cannot be written keeps none of the others from being mended.
            return [one for pk in page_ids for one in _mend([pk], dry_run=False)]
        logger.exception("Page %s could not be projected", page_ids[0])
        found = drift_of_pages(page_ids)
        return [Mended(found[pk], found[pk]) for pk in found]
    return [
        Mended(before[pk], before[pk] if isinstance(read[pk], Exception) else [])
        for pk in page_ids
        if pk in before
    ]


def _write(before: dict[int, list[Drift]], read: _Read) -> None:
    page_ids = [pk for pk in before if not isinstance(read[pk], Exception)]
    if not page_ids:
        return
    here = set(get_base_page_model().objects.filter(pk__in=page_ids).values_list("pk", flat=True))
    projections = {pk: one for pk, one in read.items() if isinstance(one, Projection)}
    write([pk for pk in page_ids if pk in here], projections)
    # Where nothing else was wrong, this has not written the texts.
    texts = [pk for pk in page_ids if any(one.kind is Kind.WRONG_TEXT for one in before[pk])]
    records = Record.objects.filter(page_id__in=projections.keys() & set(texts))
    opened = dict(records.filter(page_deleted=False).values_list("pk", "page_id"))
    write_record_passages({pk: own_texts(projections[page].form) for pk, page in opened.items()})
    close_records([pk for pk in page_ids if pk not in here], deleted=True)
    for record in Record.objects.filter(page_id__in=page_ids).exclude(state=RecordState.PUBLIC):
        if _leftovers(record):
            close_record(record.pk)


# What there is to look at


def _is_ours() -> Q:
    """Pages of the types that go through the door."""
    ours = Q(pk__in=[])
    for model in safeguarding_models():
        ours |= Q(
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
        )
    return ours


def _open_pages() -> Any:
    return visible_pages().filter(_is_ours())


def _other_records() -> QuerySet[Record]:
    """Records of pages that are not (or no longer) to be public."""
    here = _open_pages().filter(pk=OuterRef("page_id"))
    return Record.objects.filter(~Exists(here), page_deleted=False)


def _all_tombstones() -> QuerySet[Record]:
    return Record.objects.filter(page_deleted=True)


def _page_ids(after: str = "") -> Iterator[list[int]]:
    """In batches: open pages level by level of the tree, so that an index is done before what has
    its publisher from it; then the other records."""
    begun = len(after) // STEP
    depths = get_base_page_model().objects.order_by("depth").values_list("depth", flat=True)
    for depth in depths.filter(depth__gte=begun).distinct():
        pages = _open_pages().filter(depth=depth).order_by("path").values_list("pk", "path")
        last = after if depth == begun else ""
        while rows := list(pages.filter(path__gt=last)[:BATCH]):
            yield [pk for pk, _path in rows]
            last = rows[-1][1]
    batch = []
    for record in _by_key(_other_records().only("pk", "page_id")):
        batch.append(record.page_id)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _last_path(page_ids: Sequence[int]) -> str:
    pages = get_base_page_model().objects.filter(pk__in=page_ids)
    found: str | None = pages.order_by("-path").values_list("path", flat=True).first()
    return found or ""


def _tombstones() -> Iterator[Record]:
    return _by_key(_all_tombstones())


def _by_key(queryset: Any) -> Iterator[Any]:
    """The rows in batches, by primary key: no cursor stays open while they are worked on."""
    last = 0
    while rows := list(queryset.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from rows
        last = rows[-1].pk


# The comparison


_Read = dict[int, Projection | Exception | None]


def _read(page_ids: Sequence[int]) -> _Read:
    """What the register should say of each page; None: nothing. An exception, where that cannot
    be told: whatever is wrong with a page, the others are to be compared."""
    try:
        found = open_projections(page_ids)
    except Exception as error:
        if len(page_ids) == 1:
            logger.exception("Page %s cannot be compared", page_ids[0])
            return {page_ids[0]: error}
        return {pk: one for page_id in page_ids for pk, one in _read([page_id]).items()}
    return {pk: found.get(pk) for pk in page_ids}


def _compare(page_ids: Sequence[int], read: _Read) -> dict[int, list[Drift]]:
    """The differences by page; only pages that have some."""
    records = {
        record.page_id: record
        for record in Record.objects.filter(page_id__in=page_ids, page_deleted=False)
    }
    named = named_by(records.values())
    unfound = changed_record_passages(
        {
            record.pk: own_texts(one.form)
            for pk, record in records.items()
            if isinstance(one := read[pk], Projection) and record.state == RecordState.PUBLIC
        }
    )
    found = {}
    for page_id in page_ids:
        record = records.get(page_id)
        versions = named.get(record.pk, set()) if record else set()
        drifts = _compare_page(page_id, record, versions, read[page_id])
        if record and record.pk in unfound and not drifts:
            detail = "The search knows another text of it."
            drifts = [_drift(record, Kind.WRONG_TEXT, Direction.OPEN, detail)]
        if drifts:
            found[page_id] = drifts
    return found


def _compare_page(
    page_id: int, record: Record | None, named: set[int], read: Projection | Exception | None
) -> list[Drift]:
    is_public = record is not None and record.state == RecordState.PUBLIC
    if isinstance(read, Exception):
        direction = Direction.OPEN if is_public else Direction.CLOSED
        detail = f"What the page says cannot be read ({type(read).__name__})."
        return [Drift(Kind.UNREADABLE, direction, page_id, _uuid(record), detail)]
    if read is not None:
        return _compare_open(page_id, record, named, read)
    if record is None:
        return []
    is_here = get_base_page_model().objects.filter(pk=page_id).exists()
    found = []
    if is_public and is_here:
        detail = "The public cannot see the page."
        found.append(_drift(record, Kind.SHOULD_BE_CLOSED, Direction.OPEN, detail, served=True))
    if not is_here:
        direction = Direction.OPEN if is_public else Direction.UNTIDY
        detail = "The page is gone and the record does not say so."
        found.append(_drift(record, Kind.TOMBSTONE, direction, detail, served=True))
    return found + ([] if is_public else _leftovers(record))


def _compare_open(
    page_id: int, record: Record | None, named: set[int], projection: Projection
) -> list[Drift]:
    if record is None or record.state != RecordState.PUBLIC:
        detail = "The public can see the page, and the register does not have it."
        kind, direction = Kind.SHOULD_BE_PUBLIC, Direction.CLOSED
        return [
            Drift(kind, direction, page_id, _uuid(record), detail),
            *(_leftovers(record) if record else []),
        ]
    found = []
    differing = differences(record, public_values(projection))
    if not differing and record.item != item_json(record, projection.form):
        differing = {"item"}
    if differing:
        # What was taken out of the page may still stand in the record.
        detail = f"The record differs in {', '.join(sorted(differing))}."
        found.append(_drift(record, Kind.WRONG_PAYLOAD, Direction.OPEN, detail))
    if extra := named - projection.version_ids:
        detail = f"It names files that it must not: {', '.join(_names(extra))}."
        drift = _drift(record, Kind.WRONG_VERSIONS, Direction.OPEN, detail)
        found.append(replace(drift, served=_served(record, extra)))
    if absent := projection.version_ids - named:
        detail = f"It does not name files that are public: {', '.join(_names(absent))}."
        found.append(_drift(record, Kind.WRONG_VERSIONS, Direction.CLOSED, detail))
    return found


def _leftovers(record: Record) -> list[Drift]:
    """What a takedown should have erased."""
    kept = [name for name in ERASED if getattr(record, name)]
    if Passage.objects.filter(record=record).exists():
        kept.append("search text")
    if RecordDocument.objects.filter(record=record).exists():
        kept.append("files")
    if not kept:
        return []
    detail = f"The record is withdrawn and still has {', '.join(kept)}."
    return [_drift(record, Kind.LEFTOVER, Direction.UNTIDY, detail)]


def _drift(
    record: Record, kind: Kind, direction: Direction, detail: str, *, served: bool = False
) -> Drift:
    now = _served(record) if served else ()
    return Drift(kind, direction, record.page_id, _uuid(record), detail, now)


def _uuid(record: Record | None) -> str | None:
    return str(record.uuid) if record else None


def _served(record: Record, versions: Iterable[int] | None = None) -> tuple[str, ...]:
    links = open_links().filter(record=record)
    if versions is not None:
        links = links.filter(version__in=versions)
    return _names(links.values_list("version_id", flat=True))


def _names(versions: Iterable[int]) -> tuple[str, ...]:
    found = DocumentVersion.objects.filter(pk__in=list(versions)).select_related("document")
    return tuple(
        f"{version.document.uuid} version {version.number}" for version in found.order_by("pk")
    )
