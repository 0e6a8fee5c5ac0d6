"""Nobody reads a draft without its token, and nobody learns why a token does not work."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import Permission
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone
from wagtail.models import CollectionViewRestriction, GroupPagePermission, ModelLogEntry, Revision
from wagtail.models import PageLogEntry as LogEntry

from tests import factories
from tests.admin.people import collection
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.preview import tokens
from wagtail_safeguarding.preview.models import PreviewToken
from wagtail_safeguarding.register.models import Entry, Event, Record

from .conftest import Shared

pytestmark = pytest.mark.django_db

UNKNOWN = f"/safeguarding/preview/{'A' * 43}.{'B' * 43}"


def answer(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    response = Client().get(url, headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body, dict(response.headers)


def assert_closed(shared: Shared) -> None:
    """Both addresses answer exactly as a token that never was."""
    never = answer(UNKNOWN)
    assert never[0] == 404
    assert answer(shared.url) == never
    assert answer(shared.file_url()) == never


def test_the_token_opens_the_draft_and_its_file(shared: Shared) -> None:
    assert shared.is_open
    assert Client().get(shared.version.get_url()).status_code == 404


def test_every_character_of_the_token_counts(shared: Shared) -> None:
    never = answer(UNKNOWN)
    prefix = shared.url.removesuffix(shared.token)
    for place, character in enumerate(shared.token):
        other = "A" if character != "A" else "B"
        changed = shared.token[:place] + other + shared.token[place + 1 :]
        assert answer(prefix + changed) == never
        assert answer(shared.file_url(token=changed)) == never
    for changed in (
        shared.token[:-1],
        shared.token + "A",
        shared.token.swapcase(),
        shared.token.split(".")[0],
        shared.token.replace(".", "~"),
        shared.token + "=",
    ):
        assert answer(prefix + changed) == never


@pytest.mark.parametrize(
    "nonsense",
    [
        "'%20OR%201=1--",
        "%00",
        "%2e%2e%2f",
        "%F0%9F%94%91",
        "%0A",
        "1",
        "null",
        "-",
        ".",
        "a" * 5000,
        ("A" * 43 + ".") * 60,
        "A" * 43 + "." + "é" * 43,
    ],
)
def test_nonsense_is_the_same_404_and_asks_the_database_nothing(
    nonsense: str, django_assert_num_queries: Any
) -> None:
    assert answer(f"/safeguarding/preview/{nonsense}") == answer(UNKNOWN)
    with django_assert_num_queries(0):
        assert tokens.find(unquote(nonsense)) is None


def test_a_secret_without_our_signature_is_not_looked_up(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row's own secret, signed with another salt or another key."""
    secret = shared.token.split(".")[0]
    asked = []
    monkeypatch.setattr(
        PreviewToken.objects, "active", lambda: asked.append(1) or PreviewToken.objects.none()
    )
    for signer in (
        Signer(salt="another", sep="."),
        Signer(key="another", salt="wagtail_safeguarding.preview", sep="."),
    ):
        assert tokens.find(signer.sign(secret)) is None
    assert not asked


def test_a_signed_secret_that_was_never_issued_is_closed(shared: Shared) -> None:
    signer = Signer(salt="wagtail_safeguarding.preview", sep=".")
    forged = signer.sign(secrets.token_urlsafe(tokens.SECRET_BYTES))
    assert answer(shared.file_url(token=forged)) == answer(UNKNOWN)


def test_the_database_alone_opens_nothing(shared: Shared) -> None:
    """Whoever reads the table has neither the secret nor the signature."""
    stored = " ".join(str(value) for value in PreviewToken.objects.values_list().get())
    secret, signature = shared.token.split(".")
    assert secret not in stored
    assert signature not in stored
    assert answer(shared.file_url(token=shared.row.digest)) == answer(UNKNOWN)


# A token of one draft opens no other


