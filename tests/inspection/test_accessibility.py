"""What is said of files for those who read with assistive technology: always notes."""

from __future__ import annotations

import io
import sys
from typing import Any

import docx
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from pptx import Presentation
from pptx.util import Inches

from tests.inspection.corpus.opendocument import saved as open_document
from tests.inspection.corpus.pictures import saved as picture_bytes
from tests.inspection.corpus.pictures import scene
from tests.inspection.corpus.word import OPEN, word, xml
from tests.inspection.test_corpus_office import read as read_office
from wagtail_safeguarding.inspection.headings import heading_problems
from wagtail_safeguarding.inspection.pdf import conformance
from wagtail_safeguarding.inspection.pdf.accessibility import read_accessibility
from wagtail_safeguarding.inspection.pdf.conformance import read_conformance
from wagtail_safeguarding.inspection.pdf.worker import read as read_pdf
from wagtail_safeguarding.inspection.reading import Found, Reading
from wagtail_safeguarding.inspection.report import Severity
from wagtail_safeguarding.inspection.rules import RULES
from wagtail_safeguarding.inspection.rules.accessibility import ACCESSIBILITY

pytestmark = pytest.mark.once

GOOD = (("H1", {}), ("P", {}), ("H2", {}), ("Figure", {"/Alt": "A park"}))


def codes(found: list[Found]) -> set[str]:
    return {one.code for one in found if one.code.startswith("access-")}


def tagged(
    elements: Any = GOOD,
    *,
    language: str = "en-GB",
    title: str = "A review",
    shown: bool = True,
    pages: int = 1,
    roles: dict[str, str] | None = None,
    font: dict[str, Any] | None = None,
) -> pikepdf.Pdf:
    """A small tagged PDF; each element is its type, its entries, and its children."""
    pdf = pikepdf.new()
    letters = {"/Type": Name.Font, "/Subtype": Name.Type1, "/BaseFont": Name.Helvetica}
    for number in range(pages):
        page = pdf.add_blank_page()
        page.obj.Resources = Dictionary(Font=Dictionary(F1=Dictionary(font or letters)))
        page.obj.Contents = pdf.make_stream(
            b"/P <</MCID 0>> BDC BT /F1 12 Tf 50 700 Td (Words) Tj ET EMC"
        )
        page.obj.StructParents = number
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    if roles:
        tree.RoleMap = Dictionary({f"/{key}": Name(f"/{value}") for key, value in roles.items()})

    def element(kind: str, entries: dict[str, Any], children: Any = ()) -> Any:
        made = {"/S": Name(f"/{kind}"), **entries}
        if children:
            made["/K"] = Array([element(*child) for child in children])
        return pdf.make_indirect(Dictionary(made))

    tree.K = Array([element("Document", {}, elements)])
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    if language:
        pdf.Root.Lang = language
    if title:
        pdf.docinfo["/Title"] = title
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=shown)
    return pdf


def of_pdf(pdf: pikepdf.Pdf, texts: list[bool] | None = None) -> set[str]:
    return codes(read_accessibility(pdf, texts or [True] * len(pdf.pages))[0])


def test_a_good_pdf_has_nothing_to_be_said_of_it() -> None:
    found, facts = read_accessibility(tagged(), [True])
    assert found == []
    assert facts == {
        "tagged": True,
        "title_shown": True,
        "headings": 2,
        "figures": 1,
        "tables": 0,
    }


def test_a_pdf_without_anything() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    assert of_pdf(pdf) == {"access-not-tagged", "access-no-language", "access-no-title"}


HEADED = [("TR", {}, [("TH", {}), ("TD", {})]), ("TR", {}, [("TD", {})])]
HEADLESS = [("TR", {}, [("TD", {})])]


@pytest.mark.parametrize(
    ("pdf", "expected"),
    [
        (tagged(language=""), "access-no-language"),
        (tagged(title=""), "access-no-title"),
        (tagged(shown=False), "access-title-not-shown"),
        (tagged([("H1", {}), ("H3", {})]), "access-heading-order"),
        (tagged([("H2", {})]), "access-heading-order"),
        (tagged([("Title", {}), ("H3", {})], roles={"Title": "H1"}), "access-heading-order"),
        (tagged([("H1", {}), ("Figure", {})]), "access-no-alternative-text"),
        (tagged([("Figure", {"/Alt": "  "})]), "access-no-alternative-text"),
        (tagged([("Bild", {})], roles={"Bild": "Figure"}), "access-no-alternative-text"),
        (tagged([("Table", {}, HEADLESS)]), "access-table-headers"),
        (tagged([("Table", {}, HEADED), ("Table", {}, HEADLESS)]), "access-table-headers"),
        (tagged([("P", {})], pages=4), "access-no-headings"),
    ],
)
def test_each_barrier_is_named(pdf: pikepdf.Pdf, expected: str) -> None:
    assert of_pdf(pdf) == {expected}


