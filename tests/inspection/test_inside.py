"""A worker's answer becomes a report, and may say nothing that a report cannot hold."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.inspection import files
from tests.inspection.workers import put_answer, put_worker
from wagtail_safeguarding.inspection import inside
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.reading import MAX_EXCERPT, MAX_FOUND, MAX_TEXT
from wagtail_safeguarding.inspection.report import Report, Severity, Verdict
from wagtail_safeguarding.inspection.rules import RULES

pytestmark = pytest.mark.once


def report_on(data: bytes = files.PDF, name: str = "report.pdf") -> Report:
    return inspect_file(io.BytesIO(data), name, max_bytes=10_000_000)


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def report(**answer: Any) -> Report:
        put_answer(tmp_path, monkeypatch, answer)
        return report_on()

    return report


def test_what_the_worker_of_the_type_says_is_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_worker(
        tmp_path,
        monkeypatch,
        """
        size = len(file.read())
        found = Found("uninspectable", page=2, box=(1, 2, 3, 4.5), excerpt="x", where="page")
        return asdict(Reading([found], [], {"size": size, "fonts": ["A"]}, 7, "en-GB"))
        """,
    )
    report = report_on()
    (finding,) = report.findings
    assert (finding.code, finding.page, finding.box) == ("uninspectable", 2, (1, 2, 3, 4.5))
    assert (finding.excerpt, finding.where) == ("x", "page")
    assert finding.message == RULES["uninspectable"].message
    assert report.facts == {"size": len(files.PDF), "fonts": ["A"]}
    assert (report.pages, report.language) == (7, "en-GB")
    assert report.looked_inside


def test_a_type_without_a_worker_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "WORKERS", {})
    report = report_on()
    assert report.findings == ()
    assert not report.looked_inside
    assert report.verdict is Verdict.NO_KNOWN_PROBLEM


@pytest.mark.parametrize(
    "body",
    ["raise ValueError", "return {'found': 1}", "return {'found': [{'page': 1}]}", "return []"],
)
def test_a_file_that_cannot_be_read_is_blocked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    put_worker(tmp_path, monkeypatch, body)
    report = report_on()
    assert [finding.code for finding in report.findings] == ["uninspectable"]
    assert report.blocked
    assert report.verdict is Verdict.NOT_INSPECTED


def test_a_code_that_nobody_knows_blocks(answered: Any) -> None:
    report = answered(found=[{"code": "harmless", "severity": "note"}])
    assert [finding.code for finding in report.findings] == ["uninspectable"]
    assert report.blocked


def test_a_worker_may_say_how_bad_a_known_finding_is(answered: Any) -> None:
    report = answered(
        found=[
            {"code": "too-many", "severity": "note"},
            {"code": "too-many", "severity": "blocker"},
            {"code": "too-many", "severity": "nonsense"},
        ]
    )
    found = [finding.severity for finding in report.findings]
    assert found == [Severity.NOTE, Severity.BLOCKER, RULES["too-many"].severity]


def test_excerpts_are_short_and_print(answered: Any) -> None:
    report = answered(
        found=[{"code": "too-many", "excerpt": "a\x1b[31m\u202eb\x00\n" + "c" * 999, "where": "\t"}]
    )
    (finding,) = report.findings
    assert finding.excerpt.startswith("a [31m b c")
    assert len(finding.excerpt) == MAX_EXCERPT
    assert finding.excerpt.isprintable()
    assert finding.where == ""


def test_an_answer_is_bounded_whatever_the_child_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_worker(
        tmp_path,
        monkeypatch,
        f"""
        deep = []
        for _ in range(50):
            deep = [deep]
        return {{
            "found": [{{"code": "too-many"}}] * {MAX_FOUND + 5},
            "texts": [{{"text": "x" * 400_000, "where": "page"}}] * 20,
            "facts": {{
                "a\\x00": "b\\x00" * 999,
                "number": 10 ** 50,
                "deep": deep,
                "many": [1] * 9999,
                **{{str(n): n for n in range(9999)}},
            }},
            "pages": 2 ** 31,
            "language": "e\\x00n" * 99,
        }}
        """,
    )
    reading = inside.look_inside(io.BytesIO(files.PDF), "application/pdf")
    assert len(reading.found) == MAX_FOUND + 2
    assert {found.code for found in reading.found} == {"too-many"}
    assert sum(len(text.text) for text in reading.texts) <= MAX_TEXT
    assert len(json.dumps(reading.facts)) < 20_000
    assert "\\u0000" not in json.dumps(reading.facts)
    assert reading.facts["number"] is None
    assert reading.pages is None
    assert len(reading.language) <= 35


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(10**30)])
def test_pages_are_numbers_of_pages(answered: Any, number: str) -> None:
    report = answered(found=[{"code": "too-many", "page": int(number)}])
    assert report.findings[0].page is None


def test_numbers_that_json_has_not_are_no_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A child whose parser was taken over may print anything.
    put_worker(
        tmp_path,
        monkeypatch,
        """
        import os, sys
        answers = sys._getframe(1).f_locals["answers"]
        os.write(answers, b'{"found": [{"code": "too-many", "box": [1e999, 0, 0, 0]}]}')
        os._exit(0)
        """,
    )
    (finding,) = report_on().findings
    assert (finding.code, finding.box) == ("too-many", None)


def test_rules_have_words_for_people() -> None:
    for code, rule in RULES.items():
        assert rule.code == code
        assert rule.message.endswith("."), code
        assert rule.advice.endswith("."), code
        assert " safe" not in rule.message, code