def test_another_pages_token_opens_neither_page_nor_file(share: Callable[..., Shared]) -> None:
    one, two = share("Child M"), share("Child N")
    assert b"Child N" not in answer(one.url)[1]
    assert answer(one.file_url(two.version)) == answer(UNKNOWN)
    assert answer(two.file_url(one.version)) == answer(UNKNOWN)
    assert one.is_open
    assert two.is_open


def test_another_revisions_file_is_closed(shared: Shared, files: Any) -> None:
    """Scoped to the revision: a file that a later draft adds, and one that it dropped."""
    later = factories.cleared_version("A later report", name="later.pdf", collection=files)
    draft = shared.page.get_latest_revision_as_object()
    draft.documents = [factories.document_value(later)]
    draft.title = "A later title"
    newer = draft.save_revision(user=shared.user)
    assert answer(shared.file_url(later)) == answer(UNKNOWN)
    assert b"later" not in answer(shared.url)[1]
    assert shared.is_open
    token = tokens.issue(shared.page, newer, user=shared.user, seconds=60)
    assert answer(shared.file_url(token=token)) == answer(UNKNOWN)
    assert answer(shared.file_url(later, token=token))[0] == 200


def test_another_version_of_the_same_document_is_closed(shared: Shared) -> None:
    newer = factories.cleared_version(document=shared.version.document, name="v2.pdf", text="v2")
    assert answer(shared.file_url(newer)) == answer(UNKNOWN)
    assert newer.sha256.encode() not in answer(shared.url)[1]


def test_of_two_versions_with_one_name_that_of_the_draft_answers(shared: Shared) -> None:
    newer = factories.cleared_version(document=shared.version.document, text="v2")
    assert newer.public_name == shared.version.public_name
    assert answer(shared.file_url(newer))[1] == factories.pdf_bytes("Report on Child M")


def test_a_file_name_that_is_another_is_closed(shared: Shared) -> None:
    assert answer(shared.file_url().replace("report.pdf", "report.PDF")) == answer(UNKNOWN)


# The end of a token


def test_replay_after_revocation(shared: Shared) -> None:
    assert shared.is_open
    assert tokens.revoke(shared.row, shared.page, user=shared.user)
    assert_closed(shared)
    assert not tokens.revoke(shared.row, shared.page, user=shared.user)


def test_replay_after_expiry(shared: Shared) -> None:
    assert shared.is_open
    PreviewToken.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert_closed(shared)


def test_a_shorter_setting_ends_older_tokens_at_once(shared: Shared, settings: Any) -> None:
    PreviewToken.objects.update(created_at=timezone.now() - dt.timedelta(minutes=10))
    assert shared.is_open
    settings.SAFEGUARDING = {"PREVIEW_SECONDS": 300}
    assert_closed(shared)


def test_nothing_is_issued_for_longer_than_the_setting(share: Any, settings: Any) -> None:
    settings.SAFEGUARDING = {"PREVIEW_SECONDS": 300}
    row = share(seconds=10**6).row
    assert row.expires_at - row.created_at == dt.timedelta(seconds=300)


def test_deleted_page(shared: Shared) -> None:
    shared.page.delete()
    assert_closed(shared)


def test_deleted_revision(shared: Shared) -> None:
    shared.page.save_revision()
    Revision.objects.filter(pk=shared.revision.pk).delete()
    assert_closed(shared)


@pytest.mark.parametrize("trouble", ["deactivated", "deleted", "no page", "no admin"])
def test_the_rights_of_who_shared_it_are_asked_each_time(shared: Shared, trouble: str) -> None:
    assert shared.is_open
    group = shared.user.groups.get()
    if trouble == "deactivated":
        shared.user.is_active = False
        shared.user.save()
    elif trouble == "deleted":
        shared.user.delete()
    elif trouble == "no page":
        GroupPagePermission.objects.filter(group=group).delete()
    else:
        group.permissions.remove(Permission.objects.get(codename="access_admin"))
    assert_closed(shared)


def test_an_archived_page_ends_what_was_shared_before_it(shared: Shared) -> None:
    shared.revision.publish()
    record = Record.objects.get(page_id=shared.page.pk)
    assert shared.is_open
    Entry.objects.create(record=record, event=Event.ARCHIVED)
    assert_closed(shared)


