"""The register as a data catalogue lists it: DCAT 3, as JSON-LD."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_safeguarding.register.models import Entry
from wagtail_safeguarding.register.projection import compact, moment
from wagtail_safeguarding.vocabularies.defaults import Scheme

from .addresses import address_of
from .edge import AskedAt
from .exports import CSV, JSON_LINES
from .feeds import ATOM, JSON_FEED
from .publishing import publisher_of
from .records import JSON_LD, NOTHING

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def get_catalogue(request: HttpRequest) -> HttpResponse:
    NOTHING.read(request)
    publisher = {"@type": "foaf:Organization", "foaf:name": publisher_of(request)}
    datasets = [_register(request), _vocabularies(request)]
    times = _times(request)
    body = {
        "@context": CONTEXT,
        "@id": address_of(request, "catalogue"),
        "@type": "dcat:Catalog",
        **_named(
            "Safeguarding practice reviews",
            "The public register of safeguarding practice reviews and the vocabularies it uses.",
        ),
        **times,
        "dcterms:publisher": publisher,
        "dcat:dataset": [{**dataset, "dcterms:publisher": publisher} for dataset in datasets],
        "dcat:service": _service(request),
        "dcat:record": [
            {
                "@id": f"{address_of(request, 'catalogue')}#record-{number}",
                "@type": "dcat:CatalogRecord",
                "dcterms:title": dataset["dcterms:title"],
                "foaf:primaryTopic": {"@id": dataset["@id"]},
                **(times or {}),
            }
            for number, dataset in enumerate(datasets, 1)
        ],
    }
    return HttpResponse(compact(body), content_type=JSON_LD)


def _named(title: str, description: str) -> dict[str, Any]:
    return {
        "dcterms:title": {"@value": title, "@language": "en"},
        "dcterms:description": {"@value": description, "@language": "en"},
    }


def _times(request: HttpRequest) -> dict[str, Any]:
    """When the register began and when it last changed; nothing as long as it is empty."""
    last = AskedAt.of(request).sequence
    at = dict(Entry.objects.filter(sequence__in=(1, last)).values_list("sequence", "at"))
    if len(at) < len({1, last}):
        return {}
    return {"dcterms:issued": _time(at[1]), "dcterms:modified": _time(at[last])}


def _time(at: Any) -> dict[str, str]:
    return {"@value": moment(at), "@type": "xsd:dateTime"}


def _register(request: HttpRequest) -> dict[str, Any]:
    return {
        "@id": f"{address_of(request, 'catalogue')}#register",
        "@type": "dcat:Dataset",
        **_named(
            "Register of safeguarding practice reviews",
            "Each review, collection of documents, article and index that is public, with its "
            "files, terms and dates.",
        ),
        "dcterms:identifier": address_of(request, "records"),
        "dcterms:accrualPeriodicity": {"@id": "http://purl.org/cld/freq/irregular"},
        "dcat:landingPage": {"@id": address_of(request, "docs")},
        "dcat:themeTaxonomy": [
            {"@id": address_of(request, "vocabulary", scheme.value)} for scheme in Scheme
        ],
        "dcat:distribution": [
            _file(request, "export-csv", "All records as a table", CSV),
            _file(request, "export-jsonl", "All records as JSON lines", JSON_LINES),
            _file(request, "feed-atom", "What changed last, as Atom", ATOM),
            _file(request, "feed-json", "What changed last, as JSON Feed", JSON_FEED),
            {
                "@id": f"{address_of(request, 'records')}#distribution",
                "@type": "dcat:Distribution",
                "dcterms:title": {"@value": "Records, by an API", "@language": "en"},
                "dcat:accessURL": {"@id": address_of(request, "records")},
                "dcat:accessService": {"@id": _service_name(request)},
                "dcat:mediaType": {"@id": f"{MEDIA_TYPES}application/json"},
            },
        ],
    }


def _vocabularies(request: HttpRequest) -> dict[str, Any]:
    return {
        "@id": f"{address_of(request, 'catalogue')}#vocabularies",
        "@type": "dcat:Dataset",
        **_named("Vocabularies of the register", "The terms whose keys stand in the records."),
        "dcterms:identifier": address_of(request, "vocabularies"),
        "dcat:distribution": [
            _file(request, "skos", f"{scheme.label}, as SKOS", JSON_LD, scheme.value)
            for scheme in Scheme
        ],
    }


def _file(
    request: HttpRequest, operation: str, title: str, media_type: str, *args: str
) -> dict[str, Any]:
    address = address_of(request, operation, *args)
    return {
        "@id": f"{address}#distribution",
        "@type": "dcat:Distribution",
        "dcterms:title": {"@value": title, "@language": "en"},
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{MEDIA_TYPES}{media_type}"},
    }


def _service_name(request: HttpRequest) -> str:
    return f"{address_of(request, 'docs')}#service"


def _service(request: HttpRequest) -> dict[str, Any]:
    return {
        "@id": _service_name(request),
        "@type": "dcat:DataService",
        **_named("Register API", "Reads everything that is public. No key is needed."),
        "dcat:endpointURL": {"@id": address_of(request, "docs")},
        "dcat:endpointDescription": {"@id": address_of(request, "openapi")},
        "dcat:servesDataset": {"@id": f"{address_of(request, 'catalogue')}#register"},
    }
