"""How many pages a PDF has, counted in a process of its own (see ``child``)."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import IO, Annotated

from pydantic import Field, TypeAdapter

from .child import ChildFailed, Limits, ask
from .media_types import PDF

logger = logging.getLogger(__name__)

LIMITS = Limits(seconds=30, memory=1024 * 1024 * 1024, output=64)
_TAIL = 2048
_WORKER = Path(__file__).with_name("pages_child.py")
_NUMBER = TypeAdapter(Annotated[int, Field(ge=0, lt=2**31)])  # as a column can hold it


def count_pages(file: IO[bytes], media_type: str) -> int | None:
    """The pages of the seekable ``file``; None for other types and where it cannot be told."""
    try:
        if media_type != PDF or not has_an_end(file):
            return None
        return ask(_WORKER, file, LIMITS, _NUMBER)
    except (ChildFailed, OSError) as error:
        logger.warning("The pages of a PDF were not counted: %s", error)
        return None


def has_an_end(file: IO[bytes]) -> bool:
    """Whether the file ends as a PDF does; for a fragment no process need be started."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    return b"startxref" in file.read(_TAIL)
