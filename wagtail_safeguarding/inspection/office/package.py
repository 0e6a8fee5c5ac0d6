"""The ZIP of an Office file: its parts, how they refer to each other, and what else lies in it.

Nothing is unpacked to disk. Bounded are the number of parts, the bytes of all of them together
and the nesting of one file in another.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from ..gathered import TooMuch
from ..xml_events import START, Event, read_events

MAX_PARTS = 10_000
MAX_BYTES = 1024 * 1024 * 1024
DAMAGED = (
    ValueError,  # entities, nesting and the like, too
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    NotImplementedError,
    LookupError,  # an encoding that nobody knows
)
"""What is raised for a file that cannot be read. Bounds raise ``TooMuch``."""
_CHUNK = 1024 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = 24


@dataclass
class Budget:
    """How many unpacked bytes may still be read, files within files included."""

    left: int = MAX_BYTES

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TooMuch


@dataclass(frozen=True)
class Relationship:
    """One reference of a part to another one, or to something outside of the file."""

    source: str
    id: str
    kind: str
    """The last word of its type: "hyperlink", "image", "attachedTemplate"."""
    target: str
    """The name of a part, or the address of something outside."""
    external: bool


class Package:
    """An open ZIP. Raises what :mod:`zipfile` raises where it is damaged."""

    def __init__(self, file: IO[bytes], budget: Budget) -> None:
        self._zip = zipfile.ZipFile(file)
        self._file = file
        self._budget = budget
        entries = self._zip.infolist()
        if len(entries) > MAX_PARTS:
            raise TooMuch
        self.parts: dict[str, zipfile.ZipInfo] = {}
        seen: set[str] = set()
        for entry in entries:
            if entry.is_dir():
                continue
            name = entry.filename.lstrip("/")
            # Which of two parts of the same name is shown depends on the program.
            if name.casefold() in seen:
                raise ValueError("two parts of one name")
            seen.add(name.casefold())
            if entry.flag_bits & 1 or entry.compress_type not in (0, 8):
                raise ValueError("a part that Office would not read")
            self.parts[name] = entry
        self._lower = {name.casefold(): name for name in self.parts}
        self._unread = set(self.parts)

    def find(self, name: str) -> str | None:
        """The part's name as it is written in this file: case does not count."""
        return self._lower.get(name.lstrip("/").casefold())

    def open(self, name: str) -> IO[bytes]:
        entry = self.parts.get(name)
        if entry is None:
            raise ValueError("a part is missing")
        self._budget.take(entry.file_size)
        self._unread.discard(name)
        return self._zip.open(entry)

    def events(self, name: str) -> Iterator[Event]:
        with self.open(name) as stream:
            yield from read_events(stream)

    def root(self, name: str) -> str:
        """The name of the part's outermost element; "" for what is no XML."""
        with self._zip.open(self.parts[name]) as stream:
            head = stream.read(4096).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
        if not head.startswith(b"<"):
            return ""
        try:
            with self._zip.open(self.parts[name]) as stream:
                return next((tag for kind, tag, _ in read_events(stream) if kind == START), "")
        except ParseError:
            if name.endswith((".xml", ".rels")):
                raise
            return ""

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part once more, as far as it may be read."""
        left = self.parts[name].file_size
        with self._zip.open(self.parts[name]) as stream:
            while left > 0 and (piece := stream.read(_CHUNK)):
                left -= len(piece)
                yield piece

    def read_the_rest(self) -> None:
        """Read what nobody has read, so that damage is found wherever it is."""
        for name in sorted(self._unread):
            with self.open(name) as stream:
                while stream.read(_CHUNK):
                    pass

    def relationships(self) -> list[Relationship]:
        """All of them, of all parts."""
        return [
            relationship
            for name in self.parts
            if name.endswith(".rels")
            for relationship in self._relationships_in(name)
        ]

    def _relationships_in(self, name: str) -> Iterator[Relationship]:
        folder, _, base = name.rpartition("_rels/")
        source = folder + base.removesuffix(".rels")
        for kind, tag, attributes in self.events(name):
            if kind != START or not tag.endswith("Relationship"):
                continue
            external = attributes.get("TargetMode") == "External"
            target = attributes.get("Target", "")
            if not external:
                path = unquote(target.partition("#")[0])
                path = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
                target = self.find(path) or path
            yield Relationship(
                source=source,
                id=attributes.get("Id", ""),
                kind=attributes.get("Type", "").rstrip("/").rpartition("/")[2],
                target=target,
                external=external,
            )

    def stray_bytes(self) -> list[bytes]:
        """What lies in the file and belongs to no part: before, between and after them. Of each
        piece the beginning. Programs that replace a part may leave the old one there."""
        spans = sorted(self._spans())
        pieces: list[bytes] = []
        position = 0
        for start, end in spans:
            if start < position:
                raise ValueError("parts that share their bytes")
            pieces.append(self._piece(position, start))
            position = end
        pieces.append(self._piece(position, self._zip.start_dir))
        return [
            piece for piece in (*pieces, self._zip.comment, self._after()) if piece.strip(b"\0")
        ]

    def _spans(self) -> Iterator[tuple[int, int]]:
        for entry in self._zip.infolist():
            self._file.seek(entry.header_offset)
            header = self._file.read(_LOCAL.size)
            if len(header) < _LOCAL.size:
                raise zipfile.BadZipFile
            name_length, extra_length = _LOCAL.unpack(header)[9:11]
            end = entry.header_offset + _LOCAL.size + name_length + extra_length
            end += entry.compress_size
            if entry.flag_bits & 8:
                end += self._descriptor(end)
            yield entry.header_offset, end

    def _descriptor(self, start: int) -> int:
        """How long the data descriptor behind a part is: it comes with a signature or without,
        in 32 or in 64 bits."""
        self._file.seek(start)
        piece = self._file.read(_DESCRIPTOR + 4)
        for length in (16, 24, 12, 20):
            if piece[length : length + 4] in (b"PK\x03\x04", b"PK\x01\x02"):
                return length
        return 16

    def _piece(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        return self._file.read(min(end - start, 4096)) if end > start else b""

    def _after(self) -> bytes:
        """What follows the list of parts. zipfile takes the last such list."""
        self._file.seek(self._zip.start_dir)
        tail = self._file.read(8 * 1024 * 1024)
        end = tail.rfind(b"PK\x05\x06")
        return tail[end + 22 + len(self._zip.comment) :][:4096]


def reachable(relationships: list[Relationship]) -> set[str]:
    """The parts that the file's own references lead to, beginning at its outermost ones."""
    by_source: dict[str, list[str]] = {}
    for relationship in relationships:
        if not relationship.external:
            by_source.setdefault(relationship.source, []).append(relationship.target)
    found: set[str] = set()
    left = list(by_source.get("", []))
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += by_source.get(name, [])
    return found
