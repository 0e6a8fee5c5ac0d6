"""The log as a mirror follows it: what became public or stopped being so, oldest first.

A cursor holds a sequence number and a fingerprint of the entry that has it, so that one from
before a database was restored is not taken for a place in the history that is told now.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from wagtail_safeguarding.register import shelf
from wagtail_safeguarding.register.models import Entry, RecordState
from wagtail_safeguarding.register.projection import compact, moment

from .edge import AskedAt
from .query import Query, opaque, whole
from .records import JSON, files_of, tombstone
from .refusals import Malformed, Refusal

MOST = 500

CHANGES = Query(
    opaque("since", "Where to go on: from `next` of an earlier answer. Without: the beginning."),
    whole("limit", "How many entries at most.", 1, MOST, 100),
)

_CURSOR = re.compile(r"([0-9]{1,18})-([0-9a-f]{16})")
_BEGINNING = f"0-{'0' * 16}"


def list_changes(request: HttpRequest) -> HttpResponse:
    values = CHANGES.read(request)
    since = values["since"] or _BEGINNING
    entries = (
        Entry.objects.filter(sequence__gt=_place(since), sequence__lte=AskedAt.of(request).sequence)
        .order_by("sequence")
        .select_related("record")
        .defer(*(f"record__{name}" for name in ("payload", "item", "facets", "title", "address")))
    )
    found = list(entries[: values["limit"] + 1])
    more = len(found) > values["limit"]
    found = found[: values["limit"]]
    following = _cursor(found[-1]) if found else since
    parameters = {**request.GET.dict(), "since": following}
    body = {
        "items": _items(found),
        "next": f"{request.path}?{urlencode(parameters)}",
        "more": more,
    }
    return HttpResponse(compact(body), content_type=JSON)


def _items(entries: list[Entry]) -> list[dict[str, Any]]:
    public = {entry.record_id for entry in entries if entry.record.state == RecordState.PUBLIC}
    # A page that was hidden in a way that tells nobody is not spoken of.
    hidden = public - shelf.read(sorted(public), "kind").keys()
    return [
        {
            "sequence": entry.sequence,
            "event": entry.event,
            "at": moment(entry.at),
            "record": str(entry.record.uuid),
            "kind": entry.record.kind,
            "state": entry.record.state,
            "sha256": entry.payload_hash,
            "files": files,
            "tombstone": (
                None if entry.record.state == RecordState.PUBLIC else tombstone(entry.record)
            ),
        }
        for entry, files in zip(entries, files_of(entries), strict=True)
        if entry.record_id not in hidden
    ]


def _cursor(entry: Entry) -> str:
    told = f"{entry.pk} {entry.record_id} {moment(entry.at)}"
    return f"{entry.sequence}-{hashlib.blake2b(told.encode(), digest_size=8).hexdigest()}"


def _place(cursor: str) -> int:
    """The sequence number that the cursor stands for, in this history."""
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Malformed({"since": "It is none that this API gave."})
    if cursor == _BEGINNING:
        return 0
    entry = Entry.objects.filter(sequence=int(match[1])).first()
    if entry is None or _cursor(entry) != cursor:
        raise Refusal(
            410,
            "Another history",
            "The register was restored since this cursor was given. Begin anew, without since, "
            "and drop what the changes do not name.",
            errors=[{"parameter": "since", "detail": "It belongs to another history."}],
        )
    return int(match[1])
