"""How bytes leave: streamed, by the web server, with a way up to the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from django_sendfile.utils import _get_sendfile

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.storage import get_document_storage

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Any:
    version = factories.cleared_version("Overview report")
    return factories.review(factories.review_index(), versions=(version,))


@pytest.fixture
def public(review: Any) -> DocumentVersion:
    return review.documents[0].value["version"]


def test_every_answer_of_a_public_file_names_its_page(
    client: Any, review: Any, public: DocumentVersion
) -> None:
    url, etag = public.get_url(), f'"{public.sha256}"'
    answers = {
        200: client.get(url),
        206: client.get(url, headers={"Range": "bytes=0-1"}),
        304: client.get(url, headers={"If-None-Match": etag}),
        301: client.get(url.replace("report.pdf", "older.pdf")),
        416: client.get(url, headers={"Range": "bytes=999999-"}),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert response["Link"] == f'<{review.full_url}>; rel="up"'


def test_no_other_answer_has_a_link(client: Any, review: Any, public: DocumentVersion) -> None:
    review.unpublish()
    response = client.get(public.get_url())
    assert response.status_code == 404
    assert "Link" not in response


def test_of_two_pages_the_one_that_was_public_first_is_named(
    client: Any, review: Any, public: DocumentVersion
) -> None:
    second = factories.review(review.get_parent(), versions=(public,), slug="second")
    assert review.full_url in client.get(public.get_url())["Link"]
    review.unpublish()
    assert second.full_url in client.get(public.get_url())["Link"]


def test_at_most_two_queries_even_when_the_sites_are_not_cached(
    client: Any, public: DocumentVersion, django_assert_max_num_queries: Any
) -> None:
    for url in (public.get_url(), public.get_url().replace("report.pdf", "older.pdf")):
        cache.clear()
        with django_assert_max_num_queries(2):
            client.get(url)


def test_a_file_that_lost_bytes_is_not_served(client: Any, public: DocumentVersion) -> None:
    path = Path(get_document_storage().path(public.storage_key))
    path.write_bytes(path.read_bytes()[:-1])
    for headers in ({}, {"Range": "bytes=0-1"}):
        response = client.get(public.get_url(), headers=headers)
        assert response.status_code == 503
        assert "ETag" not in response
        assert response["Cache-Control"] == "private, no-store"


# The web server sends the file


@pytest.fixture
def web_server() -> Any:
    """Settings of a site whose web server sends files, made anew for each backend."""

    def use(backend: str, **values: Any) -> Any:
        _get_sendfile.cache_clear()
        return override_settings(
            **{
                "SENDFILE_BACKEND": f"django_sendfile.backends.{backend}",
                "SENDFILE_ROOT": get_document_storage().location,
                "SENDFILE_URL": "/protected",
                **values,
            }
        )

    yield use
    _get_sendfile.cache_clear()


def test_nginx_is_told_where_the_file_is(
    client: Any, public: DocumentVersion, web_server: Any
) -> None:
    with web_server("nginx"):
        response = client.get(public.get_url())
        unchanged = client.get(public.get_url(), headers={"If-None-Match": f'"{public.sha256}"'})
    assert response["X-Accel-Redirect"] == f"/protected/{public.storage_key}"
    assert response.content == b""
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith('inline; filename="report.pdf"')
    assert public.storage_key.rpartition("/")[2] not in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert unchanged.status_code == 304
    assert "X-Accel-Redirect" not in unchanged


def test_apache_is_told_where_the_file_is(
    client: Any, public: DocumentVersion, web_server: Any
) -> None:
    with web_server("xsendfile"):
        response = client.get(public.get_url())
    assert response["X-Sendfile"] == get_document_storage().path(public.storage_key)


def test_the_web_server_is_told_nothing_of_a_private_file(
    client: Any, review: Any, public: DocumentVersion, web_server: Any
) -> None:
    review.unpublish()
    with web_server("nginx"):
        response = client.get(public.get_url())
    assert response.status_code == 404
    assert "X-Accel-Redirect" not in response


def test_a_missing_file_is_503_with_a_web_server_too(
    client: Any, public: DocumentVersion, web_server: Any
) -> None:
    Path(get_document_storage().path(public.storage_key)).unlink()
    with web_server("nginx"):
        response = client.get(public.get_url())
    assert response.status_code == 503
    assert "X-Accel-Redirect" not in response


@pytest.mark.parametrize("backend", ["simple", "development"])
def test_without_a_web_server_ranges_are_ours(
    client: Any, public: DocumentVersion, web_server: Any, backend: str
) -> None:
    with web_server(backend):
        response = client.get(public.get_url(), headers={"Range": "bytes=0-3"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"%PDF")


def test_a_folder_that_the_web_server_does_not_know_is_streamed(
    client: Any, public: DocumentVersion, web_server: Any, tmp_path: Path
) -> None:
    with web_server("nginx", SENDFILE_ROOT=str(tmp_path)):
        response = client.get(public.get_url())
    assert response.status_code == 200
    assert "X-Accel-Redirect" not in response
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def test_the_web_server_sends_no_file_that_lost_bytes(
    client: Any, public: DocumentVersion, web_server: Any
) -> None:
    path = Path(get_document_storage().path(public.storage_key))
    path.write_bytes(path.read_bytes()[:-1])
    with web_server("nginx"):
        response = client.get(public.get_url())
    assert response.status_code == 503
    assert "X-Accel-Redirect" not in response


def test_the_root_of_the_web_server_may_be_a_link(
    client: Any, public: DocumentVersion, web_server: Any, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(get_document_storage().location)
    with web_server("nginx", SENDFILE_ROOT=str(link)):
        response = client.get(public.get_url())
    assert response["X-Accel-Redirect"] == f"/protected/{public.storage_key}"
