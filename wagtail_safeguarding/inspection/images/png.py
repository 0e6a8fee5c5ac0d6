"""The chunks of a PNG file, and where the picture ends."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS = 200_000
_MAX_TEXT = 4 * 1024 * 1024
_XMP = "XML:com.adobe.xmp"
_RAW = "Raw profile type "
_KNOWN = set(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCv cLLi bKGD hIST pHYs sPLT "
    b"tIME acTL fcTL fdAT oFFs pCAL sCAL sTER iDOT vpAg CgBI orNT".split()
)


@dataclass
class Png:
    """What a file says beside its pixels."""

    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    iptc: list[bytes] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Keyword and text."""
    others: list[tuple[str, bytes]] = field(default_factory=list)
    """Kind and content of chunks that are in no standard."""
    frames: int = 1
    trailing: bytes = b""


def read_png(data: bytes) -> Png:
    """Raises :class:`ValueError` where it has no end or a chunk is damaged."""
    png = Png()
    position = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if position + 12 > len(data):
            raise ValueError("a picture without an end")
        length, kind = struct.unpack_from(">L4s", data, position)
        start, stop = position + 8, position + 8 + length
        content = data[start:stop]
        if data[stop : stop + 4] != struct.pack(">L", zlib.crc32(kind + content)):
            raise ValueError("a damaged chunk")
        position = stop + 4
        if kind == b"IEND":
            png.trailing = data[position:].strip(b"\0\r\n ")
            return png
        _note(png, kind, content)
    raise ValueError("too many chunks")


def _note(png: Png, kind: bytes, content: bytes) -> None:
    if kind in {b"tEXt", b"zTXt", b"iTXt"}:
        keyword, text = _text(kind, content)
        if keyword == _XMP or keyword == "xmp":
            png.xmp.append(text.encode("utf-8", "replace"))
        elif keyword.startswith(_RAW):
            _raw(png, keyword.removeprefix(_RAW), text)
        else:
            png.texts.append((keyword, text))
    elif kind == b"eXIf":
        png.exif.append(b"Exif\0\0" + content)
    elif kind == b"acTL" and len(content) >= 4:
        png.frames = struct.unpack_from(">L", content)[0]
    elif kind not in _KNOWN:
        png.others.append((kind.decode("latin-1"), content))


def _text(kind: bytes, content: bytes) -> tuple[str, str]:
    keyword, _, rest = content.partition(b"\0")
    encoding, packed = "latin-1", kind == b"zTXt"
    if kind == b"zTXt":
        rest = rest[1:]
    elif kind == b"iTXt":
        packed, encoding = rest[:1] == b"\1", "utf-8"
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    if packed:
        try:
            rest = zlib.decompressobj().decompress(rest, _MAX_TEXT)
        except zlib.error as error:
            raise ValueError("a damaged text") from error
    return keyword.decode("latin-1"), rest.decode(encoding, "replace")


def _raw(png: Png, kind: str, text: str) -> None:
    """A profile in hexadecimal, as ImageMagick writes it: name, length, digits."""
    digits = "".join(text.split()[2:])
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        png.texts.append((kind, text))
        return
    match kind:
        case "exif" | "APP1" if data.startswith(b"Exif"):
            png.exif.append(data)
        case "xmp" | "APP1":
            png.xmp.append(data)
        case "iptc" | "8bim":
            png.iptc.append(data)
