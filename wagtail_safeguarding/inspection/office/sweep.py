"""What the XML of an Office file says beside its text: remarks, and the values of attributes.

What most of them mean is not known here, so names are looked for in them, and nothing is said of
them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from ..gathered import Gathered, TooMuch
from ..reading import UNKNOWN_DATA
from .package import Package

_TOLD = re.compile(rb"<!--(.{3,2000}?)-->|=\s*(?:\"([^\"<]{5,500})\"|'([^'<]{5,500})')", re.DOTALL)
_SEVERAL = re.compile(r"[^\W\d_]{2}[\W_]+[^\W\d_]{2}|[^\W\d_][a-z][A-Z][a-z]")
"""Two words at least: those of one word are the format's own."""
_FORMAT = ("http://schemas.", "http://purl.", "http://www.w3.org/", "urn:", "application/")
"""What names of the format's own begin with."""
_DIGITS = re.compile(r"\d+")
_SHARED = 2_048
MAX_TOLD = 100_000


def sweep(package: Package, gathered: Gathered) -> None:
    told: set[str] = set()
    for name in package.parts:
        for said in _said(package.pieces(name)):
            kind = _DIGITS.sub("0", said)
            if kind in told or said.startswith(_FORMAT) or not _SEVERAL.search(said):
                continue
            told.add(kind)
            if len(told) > MAX_TOLD:
                raise TooMuch
            gathered.text(said, UNKNOWN_DATA, shown=False)


def _said(pieces: Iterator[bytes]) -> Iterator[str]:
    before = b""
    for piece in pieces:
        if not before and not piece.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return
        data = before + piece
        for match in _TOLD.finditer(data):
            yield unescape(next(filter(None, match.groups())).decode("utf-8", "replace"))
        before = data[-_SHARED:]
