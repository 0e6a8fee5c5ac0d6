"""Look inside a file: have the right worker read it, in a process of its own (see ``child``)."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from .child import ChildFailed, Limits, ask
from .media_types import DOCX, ODP, ODS, ODT, PDF, PPTX, XLSX
from .reading import MAX_EXCERPT, MAX_FOUND, MAX_TEXT, Found, Reading, Text
from .report import Finding, Severity
from .rules import GENERAL, RULES

logger = logging.getLogger(__name__)

LIMITS = Limits(seconds=300, memory=1536 * 1024 * 1024, output=64 * 1024 * 1024)
_READING = TypeAdapter(Reading)

_IMAGES = Path(__file__).with_name("images") / "worker.py"
_OFFICE = Path(__file__).with_name("office") / "worker.py"
_PDF = Path(__file__).with_name("pdf") / "worker.py"
_RECORDINGS = Path(__file__).with_name("recordings") / "worker.py"

WORKERS: dict[str, Path] = {
    PDF: _PDF,
    "image/jpeg": _IMAGES,
    "image/png": _IMAGES,
    "audio/mpeg": _RECORDINGS,
    "video/mp4": _RECORDINGS,
    **dict.fromkeys((DOCX, ODP, ODS, ODT, PPTX, XLSX), _OFFICE),
}
"""The worker for each media type, whose ``answer(file)`` gives ``dataclasses.asdict(Reading)``."""


_MAX_NUMBER = 2**31 - 1
"""As a column can hold it."""
_MAX_LANGUAGE = 35
_MAX_FACTS = 200
_FACTS_DEEP = 3


def is_read(media_type: str) -> bool:
    """Whether there is a worker for files of this kind."""
    return media_type in WORKERS


def look_inside(file: IO[bytes], media_type: str, limits: Limits = LIMITS) -> Reading:
    """What the worker for ``media_type`` says of the seekable ``file``.

    Never raises for a bad file: one that cannot be read is a finding, ``uninspectable``.
    """
    worker = WORKERS.get(media_type)
    if worker is None:
        return Reading()
    try:
        return _bounded(ask(worker, file, limits, _READING))
    except ChildFailed as error:
        logger.warning("A file could not be inspected: %s", error)
        return Reading(found=[Found("uninspectable")])


def _bounded(reading: Reading) -> Reading:
    """The answer, no larger than a worker's limits. It has kept them; but it has read a stranger's
    file, and may be lying."""
    found = [
        replace(one, page=_page(one.page), box=one.box if _is_box(one.box) else None)
        for one in reading.found[:MAX_FOUND]
    ]
    if len(reading.found) > MAX_FOUND:
        found.append(Found("too-many"))
    texts = []
    left = MAX_TEXT
    for text in reading.texts:
        if len(text.text) > left:
            found.append(Found("too-many"))
            break
        left -= len(text.text) + 1
        texts.append(Text(text.text, _shortened(text.where), _page(text.page), text.shown))
    return Reading(
        found=found,
        texts=texts,
        facts=_bounded_facts(reading.facts),
        pages=_page(reading.pages),
        language=_shortened(reading.language)[:_MAX_LANGUAGE],
    )


def _page(number: int | None) -> int | None:
    return number if number is not None and 1 <= number <= _MAX_NUMBER else None


def _is_box(box: tuple[float, ...] | None) -> bool:
    return box is not None and all(map(math.isfinite, box))


def _bounded_facts(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return _shortened(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return value if math.isfinite(value) and abs(value) <= _MAX_NUMBER else None
    if depth == _FACTS_DEEP:
        return None
    if isinstance(value, list):
        return [_bounded_facts(one, depth + 1) for one in value[:_MAX_FACTS]]
    return {
        _shortened(name): _bounded_facts(one, depth + 1)
        for name, one in islice(value.items(), _MAX_FACTS)
    }


def in_words(found: Found) -> Finding:
    """A finding with its words. A code that nobody knows blocks: the child may be lying, since it
    has read a stranger's file."""
    rule = RULES.get(found.code, GENERAL["uninspectable"])
    severity = rule.severity
    if found.code in RULES and found.severity in set(Severity):
        severity = Severity(found.severity)
    return Finding(
        code=rule.code,
        severity=severity,
        message=rule.message,
        advice=rule.advice,
        page=found.page,
        box=found.box,
        excerpt=_shortened(found.excerpt),
        where=_shortened(found.where),
    )


def _shortened(text: str) -> str:
    kept = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * MAX_EXCERPT]).split())
    return kept if len(kept) <= MAX_EXCERPT else f"{kept[: MAX_EXCERPT - 1]}…"
