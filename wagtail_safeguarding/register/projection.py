"""Write the register: open records with the versions they make public, or close them.

These functions do what they are told; *whether* a page may be open is decided by the
door (``publication``). All of them expect to run in the caller's transaction, and ask as much of
the database for many pages as for one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db import router, transaction
from django.db.models import QuerySet
from django.utils import timezone

from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.statements import Statement, by_keys, marks

from .clock import entries_written, surroundings_changed
from .facets import facets_of, item_of, text_of
from .models import Entry, Event, Record, RecordDocument, RecordState
from .passages import close_versions, erase_record_passages, open_versions, write_record_passages
from .schema import PublicForm

BATCH = 500

QUIET = frozenset({"alias_of", "lines_from", "site_id", "item", "facets"})
"""Columns whose change is no change of what is public; ``item`` and ``facets`` follow from the
form, and differ by themselves only where a release of ours makes them anew."""

ERASED: dict[str, Any] = {
    "title": "",
    "payload": b"",
    "item": "",
    "facets": {},
    "address": "",
    "site_id": None,
    "lines_from": None,
    "date": None,
}
"""What a takedown leaves of these columns."""

_EntryVersion = Entry.versions.through


@dataclass(frozen=True)
class Projection:
    """What the register has to say of a public page."""

    page_id: int
    form: PublicForm
    version_ids: frozenset[int]
    alias_of: int | None = None
    lines_from: int | None = None
    address: str = ""
    """Where people read it."""
    site_id: int | None = None


def public_values(projection: Projection) -> dict[str, Any]:
    """The columns of a record that makes the projection's form public."""
    form = projection.form
    payload = form.model_dump_json().encode()
    return {
        "kind": form.kind,
        "state": RecordState.PUBLIC,
        "alias_of": projection.alias_of,
        "lines_from": projection.lines_from,
        "address": projection.address,
        "site_id": projection.site_id,
        "title": form.title,
        "date": PartialDate.parse(form.date.value) if form.date else None,
        "facets": facets_of(form),
        "payload": payload,
        "etag": hashlib.sha256(payload).hexdigest(),
    }


def item_json(record: Record, form: PublicForm) -> str:
    """What a list shows of the record (``schema.Item``)."""
    described = {
        "uuid": str(record.uuid),
        "url": record.address or None,
        "state": record.state,
        "first_public_at": moment(record.first_public_at),
        "changed_at": moment(record.changed_at),
        "sha256": record.etag,
    }
    return _compact({**described, **item_of(form)})


DESCRIBED_END = '"sha256":"'
"""Begins the end of what the register knows of a record besides its form, in the ``item_json`` of
it. The hash stands last there, and its name in no text, where quotation marks are escaped."""
DESCRIBED_REST = 64 + 1
"""Characters behind that: the hash in hexadecimal digits, and a quotation mark."""


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def compact(value: Any) -> bytes:
    return _compact(value).encode()


def read_payload(payload: Any) -> dict[str, Any]:
    """A stored form; {} for one that cannot be read, so that a damaged record keeps none of the
    others from being read or mended."""
    with suppress(ValueError):
        found = json.loads(bytes(payload))
        if isinstance(found, dict):
            return found
    return {}


def moment(value: dt.datetime) -> str:
    """In UTC, as the API writes it."""
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def differences(record: Record, values: dict[str, Any]) -> set[str]:
    """The columns of ``record`` that are not as ``values`` says."""
    present = {name: getattr(record, name) for name in values}
    if "payload" in present:
        present["payload"] = bytes(present["payload"])  # PostgreSQL hands out a memoryview
    return {name for name, value in values.items() if present[name] != value}


def open_record(projection: Projection) -> Record:
    """Make the projection's form and exactly its versions public; see :func:`open_records`."""
    return open_records([projection])[0].record


