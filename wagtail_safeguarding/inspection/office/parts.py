"""The parts that are not the document itself: objects, pictures, data of programs, leftovers."""

from __future__ import annotations

import io
from collections.abc import Callable
from xml.etree.ElementTree import ParseError

from PIL import Image

from ..gathered import Gathered, is_readable
from ..images.likeness import MAX_PIXELS
from ..images.picture import inspect_picture, is_picture
from ..strings import find_strings
from ..xml_events import START, TEXT
from .charts import beyond, read_chart
from .package import Package, Relationship
from .properties import PROGRAMS, pairs, read_custom, read_properties, report_path
from .spreadsheet import NAME

MAX_EMBEDDED = 64 * 1024 * 1024
"""Larger objects are reported and not looked into."""

_OBJECTS = {"package", "oleObject", "aFChunk", "embeddedObject", "powerPivotData"}
_CONTROLS = {"control", "activeXControlBinary", "webextension", "taskpanes", "ctrlProp"}
_PROPERTIES = {"cp:coreProperties", "ep:Properties"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EQUATION = "Equation Native".encode("utf-16-le")
_MAX_EQUATION = 200_000
_QUIET_XML = {
    "contentTypeSchema",  # SharePoint's own description of its columns
    "FormTemplates",
    "Receivers",
    "bibliography",
}

LookInside = Callable[[io.BytesIO], Gathered | None]


class Parts:
    """All parts of one package that no other reader has read."""

    def __init__(
        self,
        package: Package,
        gathered: Gathered,
        roots: dict[str, str],
        relationships: list[Relationship],
        listed: set[str],
        look_inside: LookInside,
    ) -> None:
        self._package = package
        self._gathered = gathered
        self._roots = roots
        self._look_inside = look_inside
        self._kinds: dict[str, set[str]] = {}
        self._sources: dict[str, set[str]] = {}
        for relationship in relationships:
            if not relationship.external:
                self._kinds.setdefault(relationship.target, set()).add(relationship.kind)
                self._sources.setdefault(relationship.target, set()).add(relationship.source)
        self._listed = listed

    def inspect(self, already_read: set[str]) -> None:
        for name in sorted(self._package.parts):
            if name not in already_read:
                self._inspect(name)

    def _inspect(self, name: str) -> None:
        root = self._roots.get(name, "")
        kinds = self._kinds.get(name, set())
        base = name.rpartition("/")[2].casefold()
        if name.endswith(".rels"):
            return
        if name == "[Content_Types].xml":
            self._content_types(name)
        elif root in _PROPERTIES:
            read_properties(self._package.events(name), self._gathered)
        elif root == "op:Properties":
            read_custom(self._package.events(name), self._gathered)
        elif base.startswith("vba") or "vbaProject" in kinds or root.endswith("macrosheet"):
            self._gathered.found("office-macros", where=name)
        elif kinds & _CONTROLS or "/activex/" in name.casefold():
            severity = "" if kinds & _CONTROLS - {"webextension", "taskpanes"} else "warning"
            self._gathered.found("office-active-content", where=name, severity=severity)
        elif kinds & _OBJECTS or "/embeddings/" in name.casefold():
            self._object(name)
        elif "thumbnail" in kinds or base.startswith("thumbnail."):
            drawn = base.endswith((".emf", ".wmf"))
            self._gathered.found(
                "office-thumbnail", where=name, severity="warning" if drawn else ""
            )
            self._binary(name, "the thumbnail")
        elif "printerSettings" in kinds or base.startswith("printersettings"):
            text = find_strings(self._read(name))
            self._gathered.found("office-printer", excerpt=text.partition("\n")[0])
            self._gathered.text(text, "printer settings", shown=False)
        elif name.startswith("_xmlsignatures/"):
            if root:
                self._gathered.found("office-signature", where=name)
        elif root == "w14:people":
            self._people(name)
        elif name not in self._listed:
            self._unlisted(name, root)
        elif "customXml" in kinds:
            self._custom_xml(name, root)
        elif root == "c:chartSpace":
            said = "\n".join(read_chart(self._package.events(name)))
            self._gathered.text(said, "a chart", shown=True)
        elif root:
            try:
                self._xml(name, root)
            except ParseError:
                # Old drawings are only nearly XML. Whatever is called so must be.
                if name.endswith(".xml"):
                    raise
                said = find_strings(self._read(name))
                self._gathered.text(said, f"the part {name}", shown=False)
        else:
            self._binary(name, f"the part {name}")

    def _read(self, name: str) -> bytes:
        """Up to a bound."""
        with self._package.open(name) as stream:
            return stream.read(MAX_EMBEDDED)

    def _content_types(self, name: str) -> None:
        for kind, _, value in self._package.events(name):
            if kind == START and "macroEnabled" in value.get("ContentType", ""):
                self._gathered.found("office-macros", where=value.get("PartName", ""))

    def _people(self, name: str) -> None:
        for kind, tag, value in self._package.events(name):
            if kind != START:
                continue
            if tag == "w14:person":
                author = value.get("w14:author", "")
                if author.casefold() not in PROGRAMS:
                    self._gathered.found("office-people", excerpt=author)
                self._gathered.text(author, "authors of changes and comments", shown=False)
            elif tag == "w14:presenceInfo":
                self._gathered.text(
                    value.get("w14:userId", ""), "authors of changes and comments", shown=False
                )

    # Objects

    def _object(self, name: str) -> None:
        data = self._read(name)
        if data.startswith(_OLE):
            self._ole(name, data)
            return
        inside = self._look_inside(io.BytesIO(data)) if data.startswith(b"PK") else None
        said = inside.all_text() if inside else find_strings(data)
        self._gathered.text(said, "an embedded file", shown=False)
        sources = self._sources.get(name, set())
        charts = [source for source in sources if self._roots.get(source) == "c:chartSpace"]
        if inside is None or not charts or len(charts) < len(sources) or inside.blocks:
            self._gathered.found("office-embedded", excerpt=said, where=name)
            return
        shown = [text for chart in charts for text in read_chart(self._package.events(chart))]
        more = beyond(inside.all_text(but=NAME, shown_only=True), shown)
        self._gathered.found(
            "office-chart-data",
            excerpt=" ".join(more),
            where=name,
            severity="" if more else "note",
        )

    def _ole(self, name: str, data: bytes) -> None:
        text = find_strings(data)
        equation = len(data) < _MAX_EQUATION and _EQUATION in data
        self._gathered.found(
            "office-embedded", excerpt=text, where=name, severity="note" if equation else ""
        )
        self._gathered.text(text, "an embedded file", shown=False)

    # Everything else

    def _custom_xml(self, name: str, root: str) -> None:
        said: list[str] = []
        for _, attributes, text in pairs(self._package.events(name)):
            said.append(text)
            said += [value for key, value in attributes.items() if not key.startswith("xmlns")]
        text = "\n".join(piece for piece in said if piece)
        self._gathered.text(text, "custom XML", shown=False)
        report_path(self._gathered, text, "custom XML")
        if root.rpartition(":")[2] in _QUIET_XML:
            return
        inner = "\n".join(t for _, _, t in pairs(self._package.events(name)) if is_readable(t))
        if any(character.isalpha() for character in inner):
            self._gathered.found("office-custom-xml", excerpt=inner, where=name)

    def _xml(self, name: str, root: str) -> None:
        """Diagrams and drawings show their words; of others no reader sees any."""
        shown = root in {"dgm:dataModel", "svg:svg", "svg"} or root.endswith(":drawing")
        stack: list[str] = []
        said: list[str] = []
        for kind, tag, value in self._package.events(name):
            if kind == START:
                stack.append(tag)
                for key in ("descr", "title"):
                    if value.get(key):
                        self._gathered.text(value[key], f"alternative text in {name}", shown=False)
            elif kind == TEXT:
                said.append(tag)
            else:
                stack.pop()
                said.append(" ")
        self._gathered.text("".join(said), f"the part {name}", shown=shown)

    def _binary(self, name: str, where: str) -> None:
        data = self._read(name)
        if name.casefold().endswith((".emf", ".wmf")):
            self._gathered.text(find_strings(data), where, shown=False)
        else:
            report_picture(data, self._gathered, name)

    def _unlisted(self, name: str, root: str) -> None:
        if root:
            said = "\n".join(text for _, _, text in pairs(self._package.events(name)))
        else:
            data = self._read(name)
            said = find_strings(data) if data.strip(b"\0") else ""
            if data.strip(b"\0") and not said:
                said = f"{len(data)} bytes"
        system = name.startswith("__MACOSX/") or name.endswith((".DS_Store", "Thumbs.db"))
        if is_readable(said):
            severity = "note" if system else ""
            self._gathered.found(
                "office-unlisted-part", excerpt=said, where=name, severity=severity
            )
            self._gathered.text(said, f"the part {name}", shown=False)


def report_picture(data: bytes, gathered: Gathered, name: str) -> None:
    """What a picture in the file gives away by itself, if ``data`` is one."""
    if not is_picture(data):
        return
    try:
        inspect_picture(data, gathered, name)
    except (OSError, ValueError, SyntaxError):
        # Office shows a cross in its place; there may be more in it than that. Where only the end
        # is missing, it shows the picture.
        severity = "warning" if _can_be_shown(data) else ""
        said = find_strings(data)
        gathered.found("office-unlisted-part", excerpt=said, where=name, severity=severity)


def _can_be_shown(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return False
            picture.load()
    except (OSError, ValueError, SyntaxError):
        return False
    return True


def report_stray_bytes(package: Package, gathered: Gathered) -> None:
    for piece in package.stray_bytes():
        is_part = piece.startswith((b"PK", b"%PDF", _OLE))
        said = find_strings(piece)
        severity = "" if is_part or is_readable(said) else "warning"
        gathered.found(
            "office-leftover",
            excerpt=said,
            where="between the parts of the file",
            severity=severity,
        )
        gathered.text(said, "bytes between the parts of the file", shown=False)
