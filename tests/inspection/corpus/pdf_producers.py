"""The same as ``pdf_structure`` plants by hand, planted by other programs and in other ways."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import FreeText, Highlight, Link, Popup, Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from .case import Case
from .pdf_page import OPEN, SECRET, Draft, saved, text
from .pdf_structure import BOX, OTHER, PAGE, noted, planted, twin

PYPDF, REPORTLAB, PIKEPDF = "pypdf", "reportlab", "pikepdf"

HELVETICA = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name.Helvetica}
ASCII = b"""/CIDInit /ProcSet findresource begin begincmap /CMapName /ASCII def
1 begincodespacerange <00> <ff> endcodespacerange
1 beginbfrange <20> <7a> <0020> endbfrange endcmap end"""


def paged(*lines: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(360, 240), invariant=True, pageCompression=0)
    for number, line in enumerate(lines or (OPEN,)):
        canvas.drawString(30, 180 - 60 * number, line)
    canvas.save()
    return out.getvalue()


def written(change: Callable[[PdfWriter], object], *lines: str, incremental: bool = False) -> bytes:
    """What pypdf makes of a file of reportlab's."""
    source = PdfReader(io.BytesIO(paged(*lines)))
    writer = PdfWriter(source, incremental=True) if incremental else PdfWriter(clone_from=source)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def annotated(*annotations: Any) -> bytes:
    def change(writer: PdfWriter) -> None:
        for annotation in annotations:
            writer.add_annotation(0, annotation)

    return written(change)


