"""Feeds: the records of a filter that changed last, as Atom and as JSON Feed."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Enclosure

from wagtail_safeguarding.register import shelf
from wagtail_safeguarding.register.projection import compact

from .addresses import absolute, address_of
from .edge import AskedAt
from .publishing import publisher_of
from .query import Query
from .selection import FILTERS, Selection

FEED = Query(*FILTERS)

MOST = 50
ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"

NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a feed without entries was updated: an answer has one ETag, so it may not name the time of
the request."""

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _items(request: HttpRequest) -> list[dict[str, Any]]:
    selection = Selection(AskedAt.of(request), {**FEED.read(request), "sort": "-changed"})
    pks = selection.pick(None, MOST).pks
    rows = shelf.read(pks, "item", seen=AskedAt.of(request))
    return [json.loads(rows[pk][0]) for pk in pks if pk in rows]


def _title(publisher: str) -> str:
    return f"Safeguarding practice reviews: {publisher}"


def _page(request: HttpRequest, item: dict[str, Any]) -> str:
    """Where people read the record."""
    return item["url"] or address_of(request, "record", item["uuid"])


def _files(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [document for document in item["documents"] if document["url"]]


# Atom


class _Atom(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        link = {"rel": "related", "type": "application/json", "href": item["record"]}
        handler.addQuickElement("link", "", link)


def atom_feed(request: HttpRequest) -> HttpResponse:
    items = _items(request)
    publisher = publisher_of(request)
    own = absolute(request, request.get_full_path())
    feed = _Atom(
        title=_xml(_title(publisher)),
        link=absolute(request, "/"),
        description=None,
        feed_url=own,
        feed_guid=own,
        author_name=_xml(publisher),
    )
    for item in items:
        feed.add_item(
            title=_xml(item["title"]),
            link=_page(request, item),
            # Atom's summary is HTML here.
            description=html.escape(_xml(item["summary"]), quote=False),
            unique_id=f"urn:uuid:{item['uuid']}",
            pubdate=dt.datetime.fromisoformat(item["first_public_at"]),
            updateddate=dt.datetime.fromisoformat(item["changed_at"]),
            author_name=_xml(item["publisher"]) or None,
            enclosures=[
                Enclosure(
                    absolute(request, document["url"]),
                    str(document["size"] or 0),
                    document["media_type"] or "application/octet-stream",
                )
                for document in _files(item)
            ],
            language=item["language"],
            record=address_of(request, "record", item["uuid"]),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{ATOM}; charset=utf-8")


def _xml(text: str) -> str:
    """XML cannot hold every character, even escaped."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


# JSON Feed 1.1


def json_feed(request: HttpRequest) -> HttpResponse:
    items = _items(request)
    publisher = publisher_of(request)
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(publisher),
        "home_page_url": absolute(request, "/"),
        "feed_url": absolute(request, request.get_full_path()),
        "authors": [{"name": publisher}],
        "items": [_json_item(request, item) for item in items],
    }
    return HttpResponse(compact(body), content_type=JSON_FEED)


def _json_item(request: HttpRequest, item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": f"urn:uuid:{item['uuid']}",
        "url": _page(request, item),
        "title": item["title"],
        "content_text": item["summary"] or item["title"],
        "date_published": item["first_public_at"],
        "date_modified": item["changed_at"],
        "language": item["language"],
    }
    if item["publisher"]:
        found["authors"] = [{"name": item["publisher"]}]
    if files := _files(item):
        found["attachments"] = [
            {
                "url": absolute(request, document["url"]),
                "mime_type": document["media_type"] or "application/octet-stream",
                "title": document["title"],
                "size_in_bytes": document["size"] or 0,
            }
            for document in files
        ]
    return found
