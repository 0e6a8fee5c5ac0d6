"""What a file is, judged by its first bytes and never by its name."""

from __future__ import annotations

import os
import struct
import zipfile
from dataclasses import dataclass
from typing import IO

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class MediaType:
    """A media type, the extensions it may carry, and the word a reader knows it by."""

    value: str
    extensions: tuple[str, ...]
    label: str


KNOWN: dict[str, MediaType] = {
    known.value: known
    for known in (
        MediaType(PDF, ("pdf",), "PDF"),
        MediaType(DOCX, ("docx",), "Word document"),
        MediaType(PPTX, ("pptx",), "PowerPoint presentation"),
        MediaType(ODT, ("odt",), "OpenDocument text"),
        MediaType("image/jpeg", ("jpg", "jpeg"), "JPEG image"),
        MediaType("image/png", ("png",), "PNG image"),
        MediaType("audio/mpeg", ("mp3",), "MP3 audio"),
        MediaType("video/mp4", ("mp4", "m4v"), "MP4 video"),
    )
}
"""The media types that may be published. Spreadsheets and archives are not among them:
hidden sheets and pivot caches have named children."""

_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"),
    (b"\xff\xf2", 0, "audio/mpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"MZ", 0, "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", 0, "application/x-executable"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
    (b"{\\rtf", 0, "application/rtf"),
)

# A spreadsheet is told first: what has the parts of two may be opened as either.
_OFFICE_PARTS: tuple[tuple[str, str], ...] = (
    ("xl/workbook.xml", XLSX),
    ("word/document.xml", DOCX),
    ("ppt/presentation.xml", PPTX),
)

_MACROS = {"vbaProject.bin", "vbaData.xml"}

_MAX_ZIP_ENTRIES = 20_000
_MAX_ZIP_DIRECTORY = 4 * 1024 * 1024
_ZIP_END = struct.Struct("<4s4H2LH")
_ZIP_TAIL = _ZIP_END.size + 0xFFFF


def sniff(file: IO[bytes]) -> str:
    """The media type that the content of ``file`` shows; ``UNKNOWN`` where it shows none.

    ``file`` must be seekable and is left at its start.
    """
    file.seek(0)
    head = file.read(1024)
    try:
        if b"%PDF-" in head:
            # Readers accept some bytes before the header, so a PDF is told first: a file
            # that any of them would open as a PDF is treated as one.
            return PDF
        for magic, offset, media_type in _MAGIC:
            if head[offset : offset + len(magic)] == magic:
                return media_type
        if head[4:8] == b"ftyp":
            return "video/mp4"
        if head.startswith(b"PK\x03\x04"):
            return _sniff_zip(file)
        return UNKNOWN
    finally:
        file.seek(0)


def _has_small_directory(file: IO[bytes]) -> bool:
    """Whether the list of a ZIP's entries is as short as a document's is.

    ``zipfile`` reads that whole list into memory before anything can be asked of it. So
    every place is looked at where the list may be said to be; larger archives (zip64) say
    it elsewhere and are none of ours.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _ZIP_TAIL))
    tail = file.read(_ZIP_TAIL)
    found = -1
    while (found := tail.find(b"PK\x05\x06", found + 1)) >= 0:
        if len(tail) - found < _ZIP_END.size:
            break
        entries, size = _ZIP_END.unpack_from(tail, found)[4:6]
        if entries > _MAX_ZIP_ENTRIES or size > _MAX_ZIP_DIRECTORY:
            return False
    return b"PK\x06\x07" not in tail  # the locator of a zip64 list


def _sniff_zip(file: IO[bytes]) -> str:
    if not _has_small_directory(file):
        return "application/zip"
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if "mimetype" in names and _is_plain(archive.getinfo("mimetype")):
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                if declared in {ODT, ODS, ODP}:
                    return declared
            present = set(names)
            if any(name.rpartition("/")[2] in _MACROS for name in names):
                return "application/zip"
            for part, media_type in _OFFICE_PARTS:
                if part in present:
                    return media_type
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return UNKNOWN
    return "application/zip"


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    """Whether ``entry`` is as OpenDocument demands: short and not compressed.

    Nothing is ever unpacked here: damaged or hostile compressed data raise errors of many
    kinds, and may ask for any amount of memory.
    """
    return entry.compress_type == zipfile.ZIP_STORED and entry.file_size <= 200
