"""Everything that a query chooses, in one file: CSV for spreadsheets, JSON lines for programs.

Read and sent in batches, so that an export of the whole register takes no more memory than a page
of it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from wagtail_safeguarding.register import shelf

from .addresses import absolute
from .edge import AskedAt
from .query import Query
from .selection import FILTERS, SORT, Selection

EXPORT = Query(*FILTERS, SORT)

BATCH = 500
CSV = "text/csv"
JSON_LINES = "application/x-ndjson"

COLUMNS = (
    "uuid",
    "url",
    "kind",
    "title",
    "reference",
    "date",
    "date_precision",
    "review_type",
    "review_type_label",
    "jurisdiction",
    "publisher",
    "language",
    "subjects",
    "summary",
    "outcome",
    "outcome_label",
    "age_band",
    "age_band_label",
    "harms",
    "harm_labels",
    "themes",
    "theme_labels",
    "document_titles",
    "document_urls",
    "first_public_at",
    "changed_at",
    "sha256",
)

_AS_IT_IS = (
    "uuid",
    "url",
    "kind",
    "title",
    "reference",
    "review_type",
    "jurisdiction",
    "publisher",
    "language",
    "subjects",
    "summary",
    "outcome",
    "age_band",
    "harms",
    "themes",
    "first_public_at",
    "changed_at",
    "sha256",
)

_LABELS = {
    "review_type_label": ("review_type", "type"),
    "outcome_label": ("outcome", "outcome"),
    "age_band_label": ("age_band", "age_band"),
    "harm_labels": ("harms", "harm"),
    "theme_labels": ("themes", "theme"),
}
"""By column: the field whose keys it words, and the facet of these."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    selection = Selection(AskedAt.of(request), EXPORT.read(request))
    return _file(_csv(request, selection), f"{CSV}; charset=utf-8; header=present", "csv")


def export_json_lines(request: HttpRequest) -> StreamingHttpResponse:
    selection = Selection(AskedAt.of(request), EXPORT.read(request))
    return _file(_json_lines(selection), JSON_LINES, "jsonl")


def _file(parts: Iterator[bytes], media_type: str, suffix: str) -> StreamingHttpResponse:
    name = f'attachment; filename="safeguarding-register.{suffix}"'
    return StreamingHttpResponse(
        parts, content_type=media_type, headers={"Content-Disposition": name}
    )


def _batches(selection: Selection, *columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """The columns of the selected records that can be read when their turn comes."""
    cursor = None
    while True:
        picked = selection.pick(cursor, BATCH)
        rows = shelf.read(picked.pks, *columns)
        yield [rows[pk] for pk in picked.pks if pk in rows]
        if picked.next is None:
            return
        cursor = picked.next


def _json_lines(selection: Selection) -> Iterator[bytes]:
    for rows in _batches(selection, "described", "payload"):
        lines = [
            b"%s,%s\n" % (known, bytes(payload)[1:])
            for described, payload in rows
            if shelf.is_described(known := shelf.utf8(described))
        ]
        if lines:
            yield b"".join(lines)


class _Lines(list[str]):
    """What ``csv`` takes for a file."""

    write = list.append


def _csv(request: HttpRequest, selection: Selection) -> Iterator[bytes]:
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for rows in _batches(selection, "item"):
        for (item,) in rows:
            cells = _cells(request, selection, json.loads(item))
            writer.writerow([_cell(cells[column]) for column in COLUMNS])
        if lines:
            yield "".join(lines).encode()
            lines.clear()


def _cells(request: HttpRequest, selection: Selection, item: dict[str, Any]) -> dict[str, Any]:
    date = item["date"] or {"value": "", "precision": ""}
    files = [document for document in item["documents"] if document["url"]]
    cells = {name: item.get(name) for name in _AS_IT_IS}
    cells |= {"date": date["value"], "date_precision": date["precision"]}
    for column, (field, facet) in _LABELS.items():
        keys = item.get(field) or []
        keys = [keys] if isinstance(keys, str) else keys
        cells[column] = [selection.surroundings.label(facet, key) for key in keys]
    cells["document_titles"] = [document["title"] for document in files]
    cells["document_urls"] = [absolute(request, document["url"]) for document in files]
    return cells


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_harmless(one) for one in value)
    return _harmless(value or "")


def _harmless(text: str) -> str:
    """A spreadsheet works out what begins like a formula, unless an apostrophe stands before."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
