"""Paths of somebody's computer or network, as files carry them along: they name people."""

from __future__ import annotations

import re
from urllib.parse import unquote

_PATH = re.compile(
    r"""(?ix)
    (?: file:/{1,5}[^\s"'<>|]+
    | (?<![a-z0-9]) [a-z]:[\\/](?![/])[^"'<>|\r\n\t]+   # a drive
    | (?<![\\\w:]) \\\\[\w.$-]+\\[^"'<>|\r\n\t]+        # a share
    | (?<![\w.:/-]) /(?:home|Users|Volumes|private/var)/[^"'<>|\r\n\t]+
    )"""
)


def find_path(text: str) -> str:
    """The first path in ``text``, or ""."""
    found = _PATH.search(text) or _PATH.search(unquote(text))
    return found.group().strip() if found else ""
