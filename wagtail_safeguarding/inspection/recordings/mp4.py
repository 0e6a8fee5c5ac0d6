"""The tags of MP4 files: in boxes within boxes."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import ParseError

from ..gathered import Gathered, is_readable
from ..images.picture import FILES
from ..images.tags import Tags
from ..images.xmp import read_xmp
from ..strings import find_strings
from .told import tell, tell_picture

_CONTAINERS = {b"moov", b"udta", b"trak", b"mdia", b"minf", b"ilst", b"meta", b"moof", b"traf"}
_MEDIA = {b"mdat", b"free", b"skip", b"wide", b"ftyp", b"styp", b"sidx", b"mfra", b"moof"}
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MAX_LEAF = 32 * 1024 * 1024
_MAX_BOXES = 50_000
_MAX_DEPTH = 10
_POSITION = {"\xa9xyz", "loci", "com.apple.quicktime.location.ISO6709"}
_PEOPLE = {
    "\xa9ART",
    "\xa9aut",
    "\xa9wrt",
    "aART",
    "auth",
    "perf",
    "\xa9enc",
    "\xa9dir",
    "\xa9prd",
    "ownr",
    "\xa9swf",
}
_TITLES = {
    "name",
    "\xa9nam",
    "\xa9alb",
    "titl",
    "albm",
    "\xa9gen",
    "\xa9day",
    "cprt",
    "\xa9cpy",
    "gnre",
}
_PROGRAMS = {"\xa9too", "\xa9swr", "\xa9mak", "\xa9mod", "hdlr", "\xa9fmt", "\xa9TIM", "\xa9TSC"}
_DULL = {"trkn", "disk", "tmpo", "pgap", "cpil", "stik", "hdvd", "rtng", "Xtra"}
_DATA_HEADER = 8


@dataclass
class _Box:
    kind: bytes
    start: int
    stop: int


def inspect_mp4(file: IO[bytes], gathered: Gathered) -> None:
    """Raises :class:`ValueError` where the file is cut off."""
    end = file.seek(0, os.SEEK_END)
    _Reader(file, gathered).read(0, end, [])


class _Reader:
    def __init__(self, file: IO[bytes], gathered: Gathered) -> None:
        self._file = file
        self._gathered = gathered
        self._left = _MAX_BOXES
        self._keys: list[str] = []

    def read(self, start: int, stop: int, path: list[bytes]) -> None:
        for box in self._boxes(start, stop, strict=not path):
            inner = [*path, box.kind]
            if box.kind in _CONTAINERS and len(inner) <= _MAX_DEPTH:
                self.read(self._inside(box), box.stop, inner)
            elif path[-1:] == [b"ilst"]:
                self._item(box)
            elif box.kind == b"keys":
                self._read_keys(box)
            elif path[-1:] == [b"udta"]:
                self._report(box.kind.decode("latin-1"), self._user_text(box))
            elif box.kind in {b"uuid", b"XMP_"}:
                self._read_xmp(box)
            elif not path and box.kind not in _MEDIA:
                said = find_strings(self._content(box))
                self._gathered.text(said, "a box of its own", shown=False)

    def _boxes(self, start: int, stop: int, *, strict: bool) -> Iterator[_Box]:
        while start + 8 <= stop:
            self._left -= 1
            if self._left < 0:
                raise ValueError("too many boxes")
            self._file.seek(start)
            length, kind = struct.unpack(">L4s", self._file.read(8))
            inside = start + 8
            if length == 1:
                (length,) = struct.unpack(">Q", self._file.read(8).ljust(8, b"\0"))
                inside += 8
            elif length == 0:
                length = stop - start
            if length < inside - start or start + length > stop:
                if strict and kind in _CONTAINERS | _MEDIA:
                    raise ValueError("a box that is cut off")
                break
            yield _Box(kind, inside, start + length)
            start += length
        if strict and start < stop:
            self._report_behind(start, stop)

    def _report_behind(self, start: int, stop: int) -> None:
        """What follows the last box and is none."""
        self._file.seek(start)
        data = self._file.read(min(stop - start, _MAX_LEAF))
        if not data.strip(b"\0"):
            return
        said = find_strings(data)
        self._gathered.text(said, "what follows the video", shown=False)
        is_file = any(magic in data for magic in FILES)
        severity = "" if is_file else "warning" if is_readable(said) else "note"
        self._gathered.found("recording-attachment", excerpt=said, severity=severity)

    def _inside(self, box: _Box) -> int:
        """Where the boxes within begin: those of "meta" may have four bytes before them."""
        if box.kind != b"meta":
            return box.start
        self._file.seek(box.start)
        head = self._file.read(12)
        return box.start if head[4:8] in {b"hdlr", b"keys", b"ilst"} else box.start + 4

    def _content(self, box: _Box) -> bytes:
        self._file.seek(box.start)
        return self._file.read(min(box.stop - box.start, _MAX_LEAF))

    def _read_keys(self, box: _Box) -> None:
        data = self._content(box)[8:]
        position = 0
        while position + 8 <= len(data):
            length = max(8, int.from_bytes(data[position : position + 4], "big"))
            self._keys.append(data[position + 8 : position + length].decode("utf-8", "replace"))
            position += length

    def _item(self, box: _Box) -> None:
        number = int.from_bytes(box.kind, "big")
        name = box.kind.decode("latin-1")
        if 1 <= number <= len(self._keys):
            name = self._keys[number - 1]
        for inner in self._boxes(box.start, box.stop, strict=False):
            data = self._content(inner)
            if inner.kind == b"name":
                name = data[4:].decode("utf-8", "replace")
            elif inner.kind == b"data":
                content = data[_DATA_HEADER:]
                if name == "covr":
                    tell_picture(self._gathered, content)
                elif name not in _DULL:
                    self._report(name, content.decode("utf-8", "replace").strip("\0 "))

    def _user_text(self, box: _Box) -> str:
        """The text of a box: behind its length and language where it has them."""
        data = self._content(box)
        if box.kind[:1] == b"\xa9" and len(data) >= 4:
            length = int.from_bytes(data[:2], "big")
            return data[4 : 4 + length].decode("utf-8", "replace").strip("\0 ")
        if box.kind == b"loci":
            return find_strings(data) or "coordinates"
        return find_strings(data)

    def _report(self, name: str, text: str) -> None:
        if name in _POSITION:
            tell(self._gathered, "position", name, text)
        elif name in _PEOPLE or name.endswith((".author", ".artist")):
            tell(self._gathered, "person", name, text)
        elif name in _TITLES or name.endswith((".title", ".creationdate")):
            tell(self._gathered, "title", name, text)
        elif name in _PROGRAMS or name.endswith((".make", ".model", ".software")):
            tell(self._gathered, "program", name, text)
        elif is_readable(text):
            tell(self._gathered, "comment", name, text)

    def _read_xmp(self, box: _Box) -> None:
        data = self._content(box)
        if box.kind == b"uuid":
            if not data.startswith(_XMP):
                self._gathered.text(find_strings(data), "a box of its own", shown=False)
                return
            data = data[16:]
        try:
            read_xmp(data, self._gathered, Tags(self._gathered, "XMP"))
        except (ParseError, ValueError, LookupError):
            tell(self._gathered, "comment", "XMP", find_strings(data))