@pytest.mark.parametrize(
    "elements",
    [
        [("Table", {}, HEADED)],
        [("Figure", {"/ActualText": "E"})],
        [("H1", {}), ("H2", {}), ("H3", {}), ("H2", {})],
        [("P", {})],
    ],
)
def test_what_is_no_barrier(elements: Any) -> None:
    assert of_pdf(tagged(elements)) == set()


def test_a_table_within_another_does_not_lend_it_its_headers() -> None:
    inner = [("TR", {}, [("TD", {}, [("Table", {}, HEADED)])])]
    assert of_pdf(tagged([("Table", {}, inner)])) == {"access-table-headers"}


def test_tags_in_a_circle_end() -> None:
    pdf = tagged([("P", {})])
    root = pdf.Root.StructTreeRoot.K[0]
    root.K[0].K = Array([root])
    assert of_pdf(pdf) == set()


def test_the_title_may_be_in_xmp() -> None:
    pdf = tagged(title="")
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "A review"
    assert of_pdf(pdf) == set()


def test_pages_without_a_place_in_the_structure() -> None:
    pdf = tagged(pages=2)
    del pdf.pages[1].obj.StructParents
    assert of_pdf(pdf) == {"access-reading-order"}
    with_form = tagged()
    with_form.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.Link)])
    assert of_pdf(with_form) == {"access-reading-order"}
    with_form.pages[0].obj.Tabs = Name.S
    assert of_pdf(with_form) == set()


def test_pages_that_are_pictures() -> None:
    pdf = tagged(pages=2)
    assert of_pdf(pdf, [True, False]) == set()  # an empty page
    image = pdf.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image)
    for page in pdf.pages:
        page.obj.Resources.XObject = Dictionary(I1=image)
    assert of_pdf(pdf, [True, False]) == {"access-pages-without-text"}
    assert of_pdf(pdf, [False, False]) == {"access-no-text"}


@pytest.mark.parametrize(
    ("font", "mapped"),
    [
        ({"/Subtype": Name.Type0, "/Encoding": Name("/Identity-H")}, False),
        ({"/Subtype": Name.Type0, "/ToUnicode": Name.X}, True),
        ({"/Subtype": Name.Type3}, False),
        ({"/Subtype": Name.Type3, "/Encoding": Name.WinAnsiEncoding}, True),
        ({"/Subtype": Name.TrueType, "/FontDescriptor": Dictionary(Flags=4)}, False),
        ({"/Subtype": Name.TrueType, "/FontDescriptor": Dictionary(Flags=32)}, True),
        ({"/Subtype": Name.TrueType, "/Encoding": Name.WinAnsiEncoding}, True),
    ],
)
def test_fonts_that_do_not_say_their_letters(font: dict[str, Any], mapped: bool) -> None:
    pdf = tagged(font={"/Type": Name.Font, "/BaseFont": Name("/Odd"), **font})
    assert of_pdf(pdf) == (set() if mapped else {"access-fonts"})


def test_the_worker_tells_it_with_the_rest() -> None:
    out = io.BytesIO()
    tagged([("H2", {})]).save(out)
    reading = read_pdf(out)
    assert codes(reading.found) >= {"access-heading-order"}
    assert reading.facts["tagged"] is True


# The whole standard


def test_a_full_result_where_the_validator_is_installed() -> None:
    pytest.importorskip("page")
    out = io.BytesIO()
    tagged().save(out)
    found, facts = read_conformance(out)
    assert codes(found) == {"access-pdf-ua"}
    assert facts["pdf_ua"]["result"] == "does not conform"
    assert facts["pdf_ua"]["failed"]
    assert not_validated(b"%PDF-1.7 nothing")


def not_validated(data: bytes) -> bool:
    return read_conformance(io.BytesIO(data))[1]["pdf_ua"]["result"] == "not validated"


