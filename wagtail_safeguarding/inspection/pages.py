"""How many pages a PDF has, counted in a process of its own.

The file is untrusted: a parser may crash, hang or fill the memory with it. So it runs in a
child process with limits, and whatever goes wrong there means "not known".
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from .media_types import PDF

logger = logging.getLogger(__name__)

SECONDS = 30
MEMORY_BYTES = 1024 * 1024 * 1024
OUTPUT_BYTES = 64
_TAIL = 2048
_CHILD = Path(__file__).with_name("pages_child.py")


def count_pages(file: IO[bytes], media_type: str) -> int | None:
    """The pages of the seekable ``file``; None for other types and where it cannot be told."""
    if media_type != PDF or not _has_an_end(file):
        return None
    try:
        return _ask_child(file)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        logger.warning("The pages of a PDF were not counted: %s", error)
        return None


def _ask_child(file: IO[bytes]) -> int:
    """Raises OSError, ValueError or SubprocessError."""
    with tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as said:
        # A copy, since the child shares the position in what it is given.
        file.seek(0)
        shutil.copyfileobj(file, copy, 1024 * 1024)
        copy.seek(0)
        limits = (SECONDS, MEMORY_BYTES, OUTPUT_BYTES)
        # -P: the modules beside the script are not to be found under their short names.
        subprocess.run(
            [_python(), "-P", str(_CHILD), *map(str, limits)],
            stdin=copy,
            stdout=said,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name == "PYTHONPATH"},
            timeout=SECONDS,
            check=True,
        )
        said.seek(0)
        text = said.read(OUTPUT_BYTES)
    if not text.isdigit():
        raise ValueError("the answer is no number")
    return int(text)


def _python() -> str:
    """The interpreter; inside of a server that embeds one, ``sys.executable`` is that server."""
    executable = Path(sys.executable or "")
    if "python" in executable.name.lower():
        return str(executable)
    return str(Path(sys.prefix) / "bin" / "python")


def _has_an_end(file: IO[bytes]) -> bool:
    """Whether the file ends as a PDF does; for a fragment no process need be started."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    return b"startxref" in file.read(_TAIL)
