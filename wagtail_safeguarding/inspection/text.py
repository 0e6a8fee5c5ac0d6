"""The text inside a file, page by page, for the search; read in a child process."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from .child import ChildFailed, Limits, ask
from .media_types import DOCX, PDF
from .pages import has_an_end
from .text_child import UNSEEN

logger = logging.getLogger(__name__)

READ = frozenset({PDF, DOCX})
"""The media types whose text is read."""

LIMITS = Limits(seconds=120, memory=1536 * 1024 * 1024, output=32 * 1024 * 1024)
_WORKER = Path(__file__).with_name("text_child.py")
_PAGES = TypeAdapter(list[str])


def extract_text(file: IO[bytes], media_type: str) -> list[str] | None:
    """The text of the seekable ``file``, one string for each page; a page may be empty.

    None for the types that are not in ``READ``, and where it cannot be read: encrypted,
    damaged, or beyond the limits of time, memory and length (see ``text_child``). In a DOCX
    file a page is what an explicit page break ends, or a piece of about 3,000 characters.
    """
    if media_type not in READ or (media_type == PDF and not has_an_end(file)):
        return None
    try:
        pages = ask(_WORKER, file, LIMITS, _PAGES)
    except ChildFailed as error:
        logger.warning("The text of a file was not read: %s", error)
        return None
    # The child has done so already. But it has read a stranger's file, and may be lying.
    return [UNSEEN.sub("", page) for page in pages]
