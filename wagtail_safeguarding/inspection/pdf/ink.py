"""What of a letter can be seen, decided on pixels.

*shown* is the page as a reader sees it, *bare* the same without its text; where they differ,
text can be seen. *drawn* is the text alone, on nothing: its opacity is the ink to expect.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .sheet import Boxes, Pixels

CONTRAST = 15
"""Of 255: what is nearer to its ground than this (6 %) cannot be read."""
CONTRAST_OF_LARGE = 6
LARGE = 36.0
"""Pixels; a pattern of this size is seen at less contrast."""
SHARE = 0.15
"""A letter of which less than this part of its ink shows cannot be read."""
_VISIBLE = 0x00F0F0F0
"""The bits of three colours that are set where one of them is above ``CONTRAST``."""
_OPAQUE = 24
_NOISE = 2
_SAMPLES = 4
_ENOUGH = 3  # of 4 x 4 samples
_FLAT = 24

Map = NDArray[np.uint8]


def plainly_seen(shown: Pixels, bare: Pixels, boxes: Boxes) -> NDArray[np.bool_]:
    """Which letters change the picture so much that nothing more need be asked.

    A few samples of each box (in pixels) are compared, of all letters at once.
    """
    high, wide = shown.shape[:2]
    steps = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    across = boxes[:, :1] + (boxes[:, 2:3] - boxes[:, :1]) * steps
    down = boxes[:, 1:2] + (boxes[:, 3:] - boxes[:, 1:2]) * steps
    x = np.clip(np.nan_to_num(across), 0, wide - 1).astype(np.intp)
    y = np.clip(np.nan_to_num(down), 0, high - 1).astype(np.intp)
    places = (y[:, :, None] * wide + x[:, None, :]).reshape(len(boxes), -1)
    ours = shown.view(np.uint32).ravel()[places].view(np.uint8)
    theirs = bare.view(np.uint32).ravel()[places].view(np.uint8)
    change = (np.maximum(ours, theirs) - np.minimum(ours, theirs)).view(np.uint32)
    changed = np.count_nonzero(change & _VISIBLE, axis=1)
    plain: NDArray[np.bool_] = changed >= _ENOUGH
    return plain


def difference(shown: Pixels, bare: Pixels) -> Map:
    """The largest change of a colour at each pixel."""
    change = np.maximum(shown, bare) - np.minimum(shown, bare)
    blue, green, red = change[..., 0], change[..., 1], change[..., 2]
    largest: Map = np.maximum(np.maximum(blue, green), red)
    return largest


def cut(image: NDArray[Any], box: Any) -> NDArray[Any]:
    """The part of ``image`` within a box of pixels; every pixel that the box touches."""
    high, wide = image.shape[:2]
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    right, bottom = min(wide, int(np.ceil(box[2]))), min(high, int(np.ceil(box[3])))
    return image[top : max(top, bottom), left : max(left, right)]


def expected(drawn: Pixels, box: Any) -> NDArray[np.uint16]:
    """How much ink is to be expected in the box: 0 where there is none, else up to 255."""
    part = cut(drawn[..., 3], box)
    return np.where(part > _OPAQUE, part, 0).astype(np.uint16)


def share_seen(change: Map, ink: NDArray[np.uint16], box: Any) -> float:
    """How much of the ink of a letter can be seen, from 0 to 1."""
    large = max(box[2] - box[0], box[3] - box[1]) >= LARGE
    part = cut(change, box).astype(np.uint16)
    # At the edges of letters there is less ink, and so less change.
    seen = (part * 255 >= ink * (CONTRAST_OF_LARGE if large else CONTRAST)) & (part > _NOISE)
    inked = ink > 0
    return float((seen & inked).sum() / max(1, inked.sum()))


def lightness(image: Pixels, box: Any) -> NDArray[np.int16]:
    part = cut(image, box)[..., :3].astype(np.int16)
    light: NDArray[np.int16] = (part[..., 0] + 5 * part[..., 1] + 2 * part[..., 2]) // 8
    return light


def within(box: Any, across: float, down: float) -> tuple[float, float, float, float]:
    """The box made smaller by parts of its size; larger where they are negative."""
    left, top, right, bottom = (float(side) for side in box)
    x, y = (right - left) * across, (bottom - top) * down
    return left + x, top + y, right - x, bottom - y


def is_flat(light: NDArray[np.int16]) -> bool:
    """Whether there is nothing to be seen: one colour, but for the noise of a compression."""
    if light.size < 6:
        return False
    low, high = np.percentile(light, (4, 96))
    return bool(high - low < _FLAT)


def paper(image: Pixels) -> int:
    """The lightness that most of the page has."""
    few = image[::4, ::4]
    light = lightness(few, (0, 0, few.shape[1], few.shape[0]))
    return int(np.bincount(light.ravel() // 8).argmax()) * 8 + 4


def is_paper(light: NDArray[np.int16], paper_light: int) -> bool:
    return abs(int(np.median(light)) - paper_light) <= _FLAT