def drawn(change: Callable[[Canvas], object]) -> bytes:
    """What reportlab makes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(360, 240), invariant=True)
    canvas.drawString(30, 180, OPEN)
    change(canvas)
    canvas.save()
    return out.getvalue()


def comments() -> Iterator[Case]:
    rect = tuple(BOX)
    corners = ArrayObject(map(FloatObject, (24, 136, 174, 136, 24, 112, 174, 112)))
    note = Text(rect=rect, text=SECRET)
    yield planted("note by pypdf", annotated(note), "pdf-comment", producer=PYPDF, hidden=SECRET)
    mark = Highlight(rect=rect, quad_points=corners)
    mark[NameObject("/Contents")] = TextStringObject(SECRET)
    yield planted(
        "highlight by pypdf", annotated(mark), "pdf-comment", producer=PYPDF, hidden=SECRET
    )
    popup = Popup(rect=rect, open=False)
    popup[NameObject("/Contents")] = TextStringObject(SECRET)
    yield planted("pop-up by pypdf", annotated(popup), "pdf-comment", producer=PYPDF, hidden=SECRET)
    plain = Highlight(rect=rect, quad_points=corners)
    yield twin("highlight by pypdf", annotated(plain), PYPDF)
    yield twin("link by pypdf", annotated(Link(rect=rect, url="https://example.org/a")), PYPDF)
    noted_by = partial(Canvas.textAnnotation, contents=SECRET, Rect=BOX)
    yield planted(
        "note by reportlab", drawn(noted_by), "pdf-comment", producer=REPORTLAB, hidden=SECRET
    )
    hidden = FreeText(rect=rect, text=SECRET)
    hidden.flags = 2
    yield planted(
        "hidden text box by pypdf",
        annotated(hidden),
        "pdf-hidden-annotation",
        producer=PYPDF,
        hidden=SECRET,
    )
    redaction = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Redact"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, BOX)),
            NameObject("/QuadPoints"): corners,
            NameObject("/F"): NumberObject(4),
        }
    )
    yield planted(
        "redaction by pypdf",
        written(lambda writer: writer.add_annotation(0, redaction), OPEN, SECRET),
        "pdf-redaction-unapplied",
        producer=PYPDF,
    )


def named() -> Iterator[Case]:
    def outline(writer: PdfWriter, title: str) -> None:
        writer.add_outline_item(title="The review", page_number=0, bold=True)
        writer.add_outline_item(title=title, page_number=0)

    yield planted(
        "bookmark by pypdf",
        written(lambda writer: outline(writer, SECRET)),
        producer=PYPDF,
        warnings=["pdf-bookmark"],
        hidden=SECRET,
    )
    yield twin("bookmark by pypdf", written(lambda writer: outline(writer, OPEN)), PYPDF)
    yield planted(
        "named place by pypdf",
        written(lambda writer: writer.add_named_destination("Amelia_Sparrow", 0)),
        producer=PYPDF,
        notes=["pdf-named-place"],
        hidden=SECRET,
    )
    told = {"/Author": SECRET, "/Title": f"{SECRET} chronology", "/Client": SECRET}
    codes = ["pdf-author", "pdf-title", "pdf-custom-metadata"]
    yield planted(
        "metadata by pypdf",
        written(lambda writer: writer.add_metadata(told)),
        producer=PYPDF,
        warnings=codes,
        hidden=SECRET,
    )

    def tell(canvas: Canvas) -> None:
        canvas.setTitle(f"{SECRET} chronology")
        canvas.setAuthor(SECRET)

    yield planted(
        "metadata by reportlab",
        drawn(tell),
        producer=REPORTLAB,
        warnings=["pdf-author", "pdf-title"],
        hidden=SECRET,
    )
    pdf = Draft(PAGE).pdf()
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = f"{SECRET} chronology"
        xmp["{http://ns.adobe.com/pdfx/1.3/}Client"] = SECRET
    yield planted(
        "metadata by pikepdf",
        saved(pdf),
        producer=PIKEPDF,
        warnings=["pdf-title", "pdf-custom-metadata"],
        hidden=SECRET,
    )


def carried() -> Iterator[Case]:
    yield planted(
        "attachment by pypdf",
        written(lambda writer: writer.add_attachment(f"{SECRET}.docx", b"Notes")),
        "pdf-attachment",
        producer=PYPDF,
        hidden=SECRET,
    )
    yield planted(
        "JavaScript by pypdf",
        written(lambda writer: writer.add_open_action(JavaScript(f'app.alert("{SECRET}")'))),
        "pdf-javascript",
        producer=PYPDF,
        hidden=SECRET,
    )

    def portfolio(writer: PdfWriter) -> None:
        writer.add_attachment(f"{SECRET}.docx", b"Notes")
        view = DictionaryObject({NameObject("/View"): NameObject("/T")})
        writer.root_object[NameObject("/Collection")] = view

    yield planted(
        "portfolio by pypdf",
        written(portfolio),
        "pdf-portfolio",
        "pdf-attachment",
        producer=PYPDF,
        hidden=SECRET,
    )
    launch = DictionaryObject(
        {
            NameObject("/S"): NameObject("/Launch"),
            NameObject("/F"): TextStringObject("cmd.exe"),
        }
    )

    def start(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = launch

    yield planted("launch by pypdf", written(start), "pdf-launch", producer=PYPDF)
    yield planted(
        "encrypted by pypdf",
        written(lambda writer: writer.encrypt("", "owner", algorithm="RC4-128")),
        producer=PYPDF,
        notes=["pdf-encrypted"],
    )


def edited() -> Iterator[Case]:
    def redraw(writer: PdfWriter) -> None:
        contents = writer.pages[0]["/Contents"].get_object()
        contents.set_data(contents.get_data().replace(SECRET.encode(), OTHER.encode()))

    yield planted(
        "words taken out by pypdf",
        written(redraw, OPEN, SECRET, incremental=True),
        "pdf-earlier-text",
        producer=PYPDF,
        hidden=SECRET,
    )

    def mark(writer: PdfWriter) -> None:
        writer.add_annotation(0, Link(rect=tuple(BOX), url="https://example.org/a"))

    yield twin("link added by pypdf", written(mark, incremental=True), PYPDF)

    kept = PdfReader(io.BytesIO(written(lambda writer: None, OPEN)))
    writer = PdfWriter(clone_from=kept)
    for page in PdfReader(io.BytesIO(paged(SECRET))).pages:
        writer.add_page(page)
    kids = writer.root_object["/Pages"]["/Kids"]
    kids.pop()
    writer.root_object["/Pages"][NameObject("/Count")] = NumberObject(1)
    out = io.BytesIO()
    writer.write(out)
    yield planted(
        "page left behind by pypdf",
        out.getvalue(),
        "pdf-removed-page",
        "pdf-removed-content",
        producer=PYPDF,
        hidden=SECRET,
    )


def carried_by_hand() -> Iterator[Case]:
    """Other places for what ``pdf_structure`` has in one."""
    for kind in ("Sound", "Movie", "RichMedia", "3D"):
        yield planted(
            f"multimedia: {kind}", noted(Subtype=Name(f"/{kind}")), warnings=["pdf-multimedia"]
        )
    drawing = Draft(f"{PAGE}/X Do\n")
    drawing.streams["X"] = (
        text(OTHER, y=60).encode(),
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Form,
            "/BBox": [0, 0, 360, 240],
            "/PieceInfo": {"InDesign": {"Private": (b"old words", {})}},
        },
    )
    yield planted("private data of a drawing", drawing.data(), warnings=["pdf-private-data"])
    yield planted(
        "private data of the file",
        Draft(PAGE, root={"PieceInfo": {"Word": {"Private": {"Path": SECRET}}}}).data(),
        warnings=["pdf-private-data"],
    )
    # Letters of an embedded font that draw nothing.
    blank = {
        "Type": Name.Font,
        "Subtype": Name.Type3,
        "FontBBox": [0, 0, 1000, 1000],
        "FontMatrix": [0.001, 0, 0, 0.001, 0, 0],
        "FirstChar": 32,
        "LastChar": 122,
        "Widths": [500] * 91,
        "CharProcs": {"blank": (b"500 0 d0", {})},
        "Encoding": {"Differences": [32, *[Name.blank] * 91]},
        "ToUnicode": (ASCII, {}),
        "Resources": {},
    }
    page = Draft(PAGE + text(SECRET, font="B"), resources={"Font": {"B": blank, "F": HELVETICA}})
    yield planted("blank letters", page.data(), warnings=["hidden-blank"], hidden=SECRET)
    web = Draft(PAGE).data() + f"<!-- {SECRET} -->".encode() * 100
    yield planted("web page after the end", web, warnings=["pdf-trailing-data"])

    form = pikepdf.Pdf.open(io.BytesIO(Draft(PAGE).data()))
    signature = Dictionary(
        Type=Name.Sig,
        Filter=Name("/Adobe.PPKLite"),
        SubFilter=Name("/ETSI.CAdES.detached"),
        ByteRange=[0, 9, 9, 9],
        Contents=pikepdf.String("x"),
        Reason=pikepdf.String("I approve"),
    )
    field = Dictionary(FT=Name.Sig, T="s", V=form.make_indirect(signature))
    form.Root.AcroForm = Dictionary(Fields=[form.make_indirect(field)], SigFlags=3)
    yield planted(
        "signature without a field on a page",
        saved(form),
        producer=PIKEPDF,
        notes=["pdf-signature"],
    )


def cases() -> Iterator[Case]:
    for kind in (comments, named, carried, edited, carried_by_hand):
        yield from kind()
