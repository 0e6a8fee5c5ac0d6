"""Which letters of a page a reader cannot see, and why.

The page is rendered with and without its text. Where the two differ in a letter's box, the letter
can be seen; on an ordinary page nothing more is asked. Only for letters without a difference are
there more renderings and questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import ink, pdfium
from .cause import Cause
from .ghosts import look_at_ghosts
from .letters import Letters
from .objects import Thing, activate
from .overlap import letters_under_text
from .sheet import Boxes, Pixels, Sheet
from .surroundings import Surroundings

CAUSES = list(Cause)
SEEN = -1
_ASIDE = (CAUSES.index(Cause.OFF_PAGE), CAUSES.index(Cause.CLIPPED))
"""Where a word ends at the edge of what is shown, its beginning is read."""
_DARK = 100
MOST = 0.6
TINY_POINTS = 1.0
"""A word none of whose letters is higher or wider than this needs a lens."""

_OBJECTLESS = Thing(0, pdfium.TEXT, 0, (1, 0, 0, 1, 0, 0))


@dataclass(frozen=True)
class Sight:
    """What was seen of one page: the cause for each letter (an index of ``CAUSES``, or SEEN),
    the boxes in pixels, and whether recognised text lies where the picture has ink."""

    causes: NDArray[np.int8]
    boxes: Boxes
    objects: dict[int, int]
    """The text object of a hidden letter, by the letter's index."""
    is_aligned: bool = True


