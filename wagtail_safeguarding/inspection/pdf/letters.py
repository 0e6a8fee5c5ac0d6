"""The characters of a page's text layer, as arrays."""

from __future__ import annotations

import ctypes
import unicodedata
from collections import deque
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from . import pdfium
from .sheet import Boxes

MAX_LETTERS = 500_000
"""Characters of one page."""

_SPACE, _SIGN, _LETTER, _UNKNOWN = range(4)
_known = np.full(0x11_0000, _UNKNOWN, np.uint8)


class TooManyLetters(Exception):
    """More characters on one page than anybody would read."""


class Letters:
    """``codes`` (Unicode), ``kinds`` and ``boxes`` of the characters of one page.

    A box is asked for only where there is something to see, and is NaN elsewhere.
    """

    def __init__(self, page: Any) -> None:
        self.text_page = raw.FPDFText_LoadPage(page)
        self.handle = pdfium.number(self.text_page)
        self.count = max(0, raw.FPDFText_CountChars(self.text_page)) if self.handle else 0
        if self.count > MAX_LETTERS:
            self.close()
            raise TooManyLetters
        self.codes = self._codes()
        self.kinds = _kinds(self.codes)
        self.seen = np.flatnonzero(self.kinds != _SPACE)
        self.boxes = self._boxes(self.seen)

    def _codes(self) -> NDArray[np.uint32]:
        if not self.count:
            return np.empty(0, np.uint32)
        buffer = np.zeros(2 * self.count + 2, np.uint16)
        pointer = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))
        written = raw.FPDFText_GetText(self.text_page, 0, self.count, pointer) - 1
        units = buffer[: max(0, written)]
        if written == self.count and not ((units >= 0xD800) & (units < 0xE000)).any():
            return units.astype(np.uint32)
        # Characters are left out there, or take two units.
        codes = map(pdfium.char_code, repeat(self.handle), range(self.count))
        return np.fromiter(codes, np.uint32, self.count)

    def _boxes(self, indices: NDArray[np.intp]) -> Boxes:
        written = np.full((self.count, 4), np.nan)
        first = written.ctypes.data
        sides = [(first + side + indices * 32).tolist() for side in (0, 8, 16, 24)]
        deque(map(pdfium.char_box, repeat(self.handle), indices.tolist(), *sides), maxlen=0)
        # pdfium's order is left, right, bottom, top.
        return written[:, (0, 2, 1, 3)]

    @property
    def counted(self) -> NDArray[np.bool_]:
        """The letters and digits: what tells somebody something."""
        letters: NDArray[np.bool_] = self.kinds == _LETTER
        return letters

    def object_of(self, index: int) -> int:
        """The handle of the text object that the character belongs to; 0 for a generated one."""
        return int(pdfium.char_object(self.handle, index))

    def text(self, skipped: NDArray[np.bool_]) -> str:
        return _joined(self.codes[~skipped])

    def text_of(self, start: int, end: int) -> str:
        return _joined(self.codes[start:end])

    def words(self) -> Iterator[tuple[int, int]]:
        """First and last + 1 of each run of characters without space."""
        solid = np.concatenate(([0], self.kinds != _SPACE, [0])).astype(np.int8)
        edges = np.diff(solid)
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        return zip(starts.tolist(), ends.tolist(), strict=True)

    def close(self) -> None:
        if self.text_page:
            raw.FPDFText_ClosePage(self.text_page)
            self.text_page = None


def _joined(codes: NDArray[np.uint32]) -> str:
    usable = (codes < 0xD800) | ((codes > 0xDFFF) & (codes < 0x11_0000))
    return "".join(map(chr, codes[usable & (codes != 0)].tolist()))


def _kinds(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    known = np.minimum(codes, len(_known) - 1)
    kinds = _known[known]
    if (kinds == _UNKNOWN).any():
        for code in np.unique(known[kinds == _UNKNOWN]).tolist():
            _known[code] = _kind(chr(code))
        kinds = _known[known]
    return kinds


def _kind(character: str) -> int:
    """Signs of private use are icons, or glyphs that nobody can name."""
    if character.isalnum():
        return _LETTER
    category = unicodedata.category(character)
    return _SPACE if category[0] in "ZC" and category != "Co" else _SIGN
