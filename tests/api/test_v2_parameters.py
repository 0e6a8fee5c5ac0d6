"""Filters on our fields, and no value that makes a server error."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = "/api/v2/pages/"
REVIEWS = "safeguarding_pages.PracticeReviewPage"


@pytest.fixture
def index() -> Any:
    return factories.review_index()


def titles(client: Any, **params: Any) -> list[str]:
    response = client.get(PAGES, {"type": REVIEWS, "order": "title", **params})
    assert response.status_code == 200, response.content
    return [item["title"] for item in response.json()["items"]]


@pytest.fixture
def three(index: Any) -> None:
    factories.review(
        index,
        title="A",
        slug="a",
        review_date="2019",
        themes=["supervision", "information-sharing"],
        harms=["neglect"],
        outcome="child-death",
    )
    factories.review(
        index, title="B", slug="b", review_date="2019-07", themes=["supervision"], age_band="1-to-5"
    )
    factories.review(
        index, title="C", slug="c", review_date="2021-03-04", review_type="serious-case-review"
    )


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"review_date": "2019"}, "A"),
        ({"review_date": "2019-07"}, "B"),
        ({"review_date_from": "2019-08"}, "AC"),
        ({"review_date_from": "2020"}, "C"),
        ({"review_date_to": "2019"}, "AB"),
        ({"review_date_to": "2019-06"}, "A"),
        ({"review_date_from": "2019", "review_date_to": "2021-03-04"}, "ABC"),
        ({"theme": "supervision"}, "AB"),
        ({"themes": "supervision"}, "AB"),
        ({"theme": "supervision,information-sharing"}, "A"),
        ({"theme": "super"}, ""),
        ({"harm": "neglect"}, "A"),
        ({"outcome": "child-death"}, "A"),
        ({"age_band": "1-to-5"}, "B"),
        ({"review_type": "serious-case-review"}, "C"),
    ],
)
def test_filter(client: Any, three: None, params: Any, found: str) -> None:
    assert "".join(titles(client, **params)) == found


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"review_date": "garbage"}, "review_date"),
        ({"review_date": ""}, "review_date"),
        ({"review_date": "2019-13"}, "review_date"),
        ({"review_date_from": "July"}, "review_date_from"),
        ({"theme": ""}, "theme"),
        ({"theme": '"]'}, "theme"),
        ({"theme": ",".join(["a"] * 11)}, "theme"),
        ({"body": "x"}, "body"),
        ({"summary": '<a linktype="page" id="5">x</a>'}, "summary"),
        ({"order": "summary"}, "summary"),
        ({"first_published_at": "yesterday"}, "first_published_at"),
        ({"show_in_menus": "maybe"}, "show_in_menus"),
        ({"alias_of": "x"}, "alias_of"),
        ({"search": "child", "search_operator": "foo"}, "search_operator"),
        ({"search_operator": "foo"}, "search_operator"),
        ({"search": "\x00"}, "search"),
        ({"search": "a" * 201}, "search"),
        ({"search": "a " * 50}, "search"),
        ({"search": "child", "order": "random"}, "random"),
        ({"order": "-"}, "order"),
        ({"order": "--title"}, "order"),
        ({"order": ",".join(["title"] * 6)}, "order"),
        ({"fields": "("}, "fields"),
        ({"fields": "a(" * 900}, "fields"),
        ({"fields": "no_such_field"}, "no_such_field"),
        ({"child_of": "9" * 5000}, "child_of"),
        ({"child_of": "x"}, "child_of"),
        ({"child_of": "999999999999999999999"}, "parent"),
        ({"descendant_of": "-1"}, "descendant_of"),
        ({"translation_of": "999999999999999999999"}, "translation_of"),
        ({"limit": "99999999999999999999999"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"offset": "99999999999999999999999"}, "offset"),
        ({"offset": "x"}, "offset"),
        ({"type": "auth.User"}, "type"),
        ({"site": "localhost:x"}, "site"),
        ({"id": "9" * 25}, "id"),
        ({"alias_of": "9" * 25}, "alias_of"),
        ({"nonsense": "1"}, "nonsense"),
        ({"title": ["a", "b"]}, "title"),
    ],
)
def test_bad_value_is_refused_by_name(client: Any, three: None, params: Any, word: str) -> None:
    response = client.get(PAGES, {"type": REVIEWS, **params})
    assert response.status_code == 400, response.content
    assert list(response.json()) == ["message"]
    assert word in response.json()["message"]


@pytest.mark.parametrize("text", ['"', "'", '"child', "child'", "a\\", "*", "NEAR(", "%s", "a & b"])
def test_search_for_punctuation(client: Any, three: None, text: str) -> None:
    assert client.get(PAGES, {"search": text}).status_code == 200


def test_search_that_is_given_a_quotation_mark_still_finds(client: Any, index: Any) -> None:
    factories.review(index, title="Learning Review Child M", themes=["supervision"])
    for text in ('"Learning"', "Learning Child", 'Learning "'):
        assert titles(client, search=text) == ["Learning Review Child M"]
    assert titles(client, search="Learning", theme="supervision") == ["Learning Review Child M"]
    assert titles(client, search="Learning", theme="neglect") == []


def test_not_utf_8(client: Any) -> None:
    response = client.get(PAGES + "?search=%ff%fe")
    assert response.status_code == 400
    assert "UTF-8" in response.json()["message"]


@pytest.mark.parametrize(
    "url", ["1/?search=x", "1/?limit=1&limit=2", "find/?id=x", "find/?id=\x00"]
)
def test_bad_value_of_detail_and_find(client: Any, url: str) -> None:
    assert client.get(PAGES + quote(url, safe="/?=&")).status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(client: Any, method: str) -> None:
    assert getattr(client, method)(PAGES).status_code == 405


NAMES = [
    *("type", "fields", "order", "search", "search_operator", "limit", "offset", "site", "locale"),
    *("child_of", "ancestor_of", "descendant_of", "translation_of", "format", "rich_text_format"),
    *("id", "title", "slug", "alias_of", "parent", "first_published_at", "html_path", "_"),
    *("review_type", "review_date", "review_date_from", "review_date_to", "theme", "harms"),
    *("outcome", "age_band", "documents", "uuid", "reference", "summary", "body", "comments"),
]
VALUES = [
    *("", "*", "_", "-", "--", "root", "random", "-title", "title,id", "*,-title", "alias_of(*)"),
    *(
        "documents(x)",
        "parent(title)",
        "_,title",
        "0",
        "1",
        "-1",
        "2",
        "1e9",
        "99999999999999999999",
    ),
    *("2019", "2019-07", "and", "or", '"', "'", "\x00", "%", "null", "true", "en-gb", REVIEWS),
    *("wagtailcore.Page,wagtailcore.Page", "auth.User", ".", "a.b.c", "localhost:80", ":", "api"),
]
value = st.sampled_from(VALUES) | st.text(max_size=30)
pairs = st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=10), value), max_size=5)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(["", "", "", "3/", "find/", "99999999999999999999/"]),
    pairs=pairs,
    ours=st.booleans(),
    method=st.sampled_from(["get", "get", "head", "options"]),
)
def test_no_query_is_a_server_error(
    client: Any, three: None, path: str, pairs: Any, ours: bool, method: str
) -> None:
    query = urlencode([("type", REVIEWS)] * ours + pairs, errors="surrogatepass")
    response = getattr(client, method)(f"{PAGES}{path}?{query}")
    assert response.status_code in {200, 302, 400, 404}, (query, response.content)
    if response.status_code == 400 and method == "get" and "html" not in response["Content-Type"]:
        assert list(response.json()) == ["message"]
