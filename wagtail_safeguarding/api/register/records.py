"""Records: the list, one of them, and what was public of it when."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.register import search, shelf
from wagtail_safeguarding.register.clock import latest
from wagtail_safeguarding.register.facets import FACETS
from wagtail_safeguarding.register.models import Entry, Record, RecordState
from wagtail_safeguarding.register.overview import is_at_hand
from wagtail_safeguarding.register.projection import compact, moment
from wagtail_safeguarding.register.schema import FORMS, Described
from wagtail_safeguarding.register.surroundings import surroundings

from .conditions import asks_for_news, known_to_client
from .edge import AskedAt, etag_of, not_modified
from .query import Parameter, Query, choice, opaque, whole
from .refusals import Malformed, Refusal, not_found
from .selection import FILTERS, SORT, Picked, Search, Selection

MOST = 100
JSON = "application/json"
JSON_LD = "application/ld+json"

DESCRIBED = tuple(Described.model_fields)
FIELDS = tuple(
    dict.fromkeys([*DESCRIBED, *(name for form in FORMS.values() for name in form.model_fields)])
)
"""What `fields` may name: all that any kind of record has."""


def _names(name: str, description: str, known: tuple[str, ...]) -> Parameter:
    def read(text: str) -> tuple[str, ...]:
        found = known if text == "*" else tuple(dict.fromkeys(text.split(",")))
        unknown = [one for one in found if one not in known]
        if unknown:
            raise ValueError(f"There is no {', '.join(unknown)[:200]}.")
        return found

    item = {"type": "string", "enum": ["*", *known]}
    schema = {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}
    return Parameter(name, description, read, schema, explode=False)


LIMIT = whole("limit", "How many at most.", 1, MOST, 20)
CURSOR = opaque("cursor", "Where to go on: from `next` of an earlier answer.")

LIST = Query(
    *FILTERS,
    choice(
        "state",
        "Tombstones instead: records that were taken down. Goes with `kind`, and no other filter.",
        [state.value for state in RecordState],
        RecordState.PUBLIC.value,
    ),
    SORT,
    LIMIT,
    CURSOR,
    _names("fields", "The fields that each item is to have, parted by commas; `*`: all.", FIELDS),
    _names("facets", "Counts of values among the records found; `*`: all.", tuple(FACETS)),
)

HISTORY = Query(whole("limit", "How many entries at most.", 1, MOST, MOST), CURSOR)


def list_records(request: HttpRequest) -> HttpResponse:
    values = LIST.read(request)
    if values["state"] != RecordState.PUBLIC:
        AskedAt.of(request)  # before what it is the ETag of
        return _list_tombstones(request, values)
    columns = ("described", "payload") if values["fields"] else ("utf8",)
    selection, picked, rows = _at_once(request, values, columns) or _in_turn(
        request, values, columns
    )
    shown = [pk for pk in picked.pks if pk in rows]
    onward = picked.next
    if onward and shown and (selection.search or shown[-1] != picked.pks[-1]):
        # Where the list goes on is told by a record that is shown: in the order of titles, the
        # cursor holds one.
        onward = selection.cursor_behind(shown[-1])
    if not shown and selection.sort == "title":
        onward = None
    body = b'{"count":%d,"count_is":"%s","next":%s,"items":[%s],"labels":%s%s}' % (
        selection.count,
        b"exact" if selection.is_complete else b"at least",
        compact(next_page(request, onward)),
        b",".join(_items(selection, rows, shown, values["fields"])),
        selection.surroundings.labels(selection.overview.terms_of(shown)),
        b',"facets":' + compact(selection.facets(values["facets"])) if values["facets"] else b"",
    )
    return HttpResponse(body, content_type=JSON)


_Part = tuple[Selection, Picked, dict[int, tuple[Any, ...]]]


def _at_once(
    request: HttpRequest, values: dict[str, Any], columns: tuple[str, ...]
) -> _Part | None:
    """The records of this part, chosen by what the clock said last, and read together with what it
    says now: one query. None where that has changed in between, or cannot be chosen from."""
    guess = None if AskedAt.known(request) else latest()
    if guess is None or values["q"] or not is_at_hand(guess):
        return None
    try:
        selection = Selection(guess, values)
        picked = selection.pick(values["cursor"], values["limit"])
    except Refusal:  # which may not hold any more
        return None
    rows, seen = shelf.read_now(picked.pks, *columns)
    AskedAt.keep(request, seen)
    same = (seen.mark, seen.surroundings) == (guess.mark, guess.surroundings)
    return (selection, picked, rows) if same else None


def _in_turn(request: HttpRequest, values: dict[str, Any], columns: tuple[str, ...]) -> _Part:
    seen = AskedAt.of(request)
    selection = Selection(seen, values)
    picked = selection.pick(values["cursor"], values["limit"])
    return selection, picked, shelf.read(picked.pks, *columns, seen=seen)


def _items(
    selection: Selection,
    rows: dict[int, tuple[Any, ...]],
    shown: list[int],
    fields: tuple[str, ...] | None,
) -> list[bytes]:
    if fields:
        parts = map(rows.__getitem__, shown)
        items = [_some(described, payload, fields) for described, payload in parts]
    else:
        items = [shelf.utf8(rows[pk][0]) for pk in shown]
    if selection.search is None:
        return items
    snippets = _snippets(selection.search, shown)
    return [
        b'%s,"snippet":%s}' % (item[:-1], compact(snippets.get(pk))) if len(item) > 2 else item
        for pk, item in zip(shown, items, strict=True)
    ]


def _some(described: Any, payload: Any, fields: tuple[str, ...]) -> bytes:
    """Those of the fields that the record has."""
    whole = {**json.loads(shelf.utf8(described) + b"}"), **json.loads(bytes(payload))}
    return compact({name: whole[name] for name in fields if name in whole})


def _snippets(asked: Search, pks: list[int]) -> dict[int, dict[str, Any]]:
    passages = {pk: asked.hits[pk] for pk in pks if pk in asked.hits}
    found = search.snippets(asked.words, list(passages.values()))
    versions = {one.version_pk for one in found.values() if one.version_pk}
    documents = dict(
        DocumentVersion.objects.filter(pk__in=versions).values_list("pk", "document__uuid")
    )
    return {
        pk: {
            "html": found[passage].html,
            "document": _text(documents.get(found[passage].version_pk or 0)),
            "page": found[passage].page,
        }
        for pk, passage in passages.items()
        if passage in found
    }


def _text(value: Any) -> str | None:
    return str(value) if value else None


def next_page(request: HttpRequest, cursor: str | None) -> str | None:
    """The address of the next part: this one's, with another cursor."""
    if cursor is None:
        return None
    if not request.META.get("QUERY_STRING"):
        return f"{request.path}?cursor={cursor}"
    return f"{request.path}?{urlencode({**request.GET.dict(), 'cursor': cursor})}"


