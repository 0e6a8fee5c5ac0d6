"""The catalogue, read by a library for linked data as a data portal would."""

from __future__ import annotations

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from wagtail_safeguarding.api.register.linked_answers import Catalogue
from wagtail_safeguarding.vocabularies.defaults import Scheme

from .register_site import API, PUBLISHER, get

pytestmark = pytest.mark.django_db

BASE = f"http://testserver{API}"


def graph() -> Graph:
    response = get("catalogue")
    assert response["Content-Type"] == "application/ld+json"
    Catalogue.model_validate_json(response.body)
    return Graph().parse(data=response.body, format="json-ld")


def test_the_catalogue_has_datasets_a_service_and_its_records(site):
    found = graph()
    catalogue = URIRef(f"{BASE}catalogue")
    assert (catalogue, RDF.type, DCAT.Catalog) in found
    datasets = set(found.objects(catalogue, DCAT.dataset))
    assert datasets == {URIRef(f"{catalogue}#register"), URIRef(f"{catalogue}#vocabularies")}
    topics = {found.value(one, FOAF.primaryTopic) for one in found.objects(catalogue, DCAT.record)}
    assert topics == datasets
    service = found.value(catalogue, DCAT.service)
    assert found.value(service, DCAT.servesDataset) == URIRef(f"{catalogue}#register")
    assert str(found.value(service, DCAT.endpointDescription)) == f"{BASE}openapi.json"
    for one in [catalogue, *datasets]:
        publisher = found.value(one, DCTERMS.publisher)
        assert found.value(publisher, FOAF.name) == Literal(PUBLISHER)
        assert found.value(one, DCTERMS.title)
        assert found.value(one, DCTERMS.description)


def test_every_distribution_answers_with_the_media_type_it_names(site):
    found = graph()
    distributions = list(found.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == 5 + len(Scheme)
    for one in distributions:
        address = str(found.value(one, DCAT.accessURL))
        response = get(address.removeprefix("http://testserver"))
        assert response.status_code == 200, address
        media_type = response["Content-Type"].partition(";")[0]
        assert str(found.value(one, DCAT.mediaType)).endswith(f"/media-types/{media_type}")


def test_it_says_when_the_register_last_changed(site):
    catalogue = URIRef(f"{BASE}catalogue")
    before = graph().value(catalogue, DCTERMS.modified)
    issued = graph().value(catalogue, DCTERMS.issued)
    site.pages["article"].unpublish()
    after = graph().value(catalogue, DCTERMS.modified)
    assert issued.toPython() <= before.toPython() < after.toPython()


def test_an_empty_register_has_a_catalogue_too(db):
    found = graph()
    assert found.value(URIRef(f"{BASE}catalogue"), DCTERMS.modified) is None
    assert "Test council" in get("catalogue").body.decode()
