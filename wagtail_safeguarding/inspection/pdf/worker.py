"""Reads a PDF; a worker of ``child``. Whatever it cannot read, it raises for."""

from __future__ import annotations

import os

# Before numpy is imported: its threads would each take address space, and none is of use here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dataclasses import asdict
from typing import Any, BinaryIO

import pikepdf
import pypdfium2

from wagtail_safeguarding.inspection.pdf.accessibility import read_accessibility
from wagtail_safeguarding.inspection.pdf.conformance import read_conformance
from wagtail_safeguarding.inspection.pdf.layers import has_hidden_layers
from wagtail_safeguarding.inspection.pdf.runs import findings
from wagtail_safeguarding.inspection.pdf.shown import Pages, read_pages
from wagtail_safeguarding.inspection.pdf.structure import read_structure
from wagtail_safeguarding.inspection.pdf.tags import pages_with_replacements
from wagtail_safeguarding.inspection.pdf.tree import string
from wagtail_safeguarding.inspection.reading import Reading


class Ambiguous(Exception):
    """Two programs see different files in the same bytes."""


def answer(file: BinaryIO) -> dict[str, Any]:
    return asdict(read(file))


def read(file: BinaryIO) -> Reading:
    with pikepdf.open(file) as pdf:
        pages = _read_pages(file, pdf)
        shown = pages.shown
        gathered, facts = read_structure(file, pdf, pages, shown)
        found, texts = gathered.reading()
        written = {text.page for text in pages.texts if text.text.strip()}
        with_text = [number in written for number in range(1, pages.count + 1)]
        barriers, barrier_facts = read_accessibility(pdf, with_text)
        failures, conformance = read_conformance(file)
        return Reading(
            found=[
                *pages.found,
                *findings(pages.runs, pages.texts),
                *found,
                *barriers,
                *failures,
            ],
            texts=[*pages.texts, *texts],
            facts={"text_layer": bool(shown.strip()), **facts, **barrier_facts, **conformance},
            pages=pages.count,
            language=string(pdf.Root.get("/Lang")).strip(),
        )


def _read_pages(file: BinaryIO, pdf: pikepdf.Pdf) -> Pages:
    count = len(pdf.pages)
    if not count:
        raise ValueError("no pages")
    file.seek(0)
    with pypdfium2.PdfDocument(file) as shown:
        shown.init_forms()
        if len(shown) != count:
            raise Ambiguous
        return read_pages(
            shown,
            has_hidden_layers=has_hidden_layers(pdf),
            replaced=pages_with_replacements(pdf),
        )
