"""Inspect a file before anything of it may be published.

A function from a file to a :class:`~wagtail_safeguarding.inspection.report.Report`. It knows
neither Django nor a review: what it is to look for beside its own rules is given to it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import IO, Any

from .identifiers import file_name_text, find_identifiers, without_identifiers
from .inside import in_words, is_read, look_inside
from .outside import look_outside
from .reading import Found
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
    found = [*reading.found, *find_identifiers([file_name_text(name), *reading.texts])]
    return replace(
        outside,
        findings=(*outside.findings, *map(in_words, map(_masked, found))),
        facts=_masked_facts(reading.facts),
        pages=reading.pages,
        language=reading.language,
        looked_inside=is_read(outside.media_type),
    )


def _masked(found: Found) -> Found:
    """The finding, without the identifiers that its words repeat from the file."""
    return replace(
        found,
        excerpt=without_identifiers(found.excerpt),
        where=without_identifiers(found.where),
    )


def _masked_facts(value: Any) -> Any:
    if isinstance(value, str):
        return without_identifiers(value)
    if isinstance(value, list):
        return [_masked_facts(one) for one in value]
    if isinstance(value, dict):
        return {without_identifiers(name): _masked_facts(one) for name, one in value.items()}
    return value
