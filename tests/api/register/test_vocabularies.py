"""Vocabularies: keys, labels in all languages, counts, SKOS."""

from __future__ import annotations

import json

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SKOS

from wagtail_safeguarding.api.register.answers import Vocabularies, Vocabulary
from wagtail_safeguarding.api.register.linked_answers import Skos
from wagtail_safeguarding.register import hidden
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.models import Term

from .register_site import API, data, get, hide_silently

pytestmark = pytest.mark.django_db


@pytest.fixture
def neglect(site, django_capture_on_commit_callbacks) -> Term:
    term = Term.objects.get(scheme="harm", key="neglect")
    with django_capture_on_commit_callbacks(execute=True):
        term.translations = [
            ("translation", {"language": "cy", "label": "Esgeulustod", "scope_note": "Nodyn"})
        ]
        term.formerly, term.abbreviation, term.jurisdiction = "Want", "NEG", "wales"
        term.deprecated = True
        term.save()
    return term


def test_each_vocabulary_is_listed_with_the_parameter_that_takes_its_keys(site):
    answer = data("vocabularies")
    Vocabularies.model_validate(answer)
    assert {item["scheme"] for item in answer["items"]} == {scheme.value for scheme in Scheme}
    for item in answer["items"]:
        terms = data(item["url"])["terms"]
        assert item["terms"] == len(terms) > 0
        response = get(f"records?{item['parameter']}={terms[0]['key']}")
        assert response.status_code == 200


def test_a_term_has_all_that_is_known_of_it(neglect):
    answer = data("vocabularies/harm")
    Vocabulary.model_validate(answer)
    (term,) = [term for term in answer["terms"] if term["key"] == "neglect"]
    assert term["label"] == neglect.label
    assert term["labels"] == {"cy": "Esgeulustod", "en-gb": neglect.label}
    assert term["scope_notes"]["cy"] == "Nodyn"
    assert (term["formerly"], term["abbreviation"]) == ("Want", "NEG")
    assert (term["jurisdiction"], term["deprecated"], term["count"]) == ("wales", True, 1)


def test_counts_are_those_of_public_records(site, django_capture_on_commit_callbacks):
    def count() -> int:
        terms = data("vocabularies/theme")["terms"]
        return sum(term["count"] for term in terms if term["key"] == "information-sharing")

    assert count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        site.pages["review"].unpublish()
    assert count() == 0


def test_what_nobody_can_read_is_not_counted(site, monkeypatch):
    hide_silently(site, site.pages["review"])
    monkeypatch.setattr(hidden, "_until", float("-inf"))  # as after PUBLIC_CACHE_SECONDS
    assert all(term["count"] == 0 for term in data("vocabularies/theme")["terms"])


def test_a_new_label_shows_at_once(site, django_capture_on_commit_callbacks):
    known = get("vocabularies/harm")["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        term = Term.objects.get(scheme="harm", key="neglect")
        term.label = "Neglected"
        term.save()
    again = get("vocabularies/harm", **{"If-None-Match": known})
    assert again.status_code == 200
    assert "Neglected" in again.body.decode()


def test_skos_is_a_graph_of_concepts(neglect):
    response = get("vocabularies/harm/skos")
    assert response["Content-Type"] == "application/ld+json"
    Skos.model_validate_json(response.body)
    graph = Graph().parse(data=response.body, format="json-ld")
    scheme = URIRef(f"http://testserver{API}vocabularies/harm")
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == len(data("vocabularies/harm")["terms"])
    assert set(graph.subjects(SKOS.inScheme, scheme)) == concepts
    assert set(graph.objects(scheme, SKOS.hasTopConcept)) == concepts
    concept = URIRef(f"{scheme}#neglect")
    assert set(graph.objects(concept, SKOS.prefLabel)) == {
        Literal(neglect.label, lang="en-gb"),
        Literal("Esgeulustod", lang="cy"),
    }
    assert (concept, SKOS.notation, Literal("neglect")) in graph
    assert (concept, SKOS.historyNote, Literal("Formerly: Want", lang="en-gb")) in graph
    assert (concept, SKOS.altLabel, Literal("NEG", lang="en-gb")) in graph
    assert (concept, OWL.deprecated, Literal(True)) in graph


@pytest.mark.parametrize("scheme", list(Scheme))
def test_every_vocabulary_is_valid_skos(site, scheme):
    """SKOS S14: one preferred label in each language at most."""
    graph = Graph().parse(data=get(f"vocabularies/{scheme}/skos").body, format="json-ld")
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        languages = [label.language for label in graph.objects(concept, SKOS.prefLabel)]
        assert len(languages) == len(set(languages)) > 0


def test_unknown_vocabularies_are_not_found(site):
    assert json.loads(get("vocabularies/Theme").body)["title"] == "Not found"
