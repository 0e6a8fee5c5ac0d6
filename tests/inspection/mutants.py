"""Damage of many kinds: to the bytes of a file, and to what is packed inside of it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf

KINDS = ("cut", "flip", "insert", "remove", "repeat", "splice")
Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Damage:
    """One thing that is done to some bytes; ``at`` and ``to`` are from 0 up to 1."""

    kind: str
    at: float
    to: float
    junk: bytes = b"\0"

    def __call__(self, data: bytes, other: bytes = b"") -> bytes:
        """``other`` is a file of which a piece is spliced in."""
        at, to = int(self.at * len(data)), int(self.to * len(data))
        first, last = min(at, to), max(at, to)
        match self.kind:
            case "cut":
                return data[:at]
            case "flip":
                piece = bytes(
                    a ^ b for a, b in zip(data[at : at + len(self.junk)], self.junk, strict=False)
                )
                return data[:at] + piece + data[at + len(piece) :]
            case "insert":
                return data[:at] + self.junk + data[at:]
            case "remove":
                return data[:first] + data[min(last, first + 64) :]
            case "repeat":
                return data[:last] + data[first : first + 512] + data[last:]
            case _:
                start = int(self.to * len(other))
                return data[:at] + other[start : start + 512] + data[at:]


def within(data: bytes, place: float, change: Change) -> bytes:
    """The file with something that is packed in it unpacked, changed, and packed again: a part of a
    ZIP, a stream of a PDF, a chunk of a PNG. The whole file is changed where there is none."""
    if data.startswith(b"PK\x03\x04"):
        return _within_zip(data, place, change)
    if data.startswith(b"\x89PNG"):
        return _within_png(data, place, change)
    if data.startswith(b"%PDF-"):
        return _within_pdf(data, place, change)
    return change(data)


def _within_zip(data: bytes, place: float, change: Change) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = [(entry.filename, file.read(entry)) for entry in file.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return change(data)
    except zlib.error:
        return change(data)
    chosen = int(place * len(parts))
    return zipped(
        [
            (name, change(content) if number == chosen else content)
            for number, (name, content) in enumerate(parts)
        ]
    )


def zipped(
    parts: list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED, level: int = 6
) -> bytes:
    """A ZIP of these parts; the one that OpenDocument begins with is never compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression, compresslevel=level) as file:
        for name, content in parts:
            file.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def _within_png(data: bytes, place: float, change: Change) -> bytes:
    """With the checksum of what is changed mended."""
    chunks = []
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    if not chunks:
        return change(data)
    chosen = int(place * len(chunks))
    chunks[chosen] = (chunks[chosen][0], change(chunks[chosen][1]))
    return data[:8] + b"".join(
        len(content).to_bytes(4, "big")
        + kind
        + content
        + zlib.crc32(kind + content).to_bytes(4, "big")
        for kind, content in chunks
    )


def unpacked(data: bytes) -> bytes:
    """A PDF as it is, but with its streams and objects unpacked."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=not pdf.is_encrypted,
        )
    return out.getvalue()


def _within_pdf(data: bytes, place: float, change: Change) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
            if not streams:
                return change(data)
            chosen = streams[int(place * len(streams))]
            chosen.write(change(chosen.read_bytes()))
            out = io.BytesIO()
            pdf.save(out, deterministic_id=not pdf.is_encrypted)
            return out.getvalue()
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return change(data)
