"""The gate gives one answer for everything that is not public, and exact bytes for what is."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.upload import UploadRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def public() -> Any:
    version = factories.cleared_version("Overview report")
    factories.review(factories.review_index(), versions=(version,))
    return version


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_exact_bytes_with_our_headers(client: Any, public: Any) -> None:
    response = client.get(public.get_url())
    with public.open() as file:
        assert body(response) == file.read()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(public.size)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-cache"
    assert "report.pdf" in response["Content-Disposition"]
    assert public.storage_key.rpartition("/")[2] not in str(response.headers)
    assert response["ETag"] == f'"{public.sha256}"'


def test_two_queries_at_most(client: Any, public: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        client.get(public.get_url())


def test_head_has_the_headers_and_no_body(client: Any, public: Any) -> None:
    response = client.head(public.get_url())
    assert response.status_code == 200
    assert response["Content-Length"] == str(public.size)


PROBES: list[dict[str, str]] = [
    {},
    {"Range": "bytes=0-10"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Wed, 21 Oct 2099 07:28:00 GMT"},
    {"Accept": "application/pdf"},
    {"X-HTTP-Method-Override": "PUT"},
]


@pytest.mark.parametrize("headers", PROBES, ids=lambda h: next(iter(h), "plain"))
@pytest.mark.parametrize("method", ["get", "head"])
def test_private_and_unknown_are_one_answer(client: Any, method: str, headers: Any) -> None:
    version = factories.cleared_version("Never public")
    headers = {**headers, "X-Sha": version.sha256}
    ask = getattr(client, method)
    private = ask(version.get_url(), headers=headers)
    unknown_url = reverse("wagtail_safeguarding:document", args=[uuid.uuid4(), "report.pdf"])
    unknown = ask(unknown_url, headers=headers)
    assert private.status_code == unknown.status_code == 404
    assert private.content == unknown.content
    assert dict(private.headers) == dict(unknown.headers)
    if method == "get":
        assert private["Content-Type"] == "application/problem+json"


def test_private_and_unknown_cost_the_same_queries(client: Any) -> None:
    version = factories.cleared_version("Never public")
    unknown = reverse("wagtail_safeguarding:document", args=[uuid.uuid4(), "report.pdf"])
    costs = []
    for url in (version.get_url(), unknown):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_etag_probe_of_a_private_file_says_nothing(client: Any) -> None:
    version = factories.cleared_version("Never public")
    response = client.get(version.get_url(), headers={"If-None-Match": f'"{version.sha256}"'})
    assert response.status_code == 404
    assert "ETag" not in response


def test_condition_and_range_of_a_public_file(client: Any, public: Any) -> None:
    url, size = public.get_url(), public.size
    whole = body(client.get(url))
    etag = f'"{public.sha256}"'
    for condition in (etag, f'W/{etag}, "other"', "*"):
        response = client.get(url, headers={"If-None-Match": condition})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200

    for wanted, part, said in (
        ("bytes=0-4", whole[:5], f"bytes 0-4/{size}"),
        ("bytes=5-", whole[5:], f"bytes 5-{size - 1}/{size}"),
        ("bytes=-3", whole[-3:], f"bytes {size - 3}-{size - 1}/{size}"),
        ("bytes=2-99999", whole[2:], f"bytes 2-{size - 1}/{size}"),
    ):
        response = client.get(url, headers={"Range": wanted})
        assert response.status_code == 206
        assert body(response) == part
        assert response["Content-Range"] == said
        assert response["Content-Length"] == str(len(part))
    for wanted in (f"bytes={size}-", "bytes=-0"):
        response = client.get(url, headers={"Range": wanted})
        assert response.status_code == 416
        assert response["Content-Range"] == f"bytes */{size}"
    for ignored in ("bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b", "bytes=٣-"):
        response = client.get(url, headers={"Range": ignored})
        assert response.status_code == 200
        assert body(response) == whole
    stale = client.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert body(stale) == whole


def test_storage_key_is_no_address(client: Any, public: Any) -> None:
    for prefix in ("/", "/media/", "/safeguarding/", "/safeguarding/documents/"):
        assert client.get(prefix + public.storage_key, follow=True).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_no_method_here(client: Any, public: Any, method: str) -> None:
    assert getattr(client, method)(public.get_url()).status_code == 405


def test_older_file_name_leads_to_the_current_one(client: Any, public: Any) -> None:
    old = public.get_url().replace("report.pdf", "Old name (final).pdf")
    response = client.get(old)
    assert response.status_code == 301
    assert response["Location"] == public.get_url()


def test_new_version_changes_nothing_until_a_page_names_it(client: Any, public: Any) -> None:
    newer = factories.cleared_version(name="report-v2.pdf", text="2", document=public.document)
    assert client.get(newer.get_url()).status_code == 301
    assert body(client.get(public.get_url())) == factories.pdf_bytes("Overview report")

    index = factories.home_page().get_children().get(slug="reviews")
    factories.review(index, versions=(newer,), title="SCR Child W")
    assert body(client.get(newer.get_url())) == factories.pdf_bytes("2")
    response = client.get(public.get_url())
    assert (response.status_code, response["Location"]) == (301, newer.get_url())


def test_withdrawal_before_publication_is_not_told(client: Any) -> None:
    """410 is only for what was public: anything else would say that a document exists."""
    version = factories.cleared_version("Never public")
    version.move(VersionState.WITHDRAWN, reason="It names the school.")
    assert client.get(version.get_url()).status_code == 404


@pytest.mark.parametrize("name", ["a;b, c.pdf", "naïve ünï.pdf", "x" * 190 + ".pdf", "日本.pdf"])
def test_unusual_names_never_break_the_header(client: Any, name: str) -> None:
    version = factories.cleared_version(name=name)
    factories.review(factories.review_index(), versions=(version,))
    response = client.get(version.get_url())
    assert response.status_code == 200
    assert response["Content-Disposition"].isascii()


@pytest.mark.parametrize(
    "name", ['a"b.pdf', "a\r\nX-Evil: 1.pdf", "report\u202efdp.exe", "../x.pdf"]
)
def test_hostile_names_are_refused_at_upload(name: str) -> None:
    with pytest.raises(UploadRefused, match="file name"):
        factories.cleared_version(name=name)
    assert not DocumentVersion.objects.exists()


def test_missing_object_is_no_server_error(client: Any, public: Any) -> None:
    get_document_storage().delete(public.storage_key)
    response = client.get(public.get_url())
    assert response.status_code == 503
    assert public.storage_key.encode() not in response.content
