"""Documents: what is public of one, in which versions, used by which records."""

from __future__ import annotations

import json
from typing import Any

import pytest
from wagtail.models import Collection, CollectionViewRestriction

from tests import factories as f
from wagtail_safeguarding.api.register.answers import Document
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState

from .register_site import RegisterSite, asked, data, get, hidden_review, hide_silently

pytestmark = pytest.mark.django_db


def address(version: DocumentVersion) -> str:
    return f"documents/{version.document.uuid}"


def test_a_document_is_described_as_the_record_has_it(site):
    answer = data(address(site.report))
    Document.model_validate_json(json.dumps(answer))
    assert answer["title"] == "Overview report"
    assert (answer["role"], answer["audience"]) == ("overview-report", ["health"])
    assert answer["date"] == {"value": "2019-08", "precision": "month"}
    assert answer["url"] == site.report.get_url()
    (version,) = answer["versions"]
    assert (version["number"], version["state"]) == (1, "current")
    assert version["sha256"] == answer["sha256"] == site.report.sha256
    assert version["first_public_at"].endswith("Z")
    titles = {one["title"]: one["url"] for one in answer["used_by"]["items"]}
    assert titles == {
        "Learning Review Child M, July 2019": "http://localhost/reviews/review/",
        "Was not brought": "http://localhost/reviews/was-not-brought/",
    }
    assert answer["used_by"]["count"] == 2


def test_a_document_of_a_collection_of_documents_is_found_in_its_section(site):
    pathway = DocumentVersion.objects.get(file_name="pathway.pdf")
    assert data(address(pathway))["used_by"]["items"][0]["title"] == "Protocols"


def test_an_edit_of_the_document_shows_as_far_as_the_record_shows_it(site):
    ReviewDocument.objects.filter(pk=site.report.document_id).update(
        title="Not published", licence="Not published"
    )
    assert "Not published" not in json.dumps(data(address(site.report)))


def replace(site: RegisterSite, text: str) -> DocumentVersion:
    """A second version, in a draft of the review."""
    version = f.cleared_version(name="newer.pdf", text=text, document=site.report.document)
    review = site.pages["review"]
    review.documents = [f.document_value(version, title="Overview report")]
    review.save_revision()
    return version


def test_a_replacement_is_told_when_it_is_published(site):
    before = get(address(site.report))
    newer = replace(site, "newer")
    assert get(address(site.report)).body == before.body
    site.pages["review"].get_latest_revision().publish()
    after = get(address(site.report))
    assert after["ETag"] != before["ETag"]
    answer = json.loads(after.body)
    assert (answer["version"], answer["sha256"]) == (2, newer.sha256)
    states = [(one["number"], one["state"]) for one in answer["versions"]]
    assert states == [(2, "current"), (1, "superseded")]
    assert answer["used_by"]["count"] == 2


def test_a_withdrawn_version_is_told_with_its_reason(site):
    replace(site, "newer")
    site.pages["review"].get_latest_revision().publish()
    known = get(address(site.report))["ETag"]
    site.report.refresh_from_db()
    site.report.move(VersionState.WITHDRAWN, reason="It named a street.")
    response = get(address(site.report), **{"If-None-Match": known})
    assert response.status_code == 200, "the clock need not have moved"
    old = json.loads(response.body)["versions"][1]
    assert (old["state"], old["withdrawal_reason"]) == ("withdrawn", "It named a street.")


def test_a_version_that_was_public_after_the_current_one_is_closed(site):
    newer = replace(site, "newer")
    review = site.pages["review"]
    review.get_latest_revision().publish()
    review.documents = [f.document_value(site.report, title="Overview report")]
    review.save_revision().publish()
    answer = data(address(newer))
    states = [(one["number"], one["state"]) for one in answer["versions"]]
    assert states == [(2, "closed"), (1, "current")]


def test_a_withdrawn_document_is_gone_with_its_reason(site):
    site.report.move(VersionState.WITHDRAWN, reason="It named a street.")
    for method in ("get", "head"):
        response = asked(method, address(site.report))
        assert response.status_code == 410
    body = json.loads(get(address(site.report)).body)
    assert (body["title"], body["detail"]) == ("Withdrawn", "It named a street.")


def closed_as_unknown(version: DocumentVersion) -> None:
    unknown = "documents/00000000-0000-4000-8000-000000000000"
    for headers in ({}, {"If-None-Match": "*"}, {"If-None-Match": f'"{version.sha256}"'}):
        response, other = get(address(version), **headers), get(unknown, **headers)
        assert (response.status_code, response.body) == (404, other.body)
        assert dict(response.headers) == dict(other.headers)


def test_a_document_that_was_never_public_is_unknown(site):
    closed_as_unknown(f.cleared_version("Waiting"))
    draft = f.cleared_version("In a draft")
    f.review(site.home, live=False, slug="draft", versions=(draft,))
    closed_as_unknown(draft)
    blocked = f.cleared_version("Blocked")
    blocked.move(VersionState.WITHDRAWN, reason="Before anybody saw it.")
    closed_as_unknown(blocked)


def unpublish(site: RegisterSite, version: DocumentVersion) -> None:
    for kind in ("review", "article"):
        site.pages[kind].unpublish()


def restrict(site: RegisterSite, version: DocumentVersion) -> None:
    collection = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    ReviewDocument.objects.filter(pk=version.document_id).update(collection=collection)


def delete(site: RegisterSite, version: DocumentVersion) -> None:
    ReviewDocument.objects.filter(pk=version.document_id).update(deleted_at="2026-01-01T00:00Z")


def block(site: RegisterSite, version: DocumentVersion) -> None:
    DocumentVersion.objects.filter(pk=version.pk).update(state=VersionState.BLOCKED)


@pytest.mark.parametrize("close", [unpublish, restrict, delete, block])
def test_a_document_that_was_closed_is_unknown(site, close: Any):
    close(site, site.report)
    closed_as_unknown(site.report)


def test_a_record_that_nobody_can_read_is_not_among_the_uses(site):
    silent = hidden_review(site, "silent")
    silent.documents = [f.document_value(site.report)]
    silent.save_revision().publish()
    assert data(address(site.report))["used_by"]["count"] == 3
    hide_silently(site, silent)
    answer = get(address(site.report)).body.decode()
    assert json.loads(answer)["used_by"]["count"] == 2
    assert [word for word in site.secrets if word in answer] == []


def test_uses_are_told_in_parts(site):
    for number in range(3):
        f.review(site.home, slug=f"more-{number}", versions=(site.report,))
    found, path = [], f"{address(site.report)}?limit=2"
    while path:
        part = data(path)["used_by"]
        assert part["count"] == 5
        found += [one["uuid"] for one in part["items"]]
        path = part["next"]
    assert len(found) == len(set(found)) == 5
    assert get(f"{address(site.report)}?cursor=x").status_code == 422


def test_the_cost_does_not_grow_with_the_uses(site, django_assert_max_num_queries):
    for number in range(5):
        f.review(site.home, slug=f"more-{number}", versions=(site.report,))
    with django_assert_max_num_queries(6):
        get(address(site.report))
