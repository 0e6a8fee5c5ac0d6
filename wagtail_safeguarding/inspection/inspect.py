"""Inspect a file before anything of it may be published.

A function from a file to a :class:`~wagtail_safeguarding.inspection.report.Report`. It knows
neither Django nor a review: what it is to look for beside its own rules is given to it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import IO

from .inside import in_words, is_read, look_inside
from .outside import look_outside
from .report import Report


def inspect_file(file: IO[bytes], name: str, *, max_bytes: int) -> Report:
    """Inspect the seekable binary ``file`` that was uploaded as ``name``.

    ``max_bytes`` bounds what is read. Raises :class:`OSError` when reading fails; bad
    content never raises, it is a finding.
    """
    outside = look_outside(file, name, max_bytes=max_bytes)
    if outside.size == 0 or outside.size > max_bytes:
        return outside
    reading = look_inside(file, outside.media_type)
    return replace(
        outside,
        findings=(*outside.findings, *map(in_words, reading.found)),
        facts=reading.facts,
        pages=reading.pages,
        language=reading.language,
        looked_inside=is_read(outside.media_type),
    )
