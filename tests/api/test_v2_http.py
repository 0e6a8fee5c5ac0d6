"""Compact JSON, validators, and the methods that a cache and a browser use."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = "/api/v2/pages/"


def test_json_is_compact_and_the_browsable_form_is_there(client: Any) -> None:
    response = client.get(PAGES)
    assert response["Content-Type"] == "application/json"
    assert b"\n" not in response.content
    assert b'": ' not in response.content
    page = client.get(PAGES, headers={"Accept": "text/html"})
    assert page["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["", "{}/", "?fields=*"])
def test_what_a_client_has_is_not_sent_again(client: Any, path: str) -> None:
    page = factories.review(factories.review_index())
    url = PAGES + path.format(page.pk)
    first = client.get(url)
    etag = first["ETag"]
    assert etag.startswith('"')
    assert first["Cache-Control"] == "no-cache"
    again = client.get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (etag, "no-cache")
    assert client.get(url, headers={"If-None-Match": f"W/{etag}"}).status_code == 304
    page.title = "Another title"
    page.save_revision().publish()
    changed = client.get(url, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_head_is_a_get_without_a_body(client: Any) -> None:
    get, head = client.get(PAGES), client.head(PAGES)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == get["ETag"]
    assert client.head(PAGES, headers={"If-None-Match": get["ETag"]}).status_code == 304
    assert client.head(PAGES + "999999/").status_code == 404


def test_options_says_what_may_be_asked(client: Any) -> None:
    for path in ("", "1/", "999999/", "find/"):
        response = client.options(PAGES + path)
        assert response.status_code == 200
        assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_refusals_are_not_kept(client: Any) -> None:
    for path in ("?limit=x", "999999/"):
        response = client.get(PAGES + path)
        assert response["Cache-Control"] == "no-cache"
        assert "ETag" not in response
