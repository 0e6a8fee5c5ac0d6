"""Uploading: all of it or nothing, whatever breaks (promises P5 and P6)."""

from __future__ import annotations

import hashlib
import io
from copy import deepcopy
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.urls import reverse
from wagtail.models import Collection

from tests import factories
from tests.documents.flaky import Broken, FlakyStorage
from wagtail_safeguarding.documents import inspections
from wagtail_safeguarding.documents import upload as upload_module
from wagtail_safeguarding.documents.inspections import inspect_version
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import ALIAS
from wagtail_safeguarding.documents.upload import UploadRefused, add_version, check_upload
from wagtail_safeguarding.publication.replacement import replace_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def storage(settings: Any) -> FlakyStorage:
    changed = deepcopy(settings.STORAGES)
    changed[ALIAS] = {"BACKEND": "tests.documents.flaky.FlakyStorage"}
    settings.STORAGES = changed
    found = storages[ALIAS]
    assert isinstance(found, FlakyStorage)
    return found


def upload(
    document: ReviewDocument | None = None, name: str = "report.pdf", data: bytes = b"", **kw: Any
) -> DocumentVersion:
    document = document or ReviewDocument(title="Overview report")
    return factories.inspected(
        add_version(document, io.BytesIO(data or factories.pdf_bytes("x")), name, **kw)
    )


def assert_nothing_left(storage: FlakyStorage) -> None:
    assert storage.keys() == []
    assert not DocumentVersion.objects.exists()
    assert not ReviewDocument.objects.exists()


# What a good upload leaves behind


def test_upload_is_stored_inspected_and_on_record(storage: FlakyStorage) -> None:
    user = factories.superuser()
    data = factories.pdf_bytes("x")
    version = upload(name="Child E.pdf", data=data, user=user)
    assert version.state == VersionState.CLEARED
    fresh = DocumentVersion.objects.get()
    assert storage.keys() == [fresh.storage_key]
    assert fresh.sha256 == hashlib.sha256(data).hexdigest()
    assert (fresh.size, fresh.media_type) == (len(data), "application/pdf")
    assert (fresh.file_name, fresh.number, fresh.uploaded_by) == ("Child E.pdf", 1, user)
    assert fresh.inspection["sha256"] == fresh.sha256
    with fresh.open() as file:
        assert file.read() == data


def test_storage_key_says_nothing_of_the_file(storage: FlakyStorage) -> None:
    version = upload(name="Child E.pdf")
    assert "Child" not in version.storage_key
    assert ".pdf" not in version.storage_key
    assert version.sha256 not in version.storage_key


def test_anonymous_upload_has_no_uploader(storage: FlakyStorage) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert upload(user=AnonymousUser()).uploaded_by is None


def test_a_file_that_was_read_before_is_stored_from_its_start(storage: FlakyStorage) -> None:
    file = io.BytesIO(factories.pdf_bytes("x"))
    file.read()
    version = add_version(ReviewDocument(title="T"), file, "report.pdf")
    assert version.size == len(factories.pdf_bytes("x"))


# What is refused leaves nothing


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("report.pdf", b"", "empty"),
        ("report.pdf", b"MZ\x90\x00 renamed", "type-refused"),
        ("report.exe", b"%PDF-1.7\n", "wrong-extension"),
        ("report\u202efdp.pdf", b"%PDF-1.7\n", "name-unsafe"),
        ("../report.pdf", b"%PDF-1.7\n", "name-unsafe"),
        ("notes.txt", b"plain text", "type-refused"),
    ],
)
def test_refused_upload_says_why_and_leaves_nothing(
    storage: FlakyStorage, name: str, data: bytes, code: str
) -> None:
    document = ReviewDocument(title="T")
    with pytest.raises(UploadRefused) as caught:
        add_version(document, io.BytesIO(data), name)
    assert code in {error.code for error in caught.value.error_list}
    assert all(message.endswith(".") for message in caught.value.messages)
    assert document.pk is None
    assert_nothing_left(storage)


def test_too_large_upload_is_refused(storage: FlakyStorage, settings: Any) -> None:
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTES": 20}
    exact = factories.pdf_bytes("").ljust(20, b"%")
    assert check_upload(io.BytesIO(exact), "report.pdf").size == 20
    with pytest.raises(UploadRefused) as caught:
        upload(data=exact + b"%")
    assert [error.code for error in caught.value.error_list] == ["too-large"]
    assert_nothing_left(storage)


def test_refused_new_version_leaves_the_old_one(storage: FlakyStorage) -> None:
    first = upload()
    with pytest.raises(UploadRefused):
        upload(first.document, data=b"MZ no")
    assert list(first.document.versions.all()) == [first]
    assert storage.keys() == [first.storage_key]


# Faults


