"""Two people at once, in real transactions: neither sees what the other has not committed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Collection, Page, PageViewRestriction

from tests import factories
from tests.beside import Beside
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication import door
from wagtail_safeguarding.publication.takedown import withdraw
from wagtail_safeguarding.register.models import Record, RecordDocument

# SQLite lets one transaction write at a time, so there is nothing to see.
pytestmark = [pytest.mark.database("postgresql"), pytest.mark.django_db(transaction=True)]

SECONDS = 20


class Pause:
    """Holds the first thread that comes by at a point, until it is let go."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def __call__(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.go_on.wait(SECONDS)


@pytest.fixture(autouse=True)
def _roots() -> None:
    """A test with real transactions leaves the tables of the next one empty."""
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    factories.home_page()


@pytest.fixture
def pause(monkeypatch: Any) -> Pause:
    """Holds the first publication between writing the register and its commit."""
    pause = Pause()
    original = door.open_records

    def held(projections: Any) -> Any:
        opened = original(projections)
        pause()
        return opened

    monkeypatch.setattr(door, "open_records", held)
    return pause


@pytest.fixture
def in_thread() -> Iterator[Callable[..., Beside]]:
    """Run something beside the test; what it raises fails the test."""
    begun: list[Beside] = []

    def start(work: Callable[[], Any]) -> Beside:
        begun.append(Beside(work))
        return begun[-1]

    yield start
    for each in begun:
        each.finish()


def wait_for(condition: Callable[[], bool]) -> None:
    for _attempt in range(SECONDS * 20):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("waited in vain")


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def is_public(version: DocumentVersion) -> bool:
    return Client().get(version.get_url()).status_code == 200


def named(page: Any) -> set[int]:
    return set(
        RecordDocument.objects.filter(record__page_id=page.pk).values_list("version", flat=True)
    )


def test_a_file_withdrawn_while_its_page_is_published_for_the_first_time(
    pause: Pause, in_thread: Any
) -> None:
    version = factories.cleared_version()
    index = factories.review_index(live=False)
    page = factories.review(index, versions=(version,), live=False)
    publishing = in_thread(page.save_revision().publish)
    assert pause.reached.wait(SECONDS)
    withdrawing = in_thread(lambda: withdraw([version], reason="It names a child."))
    wait_for(lambda: DocumentVersion.objects.filter(state="withdrawn").exists())
    pause.go_on.set()
    publishing.join(SECONDS)
    withdrawing.join(SECONDS)
    assert not is_public(version)
    assert named(page) == set()
    assert version.sha256.encode() not in bytes(Record.objects.get(page_id=page.pk).payload)


def test_a_section_made_private_while_a_page_in_it_is_published(
    pause: Pause, in_thread: Any
) -> None:
    version = factories.cleared_version()
    index = factories.review_index(live=False)
    page = factories.review(index, versions=(version,), live=False)
    publishing = in_thread(page.save_revision().publish)
    assert pause.reached.wait(SECONDS)
    PageViewRestriction.objects.create(page=index.page_ptr, restriction_type="login")
    pause.go_on.set()
    publishing.join(SECONDS)
    assert not is_public(version)
    record = Record.objects.get(page_id=page.pk)
    assert (record.state, bytes(record.payload), named(page)) == ("withdrawn", b"", set())


def test_a_dropped_file_is_not_opened_again_by_somebody_who_read_the_page_before(
    pause: Pause, in_thread: Any
) -> None:
    old, new = factories.cleared_version("Old"), factories.cleared_version("New")
    index = factories.review_index(live=False)
    pause.reached.set()  # nothing is held yet
    page = factories.review(index, versions=(old,))
    assert is_public(old)
    page.documents = [factories.document_value(new)]
    revision = page.save_revision()
    pause.reached.clear()
    publishing = in_thread(revision.publish)
    assert pause.reached.wait(SECONDS)
    # Saving the document writes its pages into the register again.
    saving = in_thread(ReviewDocument.objects.get(pk=old.document_id).save)
    wait_for(waits_for_a_lock)
    pause.go_on.set()
    publishing.join(SECONDS)
    saving.join(SECONDS)
    assert is_public(new)
    assert not is_public(old)
    assert named(page) == {new.pk}


def test_two_first_publications_of_one_page(pause: Pause, in_thread: Any) -> None:
    version = factories.cleared_version()
    index = factories.review_index(live=False)
    page = factories.review(index, versions=(version,), live=False)
    revision = page.save_revision()
    first = in_thread(revision.publish)
    assert pause.reached.wait(SECONDS)
    second = in_thread(PracticeReviewPage.objects.get(pk=page.pk).get_latest_revision().publish)
    second.join(1)
    pause.go_on.set()
    first.join(SECONDS)
    second.join(SECONDS)
    assert Record.objects.filter(page_id=page.pk).count() == 1
    assert is_public(version)
    assert Page.objects.get(pk=page.pk).live
