"""Compare the register with what the door would write now, and project again what differs.

Even where the register is wrong, the gate asks Wagtail as well and shows no file of a page
that the public cannot see. ``Drift.served`` says what it hands out at this moment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.models import Record, RecordDocument, RecordState
from wagtail_safeguarding.register.projection import (
    close_record,
    close_records,
    differences,
    public_values,
)
from wagtail_safeguarding.register.visibility import open_links, visible_pages

from .door import Projection, project, projection_of, safeguarding_models

logger = logging.getLogger(__name__)

BATCH = 500


class Kind(StrEnum):
    SHOULD_BE_PUBLIC = "should-be-public"
    SHOULD_BE_CLOSED = "should-be-closed"
    WRONG_PAYLOAD = "wrong-payload"
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

    Writes nothing, and holds no more than one page and a batch of numbers in memory.
    """
    for page_id in _page_ids():
        yield from drift_of_page(page_id)
        tick()
    for record in _tombstones():
        yield from drift_of_tombstone(record)
        tick()


def count_work() -> int:
    """How often :func:`find_drift` calls ``tick``."""
    return sum(work.count() for work in (_open_pages(), _other_records(), _all_tombstones()))


def drift_of_page(page_id: int) -> list[Drift]:
    """What is wrong with the register about one page."""
    # Somebody may be publishing it at this moment, so a difference is looked at twice.
    return _compare(page_id) and _compare(page_id)


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
    *, dry_run: bool = False, tick: Callable[[], object] = lambda: None
) -> Iterator[Mended]:
    """Project again every page that differs, each in a transaction of its own.

    Through the door's own functions, so that nothing becomes public that is not.
    """
    for page_id in _page_ids():
        if before := drift_of_page(page_id):
            if not dry_run:
                _mend(page_id)
            yield Mended(before, before if dry_run else drift_of_page(page_id))
        tick()
    for record in _tombstones():
        if before := drift_of_tombstone(record):
            if not dry_run:
                close_record(record.pk)
                record.refresh_from_db()
            yield Mended(before, drift_of_tombstone(record))
        tick()


def _mend(page_id: int) -> None:
    pages = get_base_page_model().objects.filter(pk=page_id)
    try:
        with transaction.atomic():
            if pages.exists():
                project(page_id)  # waits for a takedown of this page that is under way
            else:
                close_records([page_id], deleted=True)
            record = Record.objects.filter(page_id=page_id).order_by("-pk").first()
            if record and record.state != RecordState.PUBLIC and _leftovers(record):
                close_record(record.pk)
    except Exception:
        # One page that cannot be read keeps none of the others from being mended.
        logger.exception("Page %s could not be projected", page_id)


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


def _page_ids() -> Iterator[int]:
    seen = (page.pk for page in _by_key(_open_pages().only("pk")))
    yield from seen
    for record in _by_key(_other_records().only("pk", "page_id")):
        yield record.page_id


def _tombstones() -> Iterator[Record]:
    return _by_key(_all_tombstones())


def _by_key(queryset: Any) -> Iterator[Any]:
    """The rows in batches, by primary key: no cursor stays open while they are worked on."""
    last = 0
    while rows := list(queryset.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from rows
        last = rows[-1].pk


# The comparison


def _compare(page_id: int) -> list[Drift]:
    record = Record.objects.filter(page_id=page_id, page_deleted=False).first()
    is_public = record is not None and record.state == RecordState.PUBLIC
    try:
        projection = projection_of(page_id)
    except Exception as error:
        # Whatever is wrong with this page, the others are to be compared.
        logger.exception("Page %s cannot be compared", page_id)
        direction = Direction.OPEN if is_public else Direction.CLOSED
        detail = f"What the page says cannot be read ({type(error).__name__})."
        return [Drift(Kind.UNREADABLE, direction, page_id, _uuid(record), detail)]
    if projection is not None:
        return _compare_open(page_id, record, projection)
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


def _compare_open(page_id: int, record: Record | None, projection: Projection) -> list[Drift]:
    if record is None or record.state != RecordState.PUBLIC:
        detail = "The public can see the page, and the register does not have it."
        kind, direction = Kind.SHOULD_BE_PUBLIC, Direction.CLOSED
        return [
            Drift(kind, direction, page_id, _uuid(record), detail),
            *(_leftovers(record) if record else []),
        ]
    found = []
    differing = differences(record, public_values(projection.form, projection.alias_of))
    if differing:
        # What was taken out of the page may still stand in the record.
        detail = f"The record differs in {', '.join(sorted(differing))}."
        found.append(_drift(record, Kind.WRONG_PAYLOAD, Direction.OPEN, detail))
    named = set(RecordDocument.objects.filter(record=record).values_list("version_id", flat=True))
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
    kept = [name for name in ("title", "payload") if getattr(record, name)]
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