class Look:
    """One look at one page."""

    def __init__(
        self, sheet: Sheet, letters: Letters, all_things: list[Thing], *, has_hidden_layers: bool
    ) -> None:
        self.sheet = sheet
        self.letters = letters
        self.has_hidden_layers = has_hidden_layers
        self.things = all_things
        self.texts = [thing for thing in self.things if thing.kind == pdfium.TEXT]
        self.invisible = {
            thing.handle
            for thing in self.texts
            if pdfium.render_mode(thing.handle) in (pdfium.INVISIBLE, pdfium.CLIP)
        }
        self.causes = np.full(letters.count, SEEN, np.int8)
        self.objects: dict[int, int] = {}
        self.is_aligned = True
        self._drawn: set[tuple[int, int]] | None = None

    def sight(self) -> Sight:
        counted = np.flatnonzero(self.letters.counted)
        if not len(counted):
            return Sight(self.causes, np.full((self.letters.count, 4), np.nan), {})
        boxes = self.letters.boxes
        counted = counted[~np.isnan(boxes[counted]).any(axis=1)]
        for _ in self.sheet.windows(boxes[counted]):
            self.boxes = self.sheet.in_pixels(boxes)
            in_window, on_page = self.sheet.holds(self.boxes[counted])
            self._find_outside(counted[~on_page])
            self._look(counted[in_window])
        self._complete_words()
        return Sight(self.causes, self.boxes, self.objects, self.is_aligned)

    def _look(self, counted: NDArray[np.intp]) -> None:
        if not len(counted):
            return
        self.shown = self.sheet.render("shown")
        self.bare = self._without_text()
        plain = ink.plainly_seen(self.shown, self.bare, self.boxes[counted])
        plain &= ~self._is_invisible(counted)
        self._find_tiny(counted)
        suspects = counted[~plain & (self.causes[counted] == SEEN)]
        if len(suspects):
            self._question(suspects)
        for index, handle in letters_under_text(self, counted[self.causes[counted] == SEEN]):
            self.objects[index] = handle
            self._set([index], Cause.TEXT)

    def _find_outside(self, indices: NDArray[np.intp]) -> None:
        self._set(indices.tolist(), Cause.OFF_PAGE)
        for index in indices.tolist():
            self.objects[index] = self.letters.object_of(index)

    def _without_text(self) -> Pixels:
        if len(self.invisible) == len(self.texts):
            return self.shown
        activate(self.texts, False)
        bare = self.sheet.render("bare")
        activate(self.texts, True)
        return bare

    def _is_invisible(self, counted: NDArray[np.intp]) -> NDArray[np.bool_]:
        if not self.invisible:
            return np.zeros(len(counted), np.bool_)
        objects = map(self.letters.object_of, counted.tolist())
        return np.fromiter((handle in self.invisible for handle in objects), np.bool_)

    def text_alone(self, texts: list[Thing] | None = None) -> Pixels:
        others = [thing for thing in self.things if thing.kind != pdfium.TEXT]
        if texts is not None:
            chosen = {thing.handle for thing in texts}
            others += [thing for thing in self.texts if thing.handle not in chosen]
        activate(others, False)
        drawn = self.sheet.render("drawn", annotations=False, paper=0)
        activate(others, True)
        return drawn

    def _set(self, indices: Iterable[int], cause: Cause) -> None:
        self.causes[np.fromiter(indices, np.intp)] = CAUSES.index(cause)

    # Letters that change nothing

    def _question(self, suspects: NDArray[np.intp]) -> None:
        by_handle = {thing.handle: thing for thing in self.texts}
        drawn = self.text_alone()
        change = ink.difference(self.shown, self.bare)
        around = Surroundings(self.sheet, self.things)
        ghosts: list[int] = []
        covered: list[tuple[int, Thing]] = []
        absent: list[tuple[int, Thing]] = []
        for index in suspects.tolist():
            box = self.boxes[index]
            text = by_handle.get(self.letters.object_of(index), _OBJECTLESS)
            if not text.handle:
                continue
            self.objects[index] = text.handle
            if text.handle in self.invisible:
                ghosts.append(index)
            else:
                inked = ink.expected(drawn, box)
                if np.count_nonzero(inked) < min(3, inked.size):
                    absent.append((index, text))
                elif ink.share_seen(change, inked, box) < ink.SHARE:
                    covered.append((index, text))
        if covered:
            ghosts += self._why_covered(covered, around)
        ghosts += self._why_absent(absent, drawn, around)
        if ghosts:
            seen = look_at_ghosts(self, ghosts, around)
            for letters, cause in seen.hidden:
                self._set(letters, cause)
            self.is_aligned &= seen.is_aligned

    def _why_covered(self, covered: list[tuple[int, Thing]], around: Surroundings) -> list[int]:
        """Gives back those that lie under the picture of a page: text recognised in a scan."""
        under_annotation = self._seen_without_annotations(covered, around)
        ghosts: list[int] = []
        for index, text in covered:
            box = self.boxes[index]
            if index in under_annotation:
                is_field = around.only_fields_at(box) and not self._is_black_box(box)
                self._set([index], Cause.FIELD if is_field else Cause.ANNOTATION)
                continue
            cover = around.cover(box, text.order)
            if cover is None:
                self._set([index], Cause.CONTRAST)
            elif cover.kind == pdfium.TEXT:
                self._set([index], Cause.TEXT)
            elif cover.kind != pdfium.IMAGE:
                self._set([index], Cause.SHAPE)
            elif around.is_scan:
                ghosts.append(index)
            else:
                self._set([index], Cause.IMAGE)
        return ghosts

    def _is_black_box(self, box: Any) -> bool:
        light = ink.lightness(self.shown, tuple(box.tolist()))
        return ink.is_flat(light) and float(light.mean()) < _DARK

    def _seen_without_annotations(
        self, covered: list[tuple[int, Thing]], around: Surroundings
    ) -> set[int]:
        if not around.annotations:
            return set()
        drawn = self.text_alone()
        shown = self.sheet.render("other", annotations=False).copy()
        activate(self.texts, False)
        change = ink.difference(shown, self.sheet.render("other", annotations=False))
        activate(self.texts, True)
        return {
            index
            for index, _ in covered
            if ink.share_seen(change, ink.expected(drawn, self.boxes[index]), self.boxes[index])
            >= ink.SHARE
        }

    def _why_absent(
        self, absent: list[tuple[int, Thing]], drawn: Pixels, around: Surroundings
    ) -> list[int]:
        """Letters that should be drawn and leave no ink at all. Gives back the transparent ones:
        a heading filled with a gradient is a picture of words, and transparent words upon it."""
        ghosts: list[int] = []
        has_ink: dict[int, bool] = {}
        for index, text in absent:
            box = self.boxes[index]
            if text.handle not in has_ink:
                has_ink[text.handle] = bool(ink.expected(drawn, around.box_of(text)).any())
            clip = around.clip_of(text)
            if clip is not None and not _holds(clip, box):
                self._set([index], Cause.CLIPPED)
            elif has_ink[text.handle]:
                pass  # its ink is elsewhere in the same piece of text: the boxes are wrong
            elif around.is_transparent(text):
                ghosts.append(index)
            elif self.has_hidden_layers:
                self._set([index], Cause.LAYER)
            elif clip is not None and not around.is_whole_page(clip):
                self._set([index], Cause.CLIPPED)
            elif self._is_drawn_elsewhere(index, text, absent):
                self._set([index], Cause.INVISIBLE)
            elif pdfium.is_embedded(pdfium.text_font(text.handle)) == 1:
                self._set([index], Cause.BLANK)
        return ghosts

    def _is_drawn_elsewhere(self, index: int, text: Thing, absent: list[tuple[int, Thing]]) -> bool:
        """Whether the same letter of the same font is seen on the page: then it is not the font
        that draws nothing, but a mask or an ink that is none."""
        if self._drawn is None:
            gone = {other for other, _ in absent}
            self._drawn = {
                (pdfium.text_font(self.letters.object_of(other)), int(self.letters.codes[other]))
                for other in np.flatnonzero(self.letters.counted & (self.causes == SEEN)).tolist()
                if other not in gone and self.letters.object_of(other)
            }
        return (pdfium.text_font(text.handle), int(self.letters.codes[index])) in self._drawn

    # Words

    def _complete_words(self) -> None:
        """A word of which most is hidden cannot be read, though a part of a letter sticks out."""
        if (self.causes == SEEN).all():
            return
        for start, end in self.letters.words():
            of_word = np.arange(start, end)[self.letters.counted[start:end]]
            hidden = ~np.isin(self.causes[of_word], (SEEN, *_ASIDE))
            if MOST * len(of_word) <= hidden.sum() < len(of_word):
                most = int(np.bincount(self.causes[of_word][hidden]).argmax())
                self._set(of_word[~hidden].tolist(), CAUSES[most])

    def _find_tiny(self, counted: NDArray[np.intp]) -> None:
        size = np.zeros(self.letters.count)
        known = self.boxes[counted]
        size[counted] = np.nan_to_num(
            np.maximum(known[:, 2] - known[:, 0], known[:, 3] - known[:, 1]) / self.sheet.scale
        )
        if not (size[counted] < TINY_POINTS).any():
            return
        for start, end in self.letters.words():
            of_word = [i for i in range(start, end) if self.letters.counted[i]]
            if of_word and 0 < size[of_word].max() < TINY_POINTS:
                self._set(of_word, Cause.TINY)
                for index in of_word:
                    self.objects[index] = self.letters.object_of(index)


def _holds(outer: Any, box: Any) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return bool(outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3])