# What was taken down


def _list_tombstones(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Newest first. A record that the public was not to see any more is found by what it was
    only as far as that was kept."""
    given = {name for name in request.GET if name not in {"state", "kind", "limit", "cursor"}}
    if given:
        detail = "Nothing is kept of a record that was taken down by which it could be chosen."
        raise Malformed(dict.fromkeys(sorted(given), detail))
    records = Record.objects.filter(state=values["state"])
    if values["kind"]:
        records = records.filter(kind__in=values["kind"])
    count = records.count()
    if values["cursor"]:
        records = records.filter(pk__lt=number(values["cursor"]))
    found = list(records.order_by("-pk")[: values["limit"] + 1])
    more = len(found) > values["limit"]
    found = found[: values["limit"]]
    body = {
        "count": count,
        "count_is": "exact",
        "next": next_page(request, str(found[-1].pk) if more else None),
        "items": [tombstone(record) for record in found],
        "labels": {},
    }
    return HttpResponse(compact(body), content_type=JSON)


def tombstone(record: Record) -> dict[str, Any]:
    return {
        "uuid": str(record.uuid),
        "kind": record.kind,
        "state": record.state,
        "first_public_at": moment(record.first_public_at),
        "changed_at": moment(record.changed_at),
        "sha256": record.etag,
    }


def number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 19):
        raise Malformed({"cursor": "It is none that this API gave."})
    return int(cursor)


# One record


def get_record(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    NOTHING.read(request)
    if known := known_record(request, record):
        return known
    found = read_record(request, record)
    seen = AskedAt.of(request)
    around = surroundings(seen)
    body = b'%s,%s,"labels":%s,%s' % (
        found.described,
        found.payload[1:-1],
        around.labels(shelf.read_terms(found.pk, seen)),
        around.notice(found.site_id, found.lines_from).as_json[1:],
    )
    response = HttpResponse(body, content_type=JSON)
    response["ETag"] = record_etag(request, found)
    # Below this address: to work it out from its name costs more than to read the record.
    response["Link"] = f'<{request.path}/jsonld>; rel="alternate"; type="{JSON_LD}"'
    return response


def known_record(request: HttpRequest, record: uuid.UUID) -> HttpResponse | None:
    """The answer for somebody who has the record as it is: nothing of it need be read then."""
    if not asks_for_news(request):
        return None
    found, seen = shelf.read_whole(record, inside=False)
    AskedAt.keep(request, seen)
    if found and (known := known_to_client(request, record_etag(request, found), whatever=True)):
        return not_modified(known)
    return None


def record_etag(request: HttpRequest, found: shelf.Whole) -> str:
    """Of the record and all that is joined to it, in the form that the address stands for."""
    around = f"{AskedAt.of(request).surroundings} {found.site_id} {found.lines_from}"
    return etag_of(found.etag, found.changed, around, request.path)


NOTHING = Query()
"""For operations without parameters: whatever is given is refused."""


def read_record(request: HttpRequest, record: uuid.UUID) -> shelf.Whole:
    """The record, or the refusal that fits: 404, or 410 for one that was taken down."""
    found, seen = shelf.read_whole(record)
    AskedAt.keep(request, seen)
    if found is None:
        raise _gone(record) or not_found()
    return found


def _gone(uuid: uuid.UUID) -> Refusal | None:
    record = Record.objects.filter(uuid=uuid).exclude(state=RecordState.PUBLIC).first()
    if record is None:
        return None
    title = "Archived" if record.state == RecordState.ARCHIVED else "Withdrawn"
    return Refusal(410, title, tombstone=tombstone(record))


def get_history(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    """What was public of a record, and when, by hashes. For tombstones too."""
    values = HISTORY.read(request)
    found = Record.objects.filter(uuid=record).first()
    if found is None or (
        found.state == RecordState.PUBLIC and not shelf.readable().filter(pk=found.pk).exists()
    ):
        raise not_found()
    entries = Entry.objects.filter(record=found, sequence__isnull=False).order_by("sequence")
    if values["cursor"]:
        entries = entries.filter(sequence__gt=number(values["cursor"]))
    part = list(entries[: values["limit"] + 1])
    more = len(part) > values["limit"]
    part = part[: values["limit"]]
    body = {
        "uuid": str(found.uuid),
        "state": found.state,
        "entries": [
            {
                "sequence": entry.sequence,
                "event": entry.event,
                "at": moment(entry.at),
                "sha256": entry.payload_hash,
                "files": files,
            }
            for entry, files in zip(part, files_of(part), strict=True)
        ],
        "next": next_page(request, str(part[-1].sequence) if more else None),
    }
    return HttpResponse(compact(body), content_type=JSON)


def files_of(entries: list[Entry]) -> list[list[dict[str, Any]]]:
    """The files that each of the entries names, by hash, in one query."""
    named = Entry.versions.through.objects.filter(entry__in=entries).order_by(
        "documentversion__document_id", "documentversion__number"
    )
    by_entry: dict[int, list[dict[str, Any]]] = {}
    for entry_id, document, number, sha256 in named.values_list(
        "entry_id",
        "documentversion__document__uuid",
        "documentversion__number",
        "documentversion__sha256",
    ):
        by_entry.setdefault(entry_id, []).append(
            {"document": str(document), "version": number, "sha256": sha256}
        )
    return [by_entry.get(entry.pk, []) for entry in entries]
