"""Look inside a file: have the right worker read it, in a process of its own (see ``child``)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from .child import ChildFailed, Limits, ask
from .reading import MAX_EXCERPT, Found, Reading
from .report import Finding, Severity
from .rules import GENERAL, RULES

logger = logging.getLogger(__name__)

LIMITS = Limits(seconds=300, memory=1536 * 1024 * 1024, output=64 * 1024 * 1024)
_READING = TypeAdapter(Reading)

WORKERS: dict[str, Path] = {}
"""The worker for each media type, whose ``answer(file)`` gives ``dataclasses.asdict(Reading)``."""


def look_inside(file: IO[bytes], media_type: str, limits: Limits = LIMITS) -> Reading:
    """What the worker for ``media_type`` says of the seekable ``file``.

    Never raises for a bad file: one that cannot be read is a finding, ``uninspectable``.
    """
    worker = WORKERS.get(media_type)
    if worker is None:
        return Reading()
    try:
        return ask(worker, file, limits, _READING)
    except ChildFailed as error:
        logger.warning("A file could not be inspected: %s", error)
        return Reading(found=[Found("uninspectable")])


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
