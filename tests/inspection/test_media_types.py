"""What a file is, told from its bytes and never from its name."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inspection import files
from wagtail_safeguarding.inspection import media_types
from wagtail_safeguarding.inspection.media_types import (
    DOCX,
    KNOWN,
    ODP,
    ODS,
    ODT,
    PDF,
    PPTX,
    UNKNOWN,
    XLSX,
    sniff,
)

ZIP = "application/zip"


def told(data: bytes) -> str:
    return sniff(io.BytesIO(data))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        pytest.param(files.PDF, PDF, id="pdf"),
        pytest.param(b"\n\n junk before the header " + files.PDF, PDF, id="pdf-after-junk"),
        pytest.param(b"\xef\xbb\xbf" + files.PDF, PDF, id="pdf-with-bom"),
        pytest.param(files.JPEG, "image/jpeg", id="jpeg"),
        pytest.param(files.png(), "image/png", id="png"),
        pytest.param(files.MP3_TAGGED, "audio/mpeg", id="mp3-tagged"),
        pytest.param(files.MP3_BARE, "audio/mpeg", id="mp3"),
        pytest.param(files.MP4, "video/mp4", id="mp4"),
        pytest.param(files.office("word/document.xml"), DOCX, id="docx"),
        pytest.param(files.office("ppt/presentation.xml"), PPTX, id="pptx"),
        pytest.param(files.office("xl/workbook.xml"), XLSX, id="xlsx"),
        pytest.param(files.open_document("text"), ODT, id="odt"),
        pytest.param(files.open_document("spreadsheet"), ODS, id="ods"),
        pytest.param(files.open_document("presentation"), ODP, id="odp"),
        pytest.param(files.archive({"a.txt": "x"}), ZIP, id="zip"),
        pytest.param(files.archive({"mimetype": "text/html"}), ZIP, id="zip-false-mimetype"),
        pytest.param(files.GIF, "image/gif", id="gif"),
        pytest.param(files.EXE, "application/vnd.microsoft.portable-executable", id="exe"),
        pytest.param(files.ELF, "application/x-executable", id="elf"),
        pytest.param(files.OLE, "application/x-ole-storage", id="doc-xls"),
        pytest.param(files.RTF, "application/rtf", id="rtf"),
        pytest.param(b"", UNKNOWN, id="empty"),
        pytest.param(b"plain text", UNKNOWN, id="text"),
        pytest.param(b"<html><script>alert(1)</script>", UNKNOWN, id="html"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", UNKNOWN, id="svg"),
    ],
)
def test_kind_is_told_from_the_content(data: bytes, media_type: str) -> None:
    assert told(data) == media_type


def test_every_kind_that_may_be_published_is_among_those_told_above() -> None:
    samples = [
        files.PDF,
        files.JPEG,
        files.png(),
        files.MP3_BARE,
        files.MP4,
        files.office("word/document.xml"),
        files.office("ppt/presentation.xml"),
        files.open_document("text"),
    ]
    assert {told(data) for data in samples} == set(KNOWN)


def test_spreadsheets_and_archives_may_not_be_published() -> None:
    assert KNOWN.keys().isdisjoint({XLSX, ODS, ZIP, UNKNOWN, "image/svg+xml", "text/html"})


def test_a_file_that_a_reader_would_open_as_a_pdf_is_a_pdf() -> None:
    """A polyglot is judged by what the most careless reader makes of it."""
    assert told(b"GIF89a" + files.PDF) == PDF
    assert told(b"MZ" + b"\x00" * 500 + files.PDF) == PDF
    assert told(files.PDF + files.archive({"a": "b"})) == PDF


def test_the_header_of_a_pdf_counts_only_where_readers_look() -> None:
    assert told(b"x" * 1024 + files.PDF) == UNKNOWN
    assert told(b"MZ" + b"\x00" * 2000 + files.PDF).endswith("executable")


def test_open_document_says_what_it_is_without_compression() -> None:
    """As its standard demands; nothing is unpacked to find out."""
    parts: dict[str, str | bytes] = {"mimetype": ODT}
    assert told(files.archive(parts, zipfile.ZIP_STORED)) == ODT
    assert told(files.archive(parts, zipfile.ZIP_DEFLATED)) == ZIP


def test_damaged_archives_are_unknown() -> None:
    whole = files.office("word/document.xml")
    for damaged in (
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\x00" * 100,
        whole[: len(whole) // 2],
        whole[:-10],
    ):
        assert told(damaged) in {UNKNOWN, DOCX}
    assert told(b"PK\x03\x04 and nothing more") == UNKNOWN
    assert told(whole[: len(whole) // 2]) == UNKNOWN


def test_archive_with_very_many_entries_is_not_believed() -> None:
    data = files.many_entries(30_000)
    begun = time.process_time()
    assert told(data) == ZIP
    assert time.process_time() - begun < 10
    assert told(files.many_entries(100)) == DOCX


def test_a_huge_mimetype_entry_is_not_unpacked() -> None:
    parts = {"mimetype": b"a" * 50_000_000, "word/document.xml": "<x/>"}
    data = files.archive(parts)
    assert len(data) < 1_000_000
    begun = time.process_time()
    assert told(data) == DOCX
    assert time.process_time() - begun < 5


def test_a_mimetype_entry_that_lies_about_its_size_is_refused() -> None:
    """The size in the directory says 38 bytes, the compressed data hold far more."""
    data = bytearray(files.archive({"mimetype": b"a" * 5_000_000}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("mimetype")
    size = info.file_size.to_bytes(4, "little")
    data = bytearray(bytes(data).replace(size, (38).to_bytes(4, "little")))
    assert told(bytes(data)) in {UNKNOWN, ZIP}


def test_encrypted_mimetype_entry_is_no_error() -> None:
    data = bytearray(files.archive({"mimetype": "application/vnd.oasis.opendocument.text"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = bytes(data).index(signature)
        data[position + offset] |= 1  # the flag that says "encrypted"
    assert told(bytes(data)) in {UNKNOWN, ZIP}


def test_file_is_left_at_its_start() -> None:
    for data in (files.PDF, files.office("word/document.xml"), b"PK\x03\x04 bad", b""):
        file = io.BytesIO(data)
        file.read()
        sniff(file)
        assert file.tell() == 0


starts = st.sampled_from(
    [b"", b"PK\x03\x04", b"%PDF-", b"MZ", b"ID3", files.open_document("text"), files.EXE]
)


@given(starts, st.binary(max_size=300), st.integers(0, 400))
def test_any_bytes_have_an_answer(start: bytes, rest: bytes, cut: int) -> None:
    data = (start + rest)[cut:] if cut % 2 else start + rest
    assert "/" in told(data)


@given(st.data())
def test_any_damage_to_an_archive_has_an_answer(data: st.DataObject) -> None:
    damaged = bytearray(files.office("word/document.xml"))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert "/" in told(bytes(damaged))


@pytest.mark.parametrize(
    "compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@settings(max_examples=50)
@given(st.data())
def test_any_damage_to_a_compressed_mimetype_has_an_answer(
    compression: int, data: st.DataObject
) -> None:
    mimetype = "application/vnd.oasis.opendocument.text"
    damaged = bytearray(files.archive({"mimetype": mimetype}, compression))
    start = damaged.index(b"mimetype") + len("mimetype")
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(start, start + 40))
        damaged[position] = data.draw(st.integers(0, 255))
    assert "/" in told(bytes(damaged))


def zip_of(**files: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return file


def test_what_may_be_opened_as_a_spreadsheet_is_one() -> None:
    assert sniff(zip_of(word__document_xml=b"", xl__workbook_xml=b"")) == XLSX


def test_macros_are_no_document() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", b"")
        archive.writestr("word/vbaProject.bin", b"")
    assert sniff(file) == "application/zip"


@pytest.mark.parametrize("said", ["many entries", "long list", "zip64"])
def test_a_zip_with_a_huge_list_is_never_read(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_types.zipfile, "ZipFile", None)
    entries, size = {"many entries": (60_000, 9), "long list": (9, 1 << 30), "zip64": (9, 9)}[said]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, size, 0, 0)
    locator = b"PK\x06\x07" + bytes(16) if said == "zip64" else b""
    assert sniff(io.BytesIO(b"PK\x03\x04" + bytes(100) + locator + end)) == "application/zip"
    # A second, harmless end hides nothing.
    harmless = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 9, 0, 0)
    both = b"PK\x03\x04" + bytes(100) + locator + end + harmless
    assert sniff(io.BytesIO(both)) == "application/zip"
