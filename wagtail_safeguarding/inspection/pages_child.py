"""Counts the pages of a PDF; a worker of ``child``."""

from typing import BinaryIO

import pikepdf


def answer(file: BinaryIO) -> int:
    with pikepdf.open(file) as pdf:
        return len(pdf.pages)