@transaction.atomic(savepoint=False)
def open_records(projections: Iterable[Projection]) -> list[Opened]:
    """Make each form, and exactly its versions, public under the page's record.

    Says nothing in the log where nothing changed, so that saving a draft of a live page
    leaves no trace.
    """
    projections = list(projections)
    by_page = {
        record.page_id: record
        for record in Record.objects.select_for_update().filter(
            page_id__in=[projection.page_id for projection in projections], page_deleted=False
        )
    }
    named = named_by(by_page.values())
    now = timezone.now()
    changes = [
        Opened.of(projection, by_page.get(projection.page_id), named, now)
        for projection in projections
    ]
    _write_records(changes)
    _write_versions(changes)
    told = [change for change in changes if change.event is not None]
    _write_entries(
        (change.record, change.event, change.wanted) for change in changes if change.event
    )
    write_record_passages(
        {change.record.pk: own_texts(change.form) for change in changes if change.differing}
    )
    if any(change.form.kind == "index" for change in told):
        surroundings_changed()  # its emergency lines stand on other records
    return changes


def own_texts(form: PublicForm) -> list[str]:
    """What the search knows of the page itself. The title is in both: all words of a query have to
    stand in one of them."""
    return [form.title, text_of(form)]


@dataclass
class Opened:
    """What opening a record came to."""

    record: Record
    form: PublicForm
    present: frozenset[int]
    wanted: frozenset[int]
    event: Event | None
    """What the log says of it; None where nothing changed."""
    is_new: bool
    differing: frozenset[str]
    changes_standing: bool
    """It is an index, and what the pages below have from it is another now."""

    @classmethod
    def of(
        cls,
        projection: Projection,
        record: Record | None,
        named: dict[int, set[int]],
        now: dt.datetime,
    ) -> Opened:
        values = public_values(projection)
        is_new = record is None
        if record is None:
            record = Record(page_id=projection.page_id, first_public_at=now)
            differing = frozenset(values)
        else:
            differing = frozenset(differences(record, values))
        present = frozenset(named.get(record.pk, ()))
        event: Event | None = None
        if is_new or record.state != RecordState.PUBLIC:
            event = Event.PUBLISHED
        elif differing - QUIET - {"address"} or present != projection.version_ids:
            event = Event.UPDATED
        elif "address" in differing:
            event = Event.MOVED
        changes_standing = _inherited(record.payload) != _inherited(values["payload"])
        for name in differing:
            setattr(record, name, values[name])
        if event is not None:
            record.changed_at = now
        return cls(
            record,
            projection.form,
            present,
            projection.version_ids,
            event,
            is_new,
            differing,
            changes_standing,
        )


def _inherited(payload: Any) -> list[Any]:
    """What of an index stands on the pages below it as well."""
    if b'"own_publisher"' not in bytes(payload):
        return [None, None]
    form = read_payload(payload)
    # Empty says as much as absent: the pages below have nothing from it.
    return [form.get(name) or None for name in ("own_publisher", "own_emergency_lines")]


def named_by(records: Iterable[Record]) -> dict[int, set[int]]:
    """The versions that each of the records makes public now."""
    found: dict[int, set[int]] = {record.pk: set() for record in records if record.pk}
    using = router.db_for_write(RecordDocument)
    for record_id, version_id in by_keys(partial(_links, using), found):
        found[record_id].add(version_id)
    return found


@cache
def _links(using: str, size: int) -> Statement:
    keys = marks(size)
    links = RecordDocument.objects.filter(record__in=keys)
    return Statement.of(links.values_list("record_id", "version_id"), using, keys)


def _write_records(changes: list[Opened]) -> None:
    changed = []
    for change in changes:
        item = item_json(change.record, change.form)
        if change.is_new or change.differing or change.event or item != change.record.item:
            change.record.item = item
            changed.append(change)
    Record.objects.bulk_create([change.record for change in changed if change.is_new], BATCH)
    old = [change for change in changed if not change.is_new]
    columns = {"item", "changed_at"}.union(*(change.differing for change in old))
    if len(old) == 1:
        old[0].record.save(update_fields=columns)
    elif old:
        Record.objects.bulk_update([one.record for one in old], sorted(columns), batch_size=100)


