"""The text of PDF and DOCX files, and files that want to do harm."""

from __future__ import annotations

import io
import sys
import zipfile
from typing import Any

import pikepdf
import pytest
from reportlab.pdfgen import canvas

from tests.inspection.files import archive
from wagtail_safeguarding.inspection import text
from wagtail_safeguarding.inspection.child import Limits
from wagtail_safeguarding.inspection.media_types import DOCX, PDF
from wagtail_safeguarding.inspection.text import extract_text
from wagtail_safeguarding.inspection.text_child import clean

pytestmark = pytest.mark.once


def pdf(*pages: list[str], outside: str = "") -> io.BytesIO:
    out = io.BytesIO()
    drawing = canvas.Canvas(out)
    for lines in pages:
        written = drawing.beginText(50, 700)
        written.textLines(lines)
        drawing.drawText(written)
        if outside:
            drawing.drawString(50, -100, outside)
        drawing.showPage()
    drawing.save()
    return out


NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def part(body: str, before: str = "", namespace: str = NAMESPACE) -> str:
    return (
        f'<?xml version="1.0"?>{before}<w:document xmlns:w="{namespace}" '
        f'xmlns:mc="urn:mc"><w:body>{body}</w:body></w:document>'
    )


def paragraph(words: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{words}</w:t></w:r></w:p>"


def docx(body: str, **parts: str) -> io.BytesIO:
    others = {f"word/{name}.xml": part(content) for name, content in parts.items()}
    return io.BytesIO(archive({"word/document.xml": part(body), **others}))


# PDF


def test_a_pdf_is_read_page_by_page() -> None:
    file = pdf(["First page", "of two"], [], ["Third"])
    file.seek(7)
    assert extract_text(file, PDF) == ["First page\nof two", "", "Third"]


def test_words_broken_at_the_end_of_a_line_are_whole() -> None:
    assert extract_text(pdf(["multi-agency safeguar-", "ding for multi-", "agency"]), PDF) == [
        "multi-agency safeguarding for multi-agency"
    ]


def test_what_lies_outside_of_the_page_is_not_read() -> None:
    assert extract_text(pdf(["Shown"], outside="Not shown"), PDF) == ["Shown"]


def test_other_types_are_not_read(monkeypatch: Any) -> None:
    monkeypatch.setattr(text, "ask", None)
    assert extract_text(io.BytesIO(b"x"), "image/png") is None


def test_an_encrypted_pdf_cannot_be_read() -> None:
    out = io.BytesIO()
    with pikepdf.open(pdf(["Secret"])) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert extract_text(out, PDF) is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_pdf_is_no_error(share: float) -> None:
    whole = pdf(["Some words"] * 3).getvalue()
    found = extract_text(io.BytesIO(whole[: int(len(whole) * share)]), PDF)
    assert found is None or all(isinstance(page, str) for page in found)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\0" * 9999 + b"startxref 9"]
)
def test_fragments_cannot_be_read(data: bytes) -> None:
    assert extract_text(io.BytesIO(data), PDF) is None


def many_pages(count: int) -> io.BytesIO:
    """A PDF whose page tree names one page over and over."""
    out = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        page = file.pages[0].obj
        file.Root.Pages.Kids = pikepdf.Array([page] * count)
        file.Root.Pages.Count = count
        file.save(out)
    return out


def test_a_pdf_of_too_many_pages_is_not_read() -> None:
    assert extract_text(many_pages(30_000), PDF) is None


def test_a_number_of_pages_that_is_a_lie_does_no_harm() -> None:
    out = io.BytesIO()
    with pikepdf.open(pdf(["One"])) as file:
        file.Root.Pages.Count = 2_000_000_000
        file.save(out)
    assert extract_text(out, PDF) in (None, ["One"])


def test_too_much_text_is_not_read() -> None:
    lines = ["word " * 1000] * 120
    assert extract_text(pdf(lines), PDF) is None


# DOCX


def test_a_word_file_is_read_with_headings_tables_and_notes() -> None:
    body = (
        paragraph(
            "Findings", '<w:pPr><w:pStyle w:val="Heading1"/><w:tabs><w:tab/></w:tabs></w:pPr>'
        )
        + "<w:tbl><w:tr><w:tc>"
        + paragraph("Left")
        + "</w:tc><w:tc>"
        + paragraph("Right")
        + "</w:tc></w:tr></w:tbl>"
        + '<w:p><w:r><w:t xml:space="preserve">safe</w:t></w:r><w:r><w:t>guarding</w:t>'
        "<w:tab/><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t><w:br/><w:t>C</w:t></w:r></w:p>"
    )
    found = extract_text(
        docx(body, footnotes=paragraph("A footnote"), endnotes=paragraph("An endnote")), DOCX
    )
    assert found == [
        "Findings\nLeft\nRight\n\nsafeguarding A-B\nC",
        "A footnote",
        "An endnote",
    ]


