"""The operations of the register API, and their OpenAPI document.

django-ninja describes them and makes their addresses; ``edge`` is around each. Parameters are read
by ``query``, since ninja lets unknown and repeated ones pass.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI
from pydantic import BaseModel

from wagtail_safeguarding.register.projection import compact

from . import catalogue, changes, documents, exports, feeds, linked, records, vocabularies
from .answers import (
    AnyRecord,
    Changes,
    Document,
    Feed,
    History,
    Problem,
    RecordList,
    Vocabularies,
    Vocabulary,
)
from .docs import docs_page
from .edge import View, edge
from .linked_answers import Catalogue, LinkedRecord, Skos
from .query import Query
from .refusals import not_found

VERSION = "1.0"

api = NinjaAPI(
    title="Register of safeguarding practice reviews",
    version=VERSION,
    description=(
        "Everything that is public, and nothing else. Reading needs no key. Errors are "
        "`application/problem+json`. Answers may be kept as long as `Cache-Control` says, and "
        "revalidated with their `ETag`."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="safeguarding-register",
)

_VIEWS: dict[str, View] = {}
"""What answers each operation, by its name. Called by the edge itself: there is nothing left to do
for ninja, whose way to a view costs about as much as the query of a record."""

_MODELS: list[type[BaseModel]] = []
"""Those in the OpenAPI document that ninja does not know."""


def _described(model: type[BaseModel]) -> dict[str, str]:
    if model not in _MODELS:
        _MODELS.append(model)
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def operation(
    path: str,
    name: str,
    summary: str,
    answer: Any = None,
    *,
    query: Query = records.NOTHING,
    media_type: str = records.JSON,
    by_clock: bool = True,
    reads_clock: bool = False,
    gone: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an operation. ``answer``: its schema, for JSON. ``gone``: what a 410 of it says."""
    problem = {"schema": _described(Problem)}
    words = {
        404: "Unknown, or not public.",
        410: gone,
        422: "Parameters to look at again.",
    }
    can_be = {404: "{" in path, 410: bool(gone), 422: True}
    responses: dict[int, Any] = {
        code: {"description": words[code], "content": {"application/problem+json": problem}}
        for code in words
        if can_be[code]
    }
    responses[304] = {"description": "As the `If-None-Match` of the request has it."}
    if answer is None or media_type != records.JSON:
        # ninja knows no other media type than JSON.
        sent = {"type": "string"} if answer is None else _described(answer)
        responses[200] = {"description": "OK", "content": {media_type: {"schema": sent}}}
        answer = None
    describe = api.get(
        path,
        response={200: answer} if answer is not None else None,
        url_name=name,
        operation_id=name.replace("-", "_"),
        summary=summary,
        openapi_extra={"parameters": query.as_openapi(), "responses": responses},
    )

    def add(view: Callable[..., Any]) -> Callable[..., Any]:
        _VIEWS[name] = edge(view, by_clock=by_clock, reads_clock=reads_clock)
        return describe(view)

    return add


@operation("records", "records", "Find records", RecordList, query=records.LIST, reads_clock=True)
def list_records(request: HttpRequest) -> HttpResponse:
    """Reviews, collections, articles and indexes."""
    return records.list_records(request)


