"""Descriptions for those who cannot see: alternative text, expansions, text that replaces text."""

from __future__ import annotations

from typing import Any

import pikepdf

from .gathered import Gathered
from .tree import dictionary, entry, everything, string

_ALTERNATIVES = {"/Alt": "alternative text", "/E": "expansion of an abbreviation"}
_MARKED = b"ActualText"


def read_tags(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    """Of the structure tree; what replaces text in the pages' own content is looked for by
    ``replacements``."""
    if dictionary(entry(pdf.Root, "/StructTreeRoot")) is None:
        return
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    for element, _ in everything(pdf):
        if "/S" not in element or not ({"/Alt", "/E", "/ActualText", "/T"} & set(element.keys())):
            continue
        place = entry(element, "/Pg")
        page = pages.get(place.objgen) if dictionary(place) is not None else None
        for key, where in _ALTERNATIVES.items():
            gathered.text(string(element.get(key)), where, page=page)
        if "/K" in element or "/P" in element:
            gathered.text(string(element.get("/T")), "title of a part", page=page)
        read_replacement(string(element.get("/ActualText")), page, gathered)


def read_replacement(text: str, page: int | None, gathered: Gathered) -> None:
    """Text that programs read in place of what the page shows."""
    gathered.text(text, "text that replaces what is shown", page=page)
    if unseen := gathered.unseen_words(text):
        gathered.found("pdf-replacement", excerpt=" ".join(unseen), page=page)


def pages_with_replacements(pdf: pikepdf.Pdf) -> set[int]:
    """The numbers of the pages whose content replaces text by other text."""
    return {number for number, page in enumerate(pdf.pages, 1) if _has_replacement(page.obj, set())}


def _has_replacement(holder: Any, seen: set[tuple[int, int]]) -> bool:
    streams = holder.get("/Contents") if isinstance(holder, pikepdf.Dictionary) else holder
    parts = list(streams) if isinstance(streams, pikepdf.Array) else [streams]
    for part in parts:
        if isinstance(part, pikepdf.Stream) and _MARKED in _content(part):
            return True
    resources = holder.get("/Resources")
    if _MARKED in _properties(resources):
        return True
    forms = entry(resources, "/XObject")
    for _, form in forms.items() if dictionary(forms) is not None else ():
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == pikepdf.Name.Form:
            if form.objgen in seen:
                continue
            seen.add(form.objgen)
            if _has_replacement(form, seen):
                return True
    return False


def _content(stream: pikepdf.Stream) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return b""


def _properties(resources: Any) -> bytes:
    properties = entry(resources, "/Properties")
    if dictionary(properties) is None:
        return b""
    named = [one for _, one in properties.items() if dictionary(one) is not None]
    return _MARKED if any("/ActualText" in one for one in named) else b""
