"""Words in bytes of a form that is not read here: OLE objects, drawings of Windows, settings."""

from __future__ import annotations

import re

_ASCII = re.compile(rb"[\x20-\x7e]{5,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){4,}")
_LETTERS = re.compile(r"[A-Za-z]{3}")
_MOST = 200_000


def find_strings(data: bytes) -> str:
    """What looks like text in ``data``, a line each, up to a bound."""
    found = [match.group().decode("utf-16-le") for match in _WIDE.finditer(data)]
    found += [match.group().decode("ascii") for match in _ASCII.finditer(data)]
    lines = dict.fromkeys(line.strip() for line in found if _LETTERS.search(line))
    return "\n".join(lines)[:_MOST]
