"""What a shape hides of those that were painted before it."""

from __future__ import annotations

from collections.abc import Sequence

from ..gathered import Gathered, TooMuch, is_readable
from .colours import WHITE, luminance
from .shapes import UNKNOWN, Shape, overlap

_COVERED = 0.95
_WITHIN = 0.8
_DARK = 0.03
_MAX_PAIRS = 5_000_000


def report_covers(
    gathered: Gathered, number: int, shapes: Sequence[Shape], *, moving: bool
) -> None:
    """Findings on the slide ``number``. What moves may uncover again what it hides."""
    severity = "warning" if moving else ""
    placed = [(at, shape) for at, shape in enumerate(shapes) if shape.area and not shape.hidden]
    above = [(at, shape) for at, shape in placed if shape.picture or shape.is_solid]
    below = [(at, shape) for at, shape in placed if shape.picture or is_readable(shape.text)]
    if len(above) * len(below) > _MAX_PAIRS:
        raise TooMuch
    for at, over in above:
        for depth, under in below:
            if depth < at and over.box and under.box:
                _report(gathered, number, over, under, severity)


def _report(gathered: Gathered, number: int, over: Shape, under: Shape, severity: str) -> None:
    if not over.box or not under.box:
        return
    shared = overlap(over.box, under.box)
    if is_readable(under.text) and shared >= _COVERED * under.area:
        # A picture may be transparent.
        lesser = severity if over.is_solid else "warning"
        gathered.found("office-covered", page=number, excerpt=under.text, severity=lesser)
    elif over.is_solid and over.fill != UNKNOWN and not over.text and shared >= _WITHIN * over.area:
        lesser = cover_severity(over.fill or WHITE) or severity
        excerpt = under.text or "a picture"
        gathered.found("office-covering-shape", page=number, excerpt=excerpt, severity=lesser)


def cover_severity(fill: str) -> str:
    """How bad an empty shape of that colour is, on top of something: black is what people redact
    with; "" for as bad as the rule says."""
    if luminance(fill) < _DARK:
        return ""
    return "warning" if fill == WHITE else "note"
