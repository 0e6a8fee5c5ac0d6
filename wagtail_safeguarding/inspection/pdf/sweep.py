"""Every string of a file that nothing else has handed on, and what stands between its objects.

PDF has more places for words than can be listed, and programs invent their own. What they mean is
not known here, so names are looked for in them, and nothing is said of them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

from wagtail_safeguarding.inspection.reading import UNKNOWN_DATA

from .gathered import Gathered, TooMuch
from .tree import MAX_DEPTH, name_of, stream_bytes, string

MAX_STRINGS = 200_000
_CHUNK = 4 * 1024 * 1024
_LONGEST = 4096
_MOST_DATA = 64 * 1024
_LETTERS = re.compile(r"[^\W\d_]{2}")
_DIGITS = re.compile(r"\d+")
_SEVERAL = re.compile(r"[a-z][A-Z]|[^\W\d_][\W\d_]+[^\W\d_]")
"""In a name of PDF's: two words at least. Those of one word are the format's own."""
_REMARK = re.compile(rb"(?:endobj|%%EOF)\s*((?:%(?!%EOF|PDF-)[^\r\n]{0,2000}[\r\n]+\s*)+)")
_HEADER = re.compile(
    rb"\A(.{0,1024}?)%PDF-[^\r\n]{0,20}[\r\n]+((?:%[^\r\n]{0,2000}[\r\n]+)*)", re.DOTALL
)
_IS_CONTENT = re.compile(rb"(?:^|\s)(?:BT|ET|re|cm|Do|BDC|BMC|d0|d1)\s")
_BESIDE = re.compile(
    rb"(?:^|[\r\n])%([^\r\n]{3,500})|<<([^<>(]{0,500}\([^<>]{0,2000})>>\s*(?:BDC|DP)\b"
)
# Their strings are pieces of other objects, keys, checksums and tables of colours.
_PASSED = {"/ObjStm", "/XRef"}
_NO_WORDS = {"/ID", "/Lookup", "/CheckSum", "/Perms", "/FontFamily"}


def sweep(file: BinaryIO, pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    known = {text.text for text in gathered.texts}
    told: set[str] = set()
    for said in (*_strings(pdf), *_between(file)):
        kind = _DIGITS.sub("0", said)
        if kind in told or said in known or not _is_text(said):
            continue
        told.add(kind)
        if len(told) > MAX_STRINGS:
            raise TooMuch
        gathered.text(said, UNKNOWN_DATA)


def _is_text(said: str) -> bool:
    if not _LETTERS.search(said):
        return False
    return sum(map(str.isprintable, said)) >= 0.9 * len(said)


def _strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    for top in pdf.objects:
        waiting: list[tuple[Any, int]] = [(top, 0)]
        while waiting:
            value, depth = waiting.pop()
            if isinstance(value, pikepdf.String):
                yield string(value)
            elif isinstance(value, pikepdf.Name):
                yield from _of_name(name_of(value))
            elif depth > MAX_DEPTH:
                continue
            elif isinstance(value, pikepdf.Array):
                waiting += [(one, depth + 1) for one in _children(list(value))]
            elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                kind = name_of(value.get("/Type"))
                if kind in _PASSED:
                    continue
                for key, child in value.items():
                    yield from _of_name(key)
                    if key not in _NO_WORDS or kind == "/StructElem":
                        waiting += [(one, depth + 1) for one in _children([child])]
                if isinstance(value, pikepdf.Stream) and _is_unknown(value):
                    yield from _of_stream(stream_bytes(value))


def _children(values: list[Any]) -> list[Any]:
    return [
        one
        for one in values
        if isinstance(one, pikepdf.Object)
        and (isinstance(one, pikepdf.Name) or not one.is_indirect)
    ]


def _of_name(name: str) -> Iterator[str]:
    if _SEVERAL.search(name):
        yield name[1:]


def _of_stream(data: bytes) -> Iterator[str]:
    """The text of a stream that nobody knows; of what draws, what is written beside the drawing."""
    if not _IS_CONTENT.search(data):
        yield data[:_MOST_DATA].decode("utf-8", "replace")
        return
    for match in _BESIDE.finditer(data):
        yield (match.group(1) or match.group(2)).decode("utf-8", "replace")


def _is_unknown(stream: pikepdf.Stream) -> bool:
    """Whether a stream has nothing that says what it is: data of some program's."""
    return not set(stream.keys()) - {"/Length", "/Filter", "/DecodeParms", "/DL"}


def _between(file: BinaryIO) -> Iterator[str]:
    """Remarks between objects, and whatever stands before the first."""
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK):
        data = before + chunk
        if not before and (head := _HEADER.match(data)):
            yield from (_decoded(part) for part in head.groups())
        for match in _REMARK.finditer(data):
            yield _decoded(match.group(1))
        before = data[-_LONGEST:]
    end = before.rpartition(b"%%EOF")[2]
    yield _decoded(end)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("%", " ")
