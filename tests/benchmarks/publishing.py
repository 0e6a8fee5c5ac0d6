"""Publishing a review with ten documents, against the same page by plain Wagtail means; and the
rebuild of a register that was emptied.

`python -m tests.benchmarks.publishing NAME` works on the site that is there, and prints its
figures as JSON.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import json
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from statistics import median
from typing import Any

import django

django.setup()

from django.db import connection, models
from django.db.models import signals as of_models
from wagtail import signals as of_wagtail

from tests.benchmarks.figures import Figure
from tests.benchmarks.plain.models import PlainReview
from tests.benchmarks.reviews import add_versions, fields
from wagtail_safeguarding.pages.models import PracticeReviewPage, ReviewIndexPage
from wagtail_safeguarding.publication.drift import rebuild
from wagtail_safeguarding.register import indexing
from wagtail_safeguarding.register.models import Entry, Record, RecordDocument
from wagtail_safeguarding.register.passages import Passage

RUNS = 15
REBUILDS = 3
DOCUMENTS = 10
SIGNALS = (of_models.post_save, of_wagtail.page_published, of_wagtail.page_unpublished)


def publishing(name: str) -> Figure:
    """One edited revision after another, in turns."""
    index = ReviewIndexPage.objects.order_by("path")[0]
    own = fields(5, add_versions(DOCUMENTS))
    ours: Any = index.add_child(instance=PracticeReviewPage(slug="published-ours", **own))
    with without_the_package():
        plain: Any = index.add_child(instance=PlainReview(slug="published-plain", **own))
    ratios = []
    for number in range(RUNS + 1):
        seconds = publish(ours, number)
        with without_the_package():
            ratios.append(seconds / publish(plain, number))
    what = f"{name}: publishing a review with {DOCUMENTS} documents, against plain Wagtail"
    return Figure(what, median(ratios[1:]), "times", RUNS, at_most=1.5)


def publish(page: Any, number: int) -> float:
    draft = type(page).objects.get(pk=page.pk)
    draft.title = f"Edited for the {number}th time"
    revision = draft.save_revision()
    begun = time.perf_counter()
    revision.publish()
    return time.perf_counter() - begun


@contextmanager
def without_the_package() -> Iterator[None]:
    """A site that has not installed it hears nothing of what it does when any page is saved."""
    kept = {signal: signal.receivers for signal in SIGNALS}
    for signal in SIGNALS:
        signal.receivers = [one for one in signal.receivers if not _is_ours(one[1])]
        signal.sender_receivers_cache.clear()
    try:
        yield
    finally:
        for signal, receivers in kept.items():
            signal.receivers = receivers
            signal.sender_receivers_cache.clear()


def _is_ours(receiver: Any) -> bool:
    function = receiver() if isinstance(receiver, weakref.ReferenceType) else receiver
    return str(getattr(function, "__module__", "")).startswith("wagtail_safeguarding.")


def rebuilding(name: str) -> list[Figure]:
    """Records a second: into an empty register, and where nothing differs."""
    written, compared = [], []
    for _ in range(REBUILDS):
        empty_register()
        written.append(_seconds())
        compared.append(_seconds())
    count = Record.objects.count()
    return [
        Figure(
            f"{name}: rebuild of {count} records, all written",
            count / median(written),
            "records/s",
            REBUILDS,
            at_least=500,
        ),
        Figure(
            f"{name}: rebuild of {count} records, none differs",
            count / median(compared),
            "records/s",
            REBUILDS,
        ),
    ]


def _seconds() -> float:
    begun = time.perf_counter()
    for mended in rebuild():
        if mended.after:
            raise RuntimeError(f"A page could not be projected: {mended.after}")
    return time.perf_counter() - begun


def empty_register() -> None:
    """Not by Django's delete(): entries are for ever."""
    own = Passage.objects.filter(record__isnull=False)
    indexing.remove(own)
    tables: list[type[models.Model]] = [Entry.versions.through, Entry, RecordDocument]
    for queryset in (*(table._base_manager.all() for table in tables), own, Record.objects.all()):
        queryset._raw_delete(using=connection.alias)


def main(name: str) -> None:
    figures = [publishing(name), *rebuilding(name)]
    print(json.dumps([asdict(figure) for figure in figures]))


if __name__ == "__main__":
    main(sys.argv[1])
