"""Every planted Office file is found out, and no harmless twin is."""

from __future__ import annotations

import io

import pytest

from tests.inspection.corpus.case import Case
from tests.inspection.corpus.kinds import cases
from wagtail_safeguarding.inspection.gathered import Gathered
from wagtail_safeguarding.inspection.inside import in_words
from wagtail_safeguarding.inspection.media_types import sniff
from wagtail_safeguarding.inspection.office.file import inspect
from wagtail_safeguarding.inspection.office.package import Budget
from wagtail_safeguarding.inspection.reading import Reading
from wagtail_safeguarding.inspection.report import Severity

pytestmark = pytest.mark.once

CASES = list(cases("office"))


def read(data: bytes) -> Reading:
    """What the worker says, without a process of its own."""
    gathered = Gathered()
    inspect(io.BytesIO(data), gathered, Budget())
    return gathered.reading()


def codes_by_severity(reading: Reading) -> tuple[set[str], set[str], set[str]]:
    """The codes of blockers, warnings and notes."""
    findings = [in_words(found) for found in reading.found]
    blockers, warnings, notes = (
        {finding.code for finding in findings if finding.severity is severity}
        for severity in (Severity.BLOCKER, Severity.WARNING, Severity.NOTE)
    )
    return blockers, warnings, notes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_planted_is_found_and_nothing_else(case: Case) -> None:
    reading = read(case.data)
    blockers, warnings, notes = codes_by_severity(reading)
    assert blockers == case.blockers, reading.found
    assert warnings == case.warnings, reading.found
    assert case.notes <= notes, reading.found
    if case.hidden:
        assert any(case.hidden in text.text for text in reading.texts if not text.shown)
        assert not any(case.hidden in text.text for text in reading.texts if text.shown) or (
            "office-tracked-move" in case.warnings
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_files_are_what_they_are_said_to_be(case: Case) -> None:
    refused = {"application/zip"} if "office-macros" in case.blockers else set()
    assert sniff(io.BytesIO(case.data)) in {case.media_type} | refused
