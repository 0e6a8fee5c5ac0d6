"""PowerPoint files: slides, notes, comments, and what lies off a slide or under something."""

from __future__ import annotations

from collections.abc import Iterator

from ..gathered import Gathered, is_readable
from ..xml_events import Event
from .accessibility import report_accessibility
from .colours import SCHEME, colour
from .covers import report_covers
from .package import Package, Relationship
from .properties import pairs
from .shapes import CROPPED, Drawn, Shape, overlap, read_shapes, settle_colours

_TITLES = {"title", "ctrTitle"}
_FURNITURE = {"sldNum", "dt", "ftr", "hdr", "sldImg"}


class Presentation:
    """Reads one presentation; takes what ``word.Word`` takes."""

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
        self._targets: dict[str, dict[str, str]] = {}
        """Of each part the parts it refers to, by the id of the reference."""
        self._by_kind: dict[tuple[str, str], list[str]] = {}
        for relationship in relationships:
            if not relationship.external:
                source, target = relationship.source, relationship.target
                self._targets.setdefault(source, {})[relationship.id] = target
                self._by_kind.setdefault((source, relationship.kind), []).append(target)
        self._size = (9_144_000.0, 6_858_000.0)
        self._furniture: dict[str, Drawn] = {}
        self.slides: list[Drawn] = []
        self.read: set[str] = set()

    def inspect(self) -> None:
        slides = self._read_presentation()
        for name, root in self._roots.items():
            if root in {"p:sldLayout", "p:sldMaster"}:
                self._layout(name)
        for number, name in enumerate(slides, 1):
            if self._roots.get(name) == "p:sld":
                self._slide(number, name)
        for name, root in self._roots.items():
            if root == "p:sld" and name not in slides:
                self._left_out(name)
            elif root in {"p:notesMaster", "p:handoutMaster"}:
                self._master_of_notes(name)
            elif root in {"p:cmLst", "p14:cmLst"}:
                self._comments(name)
            elif root in {"p:cmAuthorLst", "p14:authorLst", "p14:chgInfo"}:
                self._people(name)
            elif root == "p:tagLst":
                self._tags(name)
        self._gathered.pages = len(slides) or None
        self._accessibility()

    def _accessibility(self) -> None:
        languages = [slide.language for slide in self.slides if slide.language]
        self._gathered.language = next(iter(languages), "")
        shapes = [shape for slide in self.slides for shape in slide.shapes]
        pictures = [shape for shape in shapes if shape.picture and not shape.decorative]
        tables = [shape for shape in shapes if shape.table]
        report_accessibility(
            self._gathered,
            pictures=len(pictures),
            undescribed=sum(not shape.described for shape in pictures),
            tables=len(tables),
            headless=sum(not shape.header_row for shape in tables),
        )
        untitled = [
            str(number)
            for number, slide in enumerate(self.slides, 1)
            if not any(s.placeholder in _TITLES and is_readable(s.text) for s in slide.shapes)
        ]
        if untitled:
            self._gathered.found("access-slide-titles", excerpt=", ".join(untitled))

    def _events(self, name: str) -> Iterator[Event]:
        self.read.add(name)
        return self._package.events(name)

    def _read_presentation(self) -> list[str]:
        slides: list[str] = []
        targets = self._targets.get(self._main, {})
        for name, attributes, _ in pairs(self._events(self._main)):
            match name:
                case "p:sldId":
                    slides.append(targets.get(attributes.get("r:id", ""), ""))
                case "p:sldSz":
                    width, height = attributes.get("cx", ""), attributes.get("cy", "")
                    if width.isdigit() and height.isdigit():
                        self._size = (float(width), float(height))
                case "p14:section" | "p:custShow":
                    said = attributes.get("name", "")
                    self._gathered.text(said, "the name of a section or show", shown=False)
                case "p:modifyVerifier":
                    self._gathered.found("office-protection", where="the presentation")
        return slides

    # Layouts

    def _layout(self, name: str) -> None:
        drawn = read_shapes(self._events(name))
        self._furniture[name] = drawn
        for shape in drawn.shapes:
            settle_colours(shape, None)
            # The words of a placeholder only tell where to click.
            shown = not shape.placeholder and not shape.hidden
            self._gathered.text(shape.text, "a layout", shown=shown)

    def _layouts_of(self, name: str) -> list[Drawn]:
        """The layout and the master of a slide."""
        chain: list[Drawn] = []
        for kind in ("slideLayout", "slideMaster"):
            name = next(iter(self._by_kind.get((name, kind), [])), "")
            if name in self._furniture:
                chain.append(self._furniture[name])
        return chain

    def _paper(self, slide: Drawn, chain: list[Drawn]) -> str | None:
        """The colour of the slide itself, if it is a plain one that is known."""
        given = next((drawn.background for drawn in (slide, *chain) if drawn.background), None)
        mapped = next((drawn.colour_map for drawn in chain if drawn.colour_map), {})
        if given in {"bg1", "lt1"} and mapped.get("bg1", "lt1") != "lt1":
            return None
        return SCHEME.get(given or "") or colour(given)

    # Slides

    def _slide(self, number: int, name: str) -> None:
        gathered = self._gathered
        drawn = read_shapes(self._events(name))
        self.slides.append(drawn)
        chain = self._layouts_of(name)
        paper = self._paper(drawn, chain)
        hidden = drawn.root.get("show") in {"0", "false"}
        doubtful = any(_is_backdrop(shape) for layout in chain for shape in layout.shapes)
        for at, shape in enumerate(drawn.shapes):
            under = drawn.shapes[:at]
            unsure = doubtful or any(
                _is_backdrop(other) and _touch(other, shape) for other in under
            )
            self._shape(number, shape, paper, unsure=unsure, hidden=hidden)
        if not hidden:
            report_covers(self._gathered, number, drawn.shapes, moving=drawn.animated)
        said = " ".join(shape.text for shape in drawn.shapes if shape.text)
        if hidden:
            severity = "" if is_readable(said) or any(s.picture for s in drawn.shapes) else "note"
            gathered.found("office-hidden-slide", page=number, excerpt=said, severity=severity)
        for notes in self._by_kind.get((name, "notesSlide"), []):
            if notes in self._roots:
                self._notes(number, notes)

    def _shape(
        self, number: int, shape: Shape, paper: str | None, *, unsure: bool, hidden: bool
    ) -> None:
        gathered = self._gathered
        faint = " ".join(settle_colours(shape, paper))
        if is_readable(faint):
            severity = "warning" if unsure and not shape.fill else ""
            gathered.found("office-same-colour", page=number, excerpt=faint, severity=severity)
            gathered.text(faint, "hidden text", page=number, shown=False)
        for code, text in shape.unseen:
            if is_readable(text):
                gathered.found(code, page=number, excerpt=text)
                gathered.text(text, "hidden text", page=number, shown=False)
        seen = not hidden
        if shape.hidden or self._is_off(shape):
            seen = False
            code = "office-hidden-object" if shape.hidden else "office-off-page"
            if is_readable(shape.text):
                gathered.found(code, page=number, excerpt=shape.text)
            elif shape.picture:
                gathered.found(code, page=number, excerpt="a picture", severity="warning")
        gathered.text(shape.text, "slide", page=number, shown=seen)
        gathered.text("\n".join(shape.words), "alternative text", page=number, shown=False)
        if shape.cropped >= CROPPED:
            gathered.found("office-cropped-picture", page=number, excerpt=f"{shape.cropped:.0%}")

    def _is_off(self, shape: Shape) -> bool:
        whole = (0.0, 0.0, *self._size)
        return shape.box is not None and shape.area > 0 and overlap(shape.box, whole) == 0

    def _notes(self, number: int, name: str) -> None:
        drawn = read_shapes(self._events(name))
        for shape in drawn.shapes:
            settle_colours(shape, None)
        said = "\n".join(s.text for s in drawn.shapes if s.placeholder not in _FURNITURE)
        rest = "\n".join(s.text for s in drawn.shapes if s.placeholder in _FURNITURE - {"sldNum"})
        self._gathered.text(f"{said}\n{rest}", "speaker notes", page=number, shown=False)
        if is_readable(said):
            self._gathered.found("office-speaker-notes", page=number, excerpt=said)

    def _left_out(self, name: str) -> None:
        drawn = read_shapes(self._events(name))
        for shape in drawn.shapes:
            settle_colours(shape, None)
        said = "\n".join(shape.text for shape in drawn.shapes)
        self._gathered.text(said, "a slide that is not shown", shown=False)
        if is_readable(said):
            self._gathered.found("office-unused-text", excerpt=said, where="a slide left out")

    def _master_of_notes(self, name: str) -> None:
        for shape in read_shapes(self._events(name)).shapes:
            settle_colours(shape, None)
            self._gathered.text(shape.text, "the layout of notes", shown=False)

    # Beside the slides

    def _comments(self, name: str) -> None:
        for _, _, text in pairs(self._events(name)):
            if is_readable(text):
                self._gathered.found("office-comment", excerpt=text, where="a comment")
                self._gathered.text(text, "a comment", shown=False)

    def _people(self, name: str) -> None:
        names: dict[str, None] = {}
        for tag, attributes, _ in pairs(self._events(name)):
            if tag in {"p:cmAuthor", "p14:author", "a14:chgData", "p14:chgData"}:
                names[attributes.get("name", "")] = None
                user = attributes.get("userId", "")
                self._gathered.text(f"{attributes.get('name', '')}\n{user}", "people", shown=False)
        for person in names:
            if is_readable(person):
                self._gathered.found("office-people", excerpt=person)

    def _tags(self, name: str) -> None:
        for tag, attributes, _ in pairs(self._events(name)):
            if tag == "p:tag":
                said = f"{attributes.get('name', '')}: {attributes.get('val', '')}"
                self._gathered.text(said, "a tag", shown=False)
                self._gathered.found(
                    "office-variable", excerpt=said, where="a tag", severity="note"
                )


def _is_backdrop(shape: Shape) -> bool:
    """Whether text may be written on top of it."""
    return shape.picture or shape.fill is not None


def _touch(first: Shape, second: Shape) -> bool:
    return first.box is None or second.box is None or overlap(first.box, second.box) > 0
