"""What lies over and under a letter: shapes, pictures, annotations, and what clips it.

Only asked for where a letter cannot be seen.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from . import ink, pdfium
from .letters import Letters
from .objects import Side, Thing, boxes_of
from .sheet import Boxes, Sheet

if TYPE_CHECKING:
    from .sight import Look

SCAN_SHARE = 0.5
"""Of the page; a scan may be put together from strips or tiles."""
_GRID = 40
_TRANSPARENT = 12

_UNSEEN_ANNOTATIONS = {raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_LINK}


class Surroundings:
    def __init__(self, sheet: Sheet, things: list[Thing]) -> None:
        self.sheet = sheet
        self.others = [thing for thing in things if thing.hides]
        self.boxes = sheet.in_pixels(boxes_of(self.others))
        self.orders = np.array([thing.order for thing in self.others], np.intp)
        kinds = np.array([thing.kind for thing in self.others], np.intp)
        self.pictures = self.boxes[kinds == pdfium.IMAGE]
        self._clips: dict[int, Side | None] = {}

    def cover(self, box: Any, order: int) -> Thing | None:
        """The topmost of what is painted later over the middle of ``box``."""
        later = np.flatnonzero(_contains(self.boxes, box) & (self.orders > order))
        return self.others[int(later[-1])] if len(later) else None

    def has_picture_at(self, box: Any) -> bool:
        return bool(_contains(self.pictures, box).any())

    @cached_property
    def is_scan(self) -> bool:
        """Whether pictures cover most of the page."""
        steps = (np.arange(_GRID) + 0.5) / _GRID
        x, y = np.meshgrid(steps * self.sheet.wide, steps * self.sheet.high)
        covered = np.zeros(x.shape, np.bool_)
        for left, top, right, bottom in self.pictures[:500]:
            covered |= (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        return bool(covered.mean() >= SCAN_SHARE)

    # Annotations

    @cached_property
    def annotations(self) -> list[tuple[int, Side]]:
        """Kind, and box in pixels, of those that are drawn."""
        found = []
        for index in range(raw.FPDFPage_GetAnnotCount(self.sheet.page)):
            annotation = raw.FPDFPage_GetAnnot(self.sheet.page, index)
            if not annotation:
                continue
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            rectangle = raw.FS_RECTF()
            if kind not in _UNSEEN_ANNOTATIONS and raw.FPDFAnnot_GetRect(
                annotation, ctypes.byref(rectangle)
            ):
                sides = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
                found.append((kind, self._pixels(sides)))
            raw.FPDFPage_CloseAnnot(annotation)
        return found

    def only_fields_at(self, box: Any) -> bool:
        """Whether what is annotated there are form fields and nothing else."""
        kinds = {kind for kind, rectangle in self.annotations if _holds(rectangle, box)}
        return kinds == {raw.FPDF_ANNOT_WIDGET}

    # The text itself

    def box_of(self, text: Thing) -> Side:
        return self._pixels(text.box)

    def is_transparent(self, text: Thing) -> bool:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        done = raw.FPDFPageObj_GetFillColor(
            ctypes.cast(text.handle, raw.FPDF_PAGEOBJECT), red, green, blue, alpha
        )
        return bool(done) and alpha.value < _TRANSPARENT

    def clip_of(self, text: Thing) -> Side | None:
        """What of the page may be painted, as far as the boxes of its clipping paths tell; in
        pixels. None where nothing clips."""
        if text.handle not in self._clips:
            self._clips[text.handle] = self._clip_of(text)
        return self._clips[text.handle]

    def is_whole_page(self, clip: Side) -> bool:
        """Whether a clip leaves everything: many producers write one around all they do."""
        wide, high = self.sheet.wide, self.sheet.high
        return clip[0] <= 1 and clip[1] <= 1 and clip[2] >= wide - 1 and clip[3] >= high - 1

    def _clip_of(self, text: Thing) -> Side | None:
        clip = raw.FPDFPageObj_GetClipPath(ctypes.cast(text.handle, raw.FPDF_PAGEOBJECT))
        boxes = []
        for path in range(max(0, raw.FPDFClipPath_CountPaths(clip)) if clip else 0):
            points = []
            x, y = ctypes.c_float(), ctypes.c_float()
            for index in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
                segment = raw.FPDFClipPath_GetPathSegment(clip, path, index)
                if raw.FPDFPathSegment_GetPoint(segment, x, y):
                    points.append((x.value, y.value))
            if points:
                boxes.append(self._placed(points, text))
        if not boxes:
            return None
        left, top = (max(box[side] for box in boxes) for side in (0, 1))
        right, bottom = (min(box[side] for box in boxes) for side in (2, 3))
        return left, top, right, bottom

    def _placed(self, points: Sequence[tuple[float, float]], text: Thing) -> Side:
        a, b, c, d, e, f = text.matrix
        placed = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
        across, down = [x for x, _ in placed], [y for _, y in placed]
        return self._pixels((min(across), min(down), max(across), max(down)))

    def _pixels(self, sides: Side) -> Side:
        left, top, right, bottom = self.sheet.in_pixels(np.array([sides]))[0].tolist()
        return left, top, right, bottom

    def is_other_text(
        self, box: Side, of_word: list[int], look: Look, unseen: NDArray[np.bool_]
    ) -> bool:
        """Whether what is seen in ``box`` is the ink of other words, and nothing else."""
        letters, boxes = look.letters, look.boxes
        if not ink.is_flat(ink.lightness(look.bare, box)):
            return False
        left, top, right, bottom = box
        margin = bottom - top
        x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        near = letters.counted & (x > left - margin) & (x < right + margin)
        near &= (y > top - margin / 2) & (y < bottom + margin / 2)
        near &= ~unseen
        shown = _plain(letters, np.flatnonzero(near).tolist())
        return bool(shown) and _plain(letters, of_word) not in shown


def _plain(letters: Letters, indices: list[int]) -> str:
    return "".join(chr(letters.codes[index]) for index in indices).casefold()


def _contains(boxes: Boxes, box: Any) -> NDArray[np.bool_]:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    held: NDArray[np.bool_] = (
        (boxes[:, 0] <= x) & (boxes[:, 2] >= x) & (boxes[:, 1] <= y) & (boxes[:, 3] >= y)
    )
    return held


def _holds(outer: Side, box: Any) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return bool(outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3])
