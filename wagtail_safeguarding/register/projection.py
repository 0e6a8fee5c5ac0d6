"""Write the register: open a record with the versions it makes public, or close it.

These functions do what they are told; *whether* a page may be open is decided by the
door (``publication``). All of them expect to run in the caller's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wagtail_safeguarding.dates import PartialDate

from .models import Entry, Event, Record, RecordDocument, RecordState
from .schema import PublicForm


@transaction.atomic
def open_record(
    *,
    page_id: int,
    form: PublicForm,
    version_ids: Iterable[int],
    alias_of: int | None = None,
) -> Record:
    """Make ``form`` and exactly these versions public under the page's record.

    Says nothing in the log when nothing changed, so that saving a draft of a live page
    leaves no trace.
    """
    values = public_values(form, alias_of)
    digest = values["etag"]
    wanted = set(version_ids)
    record = Record.objects.select_for_update().filter(page_id=page_id, page_deleted=False).first()
    now = timezone.now()
    if record is None:
        record = Record.objects.create(page_id=page_id, first_public_at=now, **values)
        event = Event.PUBLISHED
    else:
        present = set(record.versions.values_list("pk", flat=True))
        was_public = record.state == RecordState.PUBLIC
        if was_public and present == wanted and differences(record, values) <= {"alias_of"}:
            if record.alias_of != alias_of:
                Record.objects.filter(pk=record.pk).update(alias_of=alias_of)
            return record
        event = Event.UPDATED if was_public else Event.PUBLISHED
        for name, value in {**values, "changed_at": now}.items():
            setattr(record, name, value)
        record.save()
        RecordDocument.objects.filter(record=record).exclude(version__in=wanted).delete()
    have = set(RecordDocument.objects.filter(record=record).values_list("version_id", flat=True))
    RecordDocument.objects.bulk_create(
        RecordDocument(record=record, version_id=pk) for pk in sorted(wanted - have)
    )
    entry = Entry.objects.create(record=record, event=event, at=now, payload_hash=digest)
    entry.versions.set(wanted)
    return record


def public_values(form: PublicForm, alias_of: int | None = None) -> dict[str, Any]:
    """The columns of a record that makes ``form`` public."""
    payload = form.model_dump_json().encode()
    return {
        "kind": form.kind,
        "state": RecordState.PUBLIC,
        "alias_of": alias_of,
        "title": form.title,
        "date": PartialDate.parse(form.date.value) if form.date else None,
        "payload": payload,
        "etag": hashlib.sha256(payload).hexdigest(),
    }


def differences(record: Record, values: dict[str, Any]) -> set[str]:
    """The columns of ``record`` that are not as ``values`` says."""
    present = {name: getattr(record, name) for name in values}
    if "payload" in present:
        present["payload"] = bytes(present["payload"])  # PostgreSQL hands out a memoryview
    return {name for name, value in values.items() if present[name] != value}


@transaction.atomic
def close_records(page_ids: Any, *, deleted: bool = False) -> int:
    """Withdraw the records of these pages (ids or a queryset of ids); return how many closed.

    The takedown erases payload, title and the links to files; the log keeps the hashes.
    With ``deleted`` the records become tombstones that no later page can reopen.
    """
    records = Record.objects.filter(page_id__in=page_ids, page_deleted=False)
    closed = _withdraw(records)
    if deleted:
        records.update(page_deleted=True)
    return closed


@transaction.atomic
def close_record(pk: int) -> None:
    """Withdraw one record, a tombstone as well, and erase what a takedown should have erased."""
    records = Record.objects.filter(pk=pk)
    _withdraw(records)
    RecordDocument.objects.filter(record=pk).delete()
    records.update(title="", payload=b"")


def _withdraw(records: QuerySet[Record]) -> int:
    public = list(records.filter(state=RecordState.PUBLIC).select_for_update().values("pk", "etag"))
    pks = [row["pk"] for row in public]
    now = timezone.now()
    named = RecordDocument.objects.filter(record__in=pks)
    versions: dict[int, list[int]] = {pk: [] for pk in pks}
    for record_id, version_id in named.values_list("record_id", "version_id"):
        versions[record_id].append(version_id)
    named.delete()
    Record.objects.filter(pk__in=pks).update(
        state=RecordState.WITHDRAWN, title="", payload=b"", changed_at=now
    )
    for row in public:
        entry = Entry.objects.create(
            record_id=row["pk"], event=Event.WITHDRAWN, at=now, payload_hash=row["etag"]
        )
        entry.versions.set(versions[row["pk"]])
    return len(pks)
