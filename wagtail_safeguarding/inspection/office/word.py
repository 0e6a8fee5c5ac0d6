"""Word files: which of the parts hold text, and what the reader of the document sees of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..gathered import Gathered, is_readable
from ..xml_events import END, START, Event
from .accessibility import LONG, report_accessibility
from .colours import WHITE, colour
from .package import Package, Relationship
from .word_elements import Section
from .word_story import Story
from .word_styles import Styles, is_on

_ROOTS = {
    "w:document",
    "w:hdr",
    "w:ftr",
    "w:footnotes",
    "w:endnotes",
    "w:comments",
    "w:glossaryDocument",
}
_HEADERS = {"w:hdr": "a header", "w:ftr": "a footer"}
_NOTES = {"w:footnote": "w:footnoteReference", "w:endnote": "w:endnoteReference"}


class Word:
    """Reads one Word file. ``roots`` tells the outermost element of each part."""

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
        self._styles = Styles()
        self._even_headers = False
        self._page_colour = WHITE
        self._stories: list[Story] = []
        self.body: Story | None = None
        self.read: set[str] = set()
        """The parts that were read here."""

    def inspect(self) -> None:
        for name, root in self._roots.items():
            if root == "w:styles" and "glossary" not in name:
                self._styles.read(self._package.events(name))
                self.read.add(name)
            elif root == "w:settings":
                self._settings(name)
        if self._roots.get(self._main) != "w:document":
            raise ValueError("no Word document")
        if not self._page_colour_is_shown:
            self._page_colour = WHITE
        else:
            self._page_colour = self._background(self._main)
        self.body = self._story(self._main, "the document", shown=True)
        for name, root in self._roots.items():
            if root in _ROOTS and name != self._main:
                self._other(name, root)
        backdrop = any(story.backdrop for story in self._stories)
        for story in self._stories:
            story.settle_faint(backdrop)
        self._gathered.language = self._styles.language
        report_accessibility(
            self._gathered,
            headings=self.body.headings,
            long=self.body.said_length > LONG,
            pictures=sum(story.pictures for story in self._stories),
            undescribed=sum(story.pictures_without_text for story in self._stories),
            tables=self.body.tables,
            headless=self.body.tables_without_header,
        )

    def _story(self, name: str, where: str, *, shown: bool) -> Story:
        story = Story(
            self._gathered,
            self._styles,
            where,
            shown=shown,
            page_colour=self._page_colour,
            on_unit=self._unit,
        )
        story.read(self._package.events(name))
        self._stories.append(story)
        self.read.add(name)
        return story

    def _other(self, name: str, root: str) -> None:
        match root:
            case "w:hdr" | "w:ftr":
                used = name in self._used_headers()
                where = _HEADERS[root]
                story = self._story(name, where, shown=used)
                if not used and story.said:
                    self._gathered.found("office-unused-header", excerpt=story.said, where=where)
            case "w:glossaryDocument":
                self._story(name, "a building block", shown=False)
            case "w:document":
                story = self._story(name, "a second document", shown=False)
                if story.said:
                    self._gathered.found("office-unused-text", excerpt=story.said, where=name)
            case _:
                self._story(name, root.partition(":")[2], shown=True)

    def _used_headers(self) -> set[str]:
        """The parts of those headers and footers that are on some page."""
        sections: list[Section] = self.body.sections if self.body else []
        kinds = {"default"}
        if any(section.title_page for section in sections):
            kinds.add("first")
        if self._even_headers:
            kinds.add("even")
        return {
            self._links.get(link, "")
            for section in sections
            for kind, link in section.references
            if kind in kinds
        }

    def _unit(self, name: str, attributes: dict[str, str], text: str) -> None:
        match name:
            case "w:comment":
                author = attributes.get("w:author", "")
                where = f"a comment by {author}" if author else "a comment"
                severity = "" if is_readable(text) else "warning"
                self._gathered.found("office-comment", excerpt=text, where=where, severity=severity)
                self._gathered.text(f"{text}\n{author}", "a comment", shown=False)
            case "w:footnote" | "w:endnote":
                used = self.body is not None and (
                    (_NOTES[name], attributes.get("w:id", "")) in self.body.notes
                )
                where = f"a {name.partition(':')[2]}"
                self._gathered.text(text, where, shown=used)
                if not used and is_readable(text):
                    self._gathered.found("office-unused-text", excerpt=text, where=where)
            case _:
                self._gathered.text(text, "a building block", shown=False)

    # Settings

    _page_colour_is_shown = False

    def _settings(self, name: str) -> None:
        gathered = self._gathered
        revisions = 0
        merged = False
        for kind, tag, value in self._package.events(name):
            merged = (merged or tag == "w:mailMerge") and not (kind == END and tag == "w:mailMerge")
            if kind != START:
                continue
            match tag:
                case "w:evenAndOddHeaders":
                    self._even_headers = is_on(value)
                case "w:displayBackgroundShape":
                    self._page_colour_is_shown = is_on(value)
                case "w:rsid":
                    revisions += 1
                case "w:docVar":
                    said = f"{value.get('w:name', '')}: {value.get('w:val', '')}"
                    if is_readable(value.get("w:val", "")):
                        gathered.found("office-variable", excerpt=said, where="a variable")
                        gathered.text(said, "a variable", shown=False)
                case "w:documentProtection" if is_on({"w:val": value.get("w:enforcement", "0")}):
                    gathered.found("office-protection", excerpt=value.get("w:edit", ""))
                case "w:writeProtection":
                    gathered.found("office-protection", excerpt="writing")
                case "w:trackRevisions" if is_on(value):
                    gathered.facts["tracks_changes"] = True
                case "w:query" | "w:connectString" | "w:udl" | "w:table" if merged:
                    if said := value.get("w:val", ""):
                        gathered.found("office-data-connection", excerpt=said, where="a mail merge")
                        gathered.text(said, "a mail merge", shown=False)
        if revisions:
            gathered.found("office-revision-ids", excerpt=str(revisions))
        self.read.add(name)

    def _background(self, name: str) -> str:
        events: Iterator[Event] = self._package.events(name)
        for kind, tag, value in events:
            if kind == START and tag == "w:background":
                return colour(value.get("w:color")) or WHITE
            if tag == "w:body":
                break
        return WHITE
