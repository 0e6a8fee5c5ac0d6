"""Identifiers in the text and the metadata of PDF and Word files, from end to end."""

from __future__ import annotations

import io

import pytest

from tests.inspection.corpus import identified
from tests.inspection.corpus.case import Case
from tests.inspection.test_corpus_office import read as read_office
from wagtail_safeguarding.inspection.identifiers import file_name_text, find_identifiers
from wagtail_safeguarding.inspection.inside import in_words
from wagtail_safeguarding.inspection.media_types import PDF
from wagtail_safeguarding.inspection.pdf.worker import read as read_pdf
from wagtail_safeguarding.inspection.report import Severity

pytestmark = pytest.mark.once

CASES = list(identified.cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_planted_is_found_and_nothing_in_its_twin(case: Case) -> None:
    read = read_pdf if case.media_type == PDF else lambda file: read_office(file.read())
    reading = read(io.BytesIO(case.data))
    found = find_identifiers([file_name_text(case.name), *reading.texts])
    of: dict[Severity, set[str]] = {severity: set() for severity in Severity}
    for finding in map(in_words, found):
        of[finding.severity].add(finding.code)
    assert case.blockers <= of[Severity.BLOCKER]
    assert case.warnings <= of[Severity.WARNING]
    if case.is_twin:
        assert not of[Severity.BLOCKER] | of[Severity.WARNING], found