def test_what_is_deleted_hidden_or_a_comment_is_not_read() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>Deleted</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>Moved</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Shown</w:t></w:r>'
        "<w:r><w:instrText>HYPERLINK</w:instrText></w:r>"
        "<mc:AlternateContent><mc:Choice><w:r><w:t> once</w:t></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:t> twice</w:t></w:r></mc:Fallback></mc:AlternateContent>"
        "<w:ins><w:r><w:t> Inserted</w:t></w:r></w:ins></w:p>"
    )
    assert extract_text(docx(body, comments=paragraph("A comment")), DOCX) == [
        "Shown once Inserted"
    ]


def test_a_page_ends_at_a_page_break_or_after_three_thousand_characters() -> None:
    body = (
        paragraph("One")
        + '<w:p><w:r><w:br w:type="page"/><w:t>Two</w:t></w:r></w:p>'
        + paragraph("Three", "<w:pPr><w:pageBreakBefore/></w:pPr>")
        + "".join(paragraph(f"{number} " + "x" * 990) for number in range(5))
    )
    pages = extract_text(docx(body), DOCX)
    assert pages is not None
    assert [page[:5] for page in pages] == ["One", "Two", "Three", "4 xxx"]


def test_the_strict_form_of_word_is_read_too() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    data = archive({"word/document.xml": part(paragraph("Strict"), namespace=strict)})
    assert extract_text(io.BytesIO(data), DOCX) == ["Strict"]


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "data",
    [
        archive({"word/document.xml": part(paragraph("&b;"), ENTITIES)}),
        archive({"word/document.xml": part(paragraph("&a;"), EXTERNAL)}),
        archive({"word/document.xml": part(paragraph("x"))[:-20]}),
        archive({"word/document.xml": "<a>" * 200_000}),
        archive({"other.xml": "<x/>"}),
        archive({"word/document.xml": part(paragraph("Some words") * 50)})[:150],
        archive({"word/document.xml": part(paragraph("x" * 1_000_000))}),
        archive({"word/document.xml": part(paragraph("x" * 2000) * 3000)}),
        b"PK\x03\x04",
    ],
    ids=[
        "entities",
        "external",
        "cut",
        "deep",
        "no document",
        "cut archive",
        "page",
        "all",
        "head",
    ],
)
def test_hostile_word_files_cannot_be_read(data: bytes) -> None:
    assert extract_text(io.BytesIO(data), DOCX) is None


def test_an_encrypted_word_file_cannot_be_read() -> None:
    data = bytearray(archive({"word/document.xml": part(paragraph("x"))}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1  # the flag that says so
    assert extract_text(io.BytesIO(bytes(data)), DOCX) is None


@pytest.mark.skipif(sys.platform == "win32", reason="the limits are Unix's")
def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("word/document.xml", "w") as inside,
    ):
        inside.write(part("").encode()[:100])
        for _ in range(300):
            inside.write(b" " * 1_000_000)
    assert len(out.getvalue()) < 1_000_000
    assert extract_text(out, DOCX) is None
    # The same with a size in the list that is a lie.
    data = bytearray(out.getvalue())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (1000).to_bytes(4, "little")
    assert extract_text(io.BytesIO(bytes(data)), DOCX) is None


def test_a_child_that_lies_brings_no_nul_into_the_database(tmp_path: Any, monkeypatch: Any) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("def answer(file): return ['a\\x00b\\u200b']")
    monkeypatch.setattr(text, "_WORKER", worker)
    assert extract_text(io.BytesIO(b"startxref"), PDF) == ["ab"]


def test_time_is_limited(monkeypatch: Any) -> None:
    monkeypatch.setattr(text, "LIMITS", Limits(seconds=1, memory=1 << 30, output=1000))
    assert (
        extract_text(io.BytesIO(archive({"word/document.xml": "<a/>" * 1_000_000})), DOCX) is None
    )


# Cleaning


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\ufb01nance o\ufb03ce", "finance office"),
        ("soft\xadhyphen", "softhyphen"),
        ("a\x00b\x1bc\ud800d\ufffee\u202ef", "abcdef"),
        ("e\u0301", "é"),
        ("a \t\xa0 b \r\n\r\n\r\n c", "a b\n\nc"),
        ("safeguar-\nding", "safeguarding"),
        ("safeguar\x02ding", "safeguarding"),
        ("a-\nb-\nc", "abc"),
        ("Anglo-\nSaxon", "Anglo-Saxon"),
        ("well-known and well-\nknown", "well-known and well-known"),
        ("1-\n2", "1-2"),
        ("dash -\nnext", "dash -\nnext"),
        ("one \f\n two", "one\ftwo"),
    ],
)
def test_text_is_cleaned(before: str, after: str) -> None:
    assert clean(before) == after
