"""The database fails at the very commit: the old state is whole, and no file is lost (P6).

Two faults: the database refuses to commit, and the commit goes through but its answer is
lost, so that the site believes that it failed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections
from django.db.models.signals import post_save
from wagtail.models import Collection

from tests import factories
from tests.libraries import NOW, REPAIR, folder_entry, keys, problems
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication.drift import find_drift
from wagtail_safeguarding.publication.replacement import replace_file
from wagtail_safeguarding.register.models import Entry, Record, RecordDocument
from wagtail_safeguarding.register.visibility import publicly_named

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _root_collection(transactional_db: None) -> None:
    """An earlier test of real transactions emptied the tables."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(instance=Collection(name="Root"))


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": folder_entry(tmp_path / "private"),
    }
    return get_document_storage()


@pytest.fixture
def commit() -> Iterator[Any]:
    """The connection, whose ``_commit`` a test may replace; :func:`heal` puts it back."""
    yield connections["default"]
    heal()


def heal() -> None:
    connections["default"].__dict__.pop("_commit", None)


@pytest.fixture
def refuse(commit: Any) -> Callable[[], None]:
    """From now on commits are refused."""

    def fail() -> None:
        raise OperationalError("the database refused to commit")

    return lambda: setattr(commit, "_commit", fail)


@pytest.fixture
def lose_answer(commit: Any) -> Callable[[], None]:
    """The next commit goes through; the site is told that it failed."""

    def fail() -> None:
        heal()
        commit._commit()
        raise OperationalError("server closed the connection unexpectedly")

    return lambda: setattr(commit, "_commit", fail)


@pytest.fixture
def break_constraint() -> Any:
    """Each version that is saved brings a row that refers to nothing: the constraint is
    deferred, so the database itself refuses the commit."""

    def receiver(sender: Any, instance: DocumentVersion, **kwargs: Any) -> None:
        RecordDocument.objects.create(record_id=987654, version=instance)

    post_save.connect(receiver, sender=DocumentVersion)
    yield
    post_save.disconnect(receiver, sender=DocumentVersion)


def upload() -> DocumentVersion:
    return add_version(
        ReviewDocument(title="New"), io.BytesIO(factories.pdf_bytes("new")), "new.pdf"
    )


def test_refused_upload_leaves_nothing(storage: Any, refuse: Any) -> None:
    refuse()
    with pytest.raises(OperationalError):
        upload()
    heal()
    assert not ReviewDocument.objects.exists()
    assert not DocumentVersion.objects.exists()
    # What the site could not know is told by `documents verify`, at most.
    list(problems(replace(REPAIR, max_orphans=1)))  # nothing else is on record
    assert problems(NOW) == []
    assert keys(storage) == []


def test_constraint_that_fails_at_commit_leaves_nothing(
    storage: Any, break_constraint: None
) -> None:
    with pytest.raises(IntegrityError):
        upload()
    assert not ReviewDocument.objects.exists()
    assert not DocumentVersion.objects.exists()
    list(problems(replace(REPAIR, max_orphans=1)))  # nothing else is on record
    assert keys(storage) == []


def assert_taken_up(version: DocumentVersion) -> None:
    """Nobody made a task for it, so it is closed; the rest is whole."""
    assert version.state == "inspecting"
    assert problems(REPAIR) == [("unfinished", version.storage_key)]
    assert problems(NOW) == []
    version.refresh_from_db()
    assert version.state == "cleared"


def test_upload_whose_commit_went_through_keeps_its_file(storage: Any, lose_answer: Any) -> None:
    lose_answer()
    with pytest.raises(OperationalError):
        upload()
    version = DocumentVersion.objects.get()
    assert keys(storage) == [version.storage_key]
    assert_taken_up(version)


def test_replacement_whose_commit_went_through_keeps_its_file(
    storage: Any, lose_answer: Any
) -> None:
    first = factories.cleared_version("One")
    factories.review(versions=(first,))
    lose_answer()
    with pytest.raises(OperationalError):
        replace_file(first.document, io.BytesIO(factories.pdf_bytes("new")), "new.pdf")
    assert_taken_up(first.document.versions.get(number=2))


def test_replacement_whose_commit_was_refused_leaves_no_row(storage: Any, refuse: Any) -> None:
    first = factories.cleared_version("One")
    refuse()
    with pytest.raises(OperationalError):
        replace_file(first.document, io.BytesIO(factories.pdf_bytes("new")), "new.pdf")
    heal()
    assert list(DocumentVersion.objects.all()) == [first]
    # What the site could not know to be stray is told, and deleted by a repair.
    assert [problem for problem, _key in problems(REPAIR)] in ([], ["orphaned"])
    assert keys(storage) == [first.storage_key]


def is_open(page: Any) -> bool:
    return PracticeReviewPage.objects.get(pk=page.pk).live


def state(page: Any, version: DocumentVersion) -> tuple[Any, ...]:
    records = Record.objects.filter(page_id=page.pk).values_list("state", "title", "etag")
    return is_open(page), bool(publicly_named([version.pk])), list(records), Entry.objects.count()


@pytest.mark.parametrize("operation", ["publish", "unpublish", "delete"])
def test_refused_commit_leaves_page_and_register_as_they_were(refuse: Any, operation: str) -> None:
    version = factories.cleared_version("One")
    page = factories.review(versions=(version,), live=operation != "publish")
    revision = page.save_revision()
    before = state(page, version)
    refuse()
    with pytest.raises(OperationalError):
        revision.publish() if operation == "publish" else getattr(page, operation)()
    heal()
    assert state(page, version) == before
    assert list(find_drift()) == []


@pytest.mark.parametrize("operation", ["publish", "unpublish", "delete"])
def test_commit_that_went_through_leaves_the_new_state_whole(
    lose_answer: Any, operation: str
) -> None:
    version = factories.cleared_version("One")
    page = factories.review(versions=(version,), live=operation != "publish")
    revision = page.save_revision()
    lose_answer()
    with pytest.raises(OperationalError):
        revision.publish() if operation == "publish" else getattr(page, operation)()
    assert bool(publicly_named([version.pk])) is (operation == "publish")
    assert list(find_drift()) == []
