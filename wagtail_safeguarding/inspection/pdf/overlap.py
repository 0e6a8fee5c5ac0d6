"""Pieces of text that lie on other pieces of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import ink
from .objects import Thing, activate, boxes_of
from .replacements import object_text
from .sheet import Sheet

if TYPE_CHECKING:
    from .sight import Look

SHARE = 0.3
"""Of the smaller one's box. Lines that are set tightly overlap by less."""
MAX_TEXTS = 20_000
_CHUNK = 256


def _covered_by_text(sheet: Sheet, texts: list[Thing]) -> tuple[list[Thing], set[int]]:
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


def letters_under_text(look: Look, indices: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Those of the letters that later text covers, and their pieces of text."""
    lower, upper = _covered_by_text(look.sheet, look.texts)
    if not lower:
        return
    alone = look.text_alone(lower)
    activate(lower, False)
    without = look.sheet.render("other")
    activate(lower, True)
    change = ink.difference(look.shown, without)
    pieces = {thing.handle: thing for thing in lower}
    covers = [thing for thing in look.texts if thing.handle in upper]
    for index in indices.tolist():
        handle = look.letters.object_of(index)
        if handle not in pieces:
            continue
        box = look.boxes[index]
        inked = ink.expected(alone, box)
        if (
            np.count_nonzero(inked) >= 3
            and ink.share_seen(change, inked, box) < ink.SHARE
            and not _is_same_letter(look, index, pieces[handle], covers)
        ):
            yield index, handle


def _is_same_letter(look: Look, index: int, piece: Thing, covers: list[Thing]) -> bool:
    """Whether the same letter lies over it: a shadow, or bold by drawing twice."""
    if any(_repeats(look, cover, piece, index) for cover in covers):
        return True
    boxes = look.boxes
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    reach = (boxes[index, 2:] - boxes[index, :2]).max() / 2
    near = (np.abs(middle - middle[index]) < reach).all(axis=1)
    near[index] = False
    same = near & (look.letters.codes == look.letters.codes[index])
    handles = {cover.handle for cover in covers}
    return any(look.letters.object_of(other) in handles for other in np.flatnonzero(same).tolist())


def _repeats(look: Look, cover: Thing, piece: Thing, index: int) -> bool:
    """Whether ``cover`` was left out of the text layer by pdfium, since it says the same as the
    piece of the letter, nearly at the same place."""
    over, under = look.sheet.in_pixels(np.array([cover.box, piece.box]))
    sizes = np.abs((over[2:] - over[:2]) - (under[2:] - under[:2]))
    x, y = (look.boxes[index, :2] + look.boxes[index, 2:]) / 2
    return bool(
        sizes.max() < 1
        and over[0] <= x <= over[2]
        and over[1] <= y <= over[3]
        and not object_text(cover, look.letters.text_page).strip()
    )
