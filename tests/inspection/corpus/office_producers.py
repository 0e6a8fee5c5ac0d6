"""What the modules for Word, Excel and OpenDocument files plant once, planted in another way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml

from . import opendocument, spreadsheet, word
from .case import Case
from .ooxml import W, added, xml
from .word import OPEN, PYTHON, SECRET, paragraph, run

W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
SIGNATURE = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>'


def cases() -> Iterator[Case]:
    yield from _word()
    yield from _sheets()
    yield from _opendocument()


def in_settings(inner: str) -> bytes:
    return word.word(paragraph(run(OPEN)), settings=xml("w:settings", inner))


def _word() -> Iterator[Case]:
    revisions = '<w:rsids><w:rsidRoot w:val="00AB12CD"/><w:rsid w:val="00AB12CE"/></w:rsids>'
    yield word.case("revision-ids", in_settings(revisions), notes=("office-revision-ids",))
    signed = added(
        word.plain(),
        {"_xmlsignatures/sig1.xml": SIGNATURE},
        {"_rels/.rels": (("rS", "digital-signature/origin", "_xmlsignatures/origin.sigs"),)},
    )
    yield word.case("signature", signed, producer=PYTHON, warnings=("office-signature",))
    control = added(
        word.plain(),
        {"word/activeX/activeX1.xml": xml("ax:ocx", "", 'xmlns:ax="urn:ocx"')},
        {"word/_rels/document.xml.rels": (("rX", "control", "activeX/activeX1.xml"),)},
    )
    yield word.case("control", control, "office-active-content", producer=PYTHON)

    def fold(document: Any) -> None:
        heading = document.paragraphs[0]._p.get_or_add_pPr()
        heading.append(parse_xml(f'<w15:collapsed xmlns:w15="{W15}"/>'))

    yield word.case(
        "collapsed-python",
        word.plain(fold),
        producer=PYTHON,
        warnings=("office-collapsed-text",),
    )

    def move(document: Any) -> None:
        moved = f'<w:moveFrom xmlns:w="{W}" {word.AUTHOR[:-1]}">{run(SECRET)}</w:moveFrom>'
        document.paragraphs[1]._p.append(parse_xml(moved))

    yield word.case(
        "moved-python", word.plain(move), "office-tracked-move", producer=PYTHON, hidden=SECRET
    )
    remote = "http://templates.example.org/report.dotx"
    yield word.case(
        "template-remote-by-python",
        added(
            word.plain(),
            {},
            {"word/_rels/settings.xml.rels": (("rT", "attachedTemplate", remote, "External"),)},  # type: ignore[dict-item]
        ),
        "office-remote-template",
        producer=PYTHON,
    )
    bound = f'<root xmlns="urn:form"><child>{SECRET}</child></root>'
    yield word.case(
        "custom-xml-by-hand",
        added(
            word.word(paragraph(run(OPEN))),
            {"customXml/item1.xml": bound},
            {"word/_rels/document.xml.rels": (("rC", "customXml", "../customXml/item1.xml"),)},
        ),
        warnings=("office-custom-xml",),
        hidden=SECRET,
    )
    told = ("office-thumbnail", "office-revision-ids", "office-property")
    yield word.case("as-it-comes", word.plain(), producer=PYTHON, notes=told)
    yield word.case("no-settings", in_settings(""))


def _sheets() -> Iterator[Case]:
    def subject(book: Any) -> None:
        book.properties.subject = "A review"

    yield spreadsheet.case(
        "subject",
        spreadsheet.openpyxl_book(subject),
        producer=spreadsheet.OPENPYXL,
        notes=("office-property",),
    )
    printer = added(
        spreadsheet.xlsxwriter_book(),
        {"xl/printerSettings/printerSettings1.bin": "Office 2, Town Hall".encode("utf-16-le")},
        {
            "xl/worksheets/_rels/sheet1.xml.rels": (
                ("rP", "printerSettings", "../printerSettings/printerSettings1.bin"),
            )
        },
    )
    yield spreadsheet.case(
        "printer", printer, producer=spreadsheet.XLSXWRITER, notes=("office-printer",)
    )


def _opendocument() -> Iterator[Case]:
    listed = xml("VL:version-list", "", 'xmlns:VL="http://openoffice.org/2001/versions-list"')
    yield opendocument.case(
        "list-of-versions",
        opendocument.saved(
            "text", opendocument.p(OPEN), more={"VersionList.xml": listed, "Versions/Old": b"PK"}
        ),
        "office-earlier-version",
    )
    yield opendocument.case(
        "signature",
        opendocument.saved(
            "text", opendocument.p(OPEN), more={"META-INF/documentsignatures.xml": SIGNATURE}
        ),
        warnings=("office-signature",),
    )
