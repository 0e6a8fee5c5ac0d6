"""What the holder of a token reads, at what cost, and what of it is on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from tests import factories
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.preview import tokens
from wagtail_safeguarding.preview.models import PreviewToken
from wagtail_safeguarding.publication.reading import projections_of

from .conftest import Shared

pytestmark = pytest.mark.django_db


def test_the_json_is_the_public_form_that_the_draft_would_have(shared: Shared) -> None:
    draft = Client().get(shared.url).json()
    assert draft["revision"] == shared.revision.pk
    assert draft["page"]["title"] == "Child M"
    assert draft["page"]["kind"] == "review"
    shared.revision.publish()
    published = projections_of([type(shared.page).objects.get(pk=shared.page.pk)])[shared.page.pk]
    form = published.form.model_dump(mode="json")
    (row,) = draft["page"]["documents"]
    assert row["url"] == f"http://testserver{shared.file_url()}"
    form["documents"][0]["url"] = row["url"]
    assert draft["page"] == form


def test_the_files_have_addresses_that_answer_with_their_bytes(shared: Shared) -> None:
    (file,) = Client().get(shared.url).json()["files"]
    assert file == {
        "uuid": str(shared.version.document.uuid),
        "version": 1,
        "file_name": "report.pdf",
        "media_type": "application/pdf",
        "size": shared.version.size,
        "sha256": shared.version.sha256,
        "url": f"http://testserver{shared.file_url()}",
    }
    response = Client().get(file["url"])
    assert b"".join(response.streaming_content) == factories.pdf_bytes("Report on Child M")
    assert response["Content-Type"] == "application/pdf"


def test_a_document_in_the_text_is_among_the_files(
    share: Callable[..., Shared], files: Any
) -> None:
    version = factories.cleared_version("In the text", name="text.pdf", collection=files)
    shared = share(body=[factories.document_value(version)])
    names = [file["file_name"] for file in Client().get(shared.url).json()["files"]]
    assert sorted(names) == ["report.pdf", "text.pdf"]
    assert Client().get(shared.file_url(version)).status_code == 200


def test_unsaved_and_live_words_are_not_those_of_the_draft(shared: Shared) -> None:
    type(shared.page).objects.filter(pk=shared.page.pk).update(title="Written past the draft")
    assert Client().get(shared.url).json()["page"]["title"] == "Child M"


def test_reading_a_draft_makes_nothing_public(shared: Shared) -> None:
    assert shared.is_open
    shared.page.refresh_from_db()
    assert not shared.page.live
    assert Client().get(shared.version.get_url()).status_code == 404


def test_a_bucket_hands_out_a_signed_url_that_is_kept_nowhere(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wagtail_safeguarding.documents.storage import S3DocumentStorage

    storage = S3DocumentStorage(
        bucket_name="documents", region_name="eu-west-2", access_key="key", secret_key="secret"
    )
    monkeypatch.setattr("wagtail_safeguarding.gate.delivery.get_document_storage", lambda: storage)
    response = Client().get(shared.file_url())
    assert response.status_code == 302
    assert response["Location"].startswith("https://")
    assert "response-cache-control=private%2C%20no-store" in response["Location"]
    assert shared.token not in response["Location"]
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"


def test_a_missing_file_is_a_503_and_no_server_error(shared: Shared) -> None:
    get_document_storage().delete(shared.version.storage_key)
    response = Client().get(shared.file_url())
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"


def test_queries_do_not_grow_with_the_documents(share: Callable[..., Shared], files: Any) -> None:
    def queries(shared: Shared, url: str) -> int:
        client = Client()
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    many = tuple(
        factories.cleared_version(f"Report {n}", name=f"{n}.pdf", collection=files)
        for n in range(12)
    )
    one, twelve = share("Child M"), share("Child N", versions=many)
    twelve.version = many[5]
    assert queries(one, one.url) == queries(twelve, twelve.url) <= 21
    assert queries(one, one.file_url()) == queries(twelve, twelve.file_url()) <= 20


# Scripts of the front end


def test_scripts_of_the_front_end_may_read(shared: Shared, settings: Any) -> None:
    assert not Client().get(shared.url).has_header("Access-Control-Allow-Origin")
    settings.SAFEGUARDING = {"PREVIEW_URL": "https://WWW.example.org:8443/preview#{token}"}
    for response in (
        Client().get(shared.url, headers={"Origin": "https://evil.example"}),
        Client().get(shared.file_url()),
        Client().options(shared.url, headers={"Origin": "https://evil.example"}),
    ):
        assert response["Access-Control-Allow-Origin"] == "https://www.example.org:8443"
        assert not response.has_header("Access-Control-Allow-Credentials")
    assert "Range" in Client().options(shared.url)["Access-Control-Allow-Headers"]


# On record


def log_of(shared: Shared) -> list[tuple[str, Any]]:
    entries = PageLogEntry.objects.filter(
        page=shared.page.pk, action__startswith="wagtail_safeguarding.preview"
    ).order_by("timestamp", "pk")
    return [(entry.action, entry) for entry in entries]


def test_issue_first_use_each_file_and_revocation_are_on_record_once(shared: Shared) -> None:
    client = Client()
    for _again in range(3):
        client.get(shared.url)
        client.get(shared.file_url())
        client.head(shared.file_url())
        client.get(shared.file_url(), headers={"Range": "bytes=0-3"})
    tokens.revoke(shared.row, shared.page, user=shared.user)
    client.get(shared.url)
    entries = log_of(shared)
    assert [action for action, _entry in entries] == [
        tokens.SHARED,
        tokens.OPENED,
        tokens.FILE_READ,
        tokens.REVOKED,
    ]
    issued, opened, read, revoked = (entry for _action, entry in entries)
    assert (issued.user, revoked.user) == (shared.user, shared.user)
    assert (opened.user, read.user) == (None, None)
    assert issued.revision == opened.revision == shared.revision
    assert read.data["version"] == 1
    assert {entry.data["token"] for _action, entry in entries} == {shared.row.pk}


def test_of_two_readers_at_once_one_is_the_first(shared: Shared) -> None:
    one, two = shared.row, shared.row
    for token in (one, two):
        tokens.record_use(token, shared.page, shared.revision, shared.version)
    assert [action for action, _entry in log_of(shared)] == [
        tokens.SHARED,
        tokens.OPENED,
        tokens.FILE_READ,
    ]


def test_what_was_refused_is_no_use(shared: Shared) -> None:
    other = factories.cleared_version("Another", name="other.pdf")
    Client().get(shared.file_url(other))
    assert shared.row.last_used_at is None
    assert [action for action, _entry in log_of(shared)] == [tokens.SHARED]


def test_the_last_use_is_noted_once_a_minute(shared: Shared) -> None:
    Client().get(shared.url)
    first = shared.row.last_used_at
    assert first is not None
    Client().get(shared.url)
    assert shared.row.last_used_at == first
    PreviewToken.objects.update(last_used_at=first - dt.timedelta(minutes=5))
    Client().get(shared.url)
    assert shared.row.last_used_at >= first


def test_nothing_is_read_that_cannot_be_put_on_record(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_order(**kwargs: Any) -> None:
        raise OSError("the log is out of order")

    monkeypatch.setattr(tokens, "log", out_of_order)
    for url in (shared.url, shared.file_url()):
        response = Client().get(url)
        assert response.status_code == 503
        assert not response.streaming
        assert b"Child M" not in response.content
    assert shared.row.last_used_at is None


def test_the_history_says_it_in_words(shared: Shared) -> None:
    Client().get(shared.url)
    Client().get(shared.file_url())
    tokens.revoke(shared.row, shared.page, user=shared.user)
    client = Client()
    client.force_login(shared.user)
    shown = client.get(
        reverse("wagtailadmin_pages:history", args=[shared.page.pk])
    ).content.decode()
    for words in (
        "The draft was shared until",
        "The shared draft was read for the first time",
        f"A file of the shared draft was read: version 1 of {shared.version.document.uuid}",
        "The sharing of the draft was ended",
    ):
        assert words in shown


def test_rows_of_ended_tokens_are_cleared_away_when_another_is_issued(
    share: Callable[..., Shared],
) -> None:
    old, recent = share("Child M").row, share("Child N").row
    PreviewToken.objects.filter(pk=old.pk).update(expires_at=timezone.now() - dt.timedelta(days=2))
    PreviewToken.objects.filter(pk=recent.pk).update(
        expires_at=timezone.now() - dt.timedelta(hours=2)
    )
    share("Child O")
    assert not PreviewToken.objects.filter(pk=old.pk).exists()
    assert PreviewToken.objects.filter(pk=recent.pk).exists()
