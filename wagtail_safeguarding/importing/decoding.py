"""Bytes to text: which encoding a source is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
import unicodedata

from .source import SourceError

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
)
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.I)
_LIKE_CP1252 = {"windows-1252", "cp1252", "iso-8859-1", "latin1", "latin-1", "us-ascii", "utf-8"}
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")

_STRAY_CONTROLS = 3
_CONTROL_SHARE = 100
"""More than one control character in so many means a binary file; a few are a word
processor's."""

_HIGH_SHARE = 4
"""More than one accented letter in so many bytes is no text of Western Europe."""


def decode(data: bytes) -> tuple[str, str | None]:
    """The text of ``data`` with plain ``\\n`` line ends, and a note where it took a guess.

    Raises SourceError for what is not text.
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise SourceError(f"The source is {name}. Save the page as HTML or plain text.")
    text, note = _decode_text(data)
    _refuse_binary(text)
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _decode_text(data: bytes) -> tuple[str, str | None]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), None
            except UnicodeDecodeError:
                raise SourceError(
                    f"The source says that it is {encoding.removesuffix('-sig').upper()}, "
                    "and it is not."
                ) from None
    if b"\0" in data:
        raise SourceError("The source is a binary file, not a page.")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return _decode_cp1252(data, error.start)


def _decode_cp1252(data: bytes, bad_byte: int) -> tuple[str, str]:
    """Old pages of Western Europe are in Windows-1252; anything else is refused, not guessed."""
    declared = _META_CHARSET.search(data[:4096])
    if declared and declared[1].decode("ascii", "replace").lower() not in _LIKE_CP1252:
        raise SourceError(
            f"The source declares the character set {declared[1].decode('ascii', 'replace')}. "
            "Save it as UTF-8."
        )
    high = len(_HIGH.findall(data))
    if any(True for _ in _MULTIBYTE.finditer(data)):
        raise SourceError(
            f"The source is UTF-8 with damage at byte {bad_byte + 1}. Save it as UTF-8 again."
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or high * _HIGH_SHARE > len(data):
        raise SourceError("The source is neither UTF-8 nor Windows-1252 text.")
    return text, "The source is not UTF-8; it was read as Windows-1252. Check accented letters."


def _refuse_binary(text: str) -> None:
    if "\0" in text:
        raise SourceError("The source is a binary file, not a page.")
    controls = len(_CONTROL.findall(text))
    if controls > _STRAY_CONTROLS and controls * _CONTROL_SHARE > len(text):
        raise SourceError("The source is a binary file, not a page.")
    # Unassigned and private characters in number: UTF-16 read the wrong way round.
    head = text[:2000]
    if sum(unicodedata.category(char) in {"Cn", "Co"} for char in head) * 10 > len(head):
        raise SourceError("The source holds no text that can be understood.")
