"""Pieces of text that lie on other pieces of text."""

from __future__ import annotations

import numpy as np

from .objects import Thing, boxes_of
from .sheet import Sheet

SHARE = 0.3
"""Of the smaller one's box. Lines that are set tightly overlap by less."""
MAX_TEXTS = 20_000
_CHUNK = 256


def covered_by_text(sheet: Sheet, texts: list[Thing]) -> tuple[list[Thing], set[int]]:
    """The pieces that have later ones upon them, and the handles of those."""
    if len(texts) < 2 or len(texts) > MAX_TEXTS:
        return [], set()
    boxes = sheet.in_pixels(boxes_of(texts))
    sizes = boxes[:, 2:] - boxes[:, :2]
    areas = sizes[:, 0] * sizes[:, 1]
    real = np.flatnonzero((sizes > 0.5).all(axis=1))
    # From left to right, so that a piece need be compared with its neighbours only.
    real = real[np.argsort(boxes[real, 0], kind="stable")]
    sorted_boxes, sorted_areas = boxes[real], areas[real]
    lefts = sorted_boxes[:, 0]
    lower: set[int] = set()
    upper: set[int] = set()
    for start in range(0, len(real), _CHUNK):
        some = sorted_boxes[start : start + _CHUNK]
        end = int(np.searchsorted(lefts, some[:, 2].max(), side="right"))
        others = sorted_boxes[start:end]
        wide = np.minimum(some[:, None, 2], others[None, :, 2]) - np.maximum(
            some[:, None, 0], others[None, :, 0]
        )
        high = np.minimum(some[:, None, 3], others[None, :, 3]) - np.maximum(
            some[:, None, 1], others[None, :, 1]
        )
        common = np.clip(wide, 0, None) * np.clip(high, 0, None)
        smaller = np.minimum(
            sorted_areas[start : start + _CHUNK, None], sorted_areas[None, start:end]
        )
        for first, second in np.argwhere(common > SHARE * smaller).tolist():
            if first < second:
                pair = sorted((int(real[start + first]), int(real[start + second])))
                lower.add(pair[0])
                upper.add(pair[1])
    return [texts[row] for row in sorted(lower)], {texts[row].handle for row in upper}
