"""The words that annotations and form fields draw. They are not in the page's own text, so they are
made part of the page, and then looked at as the page is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

from wagtail_safeguarding.inspection.text_child import clean

from . import pdfium
from .letters import Letters
from .objects import Thing, things
from .runs import Run, runs_of
from .sheet import Canvases, Sheet
from .sight import SEEN, Look

_DRAW_NO_WORDS = {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}


@dataclass(frozen=True)
class Flattened:
    """What the annotations of one page say: seen, and unseen."""

    shown: str
    runs: list[Run]


def read_flattened(
    pdf: pypdfium2.PdfDocument, number: int, canvases: Canvases, *, has_hidden_layers: bool
) -> Flattened | None:
    """Of the page ``number``, from 1. In ``pdf`` its annotations are part of it from then on."""
    page = raw.FPDF_LoadPage(pdf.raw, number - 1)
    if not page:
        return None
    try:
        if not _draws(page):
            return None
        before = raw.FPDFPage_CountObjects(page)
        if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
            return None
    finally:
        raw.FPDF_ClosePage(page)
    page = raw.FPDF_LoadPage(pdf.raw, number - 1)
    if not page:
        return None
    try:
        return _read(Sheet(page, canvases), number, before, has_hidden_layers)
    finally:
        raw.FPDF_ClosePage(page)


def _draws(page: object) -> bool:
    return any(kind not in _DRAW_NO_WORDS for kind in _kinds(page))


def _kinds(page: object) -> Iterator[int]:
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        if annotation := raw.FPDFPage_GetAnnot(page, index):
            yield raw.FPDFAnnot_GetSubtype(annotation)
            raw.FPDFPage_CloseAnnot(annotation)


def _read(sheet: Sheet, number: int, before: int, has_hidden_layers: bool) -> Flattened | None:
    all_things = list(things(pdfium.number(sheet.page)))
    added = _added(sheet, before, all_things)
    if not added:
        return None
    letters = Letters(sheet.page)
    try:
        of_annotations = np.fromiter(
            (letters.object_of(index) in added for index in range(letters.count)), np.bool_
        )
        if not of_annotations.any():
            return None
        look = Look(sheet, letters, all_things, has_hidden_layers=has_hidden_layers)
        sight = look.sight()
        sight.causes[~of_annotations] = SEEN
        runs = list(runs_of(number, sheet, letters, sight))
        return Flattened(clean(letters.text(~of_annotations | (sight.causes != SEEN))), runs)
    finally:
        letters.close()


def _added(sheet: Sheet, before: int, all_things: list[Thing]) -> set[int]:
    """The text objects that were not on the page ``before`` its annotations were."""
    page = pdfium.number(sheet.page)
    first = {pdfium.page_object(page, index) for index in range(before)}
    of_page = {thing.handle for thing in things(page, first)}
    return {
        thing.handle
        for thing in all_things
        if thing.kind == pdfium.TEXT and thing.handle not in of_page
    }
