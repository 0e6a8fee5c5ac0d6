"""``content.xml`` and ``styles.xml`` of OpenDocument: text, and what hides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..gathered import Gathered, is_readable
from ..reading import MAX_EXCERPT
from ..xml_events import END, START, Event
from .colours import WHITE, same
from .covers import cover_severity, report_covers
from .opendocument_styles import TINY, UNKNOWN, Page, Properties, Styles, points
from .properties import report_path
from .shapes import Shape, overlap

_PIECE = 10_000
_PARAGRAPHS = {"text:p", "text:h"}
_SHAPES = {
    "draw:frame",
    "draw:rect",
    "draw:custom-shape",
    "draw:ellipse",
    "draw:circle",
    "draw:polygon",
    "draw:path",
    "draw:caption",
    "draw:line",
    "draw:connector",
    "draw:control",
}
_FAMILIES = {
    "text:span": ("text", "text:style-name"),
    "text:a": ("text", "text:style-name"),
    "text:p": ("paragraph", "text:style-name"),
    "text:h": ("paragraph", "text:style-name"),
    "text:section": ("section", "text:style-name"),
    "table:table": ("table", "table:style-name"),
    "table:table-row": ("table-row", "table:style-name"),
    "table:table-cell": ("table-cell", "table:style-name"),
    "table:covered-table-cell": ("table-cell", "table:style-name"),
}
_SPACES = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_VALUES = {
    "text:user-field-decl": ("text:name", "office:string-value"),
    "text:variable-set": ("text:name", "office:string-value"),
    "text:bookmark": ("text:name",),
    "text:bookmark-start": ("text:name",),
    "table:content-validation": ("table:name", "table:condition"),
    "table:error-message": ("table:title",),
    "table:help-message": ("table:title",),
    "table:named-range": ("table:name",),
    "table:scenario": ("table:comment",),
    "form:text": ("form:name", "form:value", "form:current-value"),
    "form:hidden": ("form:name", "form:value"),
    "text:alphabetical-index-mark": ("text:string-value", "text:key1", "text:key2"),
    "text:toc-mark": ("text:string-value",),
    "text:user-index-mark": ("text:string-value",),
}
_UNSEEN_WORDS = {
    "text:user-field-decl": "office-variable",
    "form:hidden": "office-variable",
    "text:alphabetical-index-mark": "office-field-code",
    "text:toc-mark": "office-field-code",
    "text:user-index-mark": "office-field-code",
}


@dataclass
class _Context:
    """An open element that says something of the text within."""

    name: str
    styles: tuple[Properties, ...] = ()
    hides: str = ""
    shape: Shape | None = None


@dataclass
class _Paragraph:
    level: int = 0
    """Of a heading."""
    shown: list[str] = field(default_factory=list)
    hidden: dict[tuple[str, str], list[str]] = field(default_factory=dict)


class Content:
    """Reads one part; ``listens`` has the names of elements whose text goes elsewhere."""

    def __init__(self, gathered: Gathered, styles: Styles, kind: str, where: str) -> None:
        self._gathered = gathered
        self._styles = styles
        self._kind = kind
        """"text", "spreadsheet" or "presentation"."""
        self._where = where
        self._stack: list[str] = []
        self._contexts: list[_Context] = []
        self._paragraphs: list[_Paragraph] = []
        self._aside: list[tuple[str, dict[str, str], list[str]]] = []
        """Deletions, comments and notes that are open, whose text is not the document's."""
        self._flow: list[str] = []
        self._length = 0
        self._page_number: int | None = None
        self._page = Page()
        self._page_shapes: list[Shape] = []
        self._page_said: list[str] = []
        self._page_hidden = False
        self._animated = False
        self._columns: list[str] = []
        self._column = 0
        self._sheet = 0
        self._cells: dict[tuple[str, str], list[str]] = {}
        """Of a sheet: what is hidden, by what hides it."""
        self._insertions: dict[str, int] = {}
        self._author = ""
        self.headings: list[int] = []
        self.pictures = 0
        self.pictures_without_text = 0
        self.said_length = 0
        self.objects: set[str] = set()

    def read(self, events: Iterator[Event]) -> None:
        for kind, name, value in events:
            if kind == START:
                self._stack.append(name)
                if name.startswith("style:"):
                    self._styles.note(name, value)
                if target := value.get("xlink:href"):
                    self._refer(target)
                self._start(name, value)
            elif kind == END:
                self._end(name)
                self._stack.pop()
            else:
                self._text(name)
        self._hand_on()
        for author, count in self._insertions.items():
            excerpt = f"{count} by {author}" if author else str(count)
            self._gathered.found("office-tracked-insertion", excerpt=excerpt, where=self._where)

    # Beginnings

    def _start(self, name: str, value: dict[str, str]) -> None:
        if name in _PARAGRAPHS:
            level = value.get("text:outline-level", "1") if name == "text:h" else ""
            self._paragraphs.append(_Paragraph(int(level) if level.isdigit() else 0))
        elif name in _SPACES:
            self._say(_SPACES[name])
        if name in _ASIDES:
            self._aside.append((name, value, []))
        elif name in _SHAPES:
            self._begin_shape(name, value)
        elif name in _FAMILIES:
            self._begin(name, value)
        elif name == "draw:page":
            self._begin_page(value)
        elif name == "table:table-column":
            self._begin_column(value)
        else:
            self._note(name, value)
        for key in _VALUES.get(name, ()):
            self._unseen_value(name, value.get(key, ""))

    def _begin(self, name: str, value: dict[str, str]) -> None:
        family, key = _FAMILIES[name]
        styles = tuple(self._styles.chain(family, value.get(key, "")))
        context = _Context(name, styles)
        match name:
            case "text:section" if value.get("text:display") in {"none", "condition"}:
                if value["text:display"] == "none" or value.get("text:is-hidden") == "true":
                    context.hides = "office-hidden-formatting"
            case "table:table":
                self._columns = []
                if self._kind == "spreadsheet":
                    self._sheet += 1
                    said = value.get("table:name", "")
                    self._where = f"sheet {self._sheet}, “{said}”"
                    self._page_number = self._sheet
                    self._gathered.text(said, f"the name of sheet {self._sheet}")
                if any(style.hidden for style in styles):
                    context.hides = "office-hidden-sheet"
            case "table:table-row":
                self._column = 0
                folded = value.get("table:visibility") in {"collapse", "filter"}
                if folded or any(style.squeezed for style in styles[:1]):
                    context.hides = "office-hidden-row"
            case "table:table-cell" | "table:covered-table-cell":
                if name == "table:covered-table-cell":
                    context.hides = "office-hidden-cell"
                elif self._column < len(self._columns):
                    context.hides = self._columns[self._column]
                self._column += _repeated(value, "table:number-columns-repeated")
        self._contexts.append(context)

    def _begin_column(self, value: dict[str, str]) -> None:
        folded = value.get("table:visibility") in {"collapse", "filter"}
        style = next(self._styles.chain("table-column", value.get("table:style-name", "")), None)
        hides = "office-hidden-column" if folded or (style and style.squeezed) else ""
        self._columns += [hides] * _repeated(value, "table:number-columns-repeated")
        del self._columns[_MAX_COLUMNS:]

    def _begin_page(self, value: dict[str, str]) -> None:
        self._hand_on()
        self._page_number = (self._page_number or 0) + 1
        self._where = f"slide {self._page_number}"
        self._page = self._styles.page(value.get("draw:master-page-name", ""))
        styles = list(self._styles.chain("drawing-page", value.get("draw:style-name", "")))
        drawn = next((style.background for style in styles if style.background), None)
        self._page.background = drawn or self._page.background
        self._page_hidden = any(style.hidden for style in styles)
        self._page_shapes, self._page_said = [], []
        self._animated = False
        self._gathered.text(value.get("draw:name", ""), "the name of a slide", shown=False)

    def _begin_shape(self, name: str, value: dict[str, str]) -> None:
        style = value.get("draw:style-name") or value.get("presentation:style-name", "")
        family = "graphic" if value.get("draw:style-name") else "presentation"
        styles = tuple(self._styles.chain(family, style)) or tuple(
            self._styles.chain("graphic" if family == "presentation" else "presentation", style)
        )
        shape = Shape(name, placeholder=value.get("presentation:class", ""))
        shape.fill = next((one.background for one in styles if one.background), None)
        shape.opaque = all(one.opaque for one in styles[:1])
        left, top = points(value.get("svg:x")), points(value.get("svg:y"))
        width, height = points(value.get("svg:width")), points(value.get("svg:height"))
        if None not in (left, top, width, height):
            shape.box = (left, top, left + width, top + height)  # type: ignore[operator, assignment]
        context = _Context(name, styles, shape=shape)
        undrawn = value.get("draw:display") in {"none", "printer"}
        if undrawn or any(one.hidden for one in styles[:1]):
            context.hides = "office-hidden-object"
            shape.hidden = True
        elif self._kind == "presentation" and self._is_off(shape):
            context.hides = "office-off-page"
        if any(one.cropped for one in styles[:1]):
            self._found("office-cropped-picture", "")
        self._contexts.append(context)
        if self._kind == "presentation" and not self._aside:
            self._page_shapes.append(shape)

    def _is_off(self, shape: Shape) -> bool:
        page = (0.0, 0.0, self._page.width, self._page.height)
        return shape.box is not None and shape.area > 0 and overlap(shape.box, page) == 0

    def _note(self, name: str, value: dict[str, str]) -> None:
        shape = next((c.shape for c in reversed(self._contexts) if c.shape), None)
        match name:
            case "draw:image" if shape:
                shape.picture = True
                self._link(value)
            case "draw:object-ole":
                self._found("office-embedded", value.get("xlink:href", ""))
            case "draw:image" | "draw:object" | "draw:floating-frame" | "draw:plugin":
                self._link(value)
            case "text:a" | "draw:a":
                target = value.get("xlink:href", "")
                self._gathered.text(target, "the address of a link", shown=False)
                report_path(self._gathered, target, "a link")
            case "text:hidden-text":
                self._hide("office-hidden-formatting", value.get("text:string-value", ""))
            case "text:hidden-paragraph" if value.get("text:is-hidden") == "true":
                # It says so of the paragraph that it lies in.
                for context in reversed(self._contexts):
                    if context.name in _PARAGRAPHS:
                        context.hides = "office-hidden-formatting"
                        break
            case "text:conditional-text":
                for key in ("text:string-value-if-true", "text:string-value-if-false"):
                    said = value.get(key, "")
                    self._gathered.text(said, f"a condition in {self._where}", shown=False)
                    self._gathered.unless_shown(said, "office-unused-text", where=self._where)
            case "table:table-source" | "text:section-source":
                self._link(value)
            case "office:dde-source":
                said = " ".join(value.get(f"office:dde-{key}", "") for key in ("topic", "item"))
                self._found("office-link", said)
            case "script:event-listener" | "presentation:event-listener" | "script:library-linked":
                if "vnd.sun.star.script:" in value.get("xlink:href", ""):
                    self._found("office-macros", value["xlink:href"])
            case "anim:par" | "presentation:animations":
                self._animated = True
            case "text:changed-region" | "text:insertion" | "table:insertion":
                self._author = ""
            case "table:scenario":
                self._found("office-variable", value.get("table:comment", ""))

    def _refer(self, target: str) -> None:
        if _is_inside(target):
            self.objects.add(target.removeprefix("./"))

    def _link(self, value: dict[str, str]) -> None:
        target = value.get("xlink:href", "")
        if target and not target.startswith("#") and not _is_inside(target):
            self._gathered.text(target, "the address of a link", shown=False)
            self._found("office-link", target)
            report_path(self._gathered, target, "a link")

    # Text

    def _text(self, text: str) -> None:
        name = self._stack[-1] if self._stack else ""
        if name == "dc:creator":
            self._author = text
            if self._aside:
                self._aside[-1][1]["author"] = text
        elif name in {"svg:title", "svg:desc"}:
            if is_readable(text):
                for context in reversed(self._contexts):
                    if context.shape:
                        context.shape.described = True
                        break
            self._gathered.text(text, f"alternative text in {self._where}", shown=False)
        elif self._paragraphs and name not in _NO_TEXT:
            self._say(text)

    def _say(self, text: str) -> None:
        if self._aside:
            # The notes of a slide have its number and its date beside them.
            placed = [context.shape.placeholder for context in self._contexts if context.shape]
            if not set(placed) & _FURNITURE:
                self._aside[-1][2].append(text)
            return
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        code, severity = self._hidden()
        for context in self._contexts:
            if context.shape and not code:
                context.shape.said.append(text)
        if not code:
            paragraph.shown.append(text)
        elif is_readable(text) or (code, severity) in paragraph.hidden:
            paragraph.hidden.setdefault((code, severity), []).append(text)

    def _hidden(self) -> tuple[str, str]:
        """The code of what hides the text at hand, and a severity that differs."""
        for context in self._contexts:
            if context.hides:
                return context.hides, ""
        texts = [
            (context, style)
            for context in reversed(self._contexts)
            if context.name != "table:table-row"
            for style in context.styles
        ]
        hidden = next((style.hidden for _, style in texts if style.hidden is not None), None)
        if hidden:
            return "office-hidden-formatting", ""
        size = next((style.size for _, style in texts if style.size is not None), None)
        squeezed = any(style.squeezed for context, style in texts if context.name in _PARAGRAPHS)
        if squeezed or (size is not None and size <= TINY):
            return "office-tiny-text", ""
        written = next((style.colour for _, style in texts if style.colour), None)
        if written is None:
            return "", ""
        behind = next((style.background for _, style in texts if style.background), None)
        doubtful = behind is None and any(context.shape for context in self._contexts)
        behind = behind or self._page.background or WHITE
        if behind == UNKNOWN or not same(written, behind):
            return "", ""
        return "office-same-colour", "warning" if doubtful else ""

    def _hide(self, code: str, text: str) -> None:
        if is_readable(text):
            self._found(code, text)
            self._gathered.text(text, f"hidden text in {self._where}", shown=False)

    def _found(self, code: str, excerpt: str, severity: str = "") -> None:
        page = self._page_number if self._kind != "text" else None
        self._gathered.found(code, excerpt=excerpt, where=self._where, page=page, severity=severity)

    def _unseen_value(self, name: str, said: str) -> None:
        self._gathered.text(said, f"{name.partition(':')[2]} in {self._where}", shown=False)
        if name in _UNSEEN_WORDS and is_readable(said):
            self._gathered.unless_shown(said, _UNSEEN_WORDS[name], where=self._where)

    # Ends

    def _end(self, name: str) -> None:
        if name in _PARAGRAPHS and self._paragraphs:
            self._end_paragraph(name, self._paragraphs.pop())
        if self._contexts and self._contexts[-1].name == name:
            self._end_context(self._contexts.pop())
        if name in _ASIDES and self._aside:
            self._end_aside(*self._aside.pop())
        elif name == "draw:page":
            self._end_page()
        elif name == "text:insertion" or name == "table:insertion":
            self._insertions[self._author] = self._insertions.get(self._author, 0) + 1
        elif name == "text:format-change":
            self._found("office-tracked-formatting", self._author)

    def _end_paragraph(self, name: str, paragraph: _Paragraph) -> None:
        if self._aside:
            self._aside[-1][2].append("\n")
            return
        for (code, severity), said in paragraph.hidden.items():
            text = "".join(said)
            if self._kind == "spreadsheet":
                self._cells.setdefault((code, severity), []).append(text[:MAX_EXCERPT])
            else:
                self._found(code, text, severity)
            self._gathered.text(text, f"hidden text in {self._where}", shown=False)
        text = "".join(paragraph.shown)
        if not text:
            return
        if paragraph.level:
            self.headings.append(paragraph.level)
        self.said_length += len(text)
        self._page_said.append(text)
        self._flow.append(text + "\n")
        self._length += len(text)
        if self._length > _PIECE and self._kind != "presentation":
            self._hand_on()

    def _end_context(self, context: _Context) -> None:
        shape = context.shape
        if shape is None:
            if context.name == "table:table" and self._kind == "spreadsheet":
                self._end_sheet()
            return
        if shape.picture:
            self.pictures += 1
            self.pictures_without_text += not shape.described
        style = context.styles[0] if context.styles else Properties()
        if (
            self._kind == "text"
            and context.name != "draw:frame"
            and style.in_front
            and shape.is_solid
            and shape.fill != UNKNOWN
            and not is_readable(shape.text)
        ):
            self._found("office-covering-shape", "", cover_severity(shape.fill or WHITE))

    def _end_sheet(self) -> None:
        for (code, severity), said in self._cells.items():
            self._found(code, " ".join(said[:20]), severity)
        self._cells = {}
        self._hand_on()

    def _end_page(self) -> None:
        text = "\n".join(self._page_said)
        if self._page_hidden:
            severity = "" if is_readable(text) else "note"
            self._found("office-hidden-slide", text, severity)
        else:
            report_covers(
                self._gathered, self._page_number or 1, self._page_shapes, moving=self._animated
            )
        self._flow = []
        self._gathered.text(text, "slide", page=self._page_number, shown=not self._page_hidden)

    def _hand_on(self) -> None:
        page = self._page_number if self._kind != "text" else None
        self._gathered.text("".join(self._flow), self._where, page=page)
        self._flow, self._length = [], 0

    def _end_aside(self, name: str, value: dict[str, str], said: list[str]) -> None:
        text = "".join(said).strip()
        code = _ASIDES[name]
        author = value.get("author", "")
        where = f"{self._where}, by {author}" if author else self._where
        self._gathered.text(f"{text}\n{author}", f"{_WORDS[code]} {self._where}", shown=False)
        if is_readable(text):
            self._gathered.found(code, excerpt=text, where=where, page=self._page_number)


_MAX_COLUMNS = 20_000
_NO_TEXT = {"dc:date", "meta:creator-initials", "meta:date-string"}
_FURNITURE = {"page-number", "date-time", "header", "footer", "page"}
_ASIDES = {
    "text:deletion": "office-tracked-deletion",
    "table:deletion": "office-tracked-deletion",
    "table:previous": "office-tracked-deletion",
    "office:annotation": "office-comment",
    "presentation:notes": "office-speaker-notes",
}
_WORDS = {
    "office-tracked-deletion": "text deleted in",
    "office-comment": "a comment in",
    "office-speaker-notes": "the notes of",
}


def _repeated(value: dict[str, str], key: str) -> int:
    said = value.get(key, "1")
    return min(int(said), _MAX_COLUMNS) if said.isdigit() and len(said) < 10 else 1


def _is_inside(target: str) -> bool:
    """Whether a reference leads to a part of the file itself."""
    return ":" not in target and not target.startswith(("../", "/", "#"))
