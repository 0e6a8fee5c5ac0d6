"""What a page could draw and does not: content that was left in its resources when it was taken
from the page, other states of buttons; and words that are drawn as a pattern, where no program
that reads the page's text finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from .gathered import Gathered
from .leftovers import shows_text, text_of_content
from .tree import dictionary, entry, everything, items, name_of, stream_bytes

_DRAWS = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_MAX_CONTENTS = 500

Key = tuple[int, int]


def read_undrawn(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    drawn = _drawn(pdf)
    painted = set(_painted(pdf))
    contents = 0
    for found in pdf.objects:
        if not isinstance(found, pikepdf.Stream) or found.objgen in drawn:
            continue
        is_form = found.get("/Subtype") == pikepdf.Name.Form
        is_painted = found.objgen in painted
        if not (is_form or is_painted) or contents >= _MAX_CONTENTS:
            continue
        data = stream_bytes(found)
        if not shows_text(data):
            continue
        contents += 1
        said = text_of_content(pdf, found, data)
        unseen = gathered.unseen_words(said)
        if unseen and not is_painted:
            severity = "" if len(unseen) > 1 else "warning"
            gathered.found("pdf-undrawn", excerpt=" ".join(unseen), severity=severity)
        where = "a pattern or letter" if is_painted else "content that is not drawn"
        gathered.text(said, where)


def _painted(pdf: pikepdf.Pdf) -> Iterator[Key]:
    """Patterns, drawn letters, and masks: they show, in their way."""
    for found, _ in everything(pdf):
        if isinstance(found, pikepdf.Stream) and "/PatternType" in found:
            yield found.objgen
        letters = found.get("/CharProcs")
        for _, letter in letters.items() if dictionary(letters) is not None else ():
            if isinstance(letter, pikepdf.Stream):
                yield letter.objgen
        mask = entry(found, "/SMask", "/G")
        if isinstance(mask, pikepdf.Stream):
            yield mask.objgen


def _drawn(pdf: pikepdf.Pdf) -> set[Key]:
    """All that some content draws, and what annotations look like. ``leftovers`` reads what
    nothing leads to."""
    drawn: set[Key] = set()
    anywhere: set[bytes] = set()
    for page in pdf.pages:
        resources = page.obj.get("/Resources") or _inherited(page.obj)
        data = b"\n".join(
            stream_bytes(part)
            for part in items(page.obj.get("/Contents"))
            if isinstance(part, pikepdf.Stream)
        )
        drawn.update(_resolved(data, resources))
    for found, _ in everything(pdf):
        if isinstance(found, pikepdf.Stream) and "/BBox" in found:
            data = stream_bytes(found)
            if "/Resources" in found:
                drawn.update(_resolved(data, found.get("/Resources")))
            else:
                anywhere.update(_names(data))
        for _, letter in _pairs(found.get("/CharProcs")):
            if isinstance(letter, pikepdf.Stream):
                drawn.update(_resolved(stream_bytes(letter), found.get("/Resources")))
        drawn.update(_looks(found))
    for page in pdf.pages:
        resources = page.obj.get("/Resources") or _inherited(page.obj)
        drawn.update(_resolved(b"".join(b"/%b Do " % name for name in anywhere), resources))
    return drawn


def _looks(found: Any) -> Iterator[Key]:
    look = entry(found, "/AP", "/N")
    if isinstance(look, pikepdf.Stream):
        yield look.objgen
    elif dictionary(look) is not None:
        state = name_of(found.get("/AS")) or "/Off"
        if isinstance(look.get(state), pikepdf.Stream):
            yield look.get(state).objgen


def _inherited(page: Any) -> Any:
    for _ in range(30):
        page = page.get("/Parent")
        if dictionary(page) is None:
            return None
        if "/Resources" in page:
            return page.get("/Resources")
    return None


def _pairs(named: Any) -> Any:
    return named.items() if dictionary(named) is not None else ()


def _names(data: bytes) -> Iterator[bytes]:
    for name in set(_DRAWS.findall(data)):
        yield _ESCAPED.sub(lambda match: bytes([int(match.group(1), 16)]), name)


def _resolved(data: bytes, resources: Any) -> Iterator[Key]:
    named = entry(resources, "/XObject")
    if dictionary(named) is None:
        return
    for name in _names(data):
        drawn = named.get("/" + name.decode("utf-8", "surrogateescape"))
        if isinstance(drawn, pikepdf.Stream):
            yield drawn.objgen
