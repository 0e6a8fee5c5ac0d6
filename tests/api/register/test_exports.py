"""Exports: everything that the filters choose, harmless in a spreadsheet, in little memory."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any
from unittest import mock

import pytest
from django.core.signals import request_finished
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from pydantic import TypeAdapter

from tests import factories as f
from wagtail_safeguarding.api.register import exports
from wagtail_safeguarding.api.register.answers import AnyRecord
from wagtail_safeguarding.api.register.exports import COLUMNS

from .register_site import API, PUBLISHER, asked, data, get, hidden_review, hide_silently

pytestmark = pytest.mark.django_db


def table(query: str = "") -> list[dict[str, str]]:
    response = get(f"export.csv{query}")
    assert response.status_code == 200, response.body
    return list(csv.DictReader(io.StringIO(response.body.decode(), newline="")))


def lines(query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in get(f"export.jsonl{query}").body.splitlines()]


def test_csv_is_as_rfc_4180_has_it(site):
    response = get("export.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response["Content-Disposition"] == 'attachment; filename="safeguarding-register.csv"'
    text = response.body.decode()
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    assert text.split("\r\n", 1)[0] == ",".join(COLUMNS)
    assert {len(row) for row in csv.reader(io.StringIO(text, newline=""))} == {len(COLUMNS)}


def test_a_row_says_what_the_list_says(site):
    rows = {row["kind"]: row for row in table()}
    assert rows.keys() == site.pages.keys()
    review = rows["review"]
    assert review["uuid"] == site.uuid("review")
    assert review["url"] == "http://localhost/reviews/review/"
    assert (review["date"], review["date_precision"]) == ("2019-07", "month")
    assert (review["harms"], review["harm_labels"]) == ("neglect", "Neglect")
    assert review["subjects"] == "Child M"
    assert review["summary"] == "What was found & why."
    assert review["publisher"] == PUBLISHER
    assert review["document_titles"] == "Overview report; Protocol"
    assert review["document_urls"].split("; ")[0] == f"http://testserver{site.report.get_url()}"
    assert review["sha256"] == site.record("review").etag
    assert rows["index"]["date"] == rows["index"]["date_precision"] == ""


DANGEROUS = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "  =1+1",
    "＝1+1",
    '"=1+1',
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(site, text):
    f.review(
        site.home,
        title=text,
        slug="dangerous",
        reference=text,
        subjects=[("subject", "Child A"), ("subject", text)],
        documents=[f.document_value(site.report, title=text)],
    )
    (row,) = [row for row in table() if "dangerous" in row["url"]]
    for name in ("title", "reference", "document_titles"):
        assert row[name].lstrip()[:1] not in tuple("=+-@＝"), name
        assert row[name].removeprefix("'").strip() == text.strip()
    assert all(part.lstrip()[:1] not in tuple("=+-@＝") for part in row["subjects"].split("; "))


def test_quotes_commas_and_lines_are_kept(site):
    title = 'A "quoted", divided; title – naïve'
    f.review(site.home, title=title, slug="quoted")
    assert title in {row["title"] for row in table()}


def test_json_lines_are_the_whole_public_form(site):
    response = get("export.jsonl")
    assert response["Content-Type"] == "application/x-ndjson"
    found = {line["kind"]: line for line in lines()}
    assert found.keys() == site.pages.keys()
    reader = TypeAdapter(AnyRecord)
    for line in found.values():
        whole = data(f"records/{line['uuid']}")
        assert line.items() <= whole.items()
        assert whole.keys() - line.keys() == {
            "labels",
            "emergency_lines",
            "alternative_format_contact",
        }
        reader.validate_python(whole)


@pytest.mark.parametrize(
    "query",
    [
        "?kind=review",
        "?kind=review,article",
        "?date_from=2020",
        "?harm=neglect",
        "?sort=title",
        "?sort=-changed",
        "?publisher=nobody",
        "?year=2019&kind=article",
        "?q=found",
        "?q=found&sort=relevance",
    ],
)
def test_filters_and_order_are_those_of_records(site, query):
    listed = [item["uuid"] for item in data(f"records{query}")["items"]]
    assert [line["uuid"] for line in lines(query)] == listed
    assert [row["uuid"] for row in table(query)] == listed


@pytest.mark.parametrize("path", ["export.csv", "export.jsonl"])
def test_wrong_parameters_are_refused_before_anything_is_sent(site, path):
    for query in ("limit=5", "cursor=x", "fields=title", "sort=relevance", "harm=nothing"):
        response = asked("get", f"{path}?{query}")
        assert response.status_code == 422
        assert json.loads(response.body)["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize("query", ["", "?sort=title", "?q=words"])
def test_batches_make_up_the_whole(site, query, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(4):
            f.review(
                site.home, title=f"Same title {number // 2}", slug=f"b-{number}", summary="words"
            )
    whole = lines(query)
    with mock.patch.object(exports, "BATCH", 2):
        assert lines(query) == whole
        assert len(table(query)) == len(whole) == data(f"records{query}")["count"]


def test_batches_are_read_as_they_are_sent(site):
    """Of a long export, no more than a batch is in memory."""
    with mock.patch.object(exports, "BATCH", 1):
        response: Any = Client().get(f"{API}export.jsonl")
        parts = iter(response.streaming_content)
        for _part in range(3):
            with CaptureQueriesContext(connection) as queries:
                assert next(parts).count(b"\n") == 1
            assert sum("payload" in query["sql"] for query in queries) == 1


def test_a_record_that_closes_during_the_export_is_not_sent(site):
    with mock.patch.object(exports, "BATCH", 1):
        response: Any = Client().get(f"{API}export.jsonl?sort=-published")
        parts = iter(response.streaming_content)
        sent = json.loads(next(parts))
        for page in site.pages.values():
            page.unpublish()
        assert list(parts) == []
    assert sent["kind"] == "article"


def test_a_compressed_export_is_sent_in_parts(site):
    with mock.patch.object(exports, "BATCH", 1):
        response: Any = Client().get(f"{API}export.jsonl", headers={"Accept-Encoding": "gzip"})
        assert response.streaming
        parts = list(response.streaming_content)
    assert gzip.decompress(b"".join(parts)) == get("export.jsonl").body


def test_head_reads_no_record(site):
    with CaptureQueriesContext(connection) as queries:
        asked("head", "export.csv")
    assert not any("payload" in query["sql"] or "item" in query["sql"] for query in queries)


@pytest.mark.parametrize("path", ["export.csv", "export.jsonl"])
def test_what_is_not_sent_does_not_end_the_request_early(site, path):
    """`close()` of an unsent answer would: Django then drops the connection to the database."""
    etag = get(path)["ETag"]
    ended = mock.Mock()
    request_finished.connect(ended, weak=False)
    try:
        for request in (
            RequestFactory().head(API + path),
            RequestFactory().get(API + path, headers={"If-None-Match": "*"}),
            RequestFactory().get(API + path, headers={"If-None-Match": etag}),
        ):
            match = resolve(API + path)
            match.func(request, *match.args, **match.kwargs)
    finally:
        request_finished.disconnect(ended)
    ended.assert_not_called()


def test_what_nobody_can_read_is_in_no_export(site):
    silent = hidden_review(site, "silent")
    assert "Embargoed" in get("export.csv").body.decode()
    hide_silently(site, silent)
    for path in ("export.csv", "export.jsonl"):
        said = get(path).body.decode()
        assert [word for word in site.secrets if word in said] == []
