"""EXIF: who took a picture, where, with what, and the small picture that comes with it."""

from __future__ import annotations

import math
import struct
from typing import Any

from PIL import ExifTags, Image

from ..gathered import Gathered, is_readable
from ..strings import find_strings
from .tags import Tags

_PEOPLE = {
    0x013B: "artist",
    0x9C9D: "author",
    0xA430: "owner of the camera",
    0x013C: "computer",
    0xA437: "photographer",
    0xA438: "editor",
}
_WORDS = {
    0x010D: "document name",
    0x010E: "description",
    0x9286: "comment",
    0x9C9B: "title",
    0x9C9C: "comment",
    0x9C9E: "keywords",
    0x9C9F: "subject",
    0xA436: "title",
}
_SERIALS = {0xA431: "camera", 0xA435: "lens", 0xC62F: "camera", 0xA420: "this picture"}
_CAMERA = {0x010F, 0x0110, 0x0131, 0x9003, 0x0132, 0x9004}
_COPYRIGHT = 0x8298
_MAKER_NOTE = 0x927C
_WIDE = range(0x9C9B, 0x9CA0)
_POSITION = {1, 2, 3, 4, 20, 22, 27, 28}
_LATITUDE, _LONGITUDE = 2, 4
_OFFSET, _LENGTH = 0x0201, 0x0202
_CHARSETS = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp"}


def read_exif(payload: bytes, gathered: Gathered, tags: Tags) -> bytes:
    """Report what ``payload`` (beginning with "Exif") says; the thumbnail within, or nothing."""
    exif = Image.Exif()
    try:
        exif.load(payload)
        parts = [dict(exif)]
        parts += [dict(exif.get_ifd(ifd)) for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.IFD1)]
        gps = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (ValueError, KeyError, TypeError, IndexError, OSError, SyntaxError, struct.error):
        # What Pillow cannot read another program may.
        said = find_strings(payload)
        tags.comment("EXIF that is damaged", said)
        return b""
    for part in parts:
        for tag, value in part.items():
            _report(tag, value, tags)
    _report_position(gps, tags)
    gathered.text(find_strings(payload), "EXIF", shown=False)
    thumbnail = parts[2]
    start, length = thumbnail.get(_OFFSET), thumbnail.get(_LENGTH)
    if isinstance(start, int) and isinstance(length, int):
        return payload[6 + start : 6 + start + length]
    return b""


def _report(tag: int, value: Any, tags: Tags) -> None:
    text = _decoded(tag, value)
    if tag in _PEOPLE:
        tags.person(_PEOPLE[tag], text)
    elif tag in _WORDS:
        tags.comment(_WORDS[tag], text)
    elif tag in _SERIALS:
        tags.serial(_SERIALS[tag], text)
    elif tag in _CAMERA:
        tags.camera(text)
    elif tag == _COPYRIGHT:
        tags.copyright(text)
    elif tag == _MAKER_NOTE and value:
        tags.maker_note(value if isinstance(value, bytes) else b"")


def _decoded(tag: int, value: Any) -> str:
    if isinstance(value, tuple) and all(
        isinstance(byte, int) and 0 <= byte < 256 for byte in value
    ):
        value = bytes(value)
    if not isinstance(value, bytes):
        return str(value).replace("\0", " ").strip()
    if tag in _WIDE:
        return value.decode("utf-16-le", "replace").replace("\0", " ").strip()
    encoding = _CHARSETS.get(value[:8])
    text = value[8:] if encoding or value[:8] == bytes(8) else value
    return text.decode(encoding or "utf-8", "replace").replace("\0", " ").strip()


def _report_position(gps: dict[int, Any], tags: Tags) -> None:
    latitude, longitude = _degrees(gps.get(_LATITUDE)), _degrees(gps.get(_LONGITUDE))
    if latitude is not None and longitude is not None:
        tags.position(f"{latitude:.2f}, {longitude:.2f}", known=bool(latitude or longitude))
    elif any(_says(gps[tag]) for tag in _POSITION & set(gps)):
        tags.position("in part", known=True)


def _degrees(value: Any) -> float | None:
    try:
        parts = [float(part) for part in value]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    degrees = sum(part / 60**place for place, part in enumerate(parts[:3]))
    return degrees if parts and math.isfinite(degrees) else None


def _says(value: Any) -> bool:
    return is_readable(str(value)) and str(value) not in {"0", "0.0"}
