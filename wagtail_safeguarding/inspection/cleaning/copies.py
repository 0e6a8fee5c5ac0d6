"""A copy of a file without what readers have no use for: metadata, comments, attachments, scripts,
old revisions. What the file says and shows is never altered.

Offered to an editor, never made by itself; it is a new file, inspected like any other.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from wagtail_safeguarding.inspection.child import ChildFailed, Limits, ask
from wagtail_safeguarding.inspection.media_types import DOCX, ODT, PDF, PPTX

from .removals import WORDS, NotCleaned

CLEANABLE = frozenset({PDF, DOCX, PPTX, ODT, "image/jpeg", "image/png"})
"""The media types of which a copy can be made."""

SECONDS, MEMORY = 120, 1536 * 1024 * 1024
_WORKER = Path(__file__).with_name("worker.py")
_REMOVED = TypeAdapter(dict[str, int])


def clean(file: IO[bytes], into: IO[bytes], *, max_bytes: int) -> list[tuple[str, int]]:
    """Write a cleaned copy of the seekable ``file`` ``into`` an open, empty file of the disk.

    What was left out, as codes of ``removals.WORDS`` with their numbers; nothing where there is
    nothing to leave out, and then the copy is of no use. Raises :class:`NotCleaned` for a file of
    which no copy can be made.
    """
    limits = Limits(seconds=SECONDS, memory=MEMORY, output=max_bytes)
    try:
        removed = ask(_WORKER, file, limits, _REMOVED, into=into)
    except ChildFailed as error:
        raise NotCleaned(str(error)) from error
    into.seek(0)
    return [(code, removed[code]) for code in WORDS if removed.get(code, 0) > 0]
