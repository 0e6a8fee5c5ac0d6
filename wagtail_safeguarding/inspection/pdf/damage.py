"""Content of pages that cannot be unpacked. What is drawn of it differs from program to program, so
nobody can say what its readers see."""

from __future__ import annotations

from typing import Any

import pikepdf

from .gathered import Gathered
from .tree import everything, items

_CODE = "page-unreadable"


def read_damage(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    for number, page in enumerate(pdf.pages, 1):
        if any(_is_damaged(one) for one in items(page.obj.get("/Contents"))):
            gathered.found(_CODE, page=number)
    for found, _ in everything(pdf):
        # Drawings that pages, fields and annotations use.
        if (
            isinstance(found, pikepdf.Stream)
            and found.get("/Subtype") == pikepdf.Name.Form
            and _is_damaged(found)
        ):
            gathered.found(_CODE, where="a part of a page")


def _is_damaged(content: Any) -> bool:
    """A checksum that is missing or wrong is no damage: all programs pass over it."""
    if not isinstance(content, pikepdf.Stream):
        return False
    try:
        content.read_bytes()
    except pikepdf.PdfError:
        return True
    return False
