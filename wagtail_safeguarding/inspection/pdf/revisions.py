"""Earlier revisions: a file that was saved by adding to it still holds what it was before."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import pikepdf
import pypdfium2

from .gathered import Gathered
from .metadata import read_metadata
from .tree import everything, string

MAX_REVISIONS = 25
"""Of more, the first and the last ones are read."""
_CHUNK = 4 * 1024 * 1024
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF[\r\n]{0,2}")
_LONGEST_END = 64
_MOST_TRAILING = 1024


class Prefix(io.RawIOBase):
    """The first ``length`` bytes of a file."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._length, self._at = file, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        start = {0: 0, 1: self._at, 2: self._length}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), max(0, self._length - self._at))
        self._file.seek(self._at)
        data = self._file.read(wanted)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def ends(file: BinaryIO) -> tuple[list[int], int]:
    """Where each revision ends, the last one among them; and the length of the file."""
    found: list[int] = []
    file.seek(0)
    before, at = b"", 0
    while chunk := file.read(_CHUNK):
        data = before + chunk
        for match in _END.finditer(data):
            end = at - len(before) + match.end()
            # In a file for fast web view, the first table is marked by a place of 0.
            if int(match.group(1)) and (not found or end > found[-1]):
                found.append(end)
        at += len(chunk)
        before = data[-_LONGEST_END:]
    return found, at


def read_revisions(file: BinaryIO, pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    found, length = ends(file)
    if found and length - found[-1] > _MOST_TRAILING:
        gathered.found("pdf-trailing-data", excerpt=f"{length - found[-1]} bytes")
    whole = _linearized_length(file)
    earlier = [end for end in found[:-1] if end >= whole]
    if len(earlier) > MAX_REVISIONS:
        earlier = earlier[:5] + earlier[-(MAX_REVISIONS - 5) :]
    if not earlier:
        return
    now = _state(file, pdf)
    for end in earlier:
        _compare(Prefix(file, end), now, gathered)


def _linearized_length(file: BinaryIO) -> int:
    """Of a file for fast web view the length when it was written; it has an end in its middle."""
    file.seek(0)
    head = file.read(1024)
    length = re.search(rb"/L\s+(\d+)", head) if b"/Linearized" in head else None
    return int(length.group(1)) if length else 0


@dataclass(frozen=True)
class _State:
    """What one revision shows and says."""

    text: str
    notes: frozenset[str]
    pictures: frozenset[bytes]
    people: frozenset[str]


def _state(file: Any, pdf: pikepdf.Pdf) -> _State:
    file.seek(0)
    with pypdfium2.PdfDocument(file) as shown:
        text = "\n".join(_text(page) for page in shown)
    return _State(text, frozenset(_notes(pdf)), frozenset(_pictures(pdf)), _people(pdf))


def _compare(earlier: Prefix, now: _State, gathered: Gathered) -> None:
    try:
        with pikepdf.open(cast(BinaryIO, earlier)) as pdf:
            then = _state(earlier, pdf)
    except (pypdfium2.PdfiumError, pikepdf.PdfError):
        # What was not a whole file then is none now.
        return
    gone = Counter(_words(then.text)) - Counter(_words(now.text))
    notes = sorted(then.notes - now.notes)
    gathered.text(then.text, "an earlier revision")
    for note in notes:
        gathered.text(note, "an earlier revision")
    for person in sorted(then.people - now.people):
        gathered.found("pdf-author", excerpt=person, where="an earlier revision")
        gathered.text(person, "an earlier revision")
    if gone or notes:
        in_order = [word for word in _words(then.text) if word in gone]
        excerpt = " ".join([*dict.fromkeys(in_order), *notes])
        gathered.found("pdf-earlier-text", excerpt=excerpt)
    elif then.pictures - now.pictures:
        gathered.found("pdf-earlier-picture")
    else:
        gathered.found("pdf-earlier-revision")


def _text(page: Any) -> str:
    return str(page.get_textpage().get_text_range())


def _words(text: str) -> list[str]:
    return re.findall(r"\w{2,}", text.casefold())


def _pictures(pdf: pikepdf.Pdf) -> set[bytes]:
    """A digest of each picture."""
    return {
        hashlib.sha256(bytes(found.read_raw_bytes())).digest()
        for found, _ in everything(pdf)
        if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == pikepdf.Name.Image
    }


def _people(pdf: pikepdf.Pdf) -> frozenset[str]:
    """Whom the document information names."""
    alone = Gathered()
    read_metadata(pdf, alone)
    return frozenset(alone.excerpts("pdf-author"))


def _notes(pdf: pikepdf.Pdf) -> list[str]:
    return [
        string(found.Contents)
        for found, _ in everything(pdf)
        if isinstance(found.get("/Contents"), pikepdf.String)
    ]
