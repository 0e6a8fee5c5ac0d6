"""Text that replaces other text ("ActualText"): programs read it instead of what is drawn, and
pdfium's text layer has it too. It is taken away here, so that what is drawn is what is read."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from . import pdfium
from .gathered import Gathered
from .objects import Thing

_LATIN = re.compile("[A-Za-zÀ-ɏ]{2}")
_KEY = b"ActualText"
_MAX_BYTES = 20_000


@dataclass(frozen=True)
class Replacement:
    """What programs read, and what is drawn there."""

    page: int
    said: str
    drawn: str


def take_away(found: list[Thing]) -> list[tuple[str, list[Thing]]]:
    """Each replacement, and the pieces of text it stands for; they no longer have it."""
    replaced: list[tuple[str, list[Thing]]] = []
    for text in found:
        handle = ctypes.cast(text.handle, raw.FPDF_PAGEOBJECT)
        for index in reversed(range(max(0, raw.FPDFPageObj_CountMarks(handle)))):
            mark = raw.FPDFPageObj_GetMark(handle, index)
            said = _string(mark)
            if said is None:
                continue
            drawn = [text] if text.kind == pdfium.TEXT else []
            if replaced and replaced[-1][0] == said:
                replaced[-1][1].extend(drawn)
            else:
                replaced.append((said, drawn))
            raw.FPDFPageObj_RemoveMark(handle, mark)
    return replaced


def read_drawn(
    replaced: list[tuple[str, list[Thing]]], page: int, text_page: Any
) -> Iterator[Replacement]:
    for said, texts in replaced:
        yield Replacement(page, said, "".join(object_text(text, text_page) for text in texts))


def judge(replacements: list[Replacement], gathered: Gathered) -> None:
    """Ligatures, hyphens and fonts without Unicode need replacements, which then say the same as
    what is drawn, or as nothing that can be read."""
    differing = [one for one in replacements if gathered.unseen_words(one.said)]
    is_systematic = len(differing) > max(3, len(replacements) * 0.3)
    for one in replacements:
        gathered.text(one.said, "text that replaces what is shown", page=one.page)
    for one in differing:
        unseen = " ".join(gathered.unseen_words(one.said))
        plainly = _LATIN.search(unseen) and _LATIN.search(one.drawn) and not is_systematic
        severity = "blocker" if plainly else "warning"
        gathered.found("pdf-replacement", excerpt=unseen, page=one.page, severity=severity)


def object_text(text: Thing, text_page: Any) -> str:
    handle = ctypes.cast(text.handle, raw.FPDF_PAGEOBJECT)

    def get(buffer: Any, length: int) -> int:
        return int(raw.FPDFTextObj_GetText(handle, text_page, buffer, length))

    return _read(get)


def _string(mark: Any) -> str | None:
    length = ctypes.c_ulong()
    key = ctypes.create_string_buffer(_KEY)
    if not raw.FPDFPageObjMark_GetParamStringValue(mark, key, None, 0, length):
        return None

    def get(buffer: Any, size: int) -> int:
        done = raw.FPDFPageObjMark_GetParamStringValue(mark, key, buffer, size, length)
        return int(length.value) if done else 0

    return _read(get)


def _read(get: Callable[[Any, int], int]) -> str:
    length = min(_MAX_BYTES, get(None, 0))
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    get(buffer, length)
    return bytes(buffer)[:length].decode("utf-16-le", "replace").rstrip("\0")
