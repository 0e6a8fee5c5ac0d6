"""What keeps people out who read with assistive technology. Notes: nobody is exposed by it."""

from __future__ import annotations

from wagtail_safeguarding.inspection.report import Severity

from .rule import Rule, by_code

_NOTE = Severity.NOTE
_PDF = "In Word: Save as PDF, Options, “Document structure tags for accessibility”."

ACCESSIBILITY = by_code(
    Rule(
        "access-no-text",
        _NOTE,
        "No page has text: screen readers have nothing to read, and the search finds nothing.",
        "Export the document from the program it was written with, or recognise its text (OCR).",
    ),
    Rule(
        "access-pages-without-text",
        _NOTE,
        "Some pages are pictures without text.",
        "Recognise their text (OCR), or describe on the page what they show.",
    ),
    Rule(
        "access-not-tagged",
        _NOTE,
        "The PDF is not tagged: headings, lists and tables cannot be told from plain text.",
        _PDF,
    ),
    Rule(
        "access-no-language",
        _NOTE,
        "The file does not say in which language it is.",
        "Set the language of the document, so that it is pronounced rightly.",
    ),
    Rule(
        "access-no-title",
        _NOTE,
        "The file has no title.",
        "Give it one in its properties: a name that a reader understands, without anybody's name.",
    ),
    Rule(
        "access-title-not-shown",
        _NOTE,
        "The PDF has a title, but readers are shown the file's name.",
        "Set “Initial View, Show: Document Title” in the PDF's properties.",
    ),
    Rule(
        "access-no-headings",
        _NOTE,
        "The document has no headings.",
        "Use the styles Heading 1, Heading 2 …; large letters alone are no heading.",
    ),
    Rule(
        "access-heading-order",
        _NOTE,
        "The headings leave out a level, or do not begin with the first.",
        "Go down by one level at a time: 1, 2, 3.",
    ),
    Rule(
        "access-no-alternative-text",
        _NOTE,
        "Pictures have no alternative text.",
        "Describe what each one shows, without naming anybody, or mark it as decorative.",
    ),
    Rule(
        "access-table-headers",
        _NOTE,
        "Tables have no header cells.",
        "Mark the first row as header (Table Properties, Row, Repeat as header row).",
    ),
    Rule(
        "access-slide-titles",
        _NOTE,
        "Slides have no title.",
        "Give each slide a title of its own; it may lie outside of what is seen.",
    ),
    Rule(
        "access-reading-order",
        _NOTE,
        "Not all pages say in which order they are to be read.",
        _PDF,
    ),
    Rule(
        "access-fonts",
        _NOTE,
        "Fonts do not say which letters they show: text is read out and copied as nonsense.",
        "Export the PDF again with fonts embedded as TrueType or OpenType.",
    ),
    Rule(
        "access-pdf-ua",
        _NOTE,
        "The PDF does not conform to PDF/UA-1, the standard for accessible PDF files.",
        "The rules are named in the report's facts.",
    ),
)
