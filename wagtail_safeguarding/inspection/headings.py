"""The order of a document's headings, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .reading import Found


def heading_problems(levels: Sequence[int], *, long: bool) -> list[Found]:
    """``levels`` from 1, in the order of the document, which is ``long`` if it ought to have
    headings at all."""
    if not levels:
        return [Found("access-no-headings")] if long else []
    if levels[0] != 1:
        return [Found("access-heading-order", excerpt=f"begins with level {levels[0]}")]
    for above, below in pairwise(levels):
        if below > above + 1:
            return [Found("access-heading-order", excerpt=f"level {below} follows level {above}")]
    return []
