"""A page as it is shown: its geometry, and its renderings as arrays.

Points of the page's own space become pixels; a window is what of the page is rendered. Pages
that are very large are rendered smaller, so that memory is bounded.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from wagtail_safeguarding.inspection.reading import Box

SCALE = 1.5
"""Pixels for a point: 108 dpi. Alarms are the same from 36 to 200 dpi."""
MAX_PIXELS = 4_000_000
MIN_SCALE = 0.5
"""Below this, ordinary letters are too small to be judged, and tiles are rendered instead."""
TILE = 2_000
MAX_TILES = 100

Boxes = NDArray[np.float64]
"""Rows of left, bottom, right, top in the page's own space; of left, top, right, bottom in
pixels."""
Pixels = NDArray[np.uint8]
"""Height, width, and blue, green, red, alpha."""

_WHITE = 0xFFFFFFFF


class PageTooLarge(Exception):
    """A page whose letters cannot be judged within the memory that is allowed."""


class Canvases:
    """Arrays to render into, by name; the pages of a file mostly have one size. ``forms`` is what
    of pdfium's draws form fields, where the file has any."""

    def __init__(self, forms: Any = None) -> None:
        self.forms = forms
        self._arrays: dict[str, Pixels] = {}

    def get(self, name: str, high: int, wide: int) -> Pixels:
        array = self._arrays.get(name)
        if array is None or array.shape[:2] != (high, wide):
            array = self._arrays[name] = np.empty((high, wide, 4), np.uint8)
        return array


class Sheet:
    """One page of pdfium's, its window and its scale."""

    def __init__(self, page: Any, canvases: Canvases) -> None:
        self.page = page
        self.canvases = canvases
        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, ctypes.byref(bounds))
        self.left, self.bottom = float(bounds.left), float(bounds.bottom)
        self.right, self.top = float(bounds.right), float(bounds.top)
        self.was_cropped = self._was_cropped()
        self.turns = raw.FPDFPage_GetRotation(page) % 4
        width, height = self.right - self.left, self.top - self.bottom
        if not (0 < width < 1e7 and 0 < height < 1e7):
            raise PageTooLarge
        if self.turns % 2:
            width, height = height, width
        self.points = (width, height)
        self.scale = SCALE
        self.window = (0, 0, 1, 1)

    def _was_cropped(self) -> bool:
        """Whether there is more on the page than is shown."""
        crop, media = ([ctypes.c_float() for _ in range(4)] for _ in range(2))
        if not raw.FPDFPage_GetCropBox(self.page, *crop):
            return False
        if not raw.FPDFPage_GetMediaBox(self.page, *media):
            return True
        return any(abs(one.value - other.value) > 1 for one, other in zip(crop, media, strict=True))

    def windows(self, boxes: Boxes) -> Iterator[None]:
        """Set the scale and one window after the other: the whole page, or of a very large one
        the tiles where some of ``boxes`` (in the page's own space) are."""
        width, height = self.points
        self.scale = min(SCALE, (MAX_PIXELS / (width * height)) ** 0.5)
        self._show(0, 0, width, height)
        if self.scale >= MIN_SCALE:
            yield
            return
        self.scale = 1.0
        self.window = (0, 0, 1, 1)
        pixels = self.in_pixels(boxes)
        middles = (pixels[:, :2] + pixels[:, 2:]) / 2
        held = (middles >= 0).all(axis=1) & (middles < (width, height)).all(axis=1)
        tiles = np.unique((middles[held] // TILE).astype(np.intp), axis=0)
        if len(tiles) > MAX_TILES:
            raise PageTooLarge
        for x, y in tiles.tolist() or [(0, 0)]:
            right, bottom = min(width, (x + 1) * TILE), min(height, (y + 1) * TILE)
            self._show(x * TILE, y * TILE, right, bottom)
            yield

    def _show(self, left: float, top: float, right: float, bottom: float) -> None:
        x, y = int(left * self.scale), int(top * self.scale)
        wide = max(1, round(right * self.scale) - x)
        high = max(1, round(bottom * self.scale) - y)
        self.window = (x, y, wide, high)

    def holds(self, pixels: Boxes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Of each box whether its middle is in the window, and whether it is on the page."""
        x, y = ((pixels[:, side] + pixels[:, side + 2]) / 2 for side in (0, 1))
        left, top, wide, high = self.window
        whole = (self.points[0] * self.scale - left, self.points[1] * self.scale - top)
        in_window = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
        on_page = (x >= -left) & (x < whole[0]) & (y >= -top) & (y < whole[1])
        return in_window, on_page

    @property
    def wide(self) -> int:
        return self.window[2]

    @property
    def high(self) -> int:
        return self.window[3]

    def in_pixels(self, boxes: Boxes) -> Boxes:
        """Where ``boxes`` of the page's own space (left, bottom, right, top) lie in the window."""
        x = boxes[:, (0, 2)]
        y = boxes[:, (1, 3)]
        turned = (
            (x - self.left, self.top - y),
            (y - self.bottom, x - self.left),
            (self.right - x, y - self.bottom),
            (self.top - y, self.right - x),
        )
        across, down = turned[self.turns]
        found = np.empty((len(boxes), 4))
        found[:, 0], found[:, 2] = across.min(axis=1), across.max(axis=1)
        found[:, 1], found[:, 3] = down.min(axis=1), down.max(axis=1)
        found *= self.scale
        found -= (self.window[0], self.window[1], self.window[0], self.window[1])
        return found

    def shown_box(self, pixels: Any) -> Box:
        """A box of pixels as points from the lower left corner of the page as it is shown."""
        left, top, right, bottom = (float(value) for value in pixels)
        x, y = self.window[:2]
        return (
            round((left + x) / self.scale, 1),
            round(self.points[1] - (bottom + y) / self.scale, 1),
            round((right + x) / self.scale, 1),
            round(self.points[1] - (top + y) / self.scale, 1),
        )

    def render(self, name: str, *, annotations: bool = True, paper: int = _WHITE) -> Pixels:
        """Render what is active into the array of this ``name``, which is used again. Without
        ``paper`` there is opacity instead of a ground."""
        pixels = self.canvases.get(name, self.high, self.wide)
        bitmap = raw.FPDFBitmap_CreateEx(
            self.wide,
            self.high,
            raw.FPDFBitmap_BGRx if paper else raw.FPDFBitmap_BGRA,
            pixels.ctypes.data,
            self.wide * 4,
        )
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, self.wide, self.high, paper)
        x, y = self.window[:2]
        wide, high = (round(side * self.scale) for side in self.points)
        flags = raw.FPDF_ANNOT if annotations else 0
        raw.FPDF_RenderPageBitmap(bitmap, self.page, -x, -y, wide, high, 0, flags)
        if annotations and self.canvases.forms:
            raw.FPDF_FFLDraw(self.canvases.forms, bitmap, self.page, -x, -y, wide, high, 0, flags)
        raw.FPDFBitmap_Destroy(bitmap)
        return pixels
