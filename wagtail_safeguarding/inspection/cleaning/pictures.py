"""JPEG and PNG pictures without what they say beside the picture. No pixel is decoded."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from .removals import NotCleaned, Removals

_JPEG = b"\xff\xd8"
_PNG = b"\x89PNG\r\n\x1a\n"
_ORIENTATION = 0x0112

# What decides on the look: frames of an animation, colours, transparency, size.
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs hIST acTL fcTL fdAT".split()
)
_APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_SOS, _EOI = 0xDA, 0xD9
_ALONE = frozenset([0x01, *range(0xD0, 0xD8)])
_JFIF = 14
"""Bytes of a JFIF header without its thumbnail."""


def clean(data: bytes, removed: Removals, code: str = "picture-metadata") -> bytes:
    """The picture, or ``data`` as it is where it is no JPEG and no PNG. ``code`` is counted if
    anything is left out."""
    if data.startswith(_JPEG):
        made = b"".join(_jpeg(data))
    elif data.startswith(_PNG):
        made = b"".join(_png(data))
    else:
        return data
    removed.add(code, int(made != data))
    return made


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield _JPEG
    at = 2
    orientation = 1
    kept = []
    # First what stands before the picture.
    for marker, start, end in _segments(data, at):
        at = end
        content = data[start + 4 : end]
        if marker == _APP1 and content.startswith(b"Exif\0\0"):
            orientation = _orientation(content[6:]) or orientation
        elif marker == _APP0 and content.startswith(b"JFIF\0"):
            kept.append(_segment(_APP0, content[: _JFIF - 2] + b"\0\0"))
        elif (
            (marker == _APP2 and content.startswith(b"ICC_PROFILE\0"))
            or marker == _APP14
            or not (_APP0 <= marker <= _APP15 or marker == _COM)
        ):
            kept.append(data[start:end])
    first = kept[:1] if kept and kept[0][1] == _APP0 else []
    yield from first
    if orientation != 1:
        # Otherwise a photograph would lie on its side.
        yield _segment(_APP1, b"Exif\0\0" + _tiff(orientation))
    yield from kept[len(first) :]
    yield data[at : _end_of_jpeg(data, at)]


def _segments(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment up to the first scan."""
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:
            raise NotCleaned("no picture in the JPEG")
        marker = data[at + 1]
        if marker == 0xFF:  # a byte that fills
            at += 1
            continue
        if marker == _SOS:
            return
        if marker == _EOI:
            raise NotCleaned("no picture in the JPEG")
        if marker in _ALONE:
            yield marker, at, at + 2
            at += 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4:
            raise NotCleaned("the JPEG is cut off")
        yield marker, at, end
        at = end


def _end_of_jpeg(data: bytes, at: int) -> int:
    """Where the picture ends; after it, telephones put a video, and others a second picture."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise NotCleaned("the JPEG is cut off")
        marker = data[at + 1]
        if marker == _EOI:
            return at + 2
        if marker in {0x00, 0xFF} or marker in _ALONE:  # of the scan itself
            at += 1 if marker == 0xFF else 2
            continue
        if _APP0 <= marker <= _APP15 or marker == _COM:
            raise NotCleaned("the JPEG says something between its scans")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def _orientation(tiff: bytes) -> int | None:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return None
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(min(count, 200)):
            tag, kind, _n, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        pass
    return None


def _tiff(orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while True:
        if at + 12 > len(data):
            raise NotCleaned("the PNG is cut off")
        length = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise NotCleaned("the PNG is cut off")
        if name in _PNG_KEPT:
            yield data[at:end]
        elif name == b"eXIf":
            turned = _orientation(data[at + 8 : end - 4])
            if turned not in (None, 1):
                body = b"eXIf" + _tiff(turned or 1)
                yield (
                    (len(body) - 4).to_bytes(4, "big") + body + struct.pack(">I", zlib.crc32(body))
                )
        elif not name[0] & 0x20:
            raise NotCleaned("the PNG has a part that nobody knows and that it needs")
        if name == b"IEND":
            return
        at = end
