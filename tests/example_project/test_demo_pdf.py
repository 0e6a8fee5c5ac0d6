"""The demo's PDF files are what a screen reader and our own inspection hope for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from example_project.demo.content import SITE
from example_project.demo.pdf import BOTTOM, FIRST_TOP, TOP, document_pdf, make_pdf
from example_project.demo.shapes import Section

SHORT = (
    Section("First", ("One paragraph.",), ("alpha", "beta")),
    Section("", ("Afterwards.",)),
)
LONG = tuple(
    Section(f"Part {number}", (f"Sentence {number} of a long report. " * 40,), ("a", "b"))
    for number in range(1, 9)
)


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def unicode_map(font: Any) -> dict[bytes, str]:
    pairs = re.findall(
        rb"<([0-9A-F]{4})> <([0-9A-F]{4})>",
        font.ToUnicode.read_bytes().partition(b"endcodespacerange")[2],
    )
    return {bytes.fromhex(code.decode()): chr(int(value, 16)) for code, value in pairs}


def marked_text(page: Any) -> Iterator[tuple[str, int | None, str]]:
    """(tag, MCID, text) of each marked sequence; the tag is "" for text outside of any."""
    fonts = {name: unicode_map(font) for name, font in page.Resources.Font.items()}
    tag, mcid, font, text = "", None, {}, ""
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "BDC":
            assert tag == "", "marked content is not nested"
            tag, mcid, text = str(operands[0]), operands[1].get("/MCID"), ""
        elif operator == "EMC":
            yield tag, None if mcid is None else int(mcid), text
            tag = ""
        elif operator == "Tf":
            font = fonts[str(operands[0])]
        elif operator == "Tj":
            codes = bytes(operands[0])
            shown = "".join(font[codes[i : i + 2]] for i in range(0, len(codes), 2))
            if not tag:
                yield "", None, shown
            text += shown


def read_structure(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """(tag, text) of each element with content of its own, in structure order."""
    texts = {
        (number, mcid): text
        for number, page in enumerate(pdf.pages)
        for _, mcid, text in marked_text(page)
        if mcid is not None
    }
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    found: list[tuple[str, str]] = []

    def walk(element: Any) -> None:
        own = [kid for kid in element.K if kid.get("/Type") == "/MCR"]
        if own:
            text = "".join(texts[numbers[kid.Pg.objgen], int(kid.MCID)] for kid in own)
            found.append((str(element.S), text.strip()))
        for kid in element.K:
            if kid.get("/Type") == "/StructElem":
                assert kid.P.objgen == element.objgen
                walk(kid)

    (document,) = pdf.Root.StructTreeRoot.K
    assert document.S == "/Document"
    walk(document)
    return found


def test_the_structure_gives_the_text_in_reading_order():
    pdf = opened(make_pdf("A title", SHORT, publisher="Publisher", subtitle="March 2026"))
    assert read_structure(pdf) == [
        ("/P", "Publisher"),
        ("/H1", "A title"),
        ("/P", "March 2026"),
        ("/H2", "First"),
        ("/P", "One paragraph."),
        ("/Lbl", "•"),
        ("/LBody", "alpha"),
        ("/Lbl", "•"),
        ("/LBody", "beta"),
        ("/P", "Afterwards."),
    ]


def test_lists_are_lists_of_items_with_label_and_body():
    pdf = opened(make_pdf("A title", SHORT))
    (document,) = pdf.Root.StructTreeRoot.K
    (listing,) = [kid for kid in document.K if kid.S == "/L"]
    assert listing.A.ListNumbering == "/Disc"
    assert [[str(part.S) for part in item.K] for item in listing.K] == [["/Lbl", "/LBody"]] * 2
    assert {str(item.S) for item in listing.K} == {"/LI"}


def test_title_language_and_tagging_are_declared():
    pdf = opened(make_pdf("Ann & Bo <draft>", SHORT, language="cy"))
    root = pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "cy"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo.Title) == "Ann & Bo <draft>"
    with pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == "Ann & Bo <draft>"
        assert "cy" in xmp["dc:language"]
    assert b"pdfuaid" not in root.Metadata.read_bytes(), "no conformance is claimed"
    assert {str(page.obj.Tabs) for page in pdf.pages} == {"/S"}
    assert pdf.pdf_version >= "1.7"


def test_the_file_names_no_person_and_holds_nothing_active():
    pdf = opened(make_pdf("A title", SHORT))
    assert set(pdf.docinfo.keys()) == {"/Title", "/Producer", "/CreationDate"}
    assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(pdf.Root.keys())
    assert not any("/Annots" in page.obj for page in pdf.pages)


def test_fonts_are_embedded_subsets_with_unicode_values():
    pdf = opened(make_pdf("A title", SHORT))
    for font in pdf.pages[0].Resources.Font.values():
        (descendant,) = font.DescendantFonts
        assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont))
        assert descendant.FontDescriptor.FontFile2.read_bytes().startswith(b"\0\1\0\0")
        assert len(descendant.W[1]) == len(unicode_map(font))


def test_the_same_input_gives_the_same_bytes():
    assert make_pdf("A title", LONG) == make_pdf("A title", LONG)
    assert make_pdf("A title", SHORT) != make_pdf("Another title", SHORT)


@pytest.mark.parametrize("sections", [(), SHORT, LONG], ids=["empty", "short", "long"])
def test_parent_tree_and_content_agree(sections):
    pdf = opened(make_pdf("A title", sections, publisher="Publisher"))
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    owners = {int(key): list(value) for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
    assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(pdf.pages)
    for number, page in enumerate(pdf.pages):
        assert int(page.obj.StructParents) == number
        sequences = list(marked_text(page))
        assert not [text for tag, _, text in sequences if not tag], "all text is marked"
        marked = [(mcid, tag) for tag, mcid, _ in sequences if mcid is not None]
        assert [mcid for mcid, _ in marked] == list(range(len(owners[number])))
        assert [tag for _, tag in marked] == [str(owner.S) for owner in owners[number]]


def test_a_long_report_runs_over_pages_with_furniture_as_artifacts():
    pdf = opened(make_pdf("A title", LONG, publisher="Publisher"))
    total = len(pdf.pages)
    assert total > 2
    for number, page in enumerate(pdf.pages, 1):
        artifacts = [text for tag, _, text in marked_text(page) if tag == "/Artifact" and text]
        footer = f"PublisherPage {number} of {total}"
        assert sorted(artifacts) == ([footer] if number == 1 else ["A title", footer])


def test_a_paragraph_that_runs_over_pages_stays_one_element():
    pdf = opened(make_pdf("A title", (Section("Long", ("word " * 1200,)),)))
    (paragraph,) = [text for tag, text in read_structure(pdf) if tag == "/P"]
    assert paragraph.split() == ["word"] * 1200
    assert len(pdf.pages) > 1


@pytest.mark.parametrize("words", [10, 30, 40, 60])
@pytest.mark.parametrize("lead", range(28, 48))
def test_a_heading_is_never_the_last_thing_on_a_page(lead, words):
    sections = (Section("", ("word " * 14 * lead,)), Section("Heading", ("other " * words,)))
    pdf = opened(make_pdf("A title", sections))
    for page in pdf.pages[:-1]:
        last = [tag for tag, mcid, _ in marked_text(page) if mcid is not None][-1]
        assert last == "/P"
    assert read_structure(pdf)[-1] == ("/P", ("other " * words).strip())


def test_nothing_is_drawn_below_the_text_area_or_above_it():
    pdf = opened(make_pdf("A title", LONG))
    for number, page in enumerate(pdf.pages):
        y, leading, tag = 0.0, 0.0, ""
        for instruction in pikepdf.parse_content_stream(page):
            operator, operands = str(instruction.operator), instruction.operands
            if operator == "BDC":
                tag = str(operands[0])
            elif operator == "TL":
                leading = float(operands[0])
            elif operator == "Td":
                y = float(operands[1])
            elif operator == "T*":
                y -= leading
            elif operator == "Tj" and tag != "/Artifact":
                assert BOTTOM <= y <= (TOP if number else FIRST_TOP)


def test_a_character_without_a_glyph_stops_the_build():
    with pytest.raises(ValueError, match="no character"):
        make_pdf("A title", (Section("", ("\u4f60",)),))


@pytest.mark.parametrize("title", ["", "  "])
def test_a_title_is_required(title):
    with pytest.raises(ValueError, match="title"):
        make_pdf(title, SHORT)


@pytest.mark.parametrize("document", SITE.documents.values(), ids=SITE.documents)
def test_each_document_of_the_demo_becomes_a_small_file_with_its_whole_text(document):
    data = document_pdf(document, SITE.publisher)
    assert len(data) < 60_000
    wanted = [
        text
        for section in document.sections
        for text in (section.heading, *section.paragraphs, *section.bullets)
        if text
    ]
    shown = [text for tag, text in read_structure(opened(data)) if tag != "/Lbl"]
    assert shown[0] == SITE.publisher.name
    assert shown[1] == document.title
    assert shown[3:] == wanted
