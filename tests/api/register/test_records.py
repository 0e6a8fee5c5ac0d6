"""Records: what the list and one record answer where something has changed or is odd."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from tests import factories
from wagtail_safeguarding.api.register.query import Query, text
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.texts import VersionText
from wagtail_safeguarding.publication import refresh
from wagtail_safeguarding.register import overview
from wagtail_safeguarding.register.clock import now
from wagtail_safeguarding.register.models import Record
from wagtail_safeguarding.register.passages import Passage

from .register_site import RegisterSite, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def titles(path: str) -> list[str]:
    response = get(path)
    assert response.status_code == 200, response.body
    return [item["title"] for item in response.json()["items"]]


def say_in_file(version: DocumentVersion, words: str) -> None:
    VersionText.objects.filter(version=version).delete()
    Passage.objects.filter(version=version).delete()
    VersionText.objects.create(version=version, state="none")
    Passage.objects.create(version=version, number=0, text=words, public=True)
    from wagtail_safeguarding.register import indexing

    indexing.add(list(Passage.objects.filter(version=version)))


# Search


def test_text_of_a_file_is_closed_with_a_collection_that_is_moved(site: RegisterSite) -> None:
    """A move tells nobody; the gate closes at once, and so does the search."""
    say_in_file(site.report, "The narwhal was seen.")
    found = get("records?q=narwhal").json()
    assert found["count"] == 2, "two pages show it"
    assert found["items"][0]["snippet"]["document"] == str(site.report.document.uuid)
    root = Collection.get_first_root_node()
    private, team = root.add_child(name="Private"), root.add_child(name="Team")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    type(site.report.document).objects.filter(pk=site.report.document.pk).update(collection=team)
    assert get("records?q=narwhal").json()["count"] == 2
    Collection.objects.get(pk=team.pk).move(Collection.objects.get(pk=private.pk), "sorted-child")
    assert Client().get(site.report.get_url()).status_code == 404
    found = get("records?q=narwhal").json()
    assert (found["count"], found["items"]) == (0, [])


@pytest.mark.parametrize(
    "words",
    ["Child\u00a0M", "Child\tM", "Child\nM", "Child \u200bM", "Child \U0001f469\u200d\U0001f4bb M"],
)
def test_words_as_they_are_pasted(site: RegisterSite, words: str) -> None:
    factories.review(factories.review_index(slug="more"), title="Child M, in full", slug="full")
    response = Client().get("/api/safeguarding/v1/records", {"q": words})
    assert response.status_code == 200, response.content
    if "\U0001f469" not in words:
        assert "Child M, in full" in [item["title"] for item in response.json()["items"]]


def test_words_that_a_client_sends_without_encoding_them() -> None:
    query = Query(text("q", "", 200))
    request: WSGIRequest = RequestFactory().get("/")
    request.META["QUERY_STRING"] = "q=café llŷn".encode().decode("latin-1").replace(" ", "+")
    assert query.read(request) == {"q": "café llŷn"}


def test_relevance_goes_on_where_it_was_when_the_last_one_is_gone(commit: Any) -> None:
    index = factories.review_index()
    pages = [
        factories.review(index, slug=f"r{number}", title=f"Neglect {number}") for number in range(6)
    ]
    path = "records?q=neglect&sort=relevance&limit=2"
    first = get(path).json()
    shown = [item["title"] for item in first["items"]]
    with commit():
        next(page for page in pages if page.title == shown[-1]).unpublish()
    rest: list[str] = []
    path = first["next"]
    while path:
        body = get(path).json()
        rest += [item["title"] for item in body["items"]]
        path = body["next"]
    assert sorted([*shown, *rest]) == sorted(page.title for page in pages)


# Conditions


def test_etag_follows_the_emergency_lines_that_stand_on_a_record(
    commit: Any, settings: Any
) -> None:
    index = factories.review_index()
    with commit():
        review = factories.review(index)
    # It is due, and done later.
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    index.emergency_lines = [("line", {"text": "Call 999.", "number": "999"})]
    with commit():
        index.save_revision().publish()
    path = f"records/{Record.objects.get(page_id=review.pk).uuid}"
    before = get(path)
    assert before.json()["emergency_lines"] == []
    refresh.work()
    after = get(path, **{"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["emergency_lines"][0]["text"] == "Call 999."
    assert after["ETag"] != before["ETag"]


def test_restriction_that_tells_nobody_ends_what_was_known(site: RegisterSite) -> None:
    etag = get("records")["ETag"]
    assert get("records", **{"If-None-Match": etag}).status_code == 304
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page_id=site.pages["review"].pk, restriction_type="login")]
    )
    assert get("records", **{"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.0, br", False)],
)
def test_compression_can_be_refused(site: RegisterSite, accepted: str, compressed: bool) -> None:
    response = Client().get("/api/safeguarding/v1/records", headers={"Accept-Encoding": accepted})
    assert response.has_header("Content-Encoding") is compressed
    again = Client().get(
        "/api/safeguarding/v1/records",
        headers={"Accept-Encoding": accepted, "If-None-Match": response["ETag"]},
    )
    assert (again.status_code, again["ETag"]) == (304, response["ETag"])


# Parameters


@pytest.mark.parametrize("year", ["abc", "20199", "0999", "2019,x"])
def test_year_is_four_digits(year: str) -> None:
    response = get(f"records?year={year}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "year"


@pytest.mark.parametrize("publisher", ["Acme\u00a0Board", "  Two spaces ", "A\u00adB, and C"])
def test_publisher_as_its_facet_gives_it_is_found(publisher: str) -> None:
    factories.review(factories.review_index(publisher=publisher))
    (facet,) = get("records?facets=publisher").json()["facets"]["publisher"]
    response = Client().get("/api/safeguarding/v1/records", {"publisher": facet["value"]})
    assert response.json()["count"] == 2


# In memory


def test_many_entries_about_few_records_are_all_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "BATCH", 20)
    index = factories.review_index()
    pages = [factories.review(index, slug=f"r{number}", title=f"R{number}") for number in range(6)]
    assert get("records").json()["count"] == 7
    for number in range(30):
        pages[0].title = f"Edit {number}"
        pages[0].save_revision().publish()
    Page.objects.get(pk=pages[1].pk).unpublish()
    factories.review(index, slug="new", title="New")
    assert now().sequence > 30
    body = get("records").json()
    assert body["count"] == len(body["items"]) == 7
    assert "New" in [item["title"] for item in body["items"]]
