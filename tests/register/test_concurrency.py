"""Editors and readers at once, in real transactions: no answer shows half of anything."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from wagtail.models import Collection, Page, Site

from tests import factories
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication.drift import find_drift
from wagtail_safeguarding.register.models import Entry

from .test_mirror import API, Mirror, form_of

# SQLite lets one transaction write at a time, so there is little to see.
pytestmark = [pytest.mark.database("postgresql"), pytest.mark.django_db(transaction=True)]

SECONDS = 6
PAGES = 4


@pytest.fixture(autouse=True)
def _roots() -> None:
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    factories.home_page()
    cache.clear()
    Site.clear_site_root_paths_cache()


def say(page: Any, word: str, version: Any) -> None:
    """Every part of the page says the same word."""
    page.title = f"Review {word}"
    page.summary = f"<p>{word}</p>"
    page.reference = word
    page.documents = [factories.document_value(version, title=word)]


def is_whole(record: dict[str, Any]) -> None:
    word = record["reference"]
    assert record["title"] == f"Review {word}"
    assert record["summary"] in {word, f"<p>{word}</p>"}
    assert [document["title"] for document in record["documents"]] == [word]


def test_no_answer_shows_half_of_a_publication() -> None:
    index = factories.review_index()
    versions = [factories.cleared_version(f"Document {number}") for number in range(3)]
    pages = []
    for number in range(PAGES):
        page = factories.review(index, slug=f"r{number}", live=False)
        say(page, f"begin{number}", versions[0])
        page.save_revision().publish()
        pages.append(page.pk)
    errors: list[BaseException] = []
    over = threading.Event()

    def editor(seed: int) -> None:
        chance = random.Random(seed)
        while not over.is_set():
            page = PracticeReviewPage.objects.get(pk=chance.choice(pages[seed::2]))
            if page.live and chance.random() < 0.3:
                page.unpublish()
            else:
                say(page, f"word{chance.randrange(10**9)}", chance.choice(versions))
                page.save_revision().publish()

    def lister() -> None:
        client = Client()
        while not over.is_set():
            for path in ("records?fields=*&limit=100&kind=review", "records?kind=review&facets=*"):
                body = client.get(API + path).json()
                for record in body["items"]:
                    is_whole(record)
                assert len(body["items"]) <= PAGES
            client.get(API + "records", headers={"If-None-Match": "*"})

    mirror = Mirror()

    def follower() -> None:
        while not over.is_set():
            mirror.follow()
            for record in mirror.copies.values():
                if record["kind"] == "review":
                    is_whole(record)

    def run(work: Callable[..., None], *args: Any) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*args)
            except BaseException as error:
                errors.append(error)
                over.set()
            finally:
                connections.close_all()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    writers = [run(editor, 0), run(editor, 1)]
    readers = [run(lister), run(lister), run(follower)]
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and not over.is_set():
        time.sleep(0.1)
    over.set()
    for thread in writers:
        thread.join()
    for thread in readers:
        thread.join()
    if errors:
        raise errors[0]
    mirror.follow()
    listed = Client().get(API + "records?limit=100&fields=*").json()["items"]
    assert mirror.copies == {record["uuid"]: form_of(record) for record in listed}
    numbers = list(Entry.objects.order_by("sequence").values_list("sequence", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)), "numbered without gaps"
    assert len(numbers) > 2 * PAGES
    assert list(find_drift()) == []


def test_entry_that_is_committed_late_comes_last_in_the_log() -> None:
    """One transaction writes first and commits last: who follows the log misses nothing."""
    index = factories.review_index()
    pages = [factories.review(index, slug=f"r{number}", live=False) for number in range(2)]
    for page in pages:
        page.save_revision()
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                PracticeReviewPage.objects.get(pk=pages[0].pk).get_latest_revision().publish()
                written.set()
                assert may_commit.wait(20)
        finally:
            written.set()
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    mirror = Mirror()
    PracticeReviewPage.objects.get(pk=pages[1].pk).get_latest_revision().publish()
    mirror.follow()
    assert [copy["url"].endswith("/r1/") for copy in mirror.copies.values()].count(True) == 1
    may_commit.set()
    thread.join()
    mirror.follow()
    urls = json.dumps([copy["url"] for copy in mirror.copies.values()])
    assert "/r0/" in urls
    assert Page.objects.get(pk=pages[0].pk).live
    first, last = Entry.objects.filter(record__kind="review").order_by("sequence")
    assert (first.record.page_id, last.record.page_id) == (pages[1].pk, pages[0].pk)
    assert first.pk > last.pk, "written earlier"