def test_a_large_file_is_not_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The validator would need several times its size."""
    pytest.importorskip("page")
    out = io.BytesIO()
    tagged().save(out)
    whole = out.getvalue()
    assert not not_validated(whole)
    monkeypatch.setattr(conformance, "_MAX_BYTES", len(whole) - 1)
    assert not_validated(whole)


def test_nothing_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "page", None)
    assert read_conformance(io.BytesIO(b"%PDF-1.7")) == ([], {})


# Office


def saved_docx(change: Any) -> Reading:
    document = docx.Document()
    document.core_properties.title = "A review"
    change(document)
    out = io.BytesIO()
    document.save(out)
    return read_office(out.getvalue())


def good(document: Any) -> None:
    document.add_heading("A review", 1)
    document.add_heading("What happened", 2)
    document.add_paragraph(OPEN)


def no_title(document: Any) -> None:
    good(document)
    document.core_properties.title = ""


def odd_levels(document: Any) -> None:
    document.add_heading("A review", 1)
    document.add_heading("What happened", 3)


def long_without_headings(document: Any) -> None:
    for _ in range(200):
        document.add_paragraph(OPEN)


def picture(document: Any) -> None:
    good(document)
    document.add_picture(io.BytesIO(picture_bytes(scene())))


def table(document: Any) -> None:
    good(document)
    document.add_table(2, 2)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (good, set()),
        (no_title, {"access-no-title"}),
        (odd_levels, {"access-heading-order"}),
        (long_without_headings, {"access-no-headings"}),
        (picture, {"access-no-alternative-text"}),
        (table, {"access-table-headers"}),
    ],
)
def test_word_documents(change: Any, expected: set[str]) -> None:
    assert codes(saved_docx(change).found) == expected


def test_described_pictures_and_tables_with_headers_are_none_of_it() -> None:
    def described(document: Any) -> None:
        picture(document)
        drawing = document.paragraphs[-1]._p.xpath(".//wp:docPr")[0]
        drawing.set("descr", "A house")
        table(document)
        row = document.tables[0].rows[0]._tr.get_or_add_trPr()
        row.append(docx.oxml.OxmlElement("w:tblHeader"))

    assert codes(saved_docx(described).found) == set()


def test_a_document_without_styles_has_no_language() -> None:
    assert "access-no-language" in codes(read_office(word("<w:p/>")).found)
    said = '<w:rPr><w:lang w:val="cy-GB"/></w:rPr>'
    styles = f"<w:docDefaults><w:rPrDefault>{said}</w:rPrDefault></w:docDefaults>"
    reading = read_office(word("<w:p/>", styles=xml("w:styles", styles)))
    assert reading.language == "cy-GB"
    assert "access-no-language" not in codes(reading.found)


def test_slides() -> None:
    deck = Presentation()
    deck.core_properties.title = "A review"
    first = deck.slides.add_slide(deck.slide_layouts[5])
    first.shapes.title.text = "A review"
    second = deck.slides.add_slide(deck.slide_layouts[6])
    image = second.shapes.add_picture(io.BytesIO(picture_bytes(scene())), Inches(1), Inches(1))
    image._element.nvPicPr.cNvPr.set("descr", "")
    second.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1))
    out = io.BytesIO()
    deck.save(out)
    reading = read_office(out.getvalue())
    assert codes(reading.found) == {
        "access-no-language",
        "access-slide-titles",
        "access-no-alternative-text",
    }
    assert [one.excerpt for one in reading.found if one.code == "access-slide-titles"] == ["2"]


def test_open_document_text() -> None:
    heading = '<text:h text:outline-level="{}">{}</text:h>'
    body = heading.format(1, "A review") + heading.format(3, "More")
    frame = '<text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame></text:p>'
    reading = read_office(
        open_document("text", body + frame, more={"Pictures/a.png": picture_bytes(scene(), "PNG")})
    )
    assert codes(reading.found) == {
        "access-no-title",
        "access-no-language",
        "access-heading-order",
        "access-no-alternative-text",
    }


# All of them


@pytest.mark.parametrize(
    ("levels", "problems"),
    [([], 0), ([1], 0), ([1, 2, 3, 1, 2], 0), ([2], 1), ([1, 3], 1), ([1, 2, 4], 1)],
)
def test_the_order_of_headings(levels: list[int], problems: int) -> None:
    assert len(heading_problems(levels, long=False)) == problems


def test_all_of_it_are_notes() -> None:
    assert set(ACCESSIBILITY) <= set(RULES)
    assert {rule.severity for rule in ACCESSIBILITY.values()} == {Severity.NOTE}
