"""Withdrawing, deleting and restoring documents, and what the public sees of each."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.publication.takedown import (
    StillPublic,
    delete_document,
    restore_document,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> DocumentVersion:
    return factories.cleared_version()


def test_withdrawal_closes_every_page_at_once_and_tells_why(client: Any, version: Any) -> None:
    index = factories.review_index()
    pages = [factories.review(index, versions=(version,), slug=f"r{n}") for n in range(2)]
    assert client.get(version.get_url()).status_code == 200
    assert withdraw([version], reason="It names a school.", user=factories.superuser()) == 1
    response = client.get(version.get_url())
    assert response.status_code == 410
    assert response.json()["detail"] == "It names a school."
    for page in pages:
        row = client.get(f"/api/v2/pages/{page.pk}/").json()["documents"][0]
        assert (row["status"], row["url"], row["file_name"]) == ("not available", None, None)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_withdrawal_without_a_reason(client: Any, version: Any, reason: str) -> None:
    factories.review(factories.review_index(), versions=(version,))
    with pytest.raises(ValidationError):
        withdraw([version], reason=reason)
    assert client.get(version.get_url()).status_code == 200


def test_withdrawing_twice_keeps_the_first_reason(version: Any) -> None:
    withdraw([version], reason="First.")
    assert withdraw(version.document.versions.all(), reason="Second.") == 0
    version.refresh_from_db()
    assert version.withdrawal_reason == "First."


def test_a_corrected_version_takes_over_from_the_withdrawn_one(client: Any, version: Any) -> None:
    page = factories.review(factories.review_index(), versions=(version,))
    withdraw([version], reason="A name under a black box.")
    fixed = factories.cleared_version(document=version.document, name="fixed.pdf", text="fixed")
    assert client.get(version.get_url()).status_code == 410
    page.documents = [factories.document_value(fixed)]
    page.save_revision().publish()
    assert client.get(version.get_url())["Location"] == fixed.get_url()
    assert client.get(fixed.get_url()).status_code == 200


def test_a_public_document_cannot_be_deleted(client: Any, version: Any) -> None:
    factories.review(factories.review_index(), versions=(version,))
    with pytest.raises(StillPublic):
        delete_document(version.document)
    version.document.refresh_from_db()
    assert version.document.deleted_at is None
    assert client.get(version.get_url()).status_code == 200


def test_a_deleted_document_leaves_a_row_that_says_so_and_still_tells_why(
    client: Any, version: Any
) -> None:
    page = factories.review(
        factories.review_index(),
        documents=[factories.document_value(version, title="Overview report")],
    )
    withdraw([version], reason="It names a school.")
    delete_document(version.document)
    row = client.get(f"/api/v2/pages/{page.pk}/").json()["documents"][0]
    assert (row["title"], row["status"]) == ("Overview report", "not available")
    assert client.get(page.url).status_code == 200
    assert client.get(version.get_url()).status_code == 410
    page.save()  # and the page can still be saved as it is


def test_restoring_is_on_record_and_opens_nothing_by_itself(client: Any, version: Any) -> None:
    user = factories.superuser()
    delete_document(version.document, user=user)
    restore_document(version.document, user=user)
    version.document.refresh_from_db()
    assert version.document.deleted_at is None
    assert client.get(version.get_url()).status_code == 404
    actions = set(ModelLogEntry.objects.values_list("action", "user"))
    assert ("wagtail_safeguarding.document_deleted", user.pk) in actions
    assert ("wagtail_safeguarding.document_restored", user.pk) in actions


def test_an_older_withdrawal_says_nothing_of_a_newer_file(client: Any, version: Any) -> None:
    page = factories.review(factories.review_index(), versions=(version,))
    withdraw([version], reason="A name under a black box.")
    fixed = factories.cleared_version(document=version.document, name="fixed.pdf", text="fixed")
    page.documents = [factories.document_value(fixed)]
    page.save_revision().publish()
    page.unpublish()
    assert client.get(fixed.get_url()).status_code == 404
    assert client.get(version.get_url()).status_code == 404
