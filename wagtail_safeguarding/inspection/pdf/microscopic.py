"""Text of no size at all, which pdfium leaves out of its text layer and other programs do not."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as raw

from . import pdfium
from .objects import Side, Thing, matrix_of
from .replacements import object_text

_NOTHING = 0.01
"""Points: pdfium leaves out what is less wide."""
_READABLE = 10.0


def microscopic_text(page: Any, texts: list[Thing], text_page: Any) -> Iterator[tuple[str, Side]]:
    """What those ``texts`` say that are not in the ``text_page``, and where (in the page's own
    space). They are enlarged for it: call this last."""
    flat = [text for text in texts if _is_flat(text) and not object_text(text, text_page).strip()]
    if not flat:
        return
    boxes = [text.box for text in flat]
    for text in flat:
        _enlarge(text)
    enlarged = raw.FPDFText_LoadPage(page)
    try:
        for text, box in zip(flat, boxes, strict=True):
            said = object_text(text, enlarged).strip()
            if any(character.isalnum() for character in said):
                yield said, box
    finally:
        raw.FPDFText_ClosePage(enlarged)


def _is_flat(text: Thing) -> bool:
    left, bottom, right, top = text.box
    if right - left >= _NOTHING and top - bottom >= _NOTHING:
        return False
    a, b, c, d, *_ = matrix_of(text.handle)
    return abs(_size(text) * (a * d - b * c)) < _NOTHING


def _size(text: Thing) -> float:
    size = ctypes.c_float()
    pdfium.font_size(text.handle, ctypes.addressof(size))
    return size.value


def _enlarge(text: Thing) -> None:
    *_, x, y = matrix_of(text.handle)
    size = _size(text)
    if not size:
        pdfium.set_font_size(text.handle, _READABLE)
    larger = _READABLE / (size or _READABLE)
    matrix = (ctypes.c_float * 6)(larger, 0, 0, larger, x, y)
    pdfium.set_matrix(text.handle, ctypes.addressof(matrix))