def test_a_takedown_ends_what_was_shared_before_it_and_for_good(shared: Shared) -> None:
    shared.revision.publish()
    assert shared.is_open
    shared.page.refresh_from_db()
    shared.page.unpublish()
    assert_closed(shared)
    shared.page.get_latest_revision().publish()
    assert_closed(shared)
    again = tokens.issue(shared.page, shared.revision, user=shared.user, seconds=60)
    assert answer(shared.file_url(token=again))[0] == 200


def test_publishing_something_newer_leaves_the_shared_draft_as_it_was(shared: Shared) -> None:
    draft = shared.page.get_latest_revision_as_object()
    draft.title = "Published"
    draft.save_revision().publish()
    assert b"Child M" in answer(shared.url)[1]
    assert shared.is_open


# Files that the draft names, and that stay closed


def only_page(shared: Shared) -> bool:
    """The draft is open, without its file; nothing of the file is told."""
    status, body, _headers = answer(shared.url)
    assert status == 200
    assert shared.version.sha256.encode() not in body
    assert str(shared.version.document.uuid).encode() not in body
    assert b"Report on Child M" not in body
    return answer(shared.file_url()) == answer(UNKNOWN)


@pytest.mark.parametrize("state", [state for state in VersionState if state != "cleared"])
def test_a_file_that_is_not_cleared(shared: Shared, state: str) -> None:
    DocumentVersion.objects.filter(pk=shared.version.pk).update(state=state)
    assert only_page(shared)


def test_a_deleted_document(shared: Shared) -> None:
    document = shared.version.document
    document.deleted_at = timezone.now()
    document.save()
    assert only_page(shared)


