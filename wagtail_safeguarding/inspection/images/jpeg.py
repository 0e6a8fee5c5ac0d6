"""The segments of a JPEG file, and where the picture ends."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SOI = b"\xff\xd8"
_SCAN = 0xDA
_END = 0xD9
_ALONE = {0x01, *range(0xD0, 0xD8)}
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_MAX_SEGMENTS = 10_000
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PADDING = b"\0\xff\r\n "
_MPF = b"MPF\0"


@dataclass
class Jpeg:
    """What a file says beside its pixels."""

    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    photoshop: list[bytes] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)
    others: list[tuple[int, bytes]] = field(default_factory=list)
    """Number and content of the other application segments."""
    trailing: bytes = b""
    further: list[bytes] = field(default_factory=list)
    """Pictures after the first, as the file itself lists them."""


def read_jpeg(data: bytes) -> Jpeg:
    """Raises :class:`ValueError` where it has no end."""
    jpeg = Jpeg()
    extension: list[bytes] = []
    spans: list[tuple[int, int]] = []
    photoshop: list[bytes] = []
    end = 0
    for marker, start, stop in _segments(data):
        content = data[start:stop]
        if marker == _END:
            end = stop
        elif marker == 0xE1 and content.startswith(b"Exif\0"):
            jpeg.exif.append(content)
        elif marker == 0xE1 and content.startswith(_XMP):
            jpeg.xmp.append(content[len(_XMP) :])
        elif marker == 0xE1 and content.startswith(_EXTENSION):
            # A digest, the whole length and the offset come first.
            extension.append(content[len(_EXTENSION) + 40 :])
        elif marker == 0xE2 and content.startswith(_MPF):
            spans = list(_further(content[len(_MPF) :], start + len(_MPF)))
        elif marker == 0xED and content.startswith(b"Photoshop 3.0\0"):
            photoshop.append(content[14:])
        elif marker == 0xFE:
            jpeg.comments.append(content)
        elif 0xE0 <= marker <= 0xEF:
            jpeg.others.append((marker - 0xE0, content))
    if not end:
        raise ValueError("a picture without an end")
    if extension:
        jpeg.xmp.append(b"".join(extension))
    if photoshop:
        jpeg.photoshop.append(b"".join(photoshop))
    rest = bytearray(data[end:])
    for start, length in spans:
        if start >= end and data[start : start + 2] == SOI and start + length <= len(data):
            jpeg.further.append(data[start : start + length])
            rest[start - end : start - end + length] = bytes(length)
    if rest.strip(_PADDING):
        jpeg.trailing = bytes(rest).strip(b"\0\r\n ")
    return jpeg


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, beginning and end of the content of each segment."""
    position = 2
    for _ in range(_MAX_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None:
            return
        marker, start = found.group(1)[0], found.end()
        if marker == _END:
            yield marker, start, start
            return
        if marker in _ALONE or start + 2 > len(data):
            position = start
            continue
        stop = start + max(2, int.from_bytes(data[start : start + 2], "big"))
        yield marker, start + 2, min(stop, len(data))
        position = stop
    raise ValueError("too many segments")


def _further(content: bytes, base: int) -> Iterator[tuple[int, int]]:
    """Offset and length of the pictures that an index of several ("MPF") lists after the first."""
    order = ">" if content[:2] == b"MM" else "<"
    try:
        (first,) = struct.unpack_from(f"{order}L", content, 4)
        (count,) = struct.unpack_from(f"{order}H", content, first)
        for entry in range(min(count, 100)):
            tag, _, length, value = struct.unpack_from(
                f"{order}HHLL", content, first + 2 + 12 * entry
            )
            if tag != 0xB002:  # the list of pictures, of 16 bytes each
                continue
            for at in range(value + 16, value + length, 16):
                size, offset = struct.unpack_from(f"{order}LL", content, at + 4)
                yield base + offset, size
    except struct.error:
        return
