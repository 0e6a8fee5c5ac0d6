"""The resources that Photoshop and press programs put into a JPEG file; IPTC is one of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ..gathered import Gathered
from ..strings import find_strings
from .tags import Tags

_IPTC = 0x0404
_THUMBNAILS = {0x0409, 0x040C}
_THUMBNAIL_HEADER = 28
_CAPTION = {0x03F0, 0x0408}
_PEOPLE = {80: "byline", 85: "title of the author", 118: "contact", 122: "writer", 110: "credit"}
_PLACES = {90, 92, 95, 101, 27}
_WORDS = {5: "title", 25: "keywords", 40: "instructions", 105: "headline", 120: "caption"}
_COPYRIGHT = 116


def read_photoshop(payload: bytes, gathered: Gathered, tags: Tags) -> list[bytes]:
    """Report what the resources say; the thumbnails among them."""
    thumbnails = []
    for number, content in _resources(payload):
        if number == _IPTC:
            read_iptc(content, tags)
        elif number in _THUMBNAILS:
            thumbnails.append(content[_THUMBNAIL_HEADER:])
        elif number in _CAPTION:
            tags.comment("caption", find_strings(content))
    gathered.text(find_strings(payload), "IPTC", shown=False)
    return thumbnails


def _resources(payload: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while payload[position : position + 4] == b"8BIM" and position + 7 <= len(payload):
        (number,) = struct.unpack_from(">H", payload, position + 4)
        name_length = payload[position + 6] + 1
        position += 6 + name_length + name_length % 2
        if position + 4 > len(payload):
            return
        (length,) = struct.unpack_from(">L", payload, position)
        yield number, payload[position + 4 : position + 4 + length]
        position += 4 + length + length % 2


def read_iptc(content: bytes, tags: Tags) -> None:
    position = 0
    while content[position : position + 1] == b"\x1c" and position + 5 <= len(content):
        record, number, length = struct.unpack_from(">BBH", content, position + 1)
        text = content[position + 5 : position + 5 + length].decode("utf-8", "replace").strip()
        position += 5 + length
        if record != 2:
            continue
        if number in _PEOPLE:
            tags.person(_PEOPLE[number], text)
        elif number in _PLACES:
            tags.place(text)
        elif number in _WORDS:
            tags.comment(_WORDS[number], text)
        elif number == _COPYRIGHT:
            tags.copyright(text)
