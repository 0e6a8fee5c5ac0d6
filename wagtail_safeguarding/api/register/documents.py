"""Documents: what is public of one, in which versions so far, and which records use it.

What an editor may change in a document's own row is not public by that: its words are read from
the public form of a record that names it.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.gate.lookup import withdrawn_version
from wagtail_safeguarding.register.models import Record, RecordDocument
from wagtail_safeguarding.register.projection import compact, moment
from wagtail_safeguarding.register.visibility import open_links

from .edge import etag_of
from .query import Query, whole
from .records import CURSOR, JSON, MOST, next_page, number
from .refusals import Refusal, not_found

DOCUMENT = Query(whole("limit", "How many records that use it at most.", 1, MOST, 20), CURSOR)

SAID = (
    "title",
    "role",
    "audience",
    "language",
    "date",
    "description",
    "url",
    "file_name",
    "media_type",
    "size",
    "pages",
    "sha256",
    "licence",
    "rights_holder",
    "alternative_format_contact",
)
"""What a record's public form says of a document (``schema.PublicDocument``)."""


def get_document(request: HttpRequest, document: uuid.UUID) -> HttpResponse:
    values = DOCUMENT.read(request)
    links = open_links().filter(version__document__uuid=document)
    # The record that the gate goes by, too.
    current = (
        links.order_by("-version__number", "record__first_public_at", "pk")
        .select_related("record", "version")
        .first()
    )
    row = _row(json.loads(bytes(current.record.payload)), str(document)) if current else None
    if current is None or row is None:
        raise _closed(document)
    body = compact(
        {
            "uuid": str(document),
            **{name: row[name] for name in SAID},
            "version": current.version.number,
            "versions": _versions(document, links, current.version_id),
            "used_by": _used_by(request, values, links),
        }
    )
    response = HttpResponse(body, content_type=JSON)
    # A withdrawal may be no change of any record, so the clock does not tell.
    response["ETag"] = etag_of(hashlib.sha256(body).hexdigest())
    return response


def _closed(document: uuid.UUID) -> Refusal:
    withdrawn = withdrawn_version(document)
    if withdrawn is None:
        return not_found()
    return Refusal(410, "Withdrawn", withdrawn.withdrawal_reason)


def _row(form: Any, document: str) -> dict[str, Any] | None:
    """The row of a document list that names the newest version of the document."""
    found: list[dict[str, Any]] = []
    waiting = [form]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            if part.get("uuid") == document and part.get("version"):
                found.append(part)
            waiting += part.values()
    return max(found, key=lambda row: int(row["version"]), default=None)


def _versions(
    document: uuid.UUID, links: QuerySet[RecordDocument], current: int
) -> list[dict[str, Any]]:
    """The versions that were ever public, the newest first."""
    versions = (
        DocumentVersion.objects.filter(document__uuid=document, entries__isnull=False)
        .annotate(first_public_at=Min("entries__at"))
        .order_by("-number")[:MOST]
    )
    newest = max((version.number for version in versions if version.pk == current), default=0)
    return [
        {
            "number": version.number,
            "sha256": version.sha256,
            "media_type": version.media_type,
            "size": version.size,
            "pages": version.pages,
            "first_public_at": moment(version.first_public_at),
            "state": _state(version, newest),
            "withdrawal_reason": (
                version.withdrawal_reason if version.state == VersionState.WITHDRAWN else None
            ),
        }
        for version in versions
    ]


def _state(version: DocumentVersion, current: int) -> str:
    if version.number == current:
        return "current"
    if version.state == VersionState.WITHDRAWN:
        return "withdrawn"
    return "superseded" if version.number < current else "closed"


def _used_by(
    request: HttpRequest, values: dict[str, Any], links: QuerySet[RecordDocument]
) -> dict[str, Any]:
    records = Record.objects.filter(pk__in=links.values("record"))
    count = records.count()
    if values["cursor"]:
        records = records.filter(pk__gt=number(values["cursor"]))
    rows = records.order_by("pk").values_list("pk", "uuid", "title", "address")
    found = list(rows[: values["limit"] + 1])
    more = len(found) > values["limit"]
    found = found[: values["limit"]]
    return {
        "count": count,
        "items": [
            {"uuid": str(record), "title": title, "url": url or None}
            for _pk, record, title, url in found
        ],
        "next": next_page(request, str(found[-1][0]) if more else None),
    }
