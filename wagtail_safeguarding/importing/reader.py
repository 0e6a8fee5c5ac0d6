"""Read a saved legacy page, plain text or HTML, as a neutral list of blocks.

``read_source(path)`` is for files, ``read_bytes(data)`` for anything else. A source is
untrusted: size, number and length of lines are limited, reading takes linear time, and
whatever cannot be read raises :class:`SourceError` with one line for a person.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from .decoding import decode
from .markup import is_markup, read_markup
from .source import (
    MAX_BYTES,
    Block,
    BlockKind,
    BlockList,
    Link,
    SourceError,
    SourceFormat,
    SourcePage,
    is_blank,
)
from .source import SourceNote as SourceNote

__all__ = [
    "Block",
    "BlockKind",
    "Link",
    "SourceError",
    "SourceFormat",
    "SourceNote",
    "SourcePage",
    "read_bytes",
    "read_source",
]

_BULLET = re.compile(r"\s*(?:[•‣◦▪·*–—-]|\d{1,2}[.)])\s+\S")
_URL = re.compile(r"https?://[^\s<>\"“”]{1,2000}", re.IGNORECASE)
_URL_TAIL = ".,;:!?)]}'’"
_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*[\[{\"])")
_MAIL = re.compile(r"(?:MIME-Version|From|Return-Path|Received):\s", re.IGNORECASE)


def read_source(path: str | os.PathLike[str]) -> SourcePage:
    """The page saved at ``path``. Raises SourceError."""
    return read_bytes(_read_file(path))


def read_bytes(data: bytes) -> SourcePage:
    """The page in ``data``: HTML or plain text, told by its content. Raises SourceError."""
    if len(data) > MAX_BYTES:
        raise SourceError(f"The source is larger than {MAX_BYTES // 1024**2} MiB.")
    text, guess = decode(data)
    if is_blank(text):
        raise SourceError("The source is empty.")
    if _JSON.match(text) or _MAIL.match(text):
        raise SourceError("The source is data or mail, not a page. Save the page as HTML or text.")
    page = read_markup(text) if is_markup(text) else _read_lines(text)
    if not any(char.isalpha() for block in page.blocks for char in block.text):
        raise SourceError("The source holds no text that can be understood.")
    if guess is None:
        return page
    notes = (SourceNote(1, guess), *page.notes)
    return SourcePage(page.format, page.blocks, notes, page.title, page.site_name)


def _read_file(path: str | os.PathLike[str]) -> bytes:
    name = os.fspath(path)
    try:
        source = Path(path)
        if not source.exists():
            raise SourceError(f"There is no file {name}.")
        if source.is_dir():
            raise SourceError(f"{name} is a directory, not a saved page.")
        if not source.is_file():  # reading a pipe or a device might never end
            raise SourceError(f"{name} is not a regular file.")
        with source.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{name} cannot be read: {error.strerror or error}.") from error
    if not data:
        raise SourceError(f"{name} is empty.")
    return data


def _read_lines(text: str) -> SourcePage:
    """Plain text: each line is a block, verbatim. A web address written out is a link."""
    found = BlockList()
    for number, line in enumerate(text.splitlines(), start=1):
        if is_blank(line):
            continue
        kind = BlockKind.LIST_ITEM if _BULLET.match(line) else BlockKind.PARAGRAPH
        addresses = (match[0].rstrip(_URL_TAIL) for match in _URL.finditer(line))
        links = tuple(Link(address, address) for address in addresses)
        found.add(
            Block(kind, line, level=int(kind is BlockKind.LIST_ITEM), links=links, line=number)
        )
    return SourcePage(SourceFormat.TEXT, tuple(found.blocks), found.notes)
