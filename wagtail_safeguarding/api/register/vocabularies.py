"""The controlled vocabularies: what the keys in records mean, in all languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wagtail_safeguarding.register.facets import FACETS
from wagtail_safeguarding.register.hidden import hidden
from wagtail_safeguarding.register.overview import overview
from wagtail_safeguarding.register.projection import compact
from wagtail_safeguarding.register.surroundings import surroundings
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.models import Term

from .addresses import address_of, path_of
from .edge import AskedAt
from .records import JSON, JSON_LD, NOTHING
from .refusals import not_found

FACET_OF = {scheme: facet for facet, scheme in FACETS.items() if scheme}
"""The parameter that takes the keys of a vocabulary."""


def list_vocabularies(request: HttpRequest) -> HttpResponse:
    NOTHING.read(request)
    items = [
        {
            "scheme": scheme.value,
            "label": scheme.label,
            "parameter": FACET_OF[scheme],
            "terms": len(_terms(request, scheme)),
            "url": path_of("vocabulary", scheme.value),
        }
        for scheme in Scheme
    ]
    return HttpResponse(compact({"items": items}), content_type=JSON)


def get_vocabulary(request: HttpRequest, scheme: str) -> HttpResponse:
    NOTHING.read(request)
    found = _scheme(scheme)
    view = overview(AskedAt.of(request))
    shown = view.everything & ~view.records(hidden().records)
    counts = view.counts(FACET_OF[found], shown)
    body = {
        "scheme": found.value,
        "label": found.label,
        "parameter": FACET_OF[found],
        "terms": [
            {
                "key": term.key,
                "label": term.label,
                "labels": _in_languages(term, "label"),
                "scope_notes": _in_languages(term, "scope_note"),
                "abbreviation": term.abbreviation,
                "formerly": term.formerly,
                "jurisdiction": term.jurisdiction,
                "deprecated": term.deprecated,
                "count": counts.get(term.key, 0),
            }
            for term in _terms(request, found)
        ],
    }
    return HttpResponse(compact(body), content_type=JSON)


def get_skos(request: HttpRequest, scheme: str) -> HttpResponse:
    """SKOS, as JSON-LD. Concepts are named by the address of the vocabulary and their key."""
    NOTHING.read(request)
    found = _scheme(scheme)
    name = address_of(request, "vocabulary", found.value)
    terms = _terms(request, found)
    body = {
        "@context": {
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "dcterms": "http://purl.org/dc/terms/",
            "owl": "http://www.w3.org/2002/07/owl#",
        },
        "@graph": [
            {
                "@id": name,
                "@type": "skos:ConceptScheme",
                "dcterms:title": [{"@value": found.label, "@language": "en"}],
                "skos:hasTopConcept": [{"@id": f"{name}#{term.key}"} for term in terms],
            },
            *(_concept(name, term) for term in terms),
        ],
    }
    return HttpResponse(compact(body), content_type=JSON_LD)


def _concept(scheme: str, term: Term) -> dict[str, Any]:
    concept: dict[str, Any] = {
        "@id": f"{scheme}#{term.key}",
        "@type": "skos:Concept",
        "skos:inScheme": {"@id": scheme},
        "skos:topConceptOf": {"@id": scheme},
        "skos:notation": term.key,
        "skos:prefLabel": _tagged(_in_languages(term, "label")),
    }
    language = settings.LANGUAGE_CODE
    if notes := _in_languages(term, "scope_note"):
        concept["skos:scopeNote"] = _tagged(notes)
    if term.abbreviation:
        concept["skos:altLabel"] = _tagged({language: term.abbreviation})
    if term.formerly:
        concept["skos:historyNote"] = _tagged({language: f"Formerly: {term.formerly}"})
    if term.jurisdiction:
        concept["dcterms:coverage"] = term.jurisdiction
    if term.deprecated:
        concept["owl:deprecated"] = True
    return concept


def _tagged(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items()]


def _in_languages(term: Term, name: str) -> dict[str, str]:
    """By language code; the term's own words are in the language of the site."""
    found = {item.value["language"]: str(item.value[name]) for item in term.translations}
    found[settings.LANGUAGE_CODE] = getattr(term, name)
    return {language: text for language, text in sorted(found.items()) if text}


def _scheme(name: str) -> Scheme:
    try:
        return Scheme(name)
    except ValueError:
        raise not_found() from None


def _terms(request: HttpRequest, scheme: Scheme) -> list[Term]:
    terms = surroundings(AskedAt.of(request)).terms
    return [term for (of, _key), term in terms.items() if of == scheme]
