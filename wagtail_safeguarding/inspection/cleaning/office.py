"""Word, PowerPoint and OpenDocument text files without author, comments, ids and thumbnails.

The package is written anew, part by part; a part that has nothing to leave out is copied byte for
byte. Tracked changes, hidden text and notes are text: what becomes of them is for a person to say,
and the inspection goes on blocking them.
"""

from __future__ import annotations

import struct
import zipfile
from typing import IO

from . import opendocument, openxml
from .removals import NotCleaned, Removals

MAX_PART = 128 * 1024 * 1024
MAX_PARTS = 20_000
_LOCAL, _LENGTHS, _DESCRIPTOR = 30, 26, 24
"""Bytes of a part's own header, where it tells the lengths of two of its fields, and the most that
may stand behind the part."""
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def clean(file: IO[bytes], into: IO[bytes], removed: Removals) -> None:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(into, "w") as new:
        entries = old.infolist()
        names = [entry.filename for entry in entries]
        if len(names) != len(set(names)) or len(names) > MAX_PARTS:
            raise NotCleaned("the package has two parts of one name, or too many")
        kind = opendocument if "META-INF/manifest.xml" in names else openxml
        package = kind.Package(names, lambda name: _read(old, name), removed)
        for entry in entries:
            if entry.is_dir():
                continue
            made = package.part(entry.filename)
            if made is None:
                continue
            copy = zipfile.ZipInfo(entry.filename, _NO_TIME)
            copy.compress_type = entry.compress_type
            new.writestr(copy, made)
        removed.add("rest", int(_has_more(file, old)))
    into.flush()


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    entry = archive.getinfo(name)
    if entry.flag_bits & 1 or entry.file_size > MAX_PART:
        raise NotCleaned("a part is encrypted or too large")
    return archive.read(entry)


def _has_more(file: IO[bytes], archive: zipfile.ZipFile) -> bool:
    """Whether there are bytes that belong to no part, as an earlier form of one leaves them."""
    known = 0
    for entry in archive.infolist():
        file.seek(entry.header_offset)
        name, extra = struct.unpack_from("<HH", file.read(_LOCAL), _LENGTHS)
        known += _LOCAL + name + extra + entry.compress_size
        if entry.flag_bits & 8:
            known += _DESCRIPTOR
    return archive.start_dir > known or bool(archive.comment)