def _write_versions(changes: list[Opened]) -> None:
    dropped: set[int] = set()
    for change in changes:
        if gone := change.present - change.wanted:
            RecordDocument.objects.filter(record=change.record, version__in=gone).delete()
            dropped |= gone
    RecordDocument.objects.bulk_create(
        (
            RecordDocument(record=change.record, version_id=pk)
            for change in changes
            for pk in sorted(change.wanted - change.present)
        ),
        BATCH,
    )
    if dropped:
        close_versions(dropped)
    if added := {pk for change in changes for pk in change.wanted - change.present}:
        open_versions(added)


def _write_entries(told: Iterable[tuple[Record, Event, Iterable[int]]]) -> None:
    told = list(told)
    if not told:
        return
    entries = Entry.objects.bulk_create(
        (
            Entry(record=record, event=event, at=record.changed_at, payload_hash=record.etag)
            for record, event, _versions in told
        ),
        BATCH,
    )
    _EntryVersion.objects.bulk_create(
        (
            _EntryVersion(entry_id=entry.pk, documentversion_id=pk)
            for entry, (_record, _event, versions) in zip(entries, told, strict=True)
            for pk in sorted(versions)
        ),
        BATCH,
    )
    entries_written()


@transaction.atomic
def close_records(
    page_ids: Iterable[int], *, deleted: bool = False, archived: Iterable[int] = ()
) -> int:
    """Close the records of these pages; return how many closed.

    The takedown erases payload, title, search text and the links to files; the log keeps the
    hashes. With ``deleted`` the records become tombstones that no later page can reopen. The
    pages of ``archived`` were at the end of their time; the others are withdrawn.
    """
    records = Record.objects.filter(page_id__in=list(page_ids), page_deleted=False)
    closed = _close(records, frozenset(archived))
    if deleted:
        records.update(page_deleted=True)
    return closed


@transaction.atomic
def close_record(pk: int) -> None:
    """Withdraw one record, a tombstone as well, and erase what a takedown should have erased."""
    records = Record.objects.filter(pk=pk)
    _close(records, frozenset())
    close_versions(_drop_links([pk]).get(pk, ()))
    erase_record_passages([pk])
    records.update(**ERASED)


def _drop_links(pks: list[int]) -> dict[int, set[int]]:
    links = RecordDocument.objects.filter(record__in=pks)
    dropped: dict[int, set[int]] = {}
    for record_id, version_id in links.values_list("record_id", "version_id"):
        dropped.setdefault(record_id, set()).add(version_id)
    if dropped:
        links.delete()
    return dropped


def _close(records: QuerySet[Record], archived: frozenset[int]) -> int:
    public = list(
        records.filter(state=RecordState.PUBLIC)
        .select_for_update()
        .only("pk", "etag", "page_id", "kind")
    )
    if not public:
        return 0
    pks = [record.pk for record in public]
    named = _drop_links(pks)
    now = timezone.now()
    told = []
    for record in public:
        record.changed_at = now
        event = Event.ARCHIVED if record.page_id in archived else Event.WITHDRAWN
        told.append((record, event, named.get(record.pk, set())))
    for state, event in (
        (RecordState.ARCHIVED, Event.ARCHIVED),
        (RecordState.WITHDRAWN, Event.WITHDRAWN),
    ):
        of_event = [record.pk for record, happened, _versions in told if happened == event]
        Record.objects.filter(pk__in=of_event).update(state=state, changed_at=now, **ERASED)
    close_versions({pk for versions in named.values() for pk in versions})
    erase_record_passages(pks)
    _write_entries(told)
    if any(record.kind == "index" for record in public):
        surroundings_changed()
    return len(pks)
