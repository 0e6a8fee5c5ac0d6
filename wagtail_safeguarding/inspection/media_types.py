"""What a file is, judged by its first bytes and never by its name."""

from __future__ import annotations

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

_OFFICE_PARTS: tuple[tuple[str, str], ...] = (
    ("word/document.xml", DOCX),
    ("ppt/presentation.xml", PPTX),
    ("xl/workbook.xml", XLSX),
)

_MAX_ZIP_ENTRIES = 20_000


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


def _sniff_zip(file: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if len(names) > _MAX_ZIP_ENTRIES:
                return "application/zip"
            if "mimetype" in names and _is_plain(archive.getinfo("mimetype")):
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                if declared in {ODT, ODS, ODP}:
                    return declared
            present = set(names)
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
