"""A record in the words of schema.org, as JSON-LD.

Never a Person: what the register calls a child is a pseudonym, and stays in the title.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_safeguarding.register.facets import FACETS, plain
from wagtail_safeguarding.register.projection import compact
from wagtail_safeguarding.register.surroundings import Surroundings, surroundings

from .addresses import absolute, address_of
from .edge import AskedAt
from .records import JSON_LD, NOTHING, known_record, read_record, record_etag

TYPES = {
    "review": "Report",
    "index": "CollectionPage",
    "collection": "CollectionPage",
    "further-information": "CreativeWork",
    "article": "Article",
}

ABOUT = {"themes": "theme", "harms": "harm"}
"""Fields of a review that say what it is about, and the facets of their keys."""

_ABSTRACT = 5000


def get_linked(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    NOTHING.read(request)
    if known := known_record(request, record):
        return known
    found = read_record(request, record)
    around = surroundings(AskedAt.of(request))
    item, form = json.loads(found.described + b"}"), json.loads(found.payload)
    body = compact(_linked(request, around, item, form))
    response = HttpResponse(body, content_type=JSON_LD)
    response["ETag"] = record_etag(request, found)
    return response


def _linked(
    request: HttpRequest, around: Surroundings, item: dict[str, Any], form: dict[str, Any]
) -> dict[str, Any]:
    linked: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": f"urn:uuid:{item['uuid']}",
        "@type": TYPES.get(form["kind"], "CreativeWork"),
        "identifier": _identifiers(item, form),
        "name": form["title"],
        "inLanguage": form["language"],
        "isAccessibleForFree": True,
        "dateModified": item["changed_at"],
        "subjectOf": {
            "@type": "Dataset",
            "@id": f"{address_of(request, 'catalogue')}#register",
            "name": "Register of safeguarding practice reviews",
            "description": "The public register that this record is part of.",
            "url": address_of(request, "docs"),
        },
    }
    if form["kind"] == "article":
        linked["headline"] = form["title"]
    if item["url"]:
        linked["url"] = item["url"]
    if abstract := plain(form["summary"]):
        linked["abstract"] = abstract[:_ABSTRACT]
    if form["date"]:
        # As precise as it is known: "2019" is no day of that year.
        linked["datePublished"] = form["date"]["value"]
    if form["publisher"]:
        linked["publisher"] = {"@type": "Organization", "name": form["publisher"]}
    if about := _about(request, around, form):
        linked["about"] = about
    related = form.get("related_documents", [])
    if parts := [_document(request, row) for row in _rows(form) if row["url"]]:
        linked["hasPart"] = parts
    if mentioned := [_document(request, row) for row in related if row["url"]]:
        linked["mentions"] = mentioned
    if translations := form["translations"]:
        linked["workTranslation"] = [
            {
                "@type": linked["@type"],
                "@id": f"urn:uuid:{one['record']}",
                "inLanguage": one["language"],
            }
            for one in translations
        ]
    return linked


def _identifiers(item: dict[str, Any], form: dict[str, Any]) -> list[Any]:
    return [f"urn:uuid:{item['uuid']}", *filter(None, [form.get("reference")])]


def _about(
    request: HttpRequest, around: Surroundings, form: dict[str, Any]
) -> list[dict[str, Any]]:
    return [
        {
            "@type": "DefinedTerm",
            "name": around.label(facet, key),
            "termCode": key,
            "inDefinedTermSet": address_of(request, "vocabulary", FACETS[facet]),
        }
        for field, facet in ABOUT.items()
        for key in form.get(field, [])
    ]


def _rows(form: dict[str, Any]) -> list[dict[str, Any]]:
    """The documents of the page itself (``schema.PublicForm.all_documents``)."""
    in_text = [block["document"] for block in form["body"] if block["type"] == "document"]
    in_sections = [row for section in form.get("sections", []) for row in section["documents"]]
    return [*form["documents"], *in_text, *in_sections]


def _document(request: HttpRequest, row: dict[str, Any]) -> dict[str, Any]:
    address = absolute(request, row["url"])
    file: dict[str, Any] = {
        "@type": "MediaObject",
        "contentUrl": address,
        "encodingFormat": row["media_type"],
        "contentSize": f"{row['size']} B",
        "sha256": row["sha256"],
    }
    document: dict[str, Any] = {
        "@type": "DigitalDocument",
        "name": row["title"],
        "url": address,
        "inLanguage": row["language"],
        "encoding": file,
    }
    if row["date"]:
        document["datePublished"] = row["date"]["value"]
    if row["description"]:
        document["description"] = row["description"]
    if row["licence"]:
        document["license"] = {"@type": "CreativeWork", "name": row["licence"]}
    if row["rights_holder"]:
        # In words: it may be anybody.
        document["copyrightNotice"] = row["rights_holder"]
    return document
