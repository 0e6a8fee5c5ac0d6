"""The tags of MP3 files: ID3 in its versions, in front and behind."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import IO

from ..gathered import Gathered
from ..strings import find_strings
from .told import tell, tell_picture

_MAX_TAG = 32 * 1024 * 1024
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_PEOPLE = {
    "TPE1",
    "TPE2",
    "TPE3",
    "TPE4",
    "TCOM",
    "TEXT",
    "TOWN",
    "TENC",
    "TOPE",
    "TP1",
    "TCM",
    "TEN",
}
_TITLES = {"TIT1", "TIT2", "TIT3", "TALB", "TT2", "TAL", "TOFN", "TOAL"}
_PROGRAMS = {"TSSE", "TLEN", "TYER", "TDRC", "TDTG", "TDEN", "TRCK", "TCON", "TPOS", "TCOP", "TBPM"}
_COMMENTS = {"COMM", "USLT", "TXXX", "WXXX", "COM", "ULT", "TXX", "SYLT"}
_OBJECTS = {"GEOB", "PRIV", "GEO", "LINK", "AENC"}
_PICTURES = {"APIC", "PIC"}
_UNSYNCHRONISED = 0x80
_EXTENDED = 0x40


def inspect_mp3(file: IO[bytes], gathered: Gathered) -> None:
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(10)
    if head.startswith(b"ID3") and len(head) == 10:
        length = _seven_bits(head[6:10])
        if 10 + length > end or length > _MAX_TAG:
            raise ValueError("a tag that is cut off")
        body = file.read(length)
        if head[5] & _UNSYNCHRONISED and head[3] < 4:
            body = body.replace(b"\xff\x00", b"\xff")
        if head[5] & _EXTENDED and head[3] > 2:
            size = _seven_bits(body[:4]) if head[3] == 4 else 4 + int.from_bytes(body[:4], "big")
            body = body[size:]
        for name, content in _frames(body, head[3]):
            _report(name, content, gathered)
    file.seek(max(0, end - 64 * 1024))
    _report_behind(file.read(), gathered)


def _seven_bits(data: bytes) -> int:
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _frames(body: bytes, version: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each frame of ID3 2.2, 2.3 or 2.4."""
    position = 0
    short = version == 2
    while position + (6 if short else 10) <= len(body) and body[position]:
        name = body[position : position + (3 if short else 4)].decode("latin-1")
        if short:
            length = int.from_bytes(body[position + 3 : position + 6], "big")
            flags, position = 0, position + 6
        else:
            size = body[position + 4 : position + 8]
            length = _seven_bits(size) if version == 4 else int.from_bytes(size, "big")
            flags, position = body[position + 9], position + 10
        content = body[position : position + length]
        position += length
        yield name, _unpacked(content, flags, version)


def _unpacked(content: bytes, flags: int, version: int) -> bytes:
    packed = flags & (0x08 if version == 4 else 0x80)
    if not packed:
        return content
    try:
        return zlib.decompressobj().decompress(content[4:], _MAX_TAG)
    except zlib.error:
        return content


def _report(name: str, content: bytes, gathered: Gathered) -> None:
    if name in _PICTURES:
        for start in (b"\xff\xd8\xff", b"\x89PNG"):
            at = content.find(start)
            if at >= 0:
                tell_picture(gathered, content[at:])
    elif name in _OBJECTS:
        said = find_strings(content)
        gathered.text(said, f"tag: {name}", shown=False)
        severity = "" if name.startswith("GEO") else "note"
        gathered.found("recording-attachment", excerpt=said, where=name, severity=severity)
    elif name in _COMMENTS:
        tell(gathered, "comment", name, _text(content))
    elif name in _PEOPLE:
        tell(gathered, "person", name, _text(content))
    elif name in _TITLES:
        tell(gathered, "title", name, _text(content))
    elif name in _PROGRAMS:
        tell(gathered, "program", name, _text(content))
    else:
        tell(gathered, "comment", name, find_strings(content) or _text(content))


def _text(content: bytes) -> str:
    number = content[0] if content else 0
    if number >= len(_ENCODINGS):
        return find_strings(content)
    text = content[1:]
    if text[:3].isalpha() and text[:3].islower() and len(text) > 3:
        text = text[3:]  # the language of a comment
    return text.decode(_ENCODINGS[number], "replace").replace("\0", " ").strip("\ufeff ")


def _report_behind(tail: bytes, gathered: Gathered) -> None:
    """ID3v1, of 128 bytes at the end, and what APE or lyrics tags say before it."""
    last = tail[-128:]
    if last.startswith(b"TAG"):
        for kind, what, start, stop in (
            ("title", "title", 3, 33),
            ("person", "artist", 33, 63),
            ("title", "album", 63, 93),
            ("comment", "comment", 97, 127),
        ):
            tell(gathered, kind, what, last[start:stop].decode("latin-1").strip("\0 "))
    for mark in (b"APETAGEX", b"LYRICSBEGIN"):
        at = tail.find(mark)
        if at >= 0:
            tell(gathered, "comment", mark.decode(), find_strings(tail[at:]))
