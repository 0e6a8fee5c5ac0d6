"""Pages are counted in a process that may come to grief without harm."""

from __future__ import annotations

import io
import sys
import time
from typing import Any
from unittest import mock

import pikepdf
import pytest

from wagtail_safeguarding.inspection import pages
from wagtail_safeguarding.inspection.media_types import PDF
from wagtail_safeguarding.inspection.pages import count_pages


def pdf_with(number: int, **options: Any) -> io.BytesIO:
    pdf = pikepdf.new()
    for _page in range(number):
        pdf.add_blank_page()
    file = io.BytesIO()
    pdf.save(file, **options)
    return file


@pytest.mark.parametrize(
    "options",
    [{}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}],
    ids=["plain", "packed"],
)
def test_pages_are_counted_wherever_the_file_stands(options: Any) -> None:
    file = pdf_with(3, **options)
    file.seek(5)
    assert count_pages(file, PDF) == 3


def test_other_types_and_fragments_start_no_process(monkeypatch: Any) -> None:
    monkeypatch.setattr(pages.subprocess, "run", None)
    assert count_pages(pdf_with(1), "image/png") is None
    assert count_pages(io.BytesIO(b"%PDF-1.7\n%%EOF\n"), PDF) is None


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"\0" * 5000 + b"startxref\n99999999999\n%%EOF",
        pdf_with(2).getvalue()[:200] + b"startxref",
    ],
    ids=["empty", "nowhere", "cut"],
)
def test_damaged_files_have_no_known_number(data: bytes) -> None:
    assert count_pages(io.BytesIO(data), PDF) is None


def test_encrypted_files_have_no_known_number() -> None:
    file = pdf_with(1, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert count_pages(file, PDF) is None


def script(tmp_path: Any, monkeypatch: Any, text: str) -> None:
    child = tmp_path / "child.py"
    child.write_text(text)
    monkeypatch.setattr(pages, "_CHILD", child)


def test_a_child_that_hangs_is_killed(tmp_path: Any, monkeypatch: Any) -> None:
    script(tmp_path, monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(pages, "SECONDS", 1)
    begun = time.monotonic()
    assert count_pages(pdf_with(1), PDF) is None
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("said", ["-1", "12x", "", "1e9", "٣"])
def test_only_a_number_is_believed(tmp_path: Any, monkeypatch: Any, said: str) -> None:
    script(tmp_path, monkeypatch, f"import sys; sys.stdout.buffer.write({said!r}.encode())")
    assert count_pages(pdf_with(1), PDF) is None


@pytest.mark.skipif(sys.platform == "win32", reason="the limits are Unix's")
@pytest.mark.parametrize(
    "work", ["x = bytearray(2 << 30)", "sys.stdout.write('1' * 100_000)"], ids=["memory", "output"]
)
def test_limits_hold_in_the_child(tmp_path: Any, monkeypatch: Any, work: str) -> None:
    text = pages._CHILD.read_text().replace("import pikepdf", f"{work}; import pikepdf")
    assert work in text
    script(tmp_path, monkeypatch, text)
    assert count_pages(pdf_with(1), PDF) is None


def test_without_an_interpreter_or_a_place_for_the_copy_it_is_not_known(monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "executable", None)
    monkeypatch.setattr(sys, "prefix", "/nowhere")
    assert count_pages(pdf_with(1), PDF) is None
    monkeypatch.undo()
    monkeypatch.setattr(pages.tempfile, "TemporaryFile", mock.Mock(side_effect=FileNotFoundError))
    assert count_pages(pdf_with(1), PDF) is None


def test_a_server_that_embeds_python_is_not_started(monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/uwsgi")
    assert count_pages(pdf_with(2), PDF) == 2
