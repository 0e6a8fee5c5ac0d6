"""Inspect again what was inspected under older rules, and say what that would change before it is
done: newer rules would otherwise close what is public without anybody having looked.

A version on which the newer rules come to the same result gets the new report at once, so that a
run which was stopped goes on where it was. Any other keeps its report and its state until somebody
says ``apply``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import models, transaction

from wagtail_safeguarding.inspection.malware import UNCHECKED
from wagtail_safeguarding.inspection.report import RULES_VERSION, Report

from .inspections import conclude, judge, read_stored
from .models import DocumentVersion
from .overrules import open_blockers
from .states import IllegalMove, VersionState

BATCH = 200


class Outcome(StrEnum):
    SAME = "same"
    WOULD_CLOSE = "would-close"
    WOULD_CLEAR = "would-clear"
    CLOSED = "closed"
    CLEARED = "cleared"
    MISSING = "missing"
    UNCHECKED = "unchecked"
    """The virus scanner gave no answer, which says nothing about the file."""
    GONE = "gone"
    """Its state changed meanwhile."""

    @property
    def is_problem(self) -> bool:
        return self in {Outcome.MISSING, Outcome.UNCHECKED}


@dataclass(frozen=True)
class Comparison:
    """One version under the newer rules. ``codes`` are what blocks it under these."""

    version: DocumentVersion
    outcome: Outcome
    codes: tuple[str, ...] = ()


def outdated_versions() -> models.QuerySet[DocumentVersion]:
    """The versions whose result came from older rules, or without a report."""
    older = models.Q(inspection__rules_version__lt=RULES_VERSION)
    unknown = models.Q(inspection__rules_version__isnull=True)
    return DocumentVersion.objects.filter(
        older | unknown, state__in=[VersionState.CLEARED, VersionState.BLOCKED]
    )


def compare(*, apply: bool, tick: Callable[[], object] = lambda: None) -> Iterator[Comparison]:
    """Each of these versions under the rules of today; with ``apply``, moved to what they say.

    Errors of the storage are raised, except that a file is missing.
    """
    last = 0
    while True:
        batch = outdated_versions().filter(pk__gt=last).order_by("pk")[:BATCH]
        pks = list(batch.values_list("pk", flat=True))
        if not pks:
            return
        for last in pks:
            version = outdated_versions().select_related("document").filter(pk=last).first()
            if version is not None:
                yield _compare(version, apply=apply)
            tick()


def _compare(version: DocumentVersion, *, apply: bool) -> Comparison:
    try:
        report, pages = read_stored(version)
    except FileNotFoundError:
        return Comparison(version, Outcome.MISSING)
    if any(finding.code == UNCHECKED for finding in report.findings):
        return Comparison(version, Outcome.UNCHECKED)
    result, codes = judge(version, report), _codes(version, report)
    if result == version.state:
        return Comparison(version, _keep(version, report, pages), codes)
    closes = result == VersionState.BLOCKED
    if not apply:
        return Comparison(version, Outcome.WOULD_CLOSE if closes else Outcome.WOULD_CLEAR, codes)
    try:
        # At once: nobody is to see it under inspection, which it is not any more.
        with transaction.atomic():
            version.move(VersionState.INSPECTING)
            conclude(version, report, pages)
    except IllegalMove:
        return Comparison(version, Outcome.GONE)
    return Comparison(version, Outcome.CLOSED if closes else Outcome.CLEARED, codes)


def _keep(version: DocumentVersion, report: Report, pages: int | None) -> Outcome:
    """Put the report on record, unless something else happened to the version meanwhile."""
    same = DocumentVersion.objects.filter(
        pk=version.pk, state=version.state, inspection_run=version.inspection_run
    )
    kept = same.update(inspection=report.as_dict(), pages=pages)
    return Outcome.SAME if kept else Outcome.GONE


def _codes(version: DocumentVersion, report: Report) -> tuple[str, ...]:
    """What blocks the version; ``altered`` where the stored bytes are not the uploaded ones."""
    found = {str(finding.get("code")) for finding in open_blockers(version, report.as_dict())}
    return (*(() if report.sha256 == version.sha256 else ("altered",)), *sorted(found))
