"""Pages are counted in a process that may come to grief without harm."""

from __future__ import annotations

import io
from typing import Any

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
    monkeypatch.setattr(pages, "ask", None)
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


@pytest.mark.parametrize("said", ["-1", "True", "'12'", "1.5", "2**31"])
def test_only_a_number_that_a_column_holds_is_believed(
    tmp_path: Any, monkeypatch: Any, said: str
) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text(f"def answer(file): return {said}")
    monkeypatch.setattr(pages, "_WORKER", worker)
    assert count_pages(pdf_with(1), PDF) is None