@pytest.mark.parametrize("new", [True, False], ids=["new-document", "new-version"])
@pytest.mark.parametrize("fault", ["save", "after-save"])
def test_fault_in_storage_leaves_no_row_and_no_object(
    storage: FlakyStorage, fault: str, new: bool
) -> None:
    first = None if new else upload()
    document = ReviewDocument(title="T") if first is None else first.document
    storage.fail = frozenset({fault})
    with pytest.raises(Broken, match=fault):
        upload(document)
    storage.fail = frozenset()
    if first is None:
        assert document.pk is None
        assert_nothing_left(storage)
        # The same document can be uploaded again as if nothing had happened.
        assert upload(document).number == 1
    else:
        assert storage.keys() == [first.storage_key]
        assert list(document.versions.all()) == [first]
        assert upload(document).number == 2


@pytest.mark.parametrize("new", [True, False], ids=["new-document", "new-version"])
def test_database_error_after_storing_leaves_no_object(
    storage: FlakyStorage, monkeypatch: pytest.MonkeyPatch, new: bool
) -> None:
    first = None if new else upload()
    document = ReviewDocument(title="T") if first is None else first.document

    def fail(*args: Any, **kwargs: Any) -> Any:
        assert len(storage.keys()) == (1 if first is None else 2)
        raise DatabaseError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(DocumentVersion, "save", fail)
        with pytest.raises(DatabaseError, match="went away"):
            upload(document)
    if first is None:
        assert document.pk is None
        assert_nothing_left(storage)
    else:
        assert storage.keys() == [first.storage_key]
        assert list(document.versions.all()) == [first]


def test_interrupted_process_leaves_nothing(
    storage: FlakyStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: Any, **kwargs: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(upload_module, "record_version", stop)
    with pytest.raises(KeyboardInterrupt):
        upload()
    assert_nothing_left(storage)


def test_first_fault_is_the_one_that_is_told(
    storage: FlakyStorage, caplog: pytest.LogCaptureFixture
) -> None:
    storage.fail = frozenset({"after-save", "delete"})
    with pytest.raises(Broken, match="after-save"):
        upload()
    (key,) = storage.keys()
    assert key in caplog.text
    assert not DocumentVersion.objects.exists()


# What is cleared is what will be served


def test_bytes_altered_on_the_way_into_the_storage_are_blocked(storage: FlakyStorage) -> None:
    storage.fail = frozenset({"alter"})
    version = upload()
    assert version.state == VersionState.BLOCKED
    assert DocumentVersion.objects.get().state == VersionState.BLOCKED
    assert version.inspection["sha256"] != version.sha256


def test_bytes_altered_later_are_blocked_by_the_next_inspection(storage: FlakyStorage) -> None:
    version = upload()
    key = version.storage_key
    storage.delete(key)
    storage.save(key, io.BytesIO(factories.pdf_bytes("changed")))
    inspect_version(version)
    assert DocumentVersion.objects.get().state == VersionState.BLOCKED


def test_unaltered_bytes_are_cleared_again(storage: FlakyStorage) -> None:
    version = upload()
    inspect_version(version)
    assert DocumentVersion.objects.get().state == VersionState.CLEARED


def test_blocked_version_does_not_open_with_its_page(storage: FlakyStorage, client: Any) -> None:
    from wagtail_safeguarding.publication.readiness import NotReady

    storage.fail = frozenset({"alter"})
    version = upload()
    page = factories.review(versions=(version,), live=False)
    with pytest.raises(NotReady):
        page.save_revision().publish()
    assert client.get(version.get_url()).status_code == 404


def test_the_pages_of_a_pdf_are_on_record() -> None:
    pdf = pikepdf.new()
    for _page in range(2):
        pdf.add_blank_page()
    file = io.BytesIO()
    pdf.save(file)
    version = add_version(ReviewDocument(title="Report"), file, "report.pdf")
    assert factories.inspected(version).pages == 2
    assert factories.cleared_version().pages is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["new", "next", "replace", "editor"])
def test_nothing_waits_for_a_slow_storage_or_inspection(
    storage: FlakyStorage, monkeypatch: pytest.MonkeyPatch, client: Any, way: str
) -> None:
    """On SQLite an open transaction would hold up everybody's withdrawals."""
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    document = factories.cleared_version().document
    was_open: list[bool] = []

    def watched(original: Any) -> Any:
        def watch(*args: Any, **kwargs: Any) -> Any:
            was_open.append(connection.in_atomic_block)
            return original(*args, **kwargs)

        return watch

    monkeypatch.setattr(storage, "_save", watched(storage._save))
    for module, name in ((upload_module, "look_outside"), (inspections, "inspect_file")):
        monkeypatch.setattr(module, name, watched(getattr(module, name)))
    file = factories.uploaded_pdf("next.pdf", "next")
    if way == "replace":
        replace_file(document, file, "next.pdf")
    elif way == "editor":
        client.force_login(factories.superuser())
        url = reverse("safeguarding_documents_modeladmin_edit", args=[document.pk])
        data = {"title": "A", "collection": document.collection_id, "language": "en", "file": file}
        assert client.post(url, data).status_code == 302
    else:
        add_version(document if way == "next" else ReviewDocument(title="B"), file, "next.pdf")
    assert len(was_open) >= 3
    assert not any(was_open)
