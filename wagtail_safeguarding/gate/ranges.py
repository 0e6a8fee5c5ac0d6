"""Byte ranges and entity tags of HTTP (RFC 9110, sections 13 and 14), for one known file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO

_BYTES = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """The range lies outside the file: 416."""


@dataclass(frozen=True)
class ByteRange:
    """Bytes ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def content_range(self, size: int) -> str:
        return f"bytes {self.first}-{self.last}/{size}"


def parse_range(header: str, size: int) -> ByteRange | None:
    """The one range that ``header`` asks of a file of ``size`` bytes.

    None where the header is not understood or asks for several ranges: the whole file is
    then the answer, as the RFC allows. Raises :class:`Unsatisfiable`.
    """
    match = _BYTES.fullmatch(header.strip())
    if match is None:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:  # the last so many bytes
        length = min(int(last), size)
        if length == 0:
            raise Unsatisfiable
        return ByteRange(size - length, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)


def matches(header: str, etag: str) -> bool:
    """Whether ``If-None-Match`` names ``etag`` (a quoted string); ``*`` names every one."""
    candidates = [candidate.strip().removeprefix("W/") for candidate in header.split(",")]
    return "*" in candidates or etag in candidates


class Slice:
    """A file that ends after ``length`` bytes, for a streaming response."""

    def __init__(self, file: IO[bytes], wanted: ByteRange) -> None:
        self._file = file
        self._left = wanted.length
        file.seek(wanted.first)

    def read(self, size: int = -1) -> bytes:
        size = self._left if size < 0 else min(size, self._left)
        chunk = self._file.read(size) if size else b""
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()
