"""From outside, a file has findings, whatever it is; bad content never raises."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inspection import files
from wagtail_safeguarding.inspection.media_types import KNOWN, UNKNOWN, XLSX
from wagtail_safeguarding.inspection.outside import look_outside
from wagtail_safeguarding.inspection.report import RULES_VERSION, Finding, Report, Severity

MAX = 10_000_000


def report_on(data: bytes, name: str = "report.pdf", max_bytes: int = MAX) -> Report:
    return look_outside(io.BytesIO(data), name, max_bytes=max_bytes)


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


GOOD = {
    "report.pdf": files.PDF,
    "REPORT.PDF": files.PDF,
    "briefing.docx": files.office("word/document.xml"),
    "slides.pptx": files.office("ppt/presentation.xml"),
    "briefing.odt": files.open_document("text"),
    "photo.jpg": files.JPEG,
    "photo.jpeg": files.JPEG,
    "diagram.png": files.png(),
    "recording.mp3": files.MP3_TAGGED,
    "signed.mp4": files.MP4,
    "Adroddiad Plentyn Dŵr (2019).pdf": files.PDF,
    "a.b.c.pdf": files.PDF,
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_good_file_has_no_findings(name: str) -> None:
    data = GOOD[name]
    report = report_on(data, name)
    assert report.findings == ()
    assert not report.blocked
    assert report.sha256 == hashlib.sha256(data).hexdigest()
    assert report.size == len(data)
    assert report.media_type in KNOWN


def test_every_extension_that_may_be_used_is_tried_above() -> None:
    wanted = {extension for known in KNOWN.values() for extension in known.extensions}
    assert wanted - {name.rpartition(".")[2].lower() for name in GOOD} == {"m4v"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("figures.xlsx", files.office("xl/workbook.xml"), id="xlsx"),
        pytest.param("figures.ods", files.open_document("spreadsheet"), id="ods"),
        pytest.param("report.pdf", files.EXE, id="renamed-exe"),
        pytest.param("report.pdf", files.ELF, id="renamed-elf"),
        pytest.param("report.pdf", files.office("xl/workbook.xml"), id="renamed-xlsx"),
        pytest.param("report.docx", files.archive({"a": "b"}), id="renamed-zip"),
        pytest.param("report.docx", b"PK\x03\x04 bad", id="bad-zip"),
        pytest.param("report.docx", files.many_entries(30_000), id="zip-bomb-of-names"),
        pytest.param("report.doc", files.OLE, id="old-word"),
        pytest.param("notes.txt", b"text", id="text"),
        pytest.param("page.html", b"<script>alert(1)</script>", id="html"),
        pytest.param("picture.svg", b"<svg onload='alert(1)'/>", id="svg"),
    ],
)
def test_files_of_other_kinds_are_refused(name: str, data: bytes) -> None:
    report = report_on(data, name)
    assert report.blocked
    assert codes(report) == ["type-refused"]


def test_spreadsheets_are_refused_with_the_reason() -> None:
    (finding,) = report_on(files.office("xl/workbook.xml"), "figures.xlsx").findings
    assert XLSX in finding.message
    assert "Hidden sheets" in finding.advice


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("report.docx", files.PDF, "PDF"),
        ("report.pdf.exe", files.PDF, "PDF"),
        ("report", files.PDF, "PDF"),
        ("report.", files.PDF, "PDF"),
        ("photo.png", files.JPEG, "JPEG image"),
        ("photo.gif", b"GIF89a" + files.PDF, "PDF"),
        ("report.pdf", files.office("word/document.xml"), "Word document"),
    ],
)
def test_name_that_says_another_kind_is_refused(name: str, data: bytes, kind: str) -> None:
    report = report_on(data, name)
    assert report.blocked
    assert codes(report) == ["wrong-extension"]
    assert kind in report.findings[0].message


def test_empty_file_is_refused_once() -> None:
    report = report_on(b"")
    assert codes(report) == ["empty"]
    assert report.blocked
    assert (report.size, report.media_type) == (0, UNKNOWN)


def test_size_is_bounded_to_the_byte() -> None:
    assert report_on(files.PDF, max_bytes=len(files.PDF)).findings == ()
    report = report_on(files.PDF, max_bytes=len(files.PDF) - 1)
    assert codes(report) == ["too-large"]
    assert report.blocked


def test_no_more_is_read_than_the_limit_asks_for() -> None:
    class Endless(io.BytesIO):
        read_bytes = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size > 0
            Endless.read_bytes += size
            return b"%PDF-1.7 ".ljust(size, b"x")

    report = look_outside(Endless(), "report.pdf", max_bytes=3_000_000)
    assert codes(report) == ["too-large"]
    assert Endless.read_bytes < 6_000_000


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("report\u202efdp.pdf", id="right-to-left"),
        pytest.param("report\u2066.pdf", id="isolate"),
        pytest.param("report\u200b.pdf", id="zero-width"),
        pytest.param("report\x00.pdf", id="nul"),
        pytest.param("report\n.pdf", id="newline"),
        pytest.param("report\x7f.pdf", id="delete"),
        pytest.param("../../etc/report.pdf", id="path"),
        pytest.param("..\\report.pdf", id="windows-path"),
        pytest.param("C:report.pdf", id="drive"),
        pytest.param('re"port.pdf', id="quote"),
        pytest.param("report\ud800.pdf", id="surrogate"),
    ],
)
def test_names_that_hide_or_lead_elsewhere_are_refused(name: str) -> None:
    report = report_on(files.PDF, name)
    assert report.blocked
    assert "name-unsafe" in codes(report)


def test_a_name_of_dots_or_none_is_refused() -> None:
    for name in ("", ".", "..", "... .", "   "):
        assert "name-unsafe" in codes(report_on(files.PDF, name))


def test_long_name_is_a_finding() -> None:
    assert codes(report_on(files.PDF, "x" * 196 + ".pdf")) == []
    report = report_on(files.PDF, "x" * 396 + ".pdf")
    assert codes(report) == ["name-too-long"]
    assert report.findings[0].advice


def test_problems_are_told_together() -> None:
    assert codes(report_on(files.EXE, "a/b.pdf")) == ["type-refused", "name-unsafe"]


def test_findings_have_words_for_people() -> None:
    for name, data in (("a/b.pdf", files.EXE), ("x", files.PDF), ("report.pdf", b"")):
        for finding in report_on(data, name).findings:
            assert finding.message.endswith(".")
            assert finding.advice.endswith(".")


def test_reading_error_is_not_swallowed() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk is gone"):
        look_outside(Broken(), "report.pdf", max_bytes=MAX)


def test_report_is_plain_data_that_says_which_rules_it_followed() -> None:
    data = report_on(files.EXE, "a/b.pdf").as_dict()
    again: dict[str, Any] = json.loads(json.dumps(data))
    assert again["rules_version"] == RULES_VERSION
    assert again["findings"][0]["severity"] == "blocker"
    assert {"sha256", "size", "media_type", "findings", "facts", "rules_version"} <= set(again)


def test_warnings_alone_do_not_block() -> None:
    warning = Finding("x", Severity.WARNING, "Look.")
    blocker = Finding("y", Severity.BLOCKER, "Stop.")
    assert not Report("", 1, UNKNOWN, (warning,)).blocked
    assert Report("", 1, UNKNOWN, (warning, blocker)).blocked


@given(st.binary(max_size=2000), st.text(max_size=300))
def test_any_bytes_under_any_name_have_a_report(data: bytes, name: str) -> None:
    report = report_on(data, name, max_bytes=1500)
    assert report.size >= min(len(data), 1500)
    assert report.blocked or report.media_type in KNOWN
    if len(data) <= 1500:
        assert report.sha256 == hashlib.sha256(data).hexdigest()
    json.dumps(report.as_dict())


@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200), st.integers(0, 300))
def test_any_damage_to_a_good_file_has_a_report(name: str, junk: bytes, at: int) -> None:
    data = GOOD[name]
    report = report_on(data[:at] + junk + data[at + len(junk) :], name)
    assert report.blocked or report.media_type in KNOWN


def test_of_a_file_that_is_too_large_nothing_more_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wagtail_safeguarding.inspection.outside.sniff", None)
    report = look_outside(io.BytesIO(b"x" * 11), "report.pdf", max_bytes=10)
    assert codes(report) == ["too-large"]


def test_names_that_show_no_letter_are_refused() -> None:
    for name in ("\u3164\u3164.pdf", "\u00a0.pdf", "\uffa0.pdf", "---.pdf", " .pdf"):
        assert "name-unsafe" in codes(report_on(files.PDF, name)), name
