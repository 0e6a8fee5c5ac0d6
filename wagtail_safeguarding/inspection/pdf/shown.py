"""The text of the pages: what a reader sees, and what is there unseen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

from wagtail_safeguarding.inspection.reading import MAX_TEXT, Found, Text
from wagtail_safeguarding.inspection.text_child import clean

from .letters import Letters
from .microscopic import microscopic_text
from .runs import Run, findings, runs_of
from .sheet import Canvases, PageTooLarge, Sheet
from .sight import SEEN, Cause, Look

MAX_PAGES = 5_000


class TooMuch(Exception):
    """The file goes beyond a limit."""


def read_pages(
    pdf: pypdfium2.PdfDocument, *, has_hidden_layers: bool
) -> tuple[list[Found], list[Text]]:
    count = len(pdf)
    if count > MAX_PAGES:
        raise TooMuch
    found: list[Found] = []
    texts: list[Text] = []
    runs: list[Run] = []
    shown: list[str] = []
    canvases = Canvases()
    length = 0
    for index in range(count):
        page = raw.FPDF_LoadPage(pdf.raw, index)
        if not page:
            found.append(Found("page-unreadable", page=index + 1))
            continue
        try:
            text, hidden = _read_page(page, index + 1, canvases, has_hidden_layers)
        except PageTooLarge:
            found.append(Found("page-too-large", page=index + 1))
            continue
        finally:
            raw.FPDF_ClosePage(page)
        runs += hidden
        shown.append(text)
        texts.append(Text(text, "page", index + 1))
        texts += [Text(run.text, "hidden text", run.page, shown=False) for run in hidden]
        length += len(text)
        if length > MAX_TEXT:
            raise TooMuch
    return [*found, *findings(runs, "\n".join(shown))], texts


def _read_page(
    page: Any, number: int, canvases: Canvases, has_hidden_layers: bool
) -> tuple[str, list[Run]]:
    sheet = Sheet(page, canvases)
    letters = Letters(page)
    try:
        look = Look(sheet, letters, has_hidden_layers=has_hidden_layers)
        sight = look.sight()
        hidden = list(runs_of(number, sheet, letters, sight))
        text = clean(letters.text(sight.causes != SEEN))
        for tiny, box in microscopic_text(page, look.texts, letters.text_page):
            shown_box = sheet.shown_box(sheet.in_pixels(np.array([box]))[0])
            hidden.append(Run(number, Cause.TINY, clean(tiny), len(tiny), shown_box, False))
        return text, hidden
    finally:
        letters.close()
