"""A version is one exact file: it never changes, is never deleted, and is numbered in order."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tests import factories
from wagtail_safeguarding.documents.models import (
    DocumentVersion,
    ImmutableVersion,
    ReviewDocument,
    versions_by_pk,
)

pytestmark = pytest.mark.django_db

OTHER_VALUES: dict[str, Any] = {
    "number": 9,
    "file_name": "other.pdf",
    "storage_key": "versions/aa/other",
    "sha256": "0" * 64,
    "size": 1,
    "media_type": "image/png",
    "uploaded_at": timezone.now(),
    "cleaned_from_id": 999,
}


def test_the_table_of_other_values_is_complete() -> None:
    assert set(OTHER_VALUES) | {"document_id"} == set(DocumentVersion.IMMUTABLE)


@pytest.mark.parametrize("name", sorted(OTHER_VALUES))
def test_what_a_version_is_cannot_be_saved_otherwise(name: str) -> None:
    version = DocumentVersion.objects.get(pk=factories.cleared_version().pk)
    before = getattr(version, name)
    setattr(version, name, OTHER_VALUES[name])
    with pytest.raises(ImmutableVersion, match=name):
        version.save()
    assert getattr(DocumentVersion.objects.get(pk=version.pk), name) == before


def test_a_version_cannot_be_given_to_another_document() -> None:
    version = DocumentVersion.objects.get(pk=factories.cleared_version().pk)
    version.document = factories.cleared_version(title="Other").document
    with pytest.raises(ImmutableVersion, match="document_id"):
        version.save()


def test_a_version_just_uploaded_is_immutable_at_once() -> None:
    version = factories.cleared_version()
    version.sha256 = "0" * 64
    with pytest.raises(ImmutableVersion):
        version.save()


def test_what_may_change_is_saved() -> None:
    version = DocumentVersion.objects.get(pk=factories.cleared_version().pk)
    version.pages = 12
    version.save()
    assert DocumentVersion.objects.get(pk=version.pk).pages == 12


def test_a_version_read_in_part_can_be_saved() -> None:
    pk = factories.cleared_version().pk
    version = DocumentVersion.objects.only("pages", "sha256").get(pk=pk)
    version.pages = 3
    version.save(update_fields=["pages"])
    assert DocumentVersion.objects.get(pk=pk).pages == 3


def test_a_version_is_never_deleted() -> None:
    version = factories.cleared_version()
    with pytest.raises(ImmutableVersion, match="withdrawn, never deleted"):
        version.delete()
    with pytest.raises(ProtectedError):
        version.document.delete()
    assert DocumentVersion.objects.filter(pk=version.pk).exists()


def test_versions_are_numbered_in_order_for_each_document() -> None:
    first = factories.cleared_version(text="one")
    second = factories.cleared_version(document=first.document, text="two")
    other = factories.cleared_version(title="Other")
    third = factories.cleared_version(document=first.document, text="three")
    assert [v.number for v in (first, second, third, other)] == [1, 2, 3, 1]
    assert first.document.latest_version == third
    assert len({v.storage_key for v in (first, second, third, other)}) == 4


def test_the_same_file_twice_is_two_versions_with_one_hash() -> None:
    first = factories.cleared_version(text="same")
    second = factories.cleared_version(document=first.document, text="same")
    assert first.sha256 == second.sha256
    assert first.storage_key != second.storage_key


def test_database_refuses_a_number_that_is_taken() -> None:
    first = factories.cleared_version()
    copy = DocumentVersion(
        document=first.document,
        number=first.number,
        storage_key="versions/aa/other",
        size=1,
        sha256="0" * 64,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_database_refuses_a_storage_key_that_is_taken() -> None:
    first = factories.cleared_version()
    copy = DocumentVersion(
        document=first.document,
        number=2,
        storage_key=first.storage_key,
        size=1,
        sha256="0" * 64,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_newest_leaves_out_older_versions_and_deleted_documents() -> None:
    first = factories.cleared_version(text="one")
    second = factories.cleared_version(document=first.document, text="two")
    gone = factories.cleared_version(title="Gone")
    ReviewDocument.objects.filter(pk=gone.document_id).update(deleted_at=timezone.now())
    assert list(DocumentVersion.objects.newest()) == [second]
    assert list(ReviewDocument.objects.present()) == [first.document]


def test_names_for_people() -> None:
    version = factories.cleared_version(title="Overview report", name="Child E; report.pdf")
    assert str(version) == "Overview report (version 1)"
    assert str(version.document) == "Overview report"
    assert version.media_label == "PDF"
    assert version.public_name == "Child E; report.pdf"
    assert DocumentVersion(media_type="x/y").media_label == "x/y"


def test_address_holds_the_documents_uuid_and_not_the_storage_key() -> None:
    version = factories.cleared_version()
    url = version.get_url()
    assert url == f"/safeguarding/documents/{version.document.uuid}/report.pdf"
    assert version.storage_key not in url
    assert uuid.UUID(str(version.document.uuid)).version == 4


def test_versions_by_pk_reads_documents_along(django_assert_num_queries: Any) -> None:
    pks = [factories.cleared_version(title=str(n)).pk for n in range(3)]
    with django_assert_num_queries(1):
        found = versions_by_pk(pks)
        assert [found[pk].document.title for pk in pks] == ["0", "1", "2"]
    assert versions_by_pk([]) == {}
