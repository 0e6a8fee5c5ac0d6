"""What a page is made of: its objects in the order in which they are painted, those inside of
forms (which may hold forms) among them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import pdfium
from .sheet import Boxes

_WIDE_LINE = 3.0
MAX_DEPTH = 30
MAX_OBJECTS = 1_000_000

Side = tuple[float, float, float, float]
"""Left, bottom, right, top in the page's own space; left, top, right, bottom in pixels."""
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)

_floats = (ctypes.c_float * 6)()
_first = ctypes.addressof(_floats)
_sides = tuple(_first + 4 * side for side in range(4))
_two = (ctypes.c_int * 2)()


class TooManyObjects(Exception):
    """More than anybody would draw, or forms in forms without end."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object that is painted; ``matrix`` leads from where its bounds are told to the page."""

    handle: int
    kind: int
    order: int
    matrix: Matrix

    @property
    def box(self) -> Side:
        """Left, bottom, right, top in the page's own space."""
        pdfium.object_bounds(self.handle, *_sides)
        left, bottom, right, top = _floats[:4]
        if self.matrix == _SAME:
            return left, bottom, right, top
        a, b, c, d, e, f = self.matrix
        corners = [(x, y) for x in (left, right) for y in (bottom, top)]
        across = [a * x + c * y + e for x, y in corners]
        down = [b * x + d * y + f for x, y in corners]
        return min(across), min(down), max(across), max(down)

    @property
    def hides(self) -> bool:
        """Whether it can cover what is below: all but lines and what only clips."""
        if self.kind != pdfium.PATH:
            return True
        first = ctypes.addressof(_two)
        pdfium.draw_mode(self.handle, first, first + ctypes.sizeof(ctypes.c_int))
        if _two[0]:
            return True
        pdfium.stroke_width(self.handle, _first)
        return bool(_two[1]) and _floats[0] >= _WIDE_LINE


def things(page: int, among: Container[int] | None = None) -> Iterator[Thing]:
    """All objects of the page but forms, in the order in which they are painted; or those that
    are ``among`` the handles, and what is in them."""
    order = 0

    def walk(
        count: int, get: Callable[[int, int], int], parent: int, matrix: Matrix, depth: int
    ) -> Iterator[Thing]:
        nonlocal order
        if depth > MAX_DEPTH:
            raise TooManyObjects
        for index in range(count):
            handle = get(parent, index)
            kind = pdfium.object_type(handle)
            order += 1
            if order > MAX_OBJECTS:
                raise TooManyObjects
            if depth == 0 and among is not None and handle not in among:
                continue
            if kind == pdfium.FORM:
                yield from walk(
                    pdfium.count_form_objects(handle),
                    pdfium.form_object,
                    handle,
                    _joined(matrix_of(handle), matrix),
                    depth + 1,
                )
            else:
                yield Thing(handle, kind, order, matrix)

    yield from walk(pdfium.count_objects(page), pdfium.page_object, page, _SAME, 0)


def matrix_of(handle: int) -> Matrix:
    pdfium.object_matrix(handle, _first)
    a, b, c, d, e, f = _floats[:6]
    return a, b, c, d, e, f


def _joined(inner: Matrix, outer: Matrix) -> Matrix:
    """What maps as ``inner`` does and then as ``outer``."""
    if outer == _SAME:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def boxes_of(found: list[Thing]) -> Boxes:
    boxes: NDArray[np.float64] = np.empty((len(found), 4))
    for row, thing in enumerate(found):
        boxes[row] = thing.box
    return boxes


def activate(found: list[Thing], active: bool) -> None:
    for thing in found:
        pdfium.set_active(thing.handle, active)