@operation(
    "records/{uuid:record}", "record", "One record", AnyRecord, by_clock=False, gone="Taken down."
)
def get_record(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    """The whole public form."""
    return records.get_record(request, record)


@operation(
    "records/{uuid:record}/history",
    "history",
    "What was public of a record, and when",
    History,
    query=records.HISTORY,
)
def get_history(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    """By hashes. For records that were taken down, too."""
    return records.get_history(request, record)


@operation(
    "records/{uuid:record}/jsonld",
    "linked",
    "One record in the words of schema.org",
    LinkedRecord,
    media_type=records.JSON_LD,
    by_clock=False,
    gone="Taken down.",
)
def get_linked(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    """JSON-LD, to embed in a page or to index."""
    return linked.get_linked(request, record)


@operation(
    "documents/{uuid:document}",
    "document",
    "One document, and its versions so far",
    Document,
    query=documents.DOCUMENT,
    by_clock=False,
    gone="Withdrawn; the detail gives the reason.",
)
def get_document(request: HttpRequest, document: uuid.UUID) -> HttpResponse:
    """With the records that use it."""
    return documents.get_document(request, document)


@operation(
    "changes",
    "changes",
    "What was published, changed and taken down",
    Changes,
    query=changes.CHANGES,
    gone="The cursor belongs to another history: begin anew, without `since`.",
)
def list_changes(request: HttpRequest) -> HttpResponse:
    """Oldest first. For a mirror: ask again with `next`, for good."""
    return changes.list_changes(request)


@operation("vocabularies", "vocabularies", "The controlled vocabularies", Vocabularies)
def list_vocabularies(request: HttpRequest) -> HttpResponse:
    """Their terms are named by keys, which never change."""
    return vocabularies.list_vocabularies(request)


@operation("vocabularies/{str:scheme}", "vocabulary", "The terms of a vocabulary", Vocabulary)
def get_vocabulary(request: HttpRequest, scheme: str) -> HttpResponse:
    """In all languages, with the number of public records."""
    return vocabularies.get_vocabulary(request, scheme)


@operation(
    "vocabularies/{str:scheme}/skos",
    "skos",
    "A vocabulary as SKOS",
    Skos,
    media_type=records.JSON_LD,
)
def get_skos(request: HttpRequest, scheme: str) -> HttpResponse:
    """JSON-LD."""
    return vocabularies.get_skos(request, scheme)


@operation(
    "export.csv", "export-csv", "Records as a table", query=exports.EXPORT, media_type=exports.CSV
)
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """All that the filters choose. RFC 4180, UTF-8; several values are parted by "; "."""
    return exports.export_csv(request)


@operation(
    "export.jsonl",
    "export-jsonl",
    "Records as JSON lines",
    query=exports.EXPORT,
    media_type=exports.JSON_LINES,
)
def export_json_lines(request: HttpRequest) -> HttpResponseBase:
    """All that the filters choose, each with its whole public form."""
    return exports.export_json_lines(request)


@operation("feed.atom", "feed-atom", "A feed of changes", query=feeds.FEED, media_type=feeds.ATOM)
def atom_feed(request: HttpRequest) -> HttpResponse:
    """The 50 records that changed last, as Atom. Records that were taken down are not in it."""
    return feeds.atom_feed(request)


@operation(
    "feed.json",
    "feed-json",
    "A feed of changes, in JSON",
    Feed,
    query=feeds.FEED,
    media_type=feeds.JSON_FEED,
)
def json_feed(request: HttpRequest) -> HttpResponse:
    """The 50 records that changed last, as JSON Feed 1.1."""
    return feeds.json_feed(request)


@operation(
    "catalogue",
    "catalogue",
    "The register in a data catalogue",
    Catalogue,
    media_type=records.JSON_LD,
)
def get_catalogue(request: HttpRequest) -> HttpResponse:
    """DCAT 3, as JSON-LD."""
    return catalogue.get_catalogue(request)


# Around the operations


def openapi(request: HttpRequest) -> HttpResponse:
    records.NOTHING.read(request)
    return HttpResponse(compact(schema()), content_type=records.JSON)


def docs(request: HttpRequest) -> HttpResponse:
    records.NOTHING.read(request)
    return docs_page(request, schema())


def unknown(request: HttpRequest) -> HttpResponse:
    raise not_found()


def schema() -> dict[str, Any]:
    """The OpenAPI document, with paths relative to the API's own address."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    document["servers"] = [{"url": "."}]
    components = document.setdefault("components", {}).setdefault("schemas", {})
    for model in _MODELS:
        described = model.model_json_schema(ref_template="#/components/schemas/{model}")
        components |= described.pop("$defs", {})
        components[model.__name__] = described
    return document


def urls() -> list[URLPattern | URLResolver]:
    """All addresses of the API, each at the edge."""
    patterns, _app_name, _namespace = api.urls
    found: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name in _VIEWS:
            pattern.callback = _VIEWS[pattern.name]
            found.append(pattern)
    return [
        *found,
        re_path(r"^openapi\.json$", edge(openapi, by_clock=True), name="openapi"),
        re_path(r"^$", edge(docs, by_clock=True), name="docs"),
        re_path(r"", edge(unknown, by_clock=False)),
    ]
