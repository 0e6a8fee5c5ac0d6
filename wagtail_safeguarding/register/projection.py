"""Write the register: open a record with the versions it makes public, or close it.

These functions do what they are told; *whether* a page may be open is decided by the
door (``publication``). All of them expect to run in the caller's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction
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
    payload = form.model_dump_json().encode()
    digest = hashlib.sha256(payload).hexdigest()
    wanted = set(version_ids)
    record = Record.objects.select_for_update().filter(page_id=page_id, page_deleted=False).first()
    now = timezone.now()
    values: dict[str, Any] = {
        "kind": form.kind,
        "state": RecordState.PUBLIC,
        "alias_of": alias_of,
        "title": form.title,
        "date": PartialDate.parse(form.date.value) if form.date else None,
        "payload": payload,
        "etag": digest,
    }
    if record is None:
        record = Record.objects.create(page_id=page_id, first_public_at=now, **values)
        event = Event.PUBLISHED
    else:
        present = set(record.versions.values_list("pk", flat=True))
        was_public = record.state == RecordState.PUBLIC
        if was_public and record.etag == digest and present == wanted:
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


@transaction.atomic
def close_records(page_ids: Any, *, deleted: bool = False) -> int:
    """Withdraw the records of these pages (ids or a queryset of ids); return how many closed.

    The takedown erases payload, title and the links to files; the log keeps the hashes.
    With ``deleted`` the records become tombstones that no later page can reopen.
    """
    records = Record.objects.filter(page_id__in=page_ids, page_deleted=False)
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
    if deleted:
        records.update(page_deleted=True)
    return len(pks)
