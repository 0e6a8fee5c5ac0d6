"""File names: readers see them, servers and browsers act on them."""

from __future__ import annotations

import unicodedata
from enum import Enum

MAX_NAME_LENGTH = 200
"""Below the 255 to which Django cuts names unasked, so that a longer one is refused in words."""
# The last four are letters that nobody can see.
_FORBIDDEN = frozenset('/\\\0:*?"<>|\u115f\u1160\u3164\uffa0')


class NameProblem(Enum):
    UNSAFE = "unsafe"
    TOO_LONG = "too-long"

    @property
    def message(self) -> str:
        if self is NameProblem.UNSAFE:
            return "The file name has characters that hide or change what it says."
        return f"The file name is longer than {MAX_NAME_LENGTH} characters."

    @property
    def advice(self) -> str:
        return "Rename the file in plain letters and digits and upload it again."


def find_name_problem(name: str) -> NameProblem | None:
    """The worst problem of ``name``, or None.

    Control, bidirectional and other invisible characters can make an .exe look like a
    PDF; path characters have no place in a name.
    """
    if not name or any(c in _FORBIDDEN or unicodedata.category(c)[0] == "C" for c in name):
        return NameProblem.UNSAFE
    if not any(c.isalnum() for c in name.rpartition(".")[0] or name):
        return NameProblem.UNSAFE
    if len(name) > MAX_NAME_LENGTH:
        return NameProblem.TOO_LONG
    return None


def public_name(name: str) -> str:
    """``name`` as it may stand in a URL and a header: no path, no control or hidden characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    cleaned = "".join(
        "_" if c in _FORBIDDEN else c for c in base if unicodedata.category(c)[0] != "C"
    ).strip(". ")
    if len(cleaned) > 120:
        stem, dot, extension = cleaned.rpartition(".")
        keep = 120 - len(extension) - 1
        cleaned = f"{stem[:keep]}.{extension}" if dot and keep > 0 else cleaned[:120]
    return cleaned or "document"
