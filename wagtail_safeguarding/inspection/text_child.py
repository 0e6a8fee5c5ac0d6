"""Reads the text of a PDF or a DOCX file; a worker of ``child``.

Answers with one string for each page. Anything that cannot be read raises, and so does a file
that goes beyond the limits.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import IO, Any

MAX_CHARACTERS = 5_000_000
MAX_PAGE_CHARACTERS = 500_000
MAX_PAGES = 20_000
MAX_PART_BYTES = 128 * 1024 * 1024
DOCX_PAGE_CHARACTERS = 3_000
"""A Word file does not know where its pages end, so a piece of about this length is taken."""


class TooMuch(Exception):
    """The file goes beyond a limit."""


def answer(file: IO[bytes]) -> list[str]:
    head = file.read(1024)
    file.seek(0)
    pages = read_pdf(file) if b"%PDF-" in head else read_docx(file)
    taken: list[str] = []
    total = 0
    for page in pages:
        total += len(page)
        if len(taken) >= MAX_PAGES or len(page) > MAX_PAGE_CHARACTERS or total > MAX_CHARACTERS:
            raise TooMuch
        taken.append(page.replace("\f", " "))
    return clean("\f".join(taken)).split("\f") if taken else []


def read_pdf(file: IO[bytes]) -> Iterator[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(file) as pdf:
        count = len(pdf)
        if count > MAX_PAGES:
            raise TooMuch
        damaged = 0
        for number in range(count):
            try:
                page = pdf[number]
                text = page.get_textpage()
                if text.count_chars() > MAX_PAGE_CHARACTERS:
                    raise TooMuch
                # Only what lies on the page: what was moved outside of it is not read.
                yield text.get_text_bounded()
                page.close()
            except pypdfium2.PdfiumError:
                damaged += 1
                yield ""
        if damaged == count:
            raise ValueError("no page can be read")


# Word: the parts that are read, in this order. Comments are in another one.
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")

# Deleted or moved away, a field's code, or the same once more for older programs.
_SKIPPED = {"del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback"}

_PLAIN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ON = {None, "1", "true", "on"}


def read_docx(file: IO[bytes]) -> Iterator[str]:
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if _PARTS[0] not in names:
            raise ValueError("not a Word document")
        for part in _PARTS:
            if part in names:
                yield from _pages(archive, part)


def _pages(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    if archive.getinfo(part).file_size > MAX_PART_BYTES:
        raise TooMuch
    said: list[str] = []
    length = 0
    with archive.open(part) as content:
        for text in _texts(content):
            if text != "\f":
                said.append(text)
                length += len(text)
                if length > MAX_PAGE_CHARACTERS:
                    raise TooMuch
            full = length >= DOCX_PAGE_CHARACTERS and text.endswith("\n")
            if said and (full or text == "\f"):
                yield "".join(said)
                said, length = [], 0
    if said:
        yield "".join(said)


def _texts(content: IO[bytes]) -> Iterator[str]:
    """The text in pieces: a new line ends a paragraph, a form feed a page."""
    from defusedxml.ElementTree import iterparse

    skipping = 0
    hidden = False
    stack: list[Any] = []
    for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
        name = _local(element.tag)
        if event == "start":
            stack.append(element)
            skipping += name in _SKIPPED
            if name == "r":
                hidden = False
            elif name == "pageBreakBefore" and not skipping and _attribute(element) in _ON:
                yield "\f"
            continue
        stack.pop()
        skipping -= name in _SKIPPED
        if name == "vanish" and len(stack) > 1 and _local(stack[-2].tag) == "r":
            hidden = _attribute(element) in _ON
        if not skipping and not hidden:
            if name == "t":
                yield element.text or ""
            elif name == "br" and _attribute(element, "type") == "page":
                yield "\f"
            # A tab stop in a paragraph's properties is none in its text.
            elif name in _PLAIN and not (stack and _local(stack[-1].tag) == "tabs"):
                yield _PLAIN[name]
        if name == "r":
            hidden = False
        elif name in {"p", "tr"} and not skipping:
            yield "\n"
        element.clear()
        if stack:
            stack[-1].remove(element)


def _local(tag: Any) -> str:
    return re.sub(r"^\{[^}]*\}", "", tag) if isinstance(tag, str) else ""


def _attribute(element: Any, name: str = "val") -> str | None:
    for key, value in element.attrib.items():
        if _local(key) == name:
            return str(value)
    return None


_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
        "\r": "\n",
        "\x0b": "\n",
        "\x85": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
    }
)
# What nobody sees and what no database takes: format and control characters, noncharacters,
# halves of characters.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff]"
)
# pdfium writes U+0002 for a hyphen that ends a line, and leaves the line's end out.
_BREAK = re.compile(r"(?<=\w)(?:\x02|[-\u2010]\n) ?(?=\w)")
_WORD_BEFORE = re.compile(r"\w+\Z")
_WORD = re.compile(r"\w+")
_COMPOUND = re.compile(r"(?<!\w)\w{1,40}-\w{1,40}(?!\w)")
_SPACE = re.compile(r"[^\S\n\f]+")
_LINE_END = re.compile(r" ?([\n\f]) ?")


def clean(text: str) -> str:
    """``text`` for search and database: one form for each letter, words that a line end has
    broken put together, and nothing that cannot be seen or stored. Form feeds stay."""
    text = text.replace("\r\n", "\n").translate(_LIGATURES)
    text = UNSEEN.sub("", _join_broken_words(text))
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", text))
    text = re.sub(r"\n{3,}", "\n\n", _LINE_END.sub(r"\1", text))
    return re.sub(r"\n{0,2}\f\n{0,2}", "\f", text).strip(" \n")


def _join_broken_words(text: str) -> str:
    """ "safeguar-" and "ding" on the next line become one word. So does "well-" and "known",
    unless the same text has "well-known" on one line."""
    compounds = {found.casefold() for found in _COMPOUND.findall(text)}

    def joined(found: re.Match[str]) -> str:
        start, end = found.span()
        first = _WORD_BEFORE.search(text, max(0, start - 40), start)
        second = _WORD.match(text, end, end + 40)
        words = [word.group() for word in (first, second) if word]
        if "-".join(words).casefold() in compounds:
            return "-"
        return "" if words[0][-1].islower() and words[-1][0].islower() else "-"

    return _BREAK.sub(joined, text).replace("\x02", "-")
