"""Text that is never drawn: recognised in a scan, and lying on its picture.

It is normal where the picture shows something, and a leak where somebody has put a box there
afterwards, in the picture or upon it. Decided word by word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import ink
from .cause import Cause
from .objects import Side
from .sheet import Boxes
from .surroundings import Surroundings

if TYPE_CHECKING:
    from .sight import Look

_FEW = 3
_MOST_BLANK = 0.1
_ENOUGH_GAPS = 5
_ALIGNED = 0.7
_MOST_HATCHED = 0.2


@dataclass
class _Word:
    letters: list[int]
    box: Side
    cause: Cause | None = None
    is_inked: bool = False
    is_hatched: bool = False


@dataclass(frozen=True)
class Ghosts:
    """The words that nobody sees, and whether the others lie where the picture has them."""

    hidden: list[tuple[list[int], Cause]]
    is_aligned: bool


def look_at_ghosts(look: Look, letters: list[int], around: Surroundings) -> Ghosts:
    unseen = np.zeros(look.letters.count, np.bool_)
    unseen[letters] = True
    paper = ink.paper(look.shown)
    words = [_judged(word, look, around, unseen, paper) for word in _words(look, unseen)]
    blank = sum(word.cause is Cause.SCAN_BLANK for word in words)
    is_aligned = blank <= max(_FEW, len(words) * _MOST_BLANK) or _has_gaps(look, words, paper)
    hatched = [word for word in words if word.is_hatched]
    if is_aligned and len(hatched) <= len(words) * _MOST_HATCHED:
        for word in hatched:
            word.cause = Cause.SCAN_BOX
    return Ghosts([(word.letters, word.cause) for word in words if word.cause], is_aligned)


def _words(look: Look, unseen: NDArray[np.bool_]) -> Iterator[_Word]:
    for start, end in look.letters.words():
        letters = [index for index in range(start, end) if unseen[index]]
        if letters:
            yield _Word(letters, _around(look.boxes[letters]))


def _judged(
    word: _Word, look: Look, around: Surroundings, unseen: NDArray[np.bool_], paper: int
) -> _Word:
    light = ink.lightness(look.shown, ink.within(word.box, 0.04, 0.12))
    is_pictured = around.has_picture_at(word.box)
    if not ink.is_flat(light):
        word.is_inked = True
        if around.is_other_text(word.box, word.letters, look, unseen):
            word.cause = Cause.INVISIBLE
        else:
            word.is_hatched = is_pictured and _is_hatched(look, word.box, light)
    elif not ink.is_paper(light, paper):
        word.cause = Cause.SCAN_BOX if is_pictured else Cause.INVISIBLE
    elif not is_pictured:
        word.cause = Cause.INVISIBLE
    elif ink.is_flat(ink.lightness(look.shown, ink.within(word.box, -0.1, -0.2))):
        word.cause = Cause.SCAN_BLANK
    return word


def _has_gaps(look: Look, words: list[_Word], paper: int) -> bool:
    """Whether there is paper between the words, as there is where text was recognised well. Then
    a blank word was whitened out; else the whole text lies beside its picture."""
    good = total = 0
    for first, second in pairwise(words):
        gap = _gap(first.box, second.box)
        if gap is None or not (first.is_inked and second.is_inked):
            continue
        light = float(ink.lightness(look.shown, gap).mean())
        dark = float(ink.lightness(look.shown, first.box).mean())
        total += 1
        good += light > dark + (paper - dark) * 0.5
    return total >= _ENOUGH_GAPS and good >= total * _ALIGNED


def _gap(one: Side, other: Side) -> Side | None:
    """What lies between two words of one line, whichever way it runs."""
    near = [max(one[side], other[side]) for side in (0, 1)]
    far = [min(one[side + 2], other[side + 2]) for side in (0, 1)]
    gaps = [near[side] - far[side] for side in (0, 1)]
    along = 0 if gaps[0] > gaps[1] else 1
    across = -gaps[1 - along]
    if not 1 < gaps[along] < 2 * across:
        return None
    inset = gaps[along] * 0.2
    low, high = far[along] + inset, near[along] - inset
    if along == 0:
        return low, near[1], high, far[1]
    return near[0], low, far[0], high


def _is_hatched(look: Look, box: Side, light: NDArray[np.int16]) -> bool:
    """Whether all around a word looks just as the word does: lines or dots cover all of it."""
    left, top, right, bottom = box
    reach = min(bottom - top, right - left) * 0.3
    sides = (
        (left - reach, top, left, bottom),
        (right, top, right + reach, bottom),
        (left, top - reach, right, top),
        (left, bottom, right, bottom + reach),
    )
    mean, spread = float(light.mean()), float(light.std())
    for side in sides:
        beside = ink.lightness(look.shown, side)
        if beside.size < 6:
            return False
        if abs(float(beside.mean()) - mean) > 0.35 * spread:
            return False
        if abs(float(beside.std()) - spread) > 0.35 * spread:
            return False
    return True


def _around(boxes: Boxes) -> Side:
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    return left, top, right, bottom
