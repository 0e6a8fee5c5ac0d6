"""Inspect stored files, off the request, and clear or block exactly the bytes that were inspected.

A version that is recorded is closed until its inspection has come to a result. Whatever breaks on
the way (a process that is killed, a storage that is away) leaves it so, and ``manage.py documents
inspect`` takes it up again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django_tasks import task
from wagtail.models import ModelLogEntry

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.malware import UNCHECKED, Clamd
from wagtail_safeguarding.inspection.pages import count_pages
from wagtail_safeguarding.inspection.report import UNINSPECTABLE, Report

from .models import DocumentVersion, ReviewDocument
from .overrules import blockers, open_blockers
from .states import IllegalMove, VersionState
from .storage import get_document_storage

logger = logging.getLogger(__name__)

BATCH = 500

GRACE = dt.timedelta(minutes=10)
"""Longer than any inspection takes: whoever began before is gone."""

_UNREAD = frozenset({UNINSPECTABLE, UNCHECKED})

WAITING = frozenset({VersionState.UPLOADED, VersionState.INSPECTING})
"""The states of a version that nobody has come to a result on yet."""


def get_scanner() -> Clamd | None:
    """The virus scanner of this site, if it has one."""
    address = safeguarding_settings.clamd
    return Clamd(address) if address else None


def waiting_versions() -> models.QuerySet[DocumentVersion]:
    """The versions whose inspection has not come to a result."""
    return DocumentVersion.objects.filter(state__in=WAITING)


def inspect_version(version: DocumentVersion, *, user: Any = None) -> Report:
    """Inspect the *stored* bytes and clear or block the version.

    It is closed while that takes, and no transaction is open. Raises what the storage raises, and
    :class:`~.states.IllegalMove` where somebody else was faster, or withdrew it.
    """
    if version.state != VersionState.INSPECTING:
        version.move(VersionState.INSPECTING, user=user)
    report, pages = read_stored(version)
    conclude(version, report, pages, user=user)
    return report


def read_stored(version: DocumentVersion) -> tuple[Report, int | None]:
    """The report on the stored bytes of ``version``, and the pages of a PDF. Changes nothing."""
    with get_document_storage().open(version.storage_key, "rb") as file:
        report = inspect_file(
            file,
            version.file_name,
            max_bytes=safeguarding_settings.max_document_bytes,
            scanner=get_scanner(),
        )
        pages = report.pages
        return report, count_pages(file, report.media_type) if pages is None else pages


def conclude(
    version: DocumentVersion, report: Report, pages: int | None, *, user: Any = None
) -> None:
    """What is cleared is what will be served: stored bytes that are not the uploaded ones
    are blocked. A finding that somebody has overruled for these very bytes stays overruled."""
    version.move(judge(version, report), user=user, inspection=report.as_dict(), pages=pages)


def judge(version: DocumentVersion, report: Report) -> VersionState:
    """What ``report`` makes of ``version``: cleared or blocked."""
    same = report.sha256 == version.sha256
    blocked = not same or open_blockers(version, report.as_dict())
    return VersionState.BLOCKED if blocked else VersionState.CLEARED


def inspect_waiting(version_pk: int) -> Report | None:
    """Inspect a version that waits for it; None for any other, and where somebody else came to a
    result meanwhile."""
    version = waiting_versions().select_related("document").filter(pk=version_pk).first()
    if version is None:
        return None
    try:
        return inspect_version(version)
    except IllegalMove as error:
        logger.info("The inspection of version %s came too late: %s", version_pk, error)
        return None


@task()
def inspect_stored(version_pk: int) -> None:
    """:func:`inspect_waiting` as a background task."""
    try:
        inspect_waiting(version_pk)
    except Exception:
        # A task backend may keep quiet about it; `documents inspect` tries again.
        logger.exception("Version %s was not inspected and stays closed", version_pk)
        raise


def inspect_later(version_pk: int) -> None:
    """Have it inspected when the transaction is committed. Never fails the caller: what is not
    inspected is closed."""
    transaction.on_commit(partial(_enqueue, version_pk), robust=True)


def _enqueue(version_pk: int) -> None:
    try:
        inspect_stored.enqueue(version_pk)
    except Exception:
        logger.exception("No task was made for the inspection of version %s", version_pk)


# What a task has missed


class Outcome(StrEnum):
    CLEARED = "cleared"
    BLOCKED = "blocked"
    MISSING = "missing"
    GONE = "gone"
    """Somebody else came to a result, or withdrew it."""

    @property
    def is_problem(self) -> bool:
        return self is Outcome.MISSING


@dataclass(frozen=True)
class Step:
    version: DocumentVersion
    outcome: Outcome


def left_waiting(grace: dt.timedelta = GRACE) -> list[int]:
    """The versions that wait for an inspection which began (or should have) ``grace`` ago."""
    before = timezone.now() - grace
    versions = waiting_versions().filter(uploaded_at__lte=before).order_by("pk")
    found = versions.iterator(chunk_size=BATCH)
    return [version.pk for version in found if last_move(version) <= before]


def catch_up(pks: Iterable[int], tick: Callable[[], object] = lambda: None) -> Iterator[Step]:
    """Inspect each of these versions that still waits for it, one by one. Errors of the storage
    are raised, except that a file is missing."""
    for pk in pks:
        yield _catch_up(pk)
        tick()


def unread_versions() -> list[int]:
    """The versions that are blocked for want of an answer: nobody could read them, or the virus
    scanner was away."""
    blocked = DocumentVersion.objects.filter(state=VersionState.BLOCKED).order_by("pk")
    return [
        version.pk
        for version in blocked.iterator(chunk_size=BATCH)
        if not _UNREAD.isdisjoint(finding.get("code") for finding in blockers(version.inspection))
    ]


def retry_unread(pks: Iterable[int], tick: Callable[[], object] = lambda: None) -> Iterator[Step]:
    """Inspect these versions once more, one by one. They are closed, and stay so if nothing else
    comes of it."""
    for pk in pks:
        version = DocumentVersion.objects.get(pk=pk)
        if version.state == VersionState.BLOCKED:
            version.move(VersionState.INSPECTING)
            yield _catch_up(pk)
        tick()


def _catch_up(pk: int) -> Step:
    try:
        inspect_waiting(pk)
    except FileNotFoundError:
        outcome = Outcome.MISSING
    else:
        outcome = Outcome.GONE
    version = DocumentVersion.objects.select_related("document").get(pk=pk)
    if outcome is Outcome.GONE and version.state in {VersionState.CLEARED, VersionState.BLOCKED}:
        outcome = Outcome(version.state)
    return Step(version, outcome)


def last_move(version: DocumentVersion) -> dt.datetime:
    """When the version came into its state, by the audit log."""
    moves = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(ReviewDocument),
        object_id=str(version.document_id),
        action="wagtail_safeguarding.version_state",
    )
    for move in moves.order_by("-timestamp").iterator(chunk_size=BATCH):
        if move.data.get("version") == version.number:
            when: dt.datetime = move.timestamp
            return when
    return version.uploaded_at
