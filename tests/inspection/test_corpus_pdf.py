"""Everything that is planted in a PDF is found; nothing is found in its harmless twin."""

from __future__ import annotations

import io

import pytest

from tests.inspection.corpus.case import Case
from tests.inspection.corpus.kinds import cases
from tests.inspection.corpus.pdf_page import SECRET
from wagtail_safeguarding.inspection.inside import in_words
from wagtail_safeguarding.inspection.pdf.worker import read
from wagtail_safeguarding.inspection.report import Severity

pytestmark = pytest.mark.once

CASES = list(cases("pdf"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_planted_is_found_and_nothing_else(case: Case) -> None:
    # In this process: the child is tried with a few of them, in test_inspect_pdf.
    reading = read(io.BytesIO(case.data))
    findings = [in_words(found) for found in reading.found]
    of = {
        severity: {finding.code for finding in findings if finding.severity is severity}
        for severity in Severity
    }
    assert of[Severity.BLOCKER] == case.blockers
    assert of[Severity.WARNING] == case.warnings
    assert case.notes <= of[Severity.NOTE]
    unseen = " ".join(text.text for text in reading.texts if not text.shown)
    assert case.hidden in unseen
    if case.is_twin and not case.hidden:
        assert SECRET not in unseen


def test_the_names_of_the_cases_are_their_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
