"""``manage.py inspect_document``: its exit status, its words, and what it never prints."""

from __future__ import annotations

import hashlib
import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.inspection import files
from tests.inspection.workers import put_answer
from wagtail_safeguarding.inspection import inside
from wagtail_safeguarding.inspection.report import RULES_VERSION

pytestmark = pytest.mark.once


class Ran:
    def __init__(self, *arguments: str) -> None:
        out, err = StringIO(), StringIO()
        self.status: Any = 0
        try:
            call_command("inspect_document", *arguments, stdout=out, stderr=err, no_color=True)
        except SystemExit as ended:
            self.status = ended.code
        self.out, self.err = out.getvalue(), err.getvalue()


@pytest.fixture
def pdf(tmp_path: Path) -> str:
    path = tmp_path / "report.pdf"
    path.write_bytes(files.PDF)
    return str(path)


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(**said: Any) -> None:
        put_answer(tmp_path, monkeypatch, said)

    put()
    return put


def finding(severity: str, **values: Any) -> dict[str, Any]:
    return {"code": "too-many", "severity": severity, **values}


def test_nothing_above_a_note_is_no_known_problem(pdf: str, answer: Any) -> None:
    answer(pages=3, language="en-GB", facts={"tagged": True, "fonts": ["Arial"]})
    ran = Ran(pdf)
    assert (ran.status, ran.err) == (0, "")
    assert "No known problem found" in ran.out
    assert "PDF, 3 pages, language en-GB" in ran.out
    assert "tagged: yes" in ran.out
    assert hashlib.sha256(files.PDF).hexdigest() in ran.out
    answer(found=[finding("note", excerpt="a name")])
    ran = Ran(pdf)
    assert ran.status == 0
    assert "No known problem found" in ran.out
    assert "“a name”" in ran.out


@pytest.mark.parametrize("severity", ["warning", "blocker"])
def test_findings_are_status_1_with_place_excerpt_and_advice(
    pdf: str, answer: Any, severity: str
) -> None:
    answer(found=[finding(severity, page=2, where="a comment", excerpt="J. Smith")])
    ran = Ran(pdf)
    assert ran.status == 1
    assert f"1 {severity}" in ran.out
    assert "page 2, a comment: “J. Smith”" in ran.out
    assert "> Start with those that are" in ran.out
    assert "No known problem" not in ran.out


def test_worst_comes_first_and_the_same_words_once(pdf: str, answer: Any) -> None:
    answer(found=[finding("note"), *(finding("blocker", page=n) for n in (1, 2, 3))])
    out = Ran(pdf).out
    assert out.index("Must be put right") < out.index("Notes")
    assert out.count("so many findings") == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.pdf", b""),
        ("archive.zip", files.archive({"a": "b"})),
        ("program.pdf", files.EXE),
        ("unknown.pdf", b"nothing"),
    ],
)
def test_what_cannot_be_inspected_is_status_2(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    ran = Ran(str(path))
    assert ran.status == 2
    assert "Could not be inspected" in ran.out
    assert "[" in ran.out


def test_a_worker_that_fails_is_status_2(pdf: str, answer: Any) -> None:
    answer(found=[finding("note"), {"code": "uninspectable"}])
    assert Ran(pdf).status == 2


def test_what_is_beyond_the_limit_is_status_2(pdf: str, answer: Any, settings: Any) -> None:
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTES": 10}
    ran = Ran(pdf)
    assert ran.status == 2
    assert "too-large" in ran.out
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTES": 0}
    with pytest.raises(CommandError) as error:
        Ran(pdf)
    assert error.value.returncode == 2


def test_each_file_has_its_report_and_the_worst_decides(
    tmp_path: Path, pdf: str, answer: Any
) -> None:
    bad = tmp_path / "wrong.docx"
    bad.write_bytes(files.PDF)
    ran = Ran(pdf, str(bad))
    assert ran.status == 1
    assert ran.out.count("SHA-256") == 2
    ran = Ran(pdf, str(tmp_path / "missing.pdf"), str(bad))
    assert ran.status == 2
    assert ran.out.count("SHA-256") == 2


def test_no_file_is_one_line_on_standard_error(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (str(tmp_path / "missing\n\x1b[31m.pdf"), str(tmp_path), str(pipe)):
        ran = Ran(path)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.count("\n") == 1
        assert "\x1b" not in ran.err


def test_nothing_of_the_file_commands_the_terminal(tmp_path: Path, answer: Any) -> None:
    bad = "\x1b]0;x\x07\u202e\x9b31m\r\x08\n\u2028"
    path = tmp_path / f"a{bad}.{bad}"
    path.write_bytes(files.PDF)
    answer(
        found=[finding("blocker", excerpt=bad, where=bad)],
        facts={bad: [bad, bad], "other": bad},
        language=bad,
    )
    ran = Ran(str(path))
    assert all(line.isprintable() for line in ran.out.split("\n"))
    assert Ran(str(path), "--format=json").out.isascii()


def test_json_is_one_object_with_a_report_for_each_file(
    tmp_path: Path, pdf: str, answer: Any
) -> None:
    answer(found=[finding("warning", page=1, box=[0, 0, 1, 1])], pages=1, facts={"tagged": False})
    data = json.loads(Ran(pdf, "--format=json").out)
    assert data["rules_version"] == RULES_VERSION
    (report,) = data["reports"]
    assert report["file"] == pdf
    assert report["verdict"] == "findings"
    assert report["facts"] == {"tagged": False}
    (found,) = report["findings"]
    assert set(found) == {
        "code", "severity", "message", "advice", "page", "box", "excerpt", "where"
    }  # fmt: skip
    assert found["box"] == [0, 0, 1, 1]
    again = Ran(str(tmp_path / "no"), "--format=json")
    assert json.loads(again.out)["reports"] == []
    assert again.status == 2
    assert len(json.loads(Ran(pdf, pdf, "--format=json").out)["reports"]) == 2


def test_a_type_nobody_reads_is_said_to_be_so(pdf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "WORKERS", {})
    assert "Only the type, the name and the size" in Ran(pdf).out


def test_names_of_a_list_are_found_and_not_repeated(tmp_path: Path, pdf: str, answer: Any) -> None:
    answer(texts=[{"text": "by Ann Other", "where": "metadata: Author", "shown": False}])
    names = tmp_path / "names.txt"
    names.write_text("Pat Doe\nAnn Other\n")
    ran = Ran(pdf, "--names", str(names))
    assert ran.status == 1
    assert "metadata: Author: “by •••”" in ran.out
    assert "Ann" not in ran.out
    names.write_text("Pat Doe")
    assert Ran(pdf, "--names", str(names)).status == 0


@pytest.mark.parametrize("content", [b"Ann Other\n123", b"\xff", None])
def test_a_list_that_cannot_be_read_is_status_2(
    tmp_path: Path, pdf: str, content: bytes | None
) -> None:
    names = tmp_path / "names.txt"
    if content is not None:
        names.write_bytes(content)
    with pytest.raises(CommandError, match=r"names\.txt") as error:
        Ran(pdf, "--names", str(names))
    assert error.value.returncode == 2
    assert "Ann" not in str(error.value)
