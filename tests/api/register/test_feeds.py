"""Feeds: valid, stable, of what changed last and can still be read."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
from unittest import mock

import pytest

from tests import factories as f
from wagtail_safeguarding.api.register import feeds
from wagtail_safeguarding.api.register.answers import Feed

from .register_site import API, PUBLISHER, data, get, hidden_review, hide_silently

pytestmark = pytest.mark.django_db

NS = {"a": "http://www.w3.org/2005/Atom"}


def atom(query: str = "") -> ET.Element:
    response = get(f"feed.atom{query}")
    assert response.status_code == 200, response.body
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.body)


def texts(element: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NS)]


def link(entry: ET.Element, rel: str) -> list[dict[str, str]]:
    return [one.attrib for one in entry.findall("a:link", NS) if one.attrib["rel"] == rel]


def test_atom_has_what_rfc_4287_asks_for(site):
    feed = atom()
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for name in ("id", "title", "updated"):
        assert len(texts(feed, f"a:{name}")) == 1
    assert texts(feed, "a:id") == [f"http://testserver{API}feed.atom"]
    assert link(feed, "self") == [{"rel": "self", "href": f"http://testserver{API}feed.atom"}]
    assert texts(feed, "a:author/a:name") == [PUBLISHER]
    entries = feed.findall("a:entry", NS)
    assert len(entries) == 5
    for entry in entries:
        for name in ("id", "title", "updated", "published"):
            assert len(texts(entry, f"a:{name}")) == 1
        assert len(link(entry, "alternate")) == 1
    updated = [dt.datetime.fromisoformat(text) for text in texts(feed, "a:entry/a:updated")]
    assert updated == sorted(updated, reverse=True)
    assert texts(feed, "a:updated") == [texts(entries[0], "a:updated")[0]]


def test_an_entry_names_its_page_its_record_and_its_files(site):
    (entry,) = atom("?kind=review").findall("a:entry", NS)
    assert texts(entry, "a:id") == [f"urn:uuid:{site.uuid('review')}"]
    assert texts(entry, "a:title") == ["Learning Review Child M, July 2019"]
    summary = entry.find("a:summary", NS)
    assert (summary.attrib["type"], summary.text) == ("html", "What was found &amp; why.")
    assert link(entry, "alternate")[0]["href"] == "http://localhost/reviews/review/"
    record = link(entry, "related")[0]["href"]
    assert record == f"http://testserver{API}records/{site.uuid('review')}"
    report = link(entry, "enclosure")[0]
    assert report["href"] == f"http://testserver{site.report.get_url()}"
    assert (report["length"], report["type"]) == (str(site.report.size), "application/pdf")


def test_ids_outlive_edits_and_moves(site):
    before = texts(atom(), "a:entry/a:id")
    article = site.pages["article"]
    article.title, article.slug = "Another title", "elsewhere"
    article.save_revision().publish()
    feed = atom()
    assert set(texts(feed, "a:entry/a:id")) == set(before)
    assert texts(feed, "a:entry/a:title")[0] == "Another title"


def test_json_feed_has_what_version_1_1_asks_for(site):
    response = get("feed.json")
    assert response["Content-Type"] == "application/feed+json"
    Feed.model_validate_json(response.body)
    feed = json.loads(response.body)
    assert feed["feed_url"] == f"http://testserver{API}feed.json"
    assert len(feed["items"]) == 5
    ids = [item["id"] for item in feed["items"]]
    assert ids == texts(atom(), "a:entry/a:id")
    (review,) = data("feed.json?kind=review")["items"]
    assert review["content_text"] == "What was found & why."
    assert review["authors"] == [{"name": PUBLISHER}]
    assert review["attachments"][0] == {
        "url": f"http://testserver{site.report.get_url()}",
        "mime_type": "application/pdf",
        "title": "Overview report",
        "size_in_bytes": site.report.size,
    }


@pytest.mark.parametrize("query", ["?kind=article", "?harm=neglect", "?q=found", "?date_to=1990"])
def test_filters_are_those_of_records(site, query):
    listed = {f"urn:uuid:{item['uuid']}" for item in data(f"records{query}")["items"]}
    assert set(texts(atom(query), "a:entry/a:id")) == listed
    assert {item["id"] for item in data(f"feed.json{query}")["items"]} == listed


def test_an_empty_feed_is_a_feed_and_the_same_one_twice(db):
    feed = atom()
    assert (texts(feed, "a:updated"), feed.findall("a:entry", NS)) == (
        ["1970-01-01T00:00:00+00:00"],
        [],
    )
    assert data("feed.json")["items"] == []


def test_a_feed_is_bounded(site):
    with mock.patch.object(feeds, "MOST", 2):
        assert len(atom().findall("a:entry", NS)) == len(data("feed.json")["items"]) == 2


def test_a_record_that_was_taken_down_is_in_no_feed(site):
    uuid = site.uuid("article")
    site.pages["article"].unpublish()
    for path in ("feed.atom", "feed.json"):
        assert uuid not in get(path).body.decode()


def test_what_nobody_can_read_is_in_no_feed(site):
    hide_silently(site, hidden_review(site, "silent"))
    for path in ("feed.atom", "feed.json"):
        said = get(path).body.decode()
        assert [word for word in site.secrets if word in said] == []


def test_characters_that_xml_cannot_hold_break_no_feed(site):
    f.review(
        site.home, title="A\x0bB\x1b <b>&amp; \ufffe", slug="odd", summary="<p>C\x0cD &lt;i&gt;</p>"
    )
    feed = atom()
    assert "A\ufffdB\ufffd <b>&amp; \ufffd" in texts(feed, "a:entry/a:title")
    assert any("&lt;i&gt;" in text for text in texts(feed, "a:entry/a:summary"))


@pytest.mark.parametrize("path", ["feed.atom", "feed.json"])
def test_feeds_have_no_order_and_no_pages(site, path):
    for name in ("sort", "limit", "cursor"):
        response = get(f"{path}?{name}=1")
        assert json.loads(response.body)["errors"] == [
            {"parameter": name, "detail": "There is no such parameter."}
        ]
