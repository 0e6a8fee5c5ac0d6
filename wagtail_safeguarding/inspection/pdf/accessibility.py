"""Whether a PDF can be read with assistive technology."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

import pikepdf

from wagtail_safeguarding.inspection.headings import heading_problems
from wagtail_safeguarding.inspection.reading import Found
from wagtail_safeguarding.inspection.xml_events import END, START, TEXT, read_events

from .gathered import TooMuch
from .tree import MAX_NODES, dictionary, entry, everything, items, stream_bytes, string

_LONG = 4
"""Pages: a document of so many ought to have headings."""
_FIGURES = {"Figure", "Formula"}
_MAX_LISTED = 20
_MAX_ROLES = 20
_MAX_XMP = 4 * 1024 * 1024
_KNOWN_ENCODINGS = {"WinAnsiEncoding", "MacRomanEncoding", "MacExpertEncoding"}
_KNOWN_COLLECTIONS = {"GB1", "CNS1", "Japan1", "Korea1", "KR"}
_SYMBOLIC = 4


@dataclass
class _Tags:
    """What the structure tree has."""

    levels: list[int] = field(default_factory=list)
    figures: int = 0
    figures_without_text: int = 0
    tables: int = 0
    tables_without_headers: int = 0
    language: bool = False


def read_accessibility(
    pdf: pikepdf.Pdf, pages_with_text: Sequence[bool]
) -> tuple[list[Found], dict[str, Any]]:
    """Findings, all of them "access-…", and facts. ``pages_with_text`` tells of each page."""
    found: list[Found] = []
    root = pdf.Root
    tagged = bool(entry(root, "/MarkInfo", "/Marked")) and bool(
        items(entry(root, "/StructTreeRoot", "/K"))
    )
    tags = _read_tags(root) if tagged else _Tags()
    facts: dict[str, Any] = {"tagged": tagged}
    if not tagged:
        found.append(Found("access-not-tagged"))
    if not string(root.get("/Lang")).strip() and not tags.language:
        found.append(Found("access-no-language"))
    found += _title(pdf, facts)
    found += _text(pdf, pages_with_text)
    if tagged:
        found += _structure(tags, len(pages_with_text))
        found += _order(pdf)
        facts |= {
            "headings": len(tags.levels),
            "figures": tags.figures,
            "tables": tags.tables,
        }
    unmapped = _fonts_without_letters(pdf)
    if unmapped:
        found.append(Found("access-fonts", excerpt=", ".join(unmapped[:_MAX_LISTED])))
    return found, facts


def _title(pdf: pikepdf.Pdf, facts: dict[str, Any]) -> list[Found]:
    info = pdf.trailer.get("/Info")
    said = string(entry(info, "/Title")).strip() or _title_in_xmp(pdf)
    shown = bool(entry(pdf.Root, "/ViewerPreferences", "/DisplayDocTitle"))
    facts["title_shown"] = bool(said) and shown
    if not said:
        return [Found("access-no-title")]
    return [] if shown else [Found("access-title-not-shown")]


def _title_in_xmp(pdf: pikepdf.Pdf) -> str:
    metadata = entry(pdf.Root, "/Metadata")
    if not isinstance(metadata, pikepdf.Stream):
        return ""
    inside = 0
    said = []
    try:
        payload = stream_bytes(metadata)[:_MAX_XMP].strip(b"\0 \r\n\t")
        for kind, name, _ in read_events(io.BytesIO(payload)):
            if kind == TEXT and inside:
                said.append(name)
            elif kind != TEXT and name == "dc:title":
                inside += {START: 1, END: -1}[kind]
    except (ParseError, ValueError, LookupError):
        return ""
    return "".join(said).strip()


def _text(pdf: pikepdf.Pdf, pages_with_text: Sequence[bool]) -> list[Found]:
    silent = [
        number
        for number, (page, written) in enumerate(zip(pdf.pages, pages_with_text, strict=True), 1)
        if not written and _has_picture(page)
    ]
    if not silent:
        return []
    if not any(pages_with_text):
        return [Found("access-no-text")]
    listed = ", ".join(map(str, silent[:_MAX_LISTED]))
    return [Found("access-pages-without-text", page=silent[0], excerpt=listed)]


def _has_picture(page: Any) -> bool:
    """Whether there is something on it that might be a picture of text."""
    resources = page.obj.get("/Resources") or entry(page.obj, "/Parent", "/Resources")
    objects = entry(resources, "/XObject")
    return dictionary(objects) is not None and bool(len(objects.keys()))


def _structure(tags: _Tags, pages: int) -> list[Found]:
    found = heading_problems(tags.levels, long=pages >= _LONG)
    for code, count, of in (
        ("access-no-alternative-text", tags.figures_without_text, tags.figures),
        ("access-table-headers", tags.tables_without_headers, tags.tables),
    ):
        if count:
            found.append(Found(code, excerpt=f"{count} of {of}"))
    return found


def _read_tags(root: Any) -> _Tags:
    """Walk through the structure tree in the order in which it is read."""
    tags = _Tags()
    roles = entry(root, "/StructTreeRoot", "/RoleMap")
    seen: set[tuple[int, int]] = set()
    tables: list[list[bool]] = []
    waiting: list[Any] = list(reversed(items(entry(root, "/StructTreeRoot", "/K"))))
    count = 0
    while waiting:
        element = waiting.pop()
        if element is _LEAVE:
            tags.tables_without_headers += not tables.pop()[0]
            continue
        count += 1
        if count > MAX_NODES:
            raise TooMuch
        if dictionary(element) is None or "/S" not in element:
            continue
        if element.is_indirect:
            if element.objgen in seen:
                continue
            seen.add(element.objgen)
        role = _role(string(element.get("/S")), roles)
        if role == "Table":
            tags.tables += 1
            tables.append([False])
            waiting.append(_LEAVE)
        elif role == "TH" and tables:
            tables[-1][0] = True
        _note(tags, role, element)
        waiting += reversed(items(element.get("/K")))
    return tags


_LEAVE = object()


def _note(tags: _Tags, role: str, element: Any) -> None:
    if len(role) == 2 and role[0] == "H" and role[1].isdigit():
        tags.levels.append(int(role[1]))
    elif role in _FIGURES:
        tags.figures += 1
        said = string(element.get("/Alt")) or string(element.get("/ActualText"))
        tags.figures_without_text += not said.strip()
    elif role == "Document" and string(element.get("/Lang")).strip():
        tags.language = True


def _role(name: str, roles: Any) -> str:
    """The standard name of a type of element."""
    for _ in range(_MAX_ROLES):
        mapped = string(entry(roles, f"/{name}")) if name else ""
        if not mapped:
            break
        name = mapped
    return name


def _order(pdf: pikepdf.Pdf) -> list[Found]:
    """Pages of a tagged file that have content or fields without a place in the structure."""
    wanting = [
        number
        for number, page in enumerate(pdf.pages, 1)
        if ("/Contents" in page.obj and "/StructParents" not in page.obj)
        or (items(page.obj.get("/Annots")) and string(page.obj.get("/Tabs")) != "S")
    ]
    if not wanting:
        return []
    listed = ", ".join(map(str, wanting[:_MAX_LISTED]))
    return [Found("access-reading-order", page=wanting[0], excerpt=f"pages {listed}")]


def _fonts_without_letters(pdf: pikepdf.Pdf) -> list[str]:
    names: set[str] = set()
    for value, _ in everything(pdf):
        if value.get("/Type") == pikepdf.Name.Font and not _has_letters(value):
            names.add(string(value.get("/BaseFont")) or "a font without a name")
    return sorted(names)


def _has_letters(font: Any) -> bool:
    """Whether the font tells which characters its glyphs are."""
    if "/ToUnicode" in font:
        return True
    kind = string(font.get("/Subtype"))
    encoding = font.get("/Encoding")
    base = string(encoding) or string(entry(encoding, "/BaseEncoding"))
    match kind:
        case "Type0":
            inner = next(iter(items(font.get("/DescendantFonts"))), None)
            collection = string(entry(inner, "/CIDSystemInfo", "/Ordering"))
            return collection in _KNOWN_COLLECTIONS
        case "Type3":
            return base in _KNOWN_ENCODINGS
        case "TrueType":
            flags = entry(font, "/FontDescriptor", "/Flags") or 0
            return base in _KNOWN_ENCODINGS or not int(flags) & _SYMBOLIC
    # The glyphs of Type 1 have names; those of its descendants are asked of the font above them.
    return True
