"""The real legacy page, all the way: source, drafts, publication, API and public page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests import factories
from tests.importing.seed import seed_path
from wagtail_safeguarding.pages.models import PracticeReviewPage, ReviewIndexPage

pytestmark = pytest.mark.django_db

DATES = [
    ("2019-07", "month"),
    ("2018-01", "month"),
    ("2016-05", "month"),
    ("2009-04", "month"),
    ("2008", "year"),
]
SCR = "serious-case-review"
TYPES = ["learning-review", SCR, SCR, SCR, SCR]
DOCUMENTS = [4, 2, 1, 1, 1]


@pytest.fixture
def imported() -> dict[str, Any]:
    path = seed_path()
    factories.home_page()
    out = StringIO()
    call_command("import_reviews", path, publish=True, format="json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def lines() -> list[str]:
    text = seed_path().read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture
def index_api(imported, client) -> dict[str, Any]:
    (item,) = items(client, ReviewIndexPage)
    return item


@pytest.fixture
def review_api(imported, index_api, client) -> list[dict[str, Any]]:
    """The reviews as the API has them, in the order in which the index lists them."""
    by_id = {item["id"]: item for item in items(client, PracticeReviewPage)}
    assert len(by_id) == len(index_api["reviews"])
    return [by_id[review["id"]] for review in index_api["reviews"]]


def items(client, model) -> list[dict[str, Any]]:
    response = client.get(f"/api/v2/pages/?type={model._meta.label}&fields=*&limit=20")
    assert response.status_code == 200
    return response.json()["items"]


def words(markup: str) -> str:
    """The text of some HTML, white space apart."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def texts(value: Any) -> Iterator[str]:
    """Every string in some JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_one_index_and_five_reviews_are_created_and_published(imported):
    assert ReviewIndexPage.objects.live().count() == 1
    assert PracticeReviewPage.objects.live().count() == 5
    assert [page["kind"] for page in imported["published"]] == ["review index"] + ["review"] * 5
    assert imported["created"] == imported["published"]
    assert imported["existing"] == imported["left"] == []


def test_reviews_keep_the_order_and_the_headings_of_the_page(imported, lines):
    titles = [review.title for review in ReviewIndexPage.objects.get().get_reviews()]
    assert sorted(titles, key=lines.index) == titles
    assert len(set(titles)) == 5


def test_dates_and_types_are_as_the_headings_say(review_api):
    dates = [item["review_date"] for item in review_api]
    assert [(date["value"], date["precision"]) for date in dates] == DATES
    assert [item["review_type"]["key"] for item in review_api] == TYPES
    assert [len(item["subjects"]) for item in review_api] == [1] * 5


def test_the_emergency_number_is_a_telephone_link_on_the_page(imported, client):
    response = client.get(ReviewIndexPage.objects.get().url)
    assert 'href="tel:999"' in response.content.decode()


def test_the_api_lists_every_document_line_under_its_review(review_api, lines):
    assert [len(item["documents"]) for item in review_api] == DOCUMENTS
    for item in review_api:
        start = lines.index(item["title"]) + 1
        titles = [document["title"] for document in item["documents"]]
        assert titles == lines[start : start + len(titles)]
        for document in item["documents"]:
            assert document["role"]
            assert (document["status"], document["url"]) == ("to be supplied", None)


def test_the_api_has_the_referral_document_beside_the_reviews(index_api, lines):
    (document,) = index_api["documents"]
    assert document["url"] is None
    assert "referral" in document["title"]
    assert any(document["title"] in line for line in lines)


def test_the_api_has_three_further_information_resources(index_api, lines):
    assert index_api["further_information_heading"] in lines
    links = index_api["further_information"]
    assert len(links) == 3
    assert [link["url"] for link in links] == [None] * 3
    said = squeezed(" ".join(link["description"] for link in links))
    start = lines.index(index_api["further_information_heading"]) + 1
    assert said == squeezed(" ".join(lines[start : start + 2]))


def test_the_api_has_the_emergency_line_with_its_number(index_api, lines):
    (line,) = index_api["emergency_lines"]
    assert line["text"] in lines
    assert (line["number"], line["tel"], line["number_in_text"]) == ("999", "tel:999", True)


def test_the_api_has_closed_comments_with_prompt_and_message(index_api, lines):
    comments = index_api["comments"]
    assert comments["state"] == "closed"
    assert lines[-3:] == [comments["heading"], comments["prompt"], comments["message"]]


def test_every_line_of_the_source_is_in_the_api_and_on_the_page(
    imported, index_api, review_api, client, lines
):
    in_api = " ".join(words(text) for text in texts([index_api, *review_api]))
    response = client.get(ReviewIndexPage.objects.get().url)
    assert response.status_code == 200
    shown = words(response.content.decode())
    for line in lines:
        for part in re.split(r"(?<=[.])\s+", line):
            assert squeezed(part) in in_api, part
            assert squeezed(part) in shown, part


def test_no_address_is_invented(imported, index_api, review_api, client):
    """The source gives none, so only this site's own addresses are anywhere."""
    for page in [ReviewIndexPage.objects.get(), *PracticeReviewPage.objects.all()]:
        response = client.get(page.url)
        assert response.status_code == 200
        main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
        hrefs = re.findall(r'(?:href|src)="([^"]*)"', main[0] if main else "")
        assert hrefs
        own = ("/", "#", "tel:", "http://localhost/")
        assert [href for href in hrefs if not href.startswith(own)] == []
    for item in [index_api, *review_api]:
        stored = {name: value for name, value in item.items() if name not in {"meta", "reviews"}}
        assert "http" not in json.dumps(stored)


def test_each_review_page_shows_its_type_date_and_documents(imported, review_api, client):
    for item in review_api:
        response = client.get(PracticeReviewPage.objects.get(pk=item["id"]).url)
        shown = words(response.content.decode())
        assert squeezed(item["title"]) in shown
        assert item["review_type"]["label"] in shown
        for document in item["documents"]:
            assert squeezed(document["title"]) in shown


def test_the_second_import_of_the_seed_creates_nothing(imported):
    out = StringIO()
    call_command("import_reviews", seed_path(), publish=True, format="json", stdout=out)
    again = json.loads(out.getvalue())
    assert again["created"] == again["published"] == again["left"] == []
    assert len(again["existing"]) == 6
    assert PracticeReviewPage.objects.count() == 5
