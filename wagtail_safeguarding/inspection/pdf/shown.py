"""The text of the pages: what a reader sees, and what is there unseen."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

from wagtail_safeguarding.inspection.reading import MAX_TEXT, WITH_HIDDEN, Found, Text
from wagtail_safeguarding.inspection.text_child import clean

from . import pdfium
from .cause import Cause
from .flattened import read_flattened
from .gathered import TooMuch
from .letters import Letters
from .microscopic import microscopic_text
from .objects import things
from .replacements import Replacement, read_drawn, take_away
from .runs import Run, runs_of
from .sheet import Canvases, PageTooLarge, Sheet
from .sight import SEEN, Look

MAX_PAGES = 5_000


@dataclass
class Pages:
    """What reading all pages has found."""

    count: int
    texts: list[Text] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return "\n".join(text.text for text in self.texts if text.shown)


def read_pages(
    pdf: pypdfium2.PdfDocument, *, has_hidden_layers: bool, replaced: Container[int] = ()
) -> Pages:
    """``replaced``: the pages whose content replaces text by other text."""
    pages = Pages(len(pdf))
    if pages.count > MAX_PAGES:
        raise TooMuch
    forms = pdf.formenv.raw if pdf.formenv else None
    canvases, plain = Canvases(forms), Canvases()
    length = 0
    for number in range(1, pages.count + 1):
        page = raw.FPDF_LoadPage(pdf.raw, number - 1)
        if not page:
            pages.found.append(Found("page-unreadable", page=number))
            continue
        if forms:
            raw.FORM_OnAfterLoadPage(page, forms)
        try:
            sheet = Sheet(page, canvases)
            shown = _read_page(sheet, number, pages, has_hidden_layers, number in replaced)
        except PageTooLarge:
            pages.found.append(Found("page-too-large", page=number))
            continue
        finally:
            if forms:
                raw.FORM_OnBeforeClosePage(page, forms)
            raw.FPDF_ClosePage(page)
        pages.texts.append(Text(shown, "page", number))
        length += len(shown)
        drawn = read_flattened(pdf, number, plain, has_hidden_layers=has_hidden_layers)
        if drawn:
            pages.texts.append(Text(drawn.shown, "annotation", number))
            pages.runs += drawn.runs
            length += len(drawn.shown)
        if length > MAX_TEXT:
            raise TooMuch
    pages.texts += [Text(run.text, "hidden text", run.page, shown=False) for run in pages.runs]
    return pages


def _read_page(
    sheet: Sheet, number: int, pages: Pages, has_hidden_layers: bool, is_replaced: bool
) -> str:
    """Adds to ``pages``, and gives the text that is shown."""
    all_things = list(things(pdfium.number(sheet.page)))
    replaced = take_away(all_things) if is_replaced else []
    letters = Letters(sheet.page)
    try:
        pages.replacements += read_drawn(replaced, number, letters.text_page)
        look = Look(sheet, letters, all_things, has_hidden_layers=has_hidden_layers)
        sight = look.sight()
        pages.runs += runs_of(number, sheet, letters, sight)
        for tiny, box in microscopic_text(sheet.page, look.texts, letters.text_page):
            shown_box = sheet.shown_box(sheet.in_pixels(np.array([box]))[0])
            pages.runs.append(Run(number, Cause.TINY, clean(tiny), len(tiny), shown_box, False))
        hidden = sight.causes != SEEN
        if hidden.any() and not hidden[letters.counted].all():
            whole = clean(letters.text(np.zeros(letters.count, np.bool_)))
            pages.texts.append(Text(whole, WITH_HIDDEN, number, shown=False))
        return clean(letters.text(hidden))
    finally:
        letters.close()
