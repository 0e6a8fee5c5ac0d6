"""Excel workbooks: sheets, seen and hidden, and the data that lie beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..gathered import MAX_OF_A_CODE, Gathered, TooMuch, is_readable
from ..xml_events import END, START, TEXT, Event
from .package import Package, Relationship
from .properties import pairs, report_path, report_person
from .shapes import CROPPED, read_shapes, settle_colours
from .sheet import Sheet, Workbook
from .sheet_styles import read_formats

MAX_STRINGS = 5_000_000
"""Characters of all shared strings together."""

NAME = "the name of sheet "
_STATES = {"hidden", "veryHidden"}


@dataclass(frozen=True)
class _Listed:
    name: str
    part: str
    hidden: bool


class Spreadsheet:
    """Reads one workbook; takes what ``word.Word`` takes."""

    def __init__(
        self,
        package: Package,
        gathered: Gathered,
        roots: dict[str, str],
        relationships: list[Relationship],
        main: str,
    ) -> None:
        self._package = package
        self._gathered = gathered
        self._roots = roots
        self._main = main
        self._links = {r.id: r.target for r in relationships if r.source == main}
        self._workbook = Workbook()
        self.read: set[str] = set()

    def inspect(self) -> None:
        listed = self._read_workbook()
        self._each({"x:styleSheet": self._styles, "x:sst": self._strings})
        for number, sheet in enumerate(listed, 1):
            self._sheet(number, sheet)
        self._each(
            {
                "x:comments": self._comments,
                "tc:ThreadedComments": self._threads,
                "tc:personList": self._persons,
                "x:pivotCacheDefinition": self._pivot,
                "x:pivotCacheRecords": self._pivot,
                "x:externalLink": self._external,
                "x:connections": self._connections,
                "x:revisions": self._revisions,
                "x:headers": self._revisions,
                "xdr:wsDr": self._drawing,
            }
        )
        self._unused_strings()
        self._gathered.speaks = False
        self._gathered.pages = len(listed) or None

    def _each(self, readers: dict[str, Callable[[Iterator[Event]], None]]) -> None:
        for name, root in self._roots.items():
            reader = readers.get(root)
            if reader is not None:
                reader(self._package.events(name))
                self.read.add(name)

    # The workbook

    def _read_workbook(self) -> list[_Listed]:
        gathered = self._gathered
        listed: list[_Listed] = []
        for name, attributes, text in pairs(self._package.events(self._main)):
            match name:
                case "x:sheet":
                    part = self._links.get(attributes.get("r:id", ""), "")
                    hidden = attributes.get("state", "") in _STATES
                    listed.append(_Listed(attributes.get("name", ""), part, hidden))
                case "x:workbookPr" if attributes.get("date1904") in {"1", "true"}:
                    self._workbook.days_off = 1462
                case "x:definedName":
                    said = f"{attributes.get('name', '')}: {text}\n{attributes.get('comment', '')}"
                    gathered.text(said, "a defined name", shown=False)
                case "x:fileSharing":
                    report_person(gathered, attributes.get("userName", ""), "reserved by")
                case "x:workbookProtection":
                    gathered.found("office-protection", where="the workbook")
                case "x:customWorkbookView":
                    person = attributes.get("name", "").partition(" - ")[0]
                    report_person(gathered, person, "a view")
                case "x14:absPath":
                    report_path(gathered, attributes.get("url", ""), "where it was saved")
        self.read.add(self._main)
        return listed

    def _styles(self, events: Iterator[Event]) -> None:
        self._workbook.formats = read_formats(events)

    def _strings(self, events: Iterator[Event]) -> None:
        strings: list[str] = []
        said: list[str] = []
        phonetic: list[str] = []
        stack: list[str] = []
        length = 0
        for kind, name, _ in events:
            if kind == START:
                stack.append(name)
            elif kind == END:
                stack.pop()
                if name == "x:si":
                    strings.append("".join(said))
                    length += len(strings[-1])
                    said = []
                    if length > MAX_STRINGS or len(strings) > MAX_STRINGS:
                        raise TooMuch
            elif stack[-1:] == ["x:t"]:
                (phonetic if "x:rPh" in stack[-3:] else said).append(name)
        self._gathered.text("\n".join(phonetic), "how words are spoken", shown=False)
        self._workbook.strings = strings
        self._workbook.used = bytearray(len(strings))

    def _sheet(self, number: int, listed: _Listed) -> None:
        if listed.part not in self._roots:
            return
        sheet = Sheet(self._gathered, self._workbook, number, listed.name, seen=not listed.hidden)
        sheet.read(self._package.events(listed.part))
        self.read.add(listed.part)
        self._gathered.text(listed.name, f"{NAME}{number}", shown=not listed.hidden)
        if listed.hidden:
            drawn = self._roots[listed.part] == "x:chartsheet"
            severity = "" if sheet.said or drawn else "note"
            self._gathered.found(
                "office-hidden-sheet",
                excerpt=sheet.said,
                where=sheet.where,
                page=number,
                severity=severity,
            )

    def _unused_strings(self) -> None:
        workbook = self._workbook
        unused = [
            text
            for text, used in zip(workbook.strings, workbook.used, strict=True)
            if not used and is_readable(text)
        ]
        for text in (*unused[:MAX_OF_A_CODE], "\n".join(unused[MAX_OF_A_CODE:])):
            self._gathered.unless_shown(text, "office-unused-text", where="unused strings")
        self._gathered.text("\n".join(unused), "unused strings", shown=False)

    # Beside the sheets

    def _comments(self, events: Iterator[Event]) -> None:
        said: list[str] = []
        stack: list[str] = []
        for kind, name, _ in events:
            if kind == START:
                stack.append(name)
            elif kind == TEXT:
                said.append(name)
            else:
                stack.pop()
                if name == "x:author":
                    self._gathered.text("".join(said), "the author of a comment", shown=False)
                    said = []
                elif name == "x:comment":
                    self._comment("".join(said))
                    said = []

    def _threads(self, events: Iterator[Event]) -> None:
        for name, _, text in pairs(events):
            if name == "tc:text":
                self._comment(text)

    def _comment(self, text: str) -> None:
        severity = "" if is_readable(text) else "warning"
        self._gathered.found("office-comment", excerpt=text, where="a comment", severity=severity)
        self._gathered.text(text, "a comment", shown=False)

    def _persons(self, events: Iterator[Event]) -> None:
        for name, attributes, _ in pairs(events):
            if name == "tc:person":
                said = attributes.get("displayName", "")
                self._gathered.found("office-people", excerpt=said)
                self._gathered.text(
                    f"{said}\n{attributes.get('userId', '')}", "people", shown=False
                )

    def _pivot(self, events: Iterator[Event]) -> None:
        said: list[str] = []
        for name, attributes, _ in pairs(events):
            if name == "x:pivotCacheDefinition":
                report_person(self._gathered, attributes.get("refreshedBy", ""), "refreshed by")
            elif name in {"x:s", "x:n", "x:d"}:
                said.append(attributes.get("v", ""))
            elif name == "x:cacheField":
                said.append(attributes.get("name", ""))
        text = "\n".join(said)
        self._gathered.text(text, "data behind a pivot table", shown=False)
        if is_readable(text):
            self._gathered.unless_shown(
                text, "office-pivot-cache", where="a pivot table", otherwise="warning"
            )

    def _external(self, events: Iterator[Event]) -> None:
        said = [
            text or attributes.get("val", "")
            for name, attributes, text in pairs(events)
            if name in {"x:v", "x:sheetName", "x:val"}
        ]
        text = "\n".join(said)
        self._gathered.text(text, "values from another workbook", shown=False)
        if is_readable(text):
            self._gathered.unless_shown(
                text, "office-external-cache", where="another workbook", otherwise="warning"
            )

    def _drawing(self, events: Iterator[Event]) -> None:
        for shape in read_shapes(events).shapes:
            faint = " ".join(settle_colours(shape, None))
            for code, text in (*shape.unseen, ("office-same-colour", faint)):
                if is_readable(text):
                    self._gathered.found(code, excerpt=text, where="a drawing")
                    self._gathered.text(text, "hidden text in a drawing", shown=False)
            if shape.hidden and is_readable(shape.text):
                self._gathered.found("office-hidden-object", excerpt=shape.text, where="a drawing")
            if shape.cropped >= CROPPED:
                self._gathered.found("office-cropped-picture", excerpt=f"{shape.cropped:.0%}")
            self._gathered.text(shape.text, "a drawing", shown=not shape.hidden)
            self._gathered.text("\n".join(shape.words), "alternative text", shown=False)

    def _connections(self, events: Iterator[Event]) -> None:
        for name, attributes, _ in pairs(events):
            if name == "x:connection":
                said = f"{attributes.get('name', '')} {attributes.get('description', '')}"
                self._gathered.found("office-data-connection", excerpt=said)
                report_path(self._gathered, attributes.get("sourceFile", ""), "a connection")
            said = "\n".join(attributes.values())
            self._gathered.text(said, "a connection", shown=False)

    def _revisions(self, events: Iterator[Event]) -> None:
        said: list[str] = []
        for name, attributes, text in pairs(events):
            if name == "x:header":
                report_person(self._gathered, attributes.get("userName", ""), "changed by")
            elif name in {"x:v", "x:t", "x:f"}:
                said.append(text)
        text = "\n".join(said)
        self._gathered.text(text, "changed cells", shown=False)
        if is_readable(text):
            self._gathered.found("office-tracked-deletion", excerpt=text, where="changed cells")
