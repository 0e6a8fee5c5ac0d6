"""PowerPoint files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import openpyxl
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Pt

from wagtail_safeguarding.inspection.media_types import PPTX

from .case import Case
from .ooxml import A, P, added, changed, package, relationships, xml
from .spreadsheet import openpyxl_book
from .word import OPEN, SECRET

PYTHON = "python-pptx"
BY_HAND = "PowerPoint (by hand)"


def case(
    name: str,
    data: bytes,
    *blockers: str,
    producer: str = PYTHON,
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    hidden: str = "",
) -> Case:
    return Case(
        f"slides-{name}",
        data,
        PPTX,
        producer,
        frozenset(blockers),
        frozenset(warnings),
        frozenset(notes),
        hidden,
    )


def slides(change: Callable[[Any, Any], None] = lambda deck, slide: None) -> bytes:
    """A title slide, and a second slide with one box of text; ``change`` is given that one."""
    deck = Presentation()
    deck.core_properties.author = ""
    deck.core_properties.last_modified_by = ""
    deck.core_properties.title = "A review"
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "A review"
    second = deck.slides.add_slide(deck.slide_layouts[6])
    change(deck, second)
    box(second, OPEN, 1, 6)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def box(slide: Any, text: str, left: float, top: float, width: float = 5) -> Any:
    shape = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(0.6))
    shape.text_frame.text = text
    return shape


def rectangle(slide: Any, colour: str, left: float, top: float, width: float, height: float) -> Any:
    shape = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, Inches(left), Inches(top), Inches(width), Inches(height)
    )
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    return shape


def picture(colour: str = "grey") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "PNG")
    out.seek(0)
    return out


def paint(shape: Any, colour: str) -> None:
    shape.text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(colour)


def deck(shapes: str, *, root: str = "", more: str = "") -> bytes:
    """One slide by hand."""
    tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>{more}"
    return package(
        "ppt/presentation.xml",
        {
            "ppt/presentation.xml": xml(
                "p:presentation",
                '<p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
                '<p:sldSz cx="9144000" cy="6858000"/>',
            ),
            "ppt/_rels/presentation.xml.rels": relationships(
                ("rId1", "slide", "slides/slide1.xml")
            ),
            "ppt/slides/slide1.xml": xml("p:sld", tree, root),
        },
    )


def sp(
    text: str, *, x: int = 0, y: int = 0, hidden: str = "", run: str = "", fill: str = ""
) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="Box" {hidden}/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{x}" y="{y}"/><a:ext cx="1000000" cy="500000"/></a:xfrm>{fill}</p:spPr><p:txBody>'
        f"<a:p><a:r>{run}<a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def cases() -> Iterator[Case]:
    yield case("plain", slides())
    yield case("plain-by-hand", deck(sp(OPEN)), producer=BY_HAND)
    yield from _slides()
    yield from _shapes()
    yield from _covers()
    yield from _beside()


def _slides() -> Iterator[Case]:
    def hide(deck: Any, slide: Any) -> None:
        slide._element.set("show", "0")
        box(slide, SECRET, 1, 1)

    yield case("hidden", slides(hide), "office-hidden-slide", hidden=SECRET)
    yield case(
        "hidden-by-hand",
        deck(sp(SECRET), root='show="0"'),
        "office-hidden-slide",
        producer=BY_HAND,
        hidden=SECRET,
    )

    def note(deck: Any, slide: Any) -> None:
        slide.notes_slide.notes_text_frame.text = SECRET

    def no_note(deck: Any, slide: Any) -> None:
        slide.notes_slide.notes_text_frame.text = ""

    yield case("notes", slides(note), "office-speaker-notes", hidden=SECRET)
    yield case("notes-empty", slides(no_note))

    def remove(deck: Any, slide: Any) -> None:
        box(slide, SECRET, 1, 1)
        ids = deck.slides._sldIdLst
        ids.remove(ids[1])

    yield case("left-out", slides(remove), "office-unused-text", hidden=SECRET)


def _shapes() -> Iterator[Case]:
    off = "office-off-page"

    def outside(deck: Any, slide: Any) -> None:
        box(slide, SECRET, -8, 1)

    def edge(deck: Any, slide: Any) -> None:
        box(slide, OPEN, -1, 1)

    yield case("off-slide", slides(outside), off, hidden=SECRET)
    yield case("on-the-edge", slides(edge))
    grouped = (
        '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="Group"/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
        '<a:off x="{x}" y="0"/><a:ext cx="1000000" cy="500000"/>'
        '<a:chOff x="0" y="0"/><a:chExt cx="1000000" cy="500000"/></a:xfrm></p:grpSpPr>{shape}</p:grpSp>'
    )
    yield case(
        "off-slide-in-group",
        deck(grouped.format(x=20_000_000, shape=sp(SECRET))),
        off,
        producer=BY_HAND,
        hidden=SECRET,
    )
    yield case("group", deck(grouped.format(x=100_000, shape=sp(OPEN))), producer=BY_HAND)
    yield case(
        "hidden-shape",
        deck(sp(OPEN) + sp(SECRET, hidden='hidden="1"', y=900_000)),
        "office-hidden-object",
        producer=BY_HAND,
        hidden=SECRET,
    )
    hidden_group = grouped.replace('name="Group"', 'name="Group" hidden="1"')
    yield case(
        "hidden-group",
        deck(hidden_group.format(x=0, shape=sp(SECRET))),
        "office-hidden-object",
        producer=BY_HAND,
        hidden=SECRET,
    )
    same = "office-same-colour"

    def white(deck: Any, slide: Any) -> None:
        paint(box(slide, SECRET, 1, 1), "FFFFFF")

    yield case("white", slides(white), same, hidden=SECRET)

    def white_on_blue(deck: Any, slide: Any) -> None:
        shape = rectangle(slide, "1F3864", 1, 1, 4, 1)
        shape.text_frame.text = OPEN
        paint(shape, "FFFFFF")

    yield case("white-on-blue", slides(white_on_blue))

    def black_on_black(deck: Any, slide: Any) -> None:
        shape = rectangle(slide, "000000", 1, 1, 4, 1)
        shape.text_frame.text = SECRET
        paint(shape, "000000")

    yield case("black-on-black", slides(black_on_black), same, hidden=SECRET)

    def on_picture(deck: Any, slide: Any) -> None:
        slide.shapes.add_picture(picture(), Inches(0), Inches(0), Inches(10), Inches(3))
        paint(box(slide, OPEN, 1, 1), "FFFFFF")

    yield case("white-on-picture", slides(on_picture), warnings=(same,))

    def tiny(deck: Any, slide: Any) -> None:
        box(slide, SECRET, 1, 1).text_frame.paragraphs[0].runs[0].font.size = Pt(1)

    yield case("tiny", slides(tiny), "office-tiny-text", hidden=SECRET)
    yield case(
        "transparent",
        deck(sp(SECRET, run="<a:rPr><a:noFill/></a:rPr>")),
        "office-hidden-formatting",
        producer=BY_HAND,
        hidden=SECRET,
    )
    outline = "<a:rPr><a:ln><a:noFill/></a:ln></a:rPr>"
    yield case("no-outline", deck(sp(OPEN, run=outline)), producer=BY_HAND)

    def crop(amount: float) -> Callable[[Any, Any], None]:
        def change(deck: Any, slide: Any) -> None:
            image = slide.shapes.add_picture(picture(), Inches(1), Inches(1))
            image.crop_left = amount

        return change

    yield case("cropped", slides(crop(0.4)), warnings=("office-cropped-picture",))
    yield case("tidied", slides(crop(0.02)))

    def described(deck: Any, slide: Any) -> None:
        image = slide.shapes.add_picture(picture(), Inches(1), Inches(1))
        image._element.nvPicPr.cNvPr.set("descr", SECRET)

    yield case("described", slides(described), hidden=SECRET)


def _covers() -> Iterator[Case]:
    def cover(
        colour: str, *, first: bool = False, part: bool = False
    ) -> Callable[[Any, Any], None]:
        def change(deck: Any, slide: Any) -> None:
            if first:
                rectangle(slide, colour, 0.5, 0.5, 6, 2)
            box(slide, SECRET, 1, 1)
            if part:
                rectangle(slide, colour, 2, 1.1, 1, 0.4)
            elif not first:
                rectangle(slide, colour, 0.5, 0.5, 6, 2)

        return change

    yield case("covered", slides(cover("1F77B4")), "office-covered")
    yield case("covered-black", slides(cover("000000")), "office-covered")
    yield case("box-behind", slides(cover("DDDDDD", first=True)))
    yield case("word-covered", slides(cover("000000", part=True)), "office-covering-shape")
    yield case(
        "word-whited-out",
        slides(cover("FFFFFF", part=True)),
        warnings=("office-covering-shape",),
    )

    def covered_picture(deck: Any, slide: Any) -> None:
        slide.shapes.add_picture(picture(), Inches(1), Inches(1), Inches(4), Inches(3))
        rectangle(slide, "000000", 2, 2, 1, 0.5)

    yield case("picture-covered", slides(covered_picture), "office-covering-shape")

    def labelled_picture(deck: Any, slide: Any) -> None:
        slide.shapes.add_picture(picture(), Inches(1), Inches(1), Inches(4), Inches(3))
        label = rectangle(slide, "FFFFFF", 2, 2, 1, 0.5)
        label.text_frame.text = "A park"

    yield case("picture-labelled", slides(labelled_picture))

    def image_over_text(deck: Any, slide: Any) -> None:
        box(slide, SECRET, 1, 1)
        slide.shapes.add_picture(picture(), Inches(0.5), Inches(0.5), Inches(7), Inches(3))

    yield case("under-a-picture", slides(image_over_text), warnings=("office-covered",))
    glass = '<a:solidFill><a:srgbClr val="000000"><a:alpha val="30000"/></a:srgbClr></a:solidFill>'
    yield case("under-glass", deck(sp(OPEN) + sp("", fill=glass)), producer=BY_HAND)
    solid = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
    yield case(
        "under-solid",
        deck(sp(SECRET) + sp("", fill=solid)),
        "office-covered",
        producer=BY_HAND,
    )
    yield case(
        "uncovered-by-animation",
        deck(sp(OPEN) + sp("", fill=solid), more="<p:timing/>"),
        producer=BY_HAND,
        warnings=("office-covered",),
    )


def _beside() -> Iterator[Case]:
    comments = xml(
        "p:cmLst", f'<p:cm authorId="0" dt="2026-01-01T00:00:00"><p:text>{SECRET}</p:text></p:cm>'
    )
    authors = xml("p:cmAuthorLst", '<p:cmAuthor id="0" name="Jo Writer" initials="JW"/>')
    links = {
        "ppt/slides/_rels/slide2.xml.rels": (("rC", "comments", "../comments/comment1.xml"),),
        "ppt/_rels/presentation.xml.rels": (("rA", "commentAuthors", "commentAuthors.xml"),),
    }
    yield case(
        "comment",
        added(
            slides(),
            {"ppt/comments/comment1.xml": comments, "ppt/commentAuthors.xml": authors},
            links,
        ),
        "office-comment",
        warnings=("office-people",),
        hidden=SECRET,
    )
    modern = xml(
        "p188:cmLst",
        f'<p188:cm id="1" authorId="2"><p188:txBody><a:p><a:r><a:t>{SECRET}</a:t></a:r></a:p>'
        "</p188:txBody></p188:cm>",
    )
    yield case(
        "comment-modern",
        added(slides(), {"ppt/comments/comment1.xml": modern}, dict(list(links.items())[:1])),
        "office-comment",
        hidden=SECRET,
    )
    yield case(
        "comments-none",
        added(
            slides(),
            {
                "ppt/comments/comment1.xml": xml("p:cmLst"),
                "ppt/commentAuthors.xml": xml("p:cmAuthorLst"),
            },
            links,
        ),
    )

    def chart(deck: Any, slide: Any) -> None:
        data = CategoryChartData()
        data.categories = ["Health", "Police"]
        data.add_series("Meetings", (3, 4))
        slide.shapes.add_chart(
            XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(4), Inches(3), data
        )

    yield case("chart", slides(chart), notes=("office-chart-data",))

    def with_heading(parts: Any) -> None:
        name = next(name for name in parts if "embeddings" in name)
        book = openpyxl.load_workbook(io.BytesIO(parts[name]))
        book.active["A1"] = "Agency"
        book.active["B7"] = "To resize chart data range, drag lower right corner of range."
        out = io.BytesIO()
        book.save(out)
        parts[name] = out.getvalue()

    yield case(
        "chart-with-heading", changed(slides(chart), with_heading), notes=("office-chart-data",)
    )

    def dated(deck: Any, slide: Any) -> None:
        data = CategoryChartData(number_format="0.0")
        data.categories = [date(2026, 1, 1), date(2026, 2, 1)]
        data.add_series("Meetings", (3.1, 4.4))
        slide.shapes.add_chart(XL_CHART_TYPE.LINE, Inches(1), Inches(1), Inches(4), Inches(3), data)

    yield case("chart-with-dates", slides(dated), notes=("office-chart-data",))

    def richer(parts: Any) -> None:
        name = next(name for name in parts if "embeddings" in name)

        def more(book: Any) -> None:
            book.active["A9"] = SECRET

        parts[name] = openpyxl_book(more)

    yield case(
        "chart-with-more-data",
        changed(slides(chart), richer),
        "office-chart-data",
        hidden=SECRET,
    )

    def secretive(parts: Any) -> None:
        name = next(name for name in parts if "embeddings" in name)

        def more(book: Any) -> None:
            sheet = book.create_sheet("Notes")
            sheet["A1"] = SECRET
            sheet.sheet_state = "hidden"

        parts[name] = openpyxl_book(more)

    yield case(
        "chart-with-hidden-sheet",
        changed(slides(chart), secretive),
        "office-embedded",
        hidden=SECRET,
    )

    def ole(deck: Any, slide: Any) -> None:
        slide.shapes.add_ole_object(
            io.BytesIO(openpyxl_book()), "Excel.Sheet.12", Inches(1), Inches(1), icon_file=picture()
        )

    yield case("ole", slides(ole), "office-embedded")
    tags = f'<p:tagLst xmlns:p="{P}" xmlns:a="{A}"><p:tag name="CHILD" val="Robin Sparrow"/></p:tagLst>'
    yield case(
        "tag",
        added(
            slides(),
            {"ppt/tags/tag1.xml": tags},
            {"ppt/_rels/presentation.xml.rels": (("rT", "tags", "tags/tag1.xml"),)},
        ),
        notes=("office-variable",),
        hidden="Robin Sparrow",
    )

    def pictured(deck: Any, slide: Any) -> None:
        slide.shapes.add_picture(picture(), Inches(1), Inches(1))

    def cut(parts: Any) -> None:
        name = next(name for name in parts if "media/" in name)
        parts[name] = parts[name][:-12]

    # As an old template of LibreOffice has it: everybody shows it.
    unended = changed(slides(pictured), cut)
    yield case("picture-without-end", unended, warnings=("office-unlisted-part",))

    def merged(deck: Any, slide: Any, text: str = SECRET) -> None:
        table = slide.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
        table.cell(0, 0).merge(table.cell(0, 1))
        table.cell(0, 1).text = text

    yield case("merged-cell", slides(merged), "office-hidden-object", hidden=SECRET)
    yield case("merged-cells", slides(lambda deck, slide: merged(deck, slide, "")))

    def author(deck: Any, slide: Any) -> None:
        deck.core_properties.author = "Jo Writer"

    yield case("author", slides(author), warnings=("office-author",), hidden="Jo Writer")
