"""Identifiers of people in texts: planted ones are found, their harmless twins are not."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inspection import files
from tests.inspection.identifier_samples import HARMLESS, PLANTED
from tests.inspection.workers import put_answer
from wagtail_safeguarding.inspection.identifiers import (
    FINDERS,
    MAX_OF_A_CODE,
    MORE,
    OF_WORDS,
    file_name_text,
    find_identifiers,
    mask,
    plain_text,
    without_identifiers,
)
from wagtail_safeguarding.inspection.identifiers.numbers import is_nhs_number
from wagtail_safeguarding.inspection.inside import in_words
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.reading import Found, Text
from wagtail_safeguarding.inspection.report import Severity
from wagtail_safeguarding.inspection.rules.names import NAMES

pytestmark = pytest.mark.once


def found_in(text: str, shown: bool = True) -> list[Found]:
    return find_identifiers([Text(text, "page", 3, shown)])


def severities(text: str, shown: bool = True) -> dict[str, Severity]:
    return {found.code: in_words(found).severity for found in found_in(text, shown)}


def above_note(text: str) -> dict[str, Severity]:
    return {code: level for code, level in severities(text).items() if level != Severity.NOTE}


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in PLANTED.items() for text in texts]
)
def test_planted_identifiers_are_found_where_they_stand(code: str, text: str) -> None:
    assert code in above_note(text)
    assert code in above_note(f"Then it said:\n{text}\nand more.")
    found = next(one for one in found_in(text) if one.code == code)
    assert (found.page, found.where) == (3, "page")


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_twins_are_not(text: str) -> None:
    assert above_note(text) == {}
    assert above_note(f"Before it. {text} After it.") == {}


def test_every_code_has_samples_and_words() -> None:
    assert set(PLANTED) <= set(NAMES)


def test_how_bad_it_is_depends_on_what_readers_see() -> None:
    for text, code, shown, unseen in [
        ("943 476 5919", "nhs-number", Severity.BLOCKER, Severity.BLOCKER),
        ("born on 12/03/2010", "date-of-birth", Severity.WARNING, Severity.BLOCKER),
        ("AB123456C", "insurance-number", Severity.WARNING, Severity.BLOCKER),
        ("07700 900123", "telephone", Severity.WARNING, Severity.WARNING),
        ("info@example.org", "email", Severity.NOTE, Severity.NOTE),
        ("NHS number 943 476 5918", "nhs-number", Severity.WARNING, Severity.WARNING),
    ]:
        assert severities(text) == {code: shown}
        assert severities(text, shown=False) == {code: unseen}


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("9434765919", True),
        ("4010232137", True),
        ("9434765918", False),
        ("943476591", False),
        ("94347659199", False),
        ("0000000000", False),
        ("4444444444", False),
    ],
)
def test_check_digit_of_an_nhs_number(digits: str, valid: bool) -> None:
    assert is_nhs_number(digits) is valid


@given(st.integers(min_value=400_000_000, max_value=799_999_999))
def test_one_check_digit_at_most_is_right(number: int) -> None:
    assert sum(is_nhs_number(f"{number}{digit}") for digit in range(10)) <= 1


def test_no_identifier_is_repeated_in_full() -> None:
    text = (
        "Ann Other, born on 12 March 2010, NHS number 943 476 5919, of 4 Acacia Road, NR3 1AB, "
        "07700 900123, ann.other@gmail.com, AB123456C, pupil of Oakfield Primary School"
    )
    found = found_in(text)
    assert len(found) >= 7
    for one in found:
        for secret in (
            "12 March 2010", "476 5919", "3 1AB", "900123", "ann.other", "123456C", "Oakfield"
        ):  # fmt: skip
            assert secret not in one.excerpt, one
        assert "•" in one.excerpt


def test_an_identifier_that_the_excerpt_would_cut_is_masked_too() -> None:
    for gap in range(60):
        text = f"943 476 5919 {'x' * gap} {'y ' * (gap // 2)}401 023 2137 z"
        for one in found_in(text):
            assert "5919" not in one.excerpt
            assert "765" not in one.excerpt.replace(" ", "")


def test_masks_keep_the_first_letters() -> None:
    assert mask("943 476 5919") == "94• ••• ••••"
    assert mask("ann@example.org") == "an•@•••••••.•••"
    assert without_identifiers("NHS 943 476 5919.") == "NHS 94• ••• ••••."
    assert without_identifiers("nothing ‘here’") == "nothing ‘here’"


def test_the_same_one_is_said_once_and_many_are_cut_short() -> None:
    assert len(found_in("07700 900123 or 07700 900123\n" * 50)) == 1
    numbers = " ".join(f"or 07700 9{n:05}," for n in range(MAX_OF_A_CODE + 50))
    found = found_in(numbers)
    assert len(found) == MAX_OF_A_CODE + 1
    assert found[-1].where == MORE
    assert all(one.where != MORE for one in found[:-1])


def test_cells_of_one_place_are_read_together() -> None:
    cells = [Text("UPRN", "sheet 1", None, False), Text("100023336956", "sheet 1", None, False)]
    assert [found.code for found in find_identifiers(cells)] == ["uprn"]
    elsewhere = [cells[0], Text("100023336956", "sheet 2", None, False)]
    assert find_identifiers(elsewhere) == []


@pytest.mark.parametrize(
    "name",
    ["Child_E_9434765919.pdf", "NHS-943-476-5919.pdf", "9434765919.pdf", "DOB_9434765919_a.pdf"],
)
def test_file_names_are_read_too(name: str) -> None:
    assert [found.code for found in find_identifiers([file_name_text(name)])] == ["nhs-number"]
    report = inspect_file(io.BytesIO(files.MP4), name.replace("pdf", "mp4"), max_bytes=1000)
    assert report.blocked
    assert report.findings[0].where == "the name of the file"


@pytest.mark.parametrize("name", ["NSCP_2019-03-12_Child_E.pdf", "report 2020-03-12.pdf"])
def test_dates_of_publication_in_file_names_are_not_of_birth(name: str) -> None:
    assert find_identifiers([file_name_text(name)]) == []


def test_what_a_worker_read_is_looked_through_and_its_words_are_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: dict[str, Any] = {
        "found": [{"code": "too-many", "excerpt": "NHS 9434765919", "where": "note 9434765919"}],
        "texts": [
            {"text": "Date of birth 12/03/2010", "where": "metadata: Subject", "shown": False}
        ],
        "facts": {"title": "9434765919", "fonts": ["9434765919"], "9434765919": {"a": True}},
    }
    put_answer(tmp_path, monkeypatch, answer)
    report = inspect_file(io.BytesIO(files.PDF), "report.pdf", max_bytes=1000)
    birth = next(one for one in report.findings if one.code == "date-of-birth")
    assert (birth.severity, birth.where) == (Severity.BLOCKER, "metadata: Subject")
    assert "9434765919" not in str(report.as_dict())
    assert report.facts["fonts"] == ["94••••••••"]


def test_what_nobody_sees_hides_no_number() -> None:
    for text in ("943\u00ad476\u00ad5919", "9\u200b4\u200b3\u200b4765919", "943 476\u2060 5919"):
        assert "nhs-number" in severities(text)


HOSTILE = [
    "1", "a", " ", "\n", "@", "a@", "a.", "a@a.", "1 ", "1-", "12/03/2010 ", "School ", "A School ",
    "NHS ", "case ", "case number ", "case ref ref ref ", "aged ", "born ", "A", "AB", "AB1", "0",
    "+44 (0)", "(", "UPRN ", "UPRN 1234567 ", "943 476 ", "Ysgol ", "Ysgol Gynradd ", "jan ",
    "31 of ", "St. ", "a'", "NR3 1", "www ", "07700 9", "\u00a0", "\u200b", "９",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece: str) -> None:
    # Ordinary text of this length takes less than a second. A pattern whose time grew with the
    # square of it would need some ten minutes.
    text = piece * (400_000 // len(piece))
    begun = time.process_time()
    find_identifiers([Text(text, "page", 1)])
    assert time.process_time() - begun < 30


@pytest.mark.parametrize("text", [text for texts in PLANTED.values() for text in texts])
def test_where_there_is_no_digit_only_finders_of_words_find_anything(text: str) -> None:
    bare = re.sub(r"\d", "x", plain_text(text)), re.sub(r"\d", "", plain_text(text))
    for finder in set(FINDERS) - OF_WORDS:
        assert [hit for words in bare for hit in finder(words)] == []


@given(st.text(max_size=400), st.booleans())
def test_any_text_can_be_looked_through(text: str, shown: bool) -> None:
    for found in found_in(text, shown):
        assert found.code in NAMES
    without_identifiers(text)