def test_a_file_in_a_restricted_collection(shared: Shared) -> None:
    CollectionViewRestriction.objects.create(
        collection=shared.files, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert only_page(shared)


def test_a_file_that_who_shared_it_may_not_choose(shared: Shared) -> None:
    document = shared.version.document
    document.collection = collection("Of others")
    document.save()
    assert only_page(shared)


def test_a_file_that_is_never_published(shared: Shared, files: Any) -> None:
    draft = shared.page.get_latest_revision_as_object()
    role = "individual-management-review"
    draft.documents = [factories.document_value(shared.version, role=role)]
    revision = draft.save_revision(user=shared.user)
    shared.token = tokens.issue(shared.page, revision, user=shared.user, seconds=60)
    assert only_page(shared)


# What HTTP gives away


@pytest.mark.parametrize("header", ["If-None-Match", "If-Match", "If-Range", "Range"])
def test_conditions_tell_nothing_without_a_token(shared: Shared, header: str) -> None:
    tokens.revoke(shared.row, shared.page, user=shared.user)
    value = "bytes=0-3" if header == "Range" else f'"{shared.version.sha256}"'
    for url in (shared.url, shared.file_url()):
        for asked in (value, "*"):
            assert answer(url, **{header: asked}) == answer(UNKNOWN)


def test_head_has_the_headers_and_no_body(shared: Shared) -> None:
    for url in (shared.url, shared.file_url()):
        head = Client().head(url)
        assert head.status_code == 200
        assert b"".join(head) == b""
        assert head["Cache-Control"] == "private, no-store"
    tokens.revoke(shared.row, shared.page, user=shared.user)
    assert Client().head(shared.url).status_code == 404
    assert Client().head(shared.file_url()).status_code == 404


def test_ranges_and_conditions_of_a_file_that_may_be_read(shared: Shared) -> None:
    part = Client().get(shared.file_url(), headers={"Range": "bytes=0-3"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == b"%PDF"
    known = f'"{shared.version.sha256}"'
    same = Client().get(shared.file_url(), headers={"If-None-Match": known})
    assert same.status_code == 304
    outside = Client().get(shared.file_url(), headers={"Range": "bytes=999999-"})
    assert outside.status_code == 416
    for response in (part, same, outside):
        assert response["Cache-Control"] == "private, no-store"


def test_a_cache_of_the_whole_site_keeps_nothing(shared: Shared, settings: Any) -> None:
    middleware = "django.middleware.cache.{}CacheMiddleware"
    settings.MIDDLEWARE = [
        middleware.format("Update"),
        "django.middleware.http.ConditionalGetMiddleware",
        *settings.MIDDLEWARE,
        middleware.format("FetchFrom"),
    ]
    for url in (shared.url, shared.file_url()):
        first = Client().get(url)
        assert first.status_code == 200
        # To its end, which closes it; `close()` would close the test's connection with it.
        assert first.getvalue()
    assert "ETag" not in Client().get(shared.url).headers
    tokens.revoke(shared.row, shared.page, user=shared.user)
    assert_closed(shared)


def every_answer(shared: Shared) -> list[Any]:
    client = Client()
    urls = (shared.url, shared.file_url(), UNKNOWN)
    pasted = [f"{shared.url}{rest}" for rest in ("/", "/documents/", "/a/b")]
    found = [client.get(url) for url in (*urls, *pasted)]
    found += [client.options(shared.url), client.post(shared.url), client.delete(shared.file_url())]
    found.append(client.get(shared.file_url(), headers={"Range": "bytes=999999-"}))
    return found


def test_every_answer_is_kept_nowhere_found_nowhere_and_refers_nowhere(shared: Shared) -> None:
    for response in every_answer(shared):
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response.streaming or not response.content or "json" in response["Content-Type"]
        assert "Set-Cookie" not in response.headers
        assert not response.has_header("Link")


def test_other_methods_are_refused_with_or_without_a_token(shared: Shared) -> None:
    for method in ("post", "put", "patch", "delete", "trace"):
        real = getattr(Client(enforce_csrf_checks=True), method)(shared.url)
        never = getattr(Client(enforce_csrf_checks=True), method)(UNKNOWN)
        assert real.status_code == never.status_code == 405
        assert real.content == never.content
        assert real["Allow"] == "GET, HEAD, OPTIONS"


def test_options_tells_nothing_of_the_token(shared: Shared) -> None:
    real, never = Client().options(shared.url), Client().options(UNKNOWN)
    assert (real.status_code, real.content) == (never.status_code, never.content)
    assert dict(real.headers) == dict(never.headers)


# Logs


def test_no_log_names_the_token(
    shared: Shared,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    caplog.set_level(logging.DEBUG)
    every_answer(shared)
    with monkeypatch.context() as broken:
        broken.setattr("wagtail_safeguarding.preview.views.files_of", _fault)
        assert Client().get(shared.url).status_code == 503
    with monkeypatch.context() as broken:
        broken.setattr(DocumentVersion, "open", _fault)
        assert Client().get(shared.file_url()).status_code == 503
    settings.SAFEGUARDING = {"PREVIEW_SECONDS": "a day", "PREVIEW_URL": "nonsense"}
    assert Client().get(shared.url).status_code == 503
    settings.SAFEGUARDING = {}
    tokens.revoke(shared.row, shared.page, user=shared.user)
    Client().get(shared.url)
    assert "Method Not Allowed: a preview" in caplog.text
    assert "Not Found: a preview" in caplog.text
    assert "A preview failed" in caplog.text
    secret, signature = shared.token.split(".")
    for record in caplog.records:
        told = f"{record.getMessage()} {record.__dict__} {record.exc_text}"
        assert secret not in told
        assert signature not in told
        assert getattr(record, "request", None) is None


def test_no_audit_entry_names_the_token(shared: Shared) -> None:
    every_answer(shared)
    tokens.revoke(shared.row, shared.page, user=shared.user)
    lines = [*LogEntry.objects.values_list("data", flat=True)]
    lines += ModelLogEntry.objects.values_list("data", flat=True)
    secret, signature = shared.token.split(".")
    assert secret not in str(lines)
    assert signature not in str(lines)
    assert shared.row.digest not in str(lines)


def _fault(*args: Any, **kwargs: Any) -> Any:
    raise OSError("out of order")
