"""OpenDocument files: text, spreadsheets and presentations, and the parts that come with them."""

from __future__ import annotations

from ..gathered import Gathered, is_readable
from ..strings import find_strings
from ..xml_events import START
from .accessibility import LONG, report_accessibility
from .opendocument_content import Content
from .opendocument_styles import Styles
from .package import Package
from .parts import report_picture
from .properties import pairs, read_properties

KINDS = ("text", "spreadsheet", "presentation")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_BINARY = 64 * 1024 * 1024
_PROGRAM = ("Configurations2/", "META-INF/", "layout-cache", "mimetype", "manifest.rdf")
_PICTURES = ("Pictures/", "media/")
_LIBRARIES = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml")


class OpenDocument:
    """Reads one file."""

    def __init__(self, package: Package, gathered: Gathered, roots: dict[str, str]) -> None:
        self._package = package
        self._gathered = gathered
        self._roots = roots
        self._styles = Styles()
        self._objects: set[str] = set()

    def inspect(self) -> None:
        listed = self._manifest()
        kind = self._kind("content.xml")
        if kind not in KINDS:
            raise ValueError("no document that is known")
        if "styles.xml" in self._roots:
            self._styles.read(self._package.events("styles.xml"))
        content = self._read("content.xml", kind, "the document")
        if "styles.xml" in self._roots:
            self._read("styles.xml", "text", "a header or footer")
        if "meta.xml" in self._roots:
            read_properties(self._package.events("meta.xml"), self._gathered)
        if "settings.xml" in self._roots:
            self._settings()
        self._gathered.language = self._styles.language
        if kind != "spreadsheet":
            report_accessibility(
                self._gathered,
                headings=content.headings,
                long=kind == "text" and content.said_length > LONG,
                pictures=content.pictures,
                undescribed=content.pictures_without_text,
            )
        for name in sorted(self._package.parts):
            if name not in {"content.xml", "styles.xml", "meta.xml", "settings.xml"}:
                self._other(name, listed)

    def _kind(self, name: str) -> str:
        """The kind of a ``content.xml``: the element within its body."""
        inside = False
        for kind, tag, _ in self._package.events(name):
            if kind == START and inside:
                return tag.partition(":")[2]
            inside = inside or tag == "office:body"
        return ""

    def _read(self, name: str, kind: str, where: str) -> Content:
        content = Content(self._gathered, self._styles, kind, where)
        content.read(self._package.events(name))
        self._objects |= content.objects
        return content

    def _manifest(self) -> set[str]:
        """The parts that the file itself lists; raises where one is encrypted."""
        listed: set[str] = set()
        for kind, tag, value in self._package.events("META-INF/manifest.xml"):
            if kind == START and tag == "manifest:file-entry":
                listed.add(value.get("manifest:full-path", ""))
            elif kind == START and tag == "manifest:encryption-data":
                raise ValueError("encrypted")
        return listed

    def _settings(self) -> None:
        for name, attributes, text in pairs(self._package.events("settings.xml")):
            if name != "config:config-item":
                continue
            key = attributes.get("config:name", "")
            if key == "PrinterName" and is_readable(text):
                self._gathered.found("office-printer", excerpt=text)
                self._gathered.text(text, "printer settings", shown=False)
            elif key == "Rsid":
                self._gathered.found("office-revision-ids")

    def _other(self, name: str, listed: set[str]) -> None:
        folder = name.partition("/")[0]
        base = name.rpartition("/")[2]
        if name.startswith("Thumbnails/"):
            self._gathered.found("office-thumbnail", where=name)
        elif name == "META-INF/documentsignatures.xml":
            self._gathered.found("office-signature", where=name)
        elif name.startswith("Versions/") or name == "VersionList.xml":
            self._gathered.found("office-earlier-version", where=name)
        elif name.startswith(("Basic/", "Scripts/", "Dialogs/")):
            if base not in _LIBRARIES:
                self._gathered.found("office-macros", where=name)
        elif name.startswith(_PROGRAM):
            return
        elif not self._is_of_object(name) and (name not in listed or self._is_spare(name)):
            self._unlisted(name)
        elif self._is_of_object(name) and not name.startswith(_PICTURES):
            self._object(name, folder)
        elif name.startswith(_PICTURES):
            report_picture(self._binary(name), self._gathered, name)
        elif not name.startswith("ObjectReplacements/"):
            self._rest(name)

    def _is_of_object(self, name: str) -> bool:
        return any(name == one or name.startswith(f"{one}/") for one in self._objects)

    def _is_spare(self, name: str) -> bool:
        """Whether it is a picture that nothing shows."""
        return name.startswith(_PICTURES) and not any(name in target for target in self._objects)

    def _object(self, name: str, folder: str) -> None:
        """A part of an embedded document: charts and formulas show all they hold."""
        if name == folder:
            text = find_strings(self._binary(name))
            self._gathered.text(text, "an embedded file", shown=False)
        elif name == f"{folder}/content.xml":
            kind = self._kind(name) if self._roots[name] == "office:document-content" else ""
            text = "\n".join(text for _, _, text in pairs(self._package.events(name)))
            chart = kind == "chart"
            self._gathered.text(text, "a chart" if chart else "an embedded file", shown=chart)
            if kind in KINDS:
                self._gathered.found("office-embedded", excerpt=text, where=name)

    def _unlisted(self, name: str) -> None:
        data = self._binary(name)
        if data.strip(b"\0"):
            text = find_strings(data)
            self._gathered.found("office-unlisted-part", excerpt=text, where=name)
            self._gathered.text(text, f"the part {name}", shown=False)

    def _rest(self, name: str) -> None:
        """Forms, databases, other programs' own parts."""
        if self._roots.get(name):
            text = "\n".join(text for _, _, text in pairs(self._package.events(name)))
        else:
            data = self._binary(name)
            text = find_strings(data)
            if data.startswith((_OLE, b"PK")):
                self._gathered.found("office-embedded", excerpt=text, where=name)
        self._gathered.text(text, f"the part {name}", shown=False)

    def _binary(self, name: str) -> bytes:
        with self._package.open(name) as stream:
            return stream.read(_MAX_BINARY)
