"""Annotations and form fields: what was said beside the page, and what was typed into it."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from wagtail_safeguarding.inspection.reading import Box

from .gathered import Gathered, letters
from .tree import dictionary, entry, items, name_of, string, whole

_HIDDEN, _NO_VIEW = 2, 32
_PASSWORD = 1 << 13
_MAX_PARENTS = 30

# Their text is shown, or is the description that makes them accessible.
_NO_COMMENT = {"/Link", "/Widget", "/FreeText", "/FileAttachment", "/Redact"}
_MARKUP = {"/Highlight", "/Underline", "/StrikeOut", "/Squiggly"}
_MULTIMEDIA = {"/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"}


def read_annotations(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    for number, page in enumerate(pdf.pages, 1):
        for annotation in items(page.obj.get("/Annots")):
            if dictionary(annotation) is not None:
                _read(annotation, page.obj, number, gathered)
    _read_fields_of_no_page(pdf, gathered)


def _read(annotation: Any, page: Any, number: int, gathered: Gathered) -> None:
    kind = name_of(annotation.get("/Subtype"))
    said = string(annotation.get("/Contents")) or _rich_text(annotation)
    box = _box(annotation, page)
    flags = whole(annotation.get("/F"))
    hidden = bool(flags & (_HIDDEN | _NO_VIEW)) or (kind != "/Widget" and _is_nothing(box))
    label = kind[1:] or "annotation"
    if kind == "/Redact":
        overlay = string(annotation.get("/OverlayText"))
        gathered.found("pdf-redaction-unapplied", excerpt=overlay, page=number, box=box)
    elif kind == "/Widget":
        _read_widget(annotation, number, box, hidden, gathered)
    elif kind in _MULTIMEDIA:
        gathered.found("pdf-multimedia", where=label, page=number, box=box)
    elif said.strip() and hidden and kind not in ("/Popup", "/Link"):
        gathered.found("pdf-hidden-annotation", excerpt=said, where=label, page=number, box=box)
    elif said.strip() and kind not in _NO_COMMENT and not _is_repeated(annotation, kind, said):
        severity = "" if _is_comment(annotation, kind, said, gathered) else "warning"
        gathered.found(
            "pdf-comment", excerpt=said, where=label, page=number, box=box, severity=severity
        )
    is_shown = kind == "/FreeText" and not hidden
    gathered.text(said, f"annotation: {label}", page=number, shown=is_shown)
    for key in ("/Subj", "/Alt", "/NM") if kind != "/Widget" else ():
        gathered.text(string(annotation.get(key)), f"annotation: {label}", page=number)
    if kind not in ("/Widget", "/Link") and (author := string(annotation.get("/T")).strip()):
        gathered.text(author, "annotation: author", page=number)
        gathered.found("pdf-people", excerpt=author, where=label, page=number)


def _is_repeated(annotation: Any, kind: str, said: str) -> bool:
    """Whether a pop-up says what the mark says that it belongs to."""
    return kind == "/Popup" and said == string(entry(annotation, "/Parent", "/Contents"))


def _is_comment(annotation: Any, kind: str, said: str, gathered: Gathered) -> bool:
    """Contents of a tagged mark with neither author nor pop-up are its description; those of
    marked words may be the words."""
    if kind in ("/Text", "/Popup") or (kind in _MARKUP and gathered.unseen_words(said)):
        return True
    return any(key in annotation for key in ("/T", "/Popup", "/RC", "/IRT", "/CreationDate"))


def _rich_text(annotation: Any) -> str:
    return re.sub(r"<[^>]*>", " ", string(annotation.get("/RC")))


def _box(annotation: Any, page: Any) -> Box | None:
    try:
        left, bottom, right, top = (float(side) for side in annotation.Rect)
        shown = page.get("/CropBox") or page.get("/MediaBox") or [0, 0]
        x, y = float(shown[0]), float(shown[1])
    except (AttributeError, TypeError, ValueError, IndexError):
        return None
    if whole(page.get("/Rotate")) % 360:
        return None
    return (
        round(min(left, right) - x, 1),
        round(min(bottom, top) - y, 1),
        round(max(left, right) - x, 1),
        round(max(bottom, top) - y, 1),
    )


def _is_nothing(box: Box | None) -> bool:
    return box is not None and (box[2] - box[0] < 1 or box[3] - box[1] < 1)


# Form fields


def _inherited(field: Any, key: str) -> Any:
    for _ in range(_MAX_PARENTS):
        if dictionary(field) is None:
            return None
        if key in field:
            return field.get(key)
        field = field.get("/Parent")
    return None


def _name(field: Any) -> str:
    names = []
    for _ in range(_MAX_PARENTS):
        if dictionary(field) is None:
            break
        names.append(string(field.get("/T")))
        field = field.get("/Parent")
    return ".".join(name for name in reversed(names) if name)


def _read_widget(
    widget: Any, number: int, box: Box | None, hidden: bool, gathered: Gathered
) -> None:
    name = _name(widget)
    where = f"form field {name}"
    kind = _inherited(widget, "/FT")
    value = " ".join(string(part) for part in items(_inherited(widget, "/V"))).strip()
    unseen = hidden or _is_nothing(box)
    if kind == pikepdf.Name.Tx and whole(_inherited(widget, "/Ff")) & _PASSWORD:
        unseen = True
    if kind in (pikepdf.Name.Tx, pikepdf.Name.Ch) and value:
        says_something = unseen and re.search(r"[^\W\d_]{3,}", value)
        unseen = unseen or _differs(value, _look(widget))
        if unseen:
            gathered.found(
                "pdf-hidden-value",
                excerpt=value,
                where=where,
                page=number,
                box=box,
                severity="" if says_something else "warning",
            )
        gathered.text(value, where, page=number, shown=not unseen)
    for key in ("/TU", "/DV"):
        gathered.text(string(_inherited(widget, key)), where, page=number)
    for option in items(_inherited(widget, "/Opt")):
        gathered.text(" ".join(string(part) for part in items(option)), where, page=number)
    gathered.text(name, "name of a form field", page=number)


def _look(widget: Any) -> str | None:
    """The text that a field's appearance draws, as far as its strings are plain; None where it
    has none, so that a program draws the value itself, or where it cannot be told."""
    stream = entry(widget, "/AP", "/N")
    if not isinstance(stream, pikepdf.Stream):
        return None
    said = []
    try:
        for instruction in pikepdf.parse_content_stream(stream):
            if instruction.operator.unparse() in (b"Tj", b"TJ", b"'", b'"'):
                for operand in instruction.operands:
                    parts = operand if isinstance(operand, pikepdf.Array) else [operand]
                    said += [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
    except (pikepdf.PdfError, TypeError):  # TypeError: the stream turns out to be none
        return None
    drawn = b"".join(said)
    if any(byte < 32 for byte in drawn):
        return None  # two bytes for a character, or a font of its own
    return drawn.decode("cp1252", "replace")


def _differs(value: str, look: str | None) -> bool:
    """Whether a value says more than what is drawn. One that is cut off at the field's end, or
    shortened, does not."""
    ours, drawn = letters(value), letters(look or "")
    return bool(drawn) and drawn not in ours and ours not in drawn


def _read_fields_of_no_page(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    placed = {
        annotation.objgen
        for page in pdf.pages
        for annotation in items(page.obj.get("/Annots"))
        if dictionary(annotation) is not None and annotation.is_indirect
    }
    seen: set[tuple[int, int]] = set()
    waiting = items(entry(pdf.Root, "/AcroForm", "/Fields"))
    while waiting:
        field = waiting.pop()
        if dictionary(field) is None or field.objgen in seen:
            continue
        if field.is_indirect:
            seen.add(field.objgen)
        kids = [kid for kid in items(field.get("/Kids")) if dictionary(kid) is not None]
        waiting += [kid for kid in kids if "/T" in kid or "/Kids" in kid]
        widgets = [kid for kid in kids if "/T" not in kid] or ([] if kids else [field])
        value = string(field.get("/V")).strip()
        if field.get("/FT") not in (None, pikepdf.Name.Tx, pikepdf.Name.Ch):
            continue
        if value and widgets and not any(widget.objgen in placed for widget in widgets):
            where = f"form field {_name(field)}"
            gathered.found("pdf-hidden-value", excerpt=value, where=where)
            gathered.text(value, where)
