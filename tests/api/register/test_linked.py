"""A record in the words of schema.org: typed, as precise as known, and never a Person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SDO

from wagtail_safeguarding.api.register.linked_answers import LinkedRecord
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.register.schema import FORMS
from wagtail_safeguarding.vocabularies.models import Term

from .register_site import API, PUBLISHER, RegisterSite, data, get, hidden_review, hide_silently

pytestmark = pytest.mark.django_db


def linked(site: RegisterSite, kind: str) -> dict[str, Any]:
    response = get(f"records/{site.uuid(kind)}/jsonld")
    assert response["Content-Type"] == "application/ld+json"
    LinkedRecord.model_validate_json(response.body)
    found: dict[str, Any] = json.loads(response.body)
    return found


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("review", "Report"),
        ("index", "CollectionPage"),
        ("collection", "CollectionPage"),
        ("further-information", "CreativeWork"),
        ("article", "Article"),
    ],
)
def test_each_kind_has_a_type(site, kind, type_):
    answer = linked(site, kind)
    assert answer["@type"] == type_
    assert answer["@id"] == f"urn:uuid:{site.uuid(kind)}"
    assert answer["name"] == site.pages[kind].title
    assert answer["publisher"] == {"@type": "Organization", "name": PUBLISHER}
    assert ("headline" in answer) == (kind == "article")


def test_it_is_linked_data(site):
    answer = linked(site, "review")
    # As schema.org's own context would have it, which is not fetched here.
    answer["@context"] = {"@vocab": "https://schema.org/"}
    graph = Graph().parse(data=json.dumps(answer), format="json-ld")
    review = URIRef(f"urn:uuid:{site.uuid('review')}")
    assert (review, RDF.type, SDO.Report) in graph
    files = {
        str(graph.value(graph.value(part, SDO.encoding), SDO.contentUrl))
        for part in graph.objects(review, SDO.hasPart)
    }
    assert files == {f"http://testserver{site.report.get_url()}"}
    assert not list(graph.subjects(RDF.type, SDO.Person))


def test_a_date_is_as_precise_as_it_is_known(site):
    assert linked(site, "review")["datePublished"] == "2019-07"
    assert linked(site, "article")["datePublished"] == "2026-04-20"
    assert "datePublished" not in linked(site, "index")
    assert linked(site, "review")["hasPart"][0]["datePublished"] == "2019-08"


def test_files_are_parts_and_shared_ones_are_mentioned(site):
    answer = linked(site, "review")
    (part,) = answer["hasPart"]
    assert part["@type"] == "DigitalDocument"
    assert part["name"] == "Overview report"
    assert part["encoding"] == {
        "@type": "MediaObject",
        "contentUrl": f"http://testserver{site.report.get_url()}",
        "encodingFormat": "application/pdf",
        "contentSize": f"{site.report.size} B",
        "sha256": site.report.sha256,
    }
    assert [one["name"] for one in answer["mentions"]] == ["Protocol"]
    assert [one["name"] for one in linked(site, "collection")["hasPart"]] == ["Pathway"]
    assert [one["name"] for one in linked(site, "article")["hasPart"]] == ["Overview report"]


def test_terms_are_named_with_their_vocabulary(site):
    about = {term["termCode"]: term for term in linked(site, "review")["about"]}
    assert about.keys() == {"information-sharing", "neglect"}
    assert about["neglect"]["name"] == "Neglect"
    assert about["neglect"]["inDefinedTermSet"] == f"http://testserver{API}vocabularies/harm"


@pytest.mark.parametrize("kind", list(FORMS))
def test_there_is_never_a_person(site, kind):
    said = json.dumps(linked(site, kind))
    assert "Person" not in said
    assert "author" not in said


def test_a_pseudonym_stands_in_the_title_alone(site):
    answer = linked(site, "review")
    assert "Child M" in answer.pop("name")
    assert "Child M" not in json.dumps(answer)


def test_the_record_links_to_it(site):
    path = f"records/{site.uuid('review')}"
    expected = f'<{API}{path}/jsonld>; rel="alternate"; type="application/ld+json"'
    assert get(path)["Link"] == expected
    assert get(expected[1:].partition(">")[0]).status_code == 200


def test_a_new_label_changes_its_etag(site, django_capture_on_commit_callbacks):
    known = get(f"records/{site.uuid('review')}/jsonld")["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        term = Term.objects.get(scheme="harm", key="neglect")
        term.label = "Neglected"
        term.save()
    again = get(f"records/{site.uuid('review')}/jsonld", **{"If-None-Match": known})
    assert again.status_code == 200
    assert b"Neglected" in again.body


def test_it_closes_with_its_record(site):
    path = f"records/{site.uuid('article')}/jsonld"
    etag = get(path)["ETag"]
    site.pages["article"].unpublish()
    gone = get(path, **{"If-None-Match": etag})
    assert gone.status_code == 410
    assert json.loads(gone.body)["tombstone"]["kind"] == "article"


def test_what_nobody_can_read_is_unknown(site):
    silent = hidden_review(site, "silent")
    uuid = next(
        item["uuid"] for item in data("records?year=1991")["items"] if "silent" in item["title"]
    )
    etag = get(f"records/{uuid}/jsonld")["ETag"]
    hide_silently(site, silent)
    for headers in ({}, {"If-None-Match": etag}, {"If-None-Match": "*"}):
        response = get(f"records/{uuid}/jsonld", **headers)
        assert response.status_code == 404
        assert "Link" not in response.headers


def test_a_withdrawn_file_is_no_part(site, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        site.report.move(VersionState.WITHDRAWN, reason="It named a street.")
    assert "hasPart" not in linked(site, "review")
