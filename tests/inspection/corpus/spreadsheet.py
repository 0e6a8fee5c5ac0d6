"""Excel workbooks. They are refused by their type; these are for `inspect_document`, and for
workbooks within other files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from wagtail_safeguarding.inspection.media_types import XLSX

from .case import Case
from .ooxml import Parts, X, added, package, relationships, xml
from .word import OPEN, SECRET

OPENPYXL = "openpyxl"
XLSXWRITER = "XlsxWriter"
BY_HAND = "Excel (by hand)"


def openpyxl_book(change: Callable[[Any], None] = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Figures"
    book.active["A1"] = OPEN
    book.active["B2"] = 12
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsxwriter_book(change: Callable[[Any, Any], None] = lambda book, sheet: None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Figures")
    sheet.write("A1", OPEN)
    change(book, sheet)
    book.close()
    return out.getvalue()


def book(
    rows: str,
    *,
    before: str = "",
    after: str = "",
    workbook: str = "",
    state: str = "",
    links: tuple[tuple[str, ...], ...] = (),
    more: Parts | None = None,
    styles: str = "",
) -> bytes:
    """One sheet by hand, of the rows given, and a second one if it has a ``state``."""
    sheets = '<sheet name="Figures" sheetId="1" r:id="rId1"/>'
    targets: list[tuple[str, ...]] = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    parts: Parts = {
        "xl/worksheets/sheet1.xml": xml(
            "worksheet", f"{before}<sheetData>{rows}</sheetData>{after}", default=X
        )
    }
    if state:
        sheets += f'<sheet name="Notes" sheetId="2" state="{state}" r:id="rId2"/>'
        targets.append(("rId2", "worksheet", "worksheets/sheet2.xml"))
        parts["xl/worksheets/sheet2.xml"] = xml(
            "worksheet", f"<sheetData>{row(SECRET)}</sheetData>", default=X
        )
    if styles:
        targets.append(("rId3", "styles", "styles.xml"))
        parts["xl/styles.xml"] = xml("styleSheet", styles, default=X)
    parts["xl/workbook.xml"] = xml("workbook", f"{workbook}<sheets>{sheets}</sheets>", default=X)
    parts["xl/_rels/workbook.xml.rels"] = relationships(*targets, *links)  # type: ignore[arg-type]
    return package("xl/workbook.xml", {**parts, **(more or {})})


def row(*texts: str, number: int = 1, attributes: str = "", style: int = 0) -> str:
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'
        for at, text in enumerate(texts)
    )
    return f'<row r="{number}" {attributes}>{cells}</row>'


def case(
    name: str,
    data: bytes,
    *blockers: str,
    producer: str = BY_HAND,
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    hidden: str = "",
) -> Case:
    return Case(
        f"sheet-{name}",
        data,
        XLSX,
        producer,
        frozenset(blockers),
        frozenset(warnings),
        frozenset(notes),
        hidden,
    )


def cases() -> Iterator[Case]:
    yield case("plain-openpyxl", openpyxl_book(), producer=OPENPYXL)
    yield case("plain-xlsxwriter", xlsxwriter_book(), producer=XLSXWRITER)
    yield case("plain", book(row(OPEN)))
    yield from _sheets()
    yield from _cells()
    yield from _beside()


def _sheets() -> Iterator[Case]:
    def second(state: str, text: str) -> Callable[[Any], None]:
        def change(book: Any) -> None:
            sheet = book.create_sheet("Notes")
            sheet["A1"] = text
            sheet.sheet_state = state

        return change

    hidden = "office-hidden-sheet"
    for state in ("hidden", "veryHidden"):
        yield case(
            f"{state}-openpyxl",
            openpyxl_book(second(state, SECRET)),
            hidden,
            producer=OPENPYXL,
            hidden=SECRET,
        )
        yield case(state, book(row(OPEN), state=state), hidden, hidden=SECRET)
    yield case(
        "hidden-empty", openpyxl_book(second("hidden", "")), producer=OPENPYXL, notes=(hidden,)
    )
    yield case("two-sheets", openpyxl_book(second("visible", OPEN)), producer=OPENPYXL)

    def hide(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("Notes")
        other.write("A1", SECRET)
        other.very_hidden()

    yield case(
        "hidden-xlsxwriter", xlsxwriter_book(hide), hidden, producer=XLSXWRITER, hidden=SECRET
    )


def _cells() -> Iterator[Case]:
    def hide_row(book: Any) -> None:
        book.active["A5"] = SECRET
        book.active.row_dimensions[5].hidden = True

    def hide_column(book: Any) -> None:
        book.active["D1"] = SECRET
        book.active.column_dimensions["D"].hidden = True

    def hide_empty(book: Any) -> None:
        book.active.column_dimensions["D"].hidden = True
        book.active.row_dimensions[9].hidden = True

    rows, columns = "office-hidden-row", "office-hidden-column"
    yield case("row-openpyxl", openpyxl_book(hide_row), rows, producer=OPENPYXL, hidden=SECRET)
    yield case(
        "column-openpyxl", openpyxl_book(hide_column), columns, producer=OPENPYXL, hidden=SECRET
    )
    yield case("empty-row-and-column", openpyxl_book(hide_empty), producer=OPENPYXL)

    def filtered(book: Any, sheet: Any) -> None:
        sheet.write("A3", SECRET)
        sheet.autofilter("A1:A3")
        sheet.set_row(2, None, None, {"hidden": True})

    yield case("filtered", xlsxwriter_book(filtered), rows, producer=XLSXWRITER, hidden=SECRET)

    def narrow(book: Any, sheet: Any) -> None:
        sheet.write("C1", SECRET)
        sheet.set_column("C:C", 0)

    yield case("no-width", xlsxwriter_book(narrow), columns, producer=XLSXWRITER, hidden=SECRET)
    flat = row(OPEN) + row(SECRET, number=2, attributes='ht="0" customHeight="1"')
    yield case("no-height", book(flat), rows, hidden=SECRET)
    folded = '<sheetFormatPr zeroHeight="1"/>'
    yield case(
        "rows-hidden-by-default",
        book(row(OPEN, attributes='hidden="0"') + row(SECRET, number=2), before=folded),
        rows,
        hidden=SECRET,
    )

    def whiten(book: Any) -> None:
        book.active["A5"] = SECRET
        book.active["A5"].font = Font(color="FFFFFFFF")

    same = "office-same-colour"
    yield case("white", openpyxl_book(whiten), same, producer=OPENPYXL, hidden=SECRET)

    def heading(book: Any) -> None:
        book.active["A5"] = OPEN
        book.active["A5"].font = Font(color="FFFFFFFF")
        book.active["A5"].fill = PatternFill("solid", fgColor="FF1F3864")

    yield case("white-on-blue", openpyxl_book(heading), producer=OPENPYXL)

    def blacken(book: Any, sheet: Any) -> None:
        sheet.write("A5", SECRET, book.add_format({"bg_color": "black", "font_color": "black"}))

    yield case("black", xlsxwriter_book(blacken), same, producer=XLSXWRITER, hidden=SECRET)
    theme = (
        '<fonts><font/><font><color theme="0"/></font></fonts><fills><fill/></fills>'
        '<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>'
    )
    yield case("white-theme", book(row(SECRET, style=1), styles=theme), same, hidden=SECRET)
    tinted = theme.replace('theme="0"', 'theme="0" tint="-0.5"')
    yield case("grey-theme", book(row(OPEN, style=1), styles=tinted))

    def blank(book: Any) -> None:
        book.active["A5"] = SECRET
        book.active["A5"].number_format = ";;;"

    yield case(
        "no-format", openpyxl_book(blank), "office-hidden-cell", producer=OPENPYXL, hidden=SECRET
    )

    def formatted(book: Any) -> None:
        book.active["A5"] = 3
        book.active["A5"].number_format = '#,##0;-#,##0;"-"'

    yield case("number-format", openpyxl_book(formatted), producer=OPENPYXL)

    def shrink(book: Any) -> None:
        book.active["A5"] = SECRET
        book.active["A5"].font = Font(size=1)

    yield case("tiny", openpyxl_book(shrink), "office-tiny-text", producer=OPENPYXL, hidden=SECRET)

    def born(book: Any) -> None:
        book.active["A5"] = date(2011, 3, 4)
        book.active.row_dimensions[5].hidden = True

    yield case("hidden-date", openpyxl_book(born), rows, producer=OPENPYXL, hidden="04/03/2011")


def _beside() -> Iterator[Case]:
    def drawn(book: Any, sheet: Any) -> None:
        sheet.insert_textbox("C3", OPEN)

    yield case("text-box", xlsxwriter_book(drawn), producer=XLSXWRITER)
    hidden_box = xml(
        "xdr:wsDr",
        '<xdr:twoCellAnchor><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name="Box" hidden="1"/></xdr:nvSpPr>'
        f"<xdr:txBody><a:p><a:r><a:t>{SECRET}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor>",
    )
    yield case(
        "hidden-box",
        added(
            book(row(OPEN)),
            {"xl/drawings/drawing1.xml": hidden_box},
            {
                "xl/worksheets/_rels/sheet1.xml.rels": (
                    ("rD", "drawing", "../drawings/drawing1.xml"),
                )
            },
        ),
        "office-hidden-object",
        hidden=SECRET,
    )

    def comment(book: Any) -> None:
        book.active["A1"].comment = Comment(SECRET, "J. Writer")

    yield case(
        "comment-openpyxl",
        openpyxl_book(comment),
        "office-comment",
        producer=OPENPYXL,
        hidden=SECRET,
    )

    def note(book: Any, sheet: Any) -> None:
        sheet.write_comment("A1", SECRET)

    yield case(
        "comment-xlsxwriter",
        xlsxwriter_book(note),
        "office-comment",
        producer=XLSXWRITER,
        hidden=SECRET,
    )
    threads = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    yield case(
        "thread",
        added(
            book(row(OPEN)),
            {
                "xl/threadedComments/t1.xml": f'<ThreadedComments xmlns="{threads}">'
                f'<threadedComment ref="A1" personId="1"><text>{SECRET}</text></threadedComment>'
                "</ThreadedComments>",
                "xl/persons/person.xml": f'<personList xmlns="{threads}"><person '
                'displayName="Jo Writer" id="1" userId="S::jo@council.example"/></personList>',
            },
            {
                "xl/_rels/workbook.xml.rels": (
                    ("rT", "threadedComment", "threadedComments/t1.xml"),
                    ("rP", "person", "persons/person.xml"),
                )
            },
        ),
        "office-comment",
        warnings=("office-people",),
        hidden=SECRET,
    )
    for name, value, records in (
        ("pivot", SECRET, True),
        ("pivot-items-only", SECRET, False),
        ("pivot-of-a-sheet", OPEN, True),
    ):
        shared = f'<cacheFields><cacheField name="agencies"><sharedItems><s v="{value}"/></sharedItems></cacheField></cacheFields>'
        more: Parts = {"xl/pivotCache/d1.xml": xml("pivotCacheDefinition", shared, default=X)}
        if records:
            more["xl/pivotCache/r1.xml"] = xml(
                "pivotCacheRecords", f'<r><x v="0"/><s v="{value}"/></r>', default=X
            )
        secret = value == SECRET
        yield case(
            name,
            added(
                book(row(OPEN)),
                more,
                {
                    "xl/_rels/workbook.xml.rels": (
                        ("rD", "pivotCacheDefinition", "pivotCache/d1.xml"),
                        ("rR", "pivotCacheRecords", "pivotCache/r1.xml"),
                    )
                },
            ),
            *(("office-pivot-cache",) if secret else ()),
            warnings=() if secret else ("office-pivot-cache",),
            hidden=value if secret else "",
        )
    cache = '<externalBook r:id="rId1"><sheetDataSet><sheetData><row r="1"><cell r="A1"><v>{}</v></cell></row></sheetData></sheetDataSet></externalBook>'

    def with_cache(value: str) -> bytes:
        return added(
            book(row(OPEN)),
            {"xl/externalLinks/e1.xml": xml("externalLink", cache.format(value), default=X)},
            {
                "xl/_rels/workbook.xml.rels": (("rE", "externalLink", "externalLinks/e1.xml"),),
                "xl/externalLinks/_rels/e1.xml.rels": (
                    ("rId1", "externalLinkPath", "file:///H:/Cases/children.xlsx", "External"),  # type: ignore[dict-item]
                ),
            },
        )

    around = ("office-link", "office-path")
    yield case(
        "external-cache",
        with_cache(SECRET),
        "office-external-cache",
        warnings=around,
        hidden=SECRET,
    )
    yield case(
        "external-cache-shown", with_cache(OPEN), warnings=("office-external-cache", *around)
    )
    strings = f"<si><t>{OPEN}</t></si><si><t>{{}}</t></si>"
    cell = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'

    def with_strings(second: str) -> bytes:
        return book(
            cell,
            links=(("rS", "sharedStrings", "sharedStrings.xml"),),
            more={"xl/sharedStrings.xml": xml("sst", strings.format(second), default=X)},
        )

    yield case("unused-string", with_strings(SECRET), "office-unused-text", hidden=SECRET)
    yield case("unused-string-shown", with_strings("agencies worked"))
    where = '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:\\Users\\jo.writer\\Cases\\"/></mc:Choice></mc:AlternateContent>'
    yield case(
        "path", book(row(OPEN), workbook=where), warnings=("office-path",), hidden="jo.writer"
    )
    yield case(
        "reserved",
        book(row(OPEN), workbook='<fileSharing userName="Jo Writer"/>'),
        warnings=("office-author",),
        hidden="Jo Writer",
    )
    yield case(
        "connection",
        book(
            row(OPEN),
            links=(("rC", "connections", "connections.xml"),),
            more={
                "xl/connections.xml": xml(
                    "connections",
                    '<connection id="1" name="Cases"><dbPr connection="DSN=cases;UID=jo" command="SELECT"/></connection>',
                    default=X,
                )
            },
        ),
        warnings=("office-data-connection",),
        hidden="UID=jo",
    )
    log = f'<rcc><oc r="A1" t="inlineStr"><is><t>{SECRET}</t></is></oc></rcc>'
    yield case(
        "revision-log",
        book(
            row(OPEN),
            links=(("rL", "revisionLog", "revisions/log1.xml"),),
            more={"xl/revisions/log1.xml": xml("revisions", log, default=X)},
        ),
        "office-tracked-deletion",
        hidden=SECRET,
    )
    macro = (
        xml("macrosheet", "", default=X)
        .replace("<macrosheet", "<xm:macrosheet")
        .replace("</macrosheet", "</xm:macrosheet")
        .replace(
            "xmlns:w=", 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" xmlns:w='
        )
    )
    yield case(
        "macro-sheet",
        book(
            row(OPEN),
            links=(("rM", "xlMacrosheet", "macrosheets/sheet1.xml"),),
            more={"xl/macrosheets/sheet1.xml": macro},
        ),
        "office-macros",
    )
    yield case(
        "data-model",
        added(
            book(row(OPEN)),
            {"xl/model/item.data": SECRET.encode("utf-16-le")},
            {"xl/_rels/workbook.xml.rels": (("rD", "powerPivotData", "model/item.data"),)},
        ),
        "office-embedded",
        hidden=SECRET,
    )
    yield case(
        "choices",
        book(
            row(OPEN),
            after='<dataValidations><dataValidation type="list"><formula1>"Robin Sparrow,Wren"</formula1></dataValidation></dataValidations>',
        ),
        hidden="Robin Sparrow",
    )
    yield case(
        "protected",
        book(row(OPEN), after='<sheetProtection sheet="1"/>'),
        notes=("office-protection",),
    )
