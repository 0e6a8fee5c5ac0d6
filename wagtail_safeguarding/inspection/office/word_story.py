"""One part of a Word file that holds text: the document, a header, the notes, the comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..gathered import Gathered, is_readable
from ..xml_events import END, START, Event
from .colours import WHITE
from .word_drawing import Drawing
from .word_elements import Change, Paragraph, Section, Table
from .word_fields import hand_on_attributes, report_field
from .word_styles import UNKNOWN, Properties, Styles, hidden_by, note_run_property

_PIECE = 10_000
"""Characters of a text that is handed on, about."""

_OLD = {
    "w:rPrChange",
    "w:pPrChange",
    "w:tblPrChange",
    "w:tblGridChange",
    "w:trPrChange",
    "w:tcPrChange",
    "w:sectPrChange",
    "w:tblPrExChange",
    "w:numberingChange",
}
_GONE = {"w:del": "office-tracked-deletion", "w:moveFrom": "office-tracked-move"}
_ADDED = {"w:ins", "w:moveTo"}
_PLAIN = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
# What Word hides around a form that was copied from a web page.
_FORM_MARKS = {"top of form", "bottom of form"}
_TEXT = {"w:t", "m:t", "a:t", "w:delText"}
_UNITS = {"w:comment", "w:footnote", "w:endnote", "w:docPart"}
_MARKS = {"w:rPr", "w:trPr", "w:tcPr", "w:tblPrEx", "w:numPr"}
_DRAWINGS = {"wp:anchor", "wp:inline", "v:shape", "v:rect", "v:oval", "v:roundrect"}


class Story:
    """Reads the part and tells ``gathered`` what it finds.

    ``on_unit`` is called with the name, attributes and text of each comment or note.
    """

    def __init__(
        self,
        gathered: Gathered,
        styles: Styles,
        where: str,
        *,
        shown: bool = True,
        page_colour: str = WHITE,
        on_unit: Callable[[str, dict[str, str], str], None] | None = None,
    ) -> None:
        self.gathered = gathered
        self.styles = styles
        self.where = where
        self.shown = shown
        self.page_colour = page_colour
        self.on_unit = on_unit
        self.headings: list[int] = []
        self.sections: list[Section] = []
        self.notes: set[tuple[str, str]] = set()
        self.links: set[str] = set()
        """The relationships of headers and footers and other parts that it names."""
        self.pictures = 0
        self.pictures_without_text = 0
        self.tables = 0
        self.tables_without_header = 0
        self.said_length = 0
        self.said = ""
        """The beginning of what it says."""
        self.backdrop = False
        """Whether a picture or shape lies behind the text."""
        self._faint: list[tuple[str, str]] = []
        self._stack: list[str] = []
        self._paragraphs: list[Paragraph] = []
        self._runs: list[Properties] = []
        self._tables: list[Table] = []
        self._drawings: list[Drawing] = []
        self._around: list[Table | Drawing] = []
        """Both, as one lies in the other."""
        self._changes: list[Change] = []
        self._unit: tuple[str, dict[str, str]] | None = None
        self._unit_text: list[str] = []
        self._fallback: list[str] = []
        self._in_fallback = 0
        self._old = 0
        self._field: list[str] = []
        self._flow: list[str] = []
        self._flow_length = 0
        self._added: dict[str, int] = {}
        self._reformatted: dict[str, int] = {}

    def read(self, events: Iterator[Event]) -> None:
        for kind, name, value in events:
            if kind == START:
                self._stack.append(name)
                if self._old or name in _OLD:
                    if not self._old:
                        self._count(self._reformatted, value)
                    self._old += 1
                else:
                    self._start(name, value)
            elif kind == END:
                if self._old:
                    self._old -= 1
                else:
                    self._end(name)
                self._stack.pop()
            elif not self._old:
                self._text(name)
        self._finish()

    # Beginnings

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        stack = self._stack
        parent = stack[-2] if len(stack) > 1 else ""
        if "w:rPr" in stack[-6:-1]:
            if name in _GONE or name in _ADDED:
                self._count(self._reformatted, attributes)
            elif self._runs and "w:pPr" not in stack[-4:]:
                note_run_property(self._runs[-1], name, attributes, stack)
            return
        match name:
            case "w:p":
                self._paragraphs.append(Paragraph())
            case "w:r":
                self._runs.append({})
            case "w:del" | "w:moveFrom" | "w:ins" | "w:moveTo" if parent in _MARKS:
                self._count(self._reformatted, attributes)
                if name == "w:del" and parent == "w:trPr" and self._tables:
                    self._tables[-1].deleted = True
            case "w:del" | "w:moveFrom":
                self._changes.append(Change(_GONE[name], attributes.get("w:author", "")))
            case "w:ins" | "w:moveTo":
                self._count(self._added, attributes)
            case "w:cellIns" | "w:cellDel" | "w:cellMerge":
                self._count(self._reformatted, attributes)
                if name == "w:cellDel" and self._tables:
                    self._tables[-1].cell_deleted = True
            case "mc:Fallback":
                self._in_fallback += 1
            case "w:footnoteReference" | "w:endnoteReference":
                self.notes.add((name, attributes.get("w:id", "")))
            case "w:fldChar" if attributes.get("w:fldCharType") != "begin":
                self._end_field_code()
            case "w:fldSimple":
                report_field(self.gathered, attributes.get("w:instr", ""), self.where)
            case "w:sectPr":
                self.sections.append(Section())
            case "w:titlePg" if self.sections:
                self.sections[-1].title_page = attributes.get("w:val") not in {"0", "false", "off"}
            case "w:headerReference" | "w:footerReference" if self.sections:
                reference = (attributes.get("w:type", "default"), attributes.get("r:id", ""))
                self.sections[-1].references.append(reference)
            case _ if name in _UNITS:
                self._unit = (name, attributes)
                self._unit_text = []
            case _ if name in _PLAIN and parent == "w:r":
                self._say(_PLAIN[name])
            case "w:tbl":
                self._tables.append(Table())
                self._around.append(self._tables[-1])
            case _:
                if self._tables:
                    self._tables[-1].note(name, attributes, parent)
                if self._paragraphs and parent == "w:pPr":
                    self._paragraphs[-1].note(name, attributes)
                self._start_drawing(name, attributes)
                hand_on_attributes(self.gathered, name, attributes, self.where)

    def _start_drawing(self, name: str, attributes: dict[str, str]) -> None:
        if self._in_fallback:
            return
        if name in _DRAWINGS:
            drawing = Drawing()
            drawing.begin(name, attributes)
            self._drawings.append(drawing)
            self._around.append(drawing)
        elif self._drawings:
            self._drawings[-1].note(name, attributes, self._stack)
        if name in {"w:drawing", "w:pict", "w:object"} and self._changes:
            self._changes[-1].said.append(" (a picture or object) ")

    # Text

    def _text(self, text: str) -> None:
        name = self._stack[-1] if self._stack else ""
        if name in _TEXT:
            self._say(text)
        elif name in {"w:instrText", "w:delInstrText"}:
            self._field.append(text)
        elif name == "wp:posOffset" and self._drawings:
            self._drawings[-1].place(text)

    def _say(self, text: str) -> None:
        if self._in_fallback:
            self._fallback.append(text)
            return
        if self._changes:
            self._changes[-1].said.append(text)
            return
        if self._drawings and is_readable(text):
            self._drawings[-1].written = True
        if not self._paragraphs:
            self._flow.append(text + " ")
            self._flow_length += len(text)
            return
        paragraph = self._paragraphs[-1]
        code, severity = self._hidden(paragraph)
        if not code:
            paragraph.shown.append(text)
        elif is_readable(text) or (code, severity) in paragraph.hidden:
            paragraph.hidden.setdefault((code, severity), []).append(text)

    def _hidden(self, paragraph: Paragraph) -> tuple[str, str]:
        """The code of what hides the text of the run at hand, and a severity that differs."""
        for drawing in self._drawings:
            if drawing.hides:
                return drawing.hides, ""
        for table in self._tables:
            if table.deleted or table.cell_deleted:
                return "office-tracked-deletion", ""
            if table.hidden:
                return "office-hidden-row", ""
            if table.squeezed:
                return "office-tiny-text", ""
        if paragraph.squeezed:
            return "office-tiny-text", ""
        run = self._runs[-1] if self._runs else {}
        background, doubtful = self._background(paragraph)
        code = hidden_by(self.styles, run, paragraph.style, background)
        return (code, "warning" if code == "office-same-colour" and doubtful else "")

    def _background(self, paragraph: Paragraph) -> tuple[str, bool]:
        """What the text is written on, and whether something else may lie between."""
        own = paragraph.fill or self.styles.paragraph_fill(paragraph.style)
        if own:
            return own, False
        doubtful = False
        for around in reversed(self._around):
            if around.fill:
                return around.fill, False
            if isinstance(around, Drawing):
                doubtful = True  # it may lie on a picture
            elif self.styles.is_shaded(around.style):
                # The first row and column of a shaded style are its dark ones.
                dark = 1 in {around.row, around.column}
                return (UNKNOWN, False) if dark else (self.page_colour, True)
        return self.page_colour, doubtful

    # Ends

    def _end(self, name: str) -> None:
        match name:
            case "w:r" if self._runs:
                self._runs.pop()
            case "w:p" if self._paragraphs:
                self._end_paragraph(self._paragraphs.pop())
            case "w:del" | "w:moveFrom" if self._changes and not self._is_mark():
                self._end_change(self._changes.pop())
            case "w:tbl" if self._tables:
                table = self._tables.pop()
                self._around.pop()
                if table.row > 1 and table.columns > 1:
                    self.tables += 1
                    self.tables_without_header += not table.header
            case "mc:Fallback":
                self._in_fallback -= 1
            case _ if name in _DRAWINGS and self._drawings and not self._in_fallback:
                self._around.pop()
                self._end_drawing(self._drawings.pop())
            case _ if self._unit and name == self._unit[0]:
                self._end_unit()
        if name == "w:p":
            self._end_field_code()

    def _is_mark(self) -> bool:
        """Whether the element at hand marks a paragraph, row or number as changed, with no text
        of its own in it."""
        return bool(_MARKS & set(self._stack[-2:-1])) or "w:rPr" in self._stack[-6:-1]

    def _end_paragraph(self, paragraph: Paragraph) -> None:
        for (code, severity), said in paragraph.hidden.items():
            text = "".join(said)
            if code == "office-same-colour" and not severity:
                # A picture behind the text, which may come later, would be what it is seen on.
                self._faint.append((text, self.where))
            else:
                severity = "note" if text.strip().casefold() in _FORM_MARKS else severity
                self.gathered.found(code, excerpt=text, where=self.where, severity=severity)
            self.gathered.text(text, f"hidden text in {self.where}", shown=False)
        text = "".join(paragraph.shown)
        level = paragraph.level or self.styles.heading_level(paragraph.style)
        if level and is_readable(text):
            self.headings.append(level)
        if paragraph.collapsed:
            self.gathered.found("office-collapsed-text", excerpt=text, where=self.where)
        self.said_length += len(text)
        if len(self.said) < 200 and is_readable(text):
            self.said += text + " "
        if self._unit:
            self._unit_text.append(text)
            return
        self._flow.append(text + "\n")
        self._flow_length += len(text)
        if self._flow_length > _PIECE and not self._paragraphs:
            self._hand_on()

    def _hand_on(self) -> None:
        self.gathered.text("".join(self._flow), self.where, shown=self.shown)
        self._flow, self._flow_length = [], 0

    def _end_change(self, change: Change) -> None:
        text = "".join(change.said)
        where = f"{self.where}, by {change.author}" if change.author else self.where
        if not is_readable(text):
            self._count(self._reformatted, {"w:author": change.author})
        elif change.code == "office-tracked-move":
            self.gathered.unless_shown(text, change.code, where=where, otherwise="warning")
        else:
            self.gathered.found(change.code, excerpt=text, where=where)
        self.gathered.text(text, f"text deleted in {self.where}", shown=False)

    def _end_drawing(self, drawing: Drawing) -> None:
        drawing.finish(self.gathered, self.where)
        if drawing.behind:
            self.backdrop = True
        if drawing.picture:
            self.pictures += 1
            if not (drawing.described or drawing.decorative):
                self.pictures_without_text += 1
        if self._drawings and drawing.written:
            self._drawings[-1].written = True

    def _end_unit(self) -> None:
        name, attributes = self._unit or ("", {})
        text = "\n".join(self._unit_text)
        self._unit, self._unit_text = None, []
        if self.on_unit:
            self.on_unit(name, attributes, text)

    def _end_field_code(self) -> None:
        code, self._field = "".join(self._field), []
        report_field(self.gathered, code, self.where)

    def _count(self, counts: dict[str, int], attributes: dict[str, str]) -> None:
        author = attributes.get("w:author", "")
        counts[author] = counts.get(author, 0) + 1

    def _finish(self) -> None:
        self._hand_on()
        for code, counts in (
            ("office-tracked-insertion", self._added),
            ("office-tracked-formatting", self._reformatted),
        ):
            if counts:
                by = ", ".join(sorted(author for author in counts if author)[:5])
                excerpt = f"{sum(counts.values())} by {by}" if by else str(sum(counts.values()))
                self.gathered.found(code, excerpt=excerpt, where=self.where)
                self.gathered.text(by, "authors of changes", shown=False)
        fallback = "".join(self._fallback)
        if is_readable(fallback):
            self.gathered.unless_shown(fallback, "office-unused-text", where=self.where)
            self.gathered.text(fallback, f"text for older programs in {self.where}", shown=False)

    def settle_faint(self, backdrop: bool) -> None:
        """Report text in the colour of the page, once it is known whether anything lies behind."""
        for text, where in self._faint:
            self.gathered.found(
                "office-same-colour",
                excerpt=text,
                where=where,
                severity="warning" if backdrop else "",
            )
