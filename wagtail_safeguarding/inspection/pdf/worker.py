"""Reads a PDF; a worker of ``child``. Whatever it cannot read, it raises for."""

from __future__ import annotations

import os

# Before numpy is imported: its threads would each take address space, and none is of use here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dataclasses import asdict
from typing import Any, BinaryIO

import pikepdf
import pypdfium2

from wagtail_safeguarding.inspection.pdf.layers import has_hidden_layers
from wagtail_safeguarding.inspection.pdf.shown import read_pages
from wagtail_safeguarding.inspection.reading import Reading


class Ambiguous(Exception):
    """Two programs see different files in the same bytes."""


def answer(file: BinaryIO) -> dict[str, Any]:
    return asdict(read(file))


def read(file: BinaryIO) -> Reading:
    with pikepdf.open(file) as pdf:
        count = len(pdf.pages)
        hidden_layers = has_hidden_layers(pdf)
    if not count:
        raise ValueError("no pages")
    file.seek(0)
    with pypdfium2.PdfDocument(file) as shown:
        if len(shown) != count:
            raise Ambiguous
        found, texts = read_pages(shown, has_hidden_layers=hidden_layers)
    return Reading(found=found, texts=texts, pages=count)
