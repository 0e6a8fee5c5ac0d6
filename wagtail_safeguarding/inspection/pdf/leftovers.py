"""What was taken out of a file and is still in it: pages that no list has, content that nothing
leads to. Programs leave it behind when they save without tidying up."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

from .gathered import Gathered
from .metadata import NOBODY
from .tree import dictionary, elements, entry, everything, name_of, stream_bytes, string

_SHOWS_TEXT = re.compile(rb"T[jJ]\s")
_FONT = re.compile(rb"/([^\s/<>\[\]()]+)\s+[\d.]+\s+Tf")
_MAX_CONTENTS = 200
_LIVING = {"/ObjStm", "/XRef", "/Metadata", "/EmbeddedFile"}


def read_leftovers(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    listed = {page.obj.objgen for page in pdf.pages}
    pictures = {key for page in pdf.pages for key in _pictures(page.obj)}
    for found, top in everything(pdf):
        is_page = found.get("/Type") in (pikepdf.Name.Page, pikepdf.Name.Template)
        if is_page and found.objgen == top.objgen and found.objgen not in listed:
            _read_page(pdf, found, pictures, gathered)
    _read_unreached(pdf, gathered)


def _read_page(
    pdf: pikepdf.Pdf, page: Any, pictures: set[tuple[int, int]], gathered: Gathered
) -> None:
    said = text_of_page(pdf, page)
    unseen = gathered.unseen_words(said)
    if unseen or set(_pictures(page)) - pictures:
        gathered.found("pdf-removed-page", excerpt=" ".join(unseen))
    gathered.text(said, "a page that was removed")


def _pictures(page: Any) -> list[tuple[int, int]]:
    named = entry(page, "/Resources", "/XObject")
    if dictionary(named) is None:
        return []
    return [
        one.objgen
        for _, one in named.items()
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == pikepdf.Name.Image
    ]


def _read_unreached(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    reached = _reached(pdf)
    contents = 0
    for found in pdf.objects:
        if dictionary(found) is None or found.objgen in reached:
            continue
        if name_of(found.get("/Type")) in _LIVING:
            continue
        author = string(found.get("/Author")).strip()
        if author and author.casefold() not in NOBODY:
            gathered.found("pdf-author", excerpt=author, where="data that nothing leads to")
        said = string(found.get("/Contents"))
        if isinstance(found, pikepdf.Stream) and contents < _MAX_CONTENTS:
            data = stream_bytes(found)
            if shows_text(data):
                contents += 1
                said = text_of_content(pdf, found, data)
        if unseen := gathered.unseen_words(said):
            # One word is what LaTeX leaves of each button of a form.
            severity = "" if len(unseen) > 1 else "warning"
            gathered.found("pdf-removed-content", excerpt=" ".join(unseen), severity=severity)
        gathered.text(said, "content that was removed")


def _reached(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """The objects that are reached from the file's own beginning."""
    reached: set[tuple[int, int]] = set()
    waiting: list[Any] = [pdf.trailer]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, pikepdf.Object):
            continue
        if value.is_indirect:
            if value.objgen in reached:
                continue
            reached.add(value.objgen)
        if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            waiting += [child for _, child in value.items()]
        elif isinstance(value, pikepdf.Array):
            waiting += elements(value)
    return reached


def shows_text(data: bytes) -> bool:
    return bool(_SHOWS_TEXT.search(data))


def text_of_content(pdf: pikepdf.Pdf, content: pikepdf.Stream, data: bytes) -> str:
    """As it reads with the resources that it names, or of the first page that has its fonts."""
    fonts = {f"/{name.decode('utf-8', 'surrogateescape')}" for name in _FONT.findall(data)}
    for resources in _resources(pdf, content):
        named = entry(resources, "/Font")
        if dictionary(named) is not None and fonts <= set(named.keys()):
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page,
                MediaBox=[0, 0, 14400, 14400],
                Resources=resources,
                Contents=pdf.make_stream(data),
            )
            return text_of_page(pdf, pdf.make_indirect(page))
    return ""


def _resources(pdf: pikepdf.Pdf, content: pikepdf.Stream) -> Iterator[Any]:
    yield content.get("/Resources")
    for page in pdf.pages:
        yield page.obj.get("/Resources")


def text_of_page(pdf: pikepdf.Pdf, page: Any) -> str:
    """The text of a page that is not among those of the file."""
    alone = pikepdf.new()
    try:
        copy = alone.copy_foreign(page)
        if dictionary(entry(copy, "/Parent")) is not None:
            del copy["/Parent"]
        copy.Type = pikepdf.Name.Page
        alone.pages.append(pikepdf.Page(copy))
        out = io.BytesIO()
        alone.save(out)
        with pypdfium2.PdfDocument(out.getvalue()) as shown:
            return str(shown[0].get_textpage().get_text_range())
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, RuntimeError):
        return ""
