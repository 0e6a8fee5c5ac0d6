"""Small, real, accessible PDF reports for the demo.

``make_pdf`` writes what a good authoring tool would: tagged headings, paragraphs and
lists in reading order, a title, a language, embedded fonts with their Unicode values,
and page furniture marked as artifacts. It claims no PDF/UA conformance in the metadata:
half of that standard can only be judged by a person.

The same input gives the same bytes, so that reloading the demo changes no checksum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

from .pdf_font import BOLD, REGULAR, Face
from .shapes import Document, Publisher, Section, written_date

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # A4
LEFT, RIGHT, BOTTOM = 64.0, PAGE_WIDTH - 64.0, 76.0
FIRST_TOP, TOP = PAGE_HEIGHT - 54.0, PAGE_HEIGHT - 80.0  # later pages have a running title
BULLET, BULLET_INDENT = "\u2022", 16.0

INK, MUTED, ACCENT, RULE = "0.07 0.09 0.1", "0.3 0.34 0.37", "0.05 0.29 0.36", "0.7 0.75 0.77"

CREATED_PDF, CREATED_XMP = "D:20260101090000Z", "2026-01-01T09:00:00Z"
PRODUCER = "wagtail_safeguarding example project"


@dataclass(frozen=True)
class Style:
    face: str
    size: float
    leading: float
    colour: str = INK
    before: float = 0.0
    after: float = 0.0


PUBLISHER = Style("B", 9.5, 14, ACCENT, after=14)
TITLE = Style("B", 21, 27, ACCENT, after=4)
SUBTITLE = Style("R", 10.5, 16, MUTED, after=10)
HEADING = Style("B", 13, 18, ACCENT, before=12, after=4)
BODY = Style("R", 10, 15.5, after=7)
ITEM = Style("R", 10, 15.5, after=3)
FURNITURE = Style("R", 8, 11, MUTED)


@dataclass
class Element:
    """A structure element. Kids are elements, or (page, MCID) of marked content."""

    tag: str
    kids: list[Element | tuple[int, int]] = field(default_factory=list)

    def add(self, tag: str) -> Element:
        kid = Element(tag)
        self.kids.append(kid)
        return kid


def make_pdf(
    title: str,
    sections: Iterable[Section],
    *,
    publisher: str = "",
    subtitle: str = "",
    language: str = "en-GB",
) -> bytes:
    """A tagged A4 report.

    ``title`` becomes the document title and the only H1; each section a heading (H2),
    left out when empty, then its paragraphs and its list. Raises ``ValueError`` for an
    empty title and for a character that the font does not have.
    """
    title = " ".join(title.split())
    if not title:
        raise ValueError("A PDF file needs a title.")
    report = _Layout()
    if publisher:
        report.text(report.root.add("P"), publisher, PUBLISHER)
    report.text(report.root.add("H1"), title, TITLE)
    if subtitle:
        report.text(report.root.add("P"), subtitle, SUBTITLE)
    report.rule()
    for section in sections:
        if section.heading:
            report.text(report.root.add("H2"), section.heading, HEADING, keep=BODY.leading * 3)
        for paragraph in section.paragraphs:
            report.text(report.root.add("P"), paragraph, BODY)
        report.bullets(section.bullets)
    report.furniture(title, publisher)
    return _write(report, title, language)


def document_pdf(document: Document, publisher: Publisher) -> bytes:
    """The file of one document of the demo."""
    return make_pdf(
        document.title,
        document.sections,
        publisher=publisher.name,
        subtitle=written_date(document.date),
        language=document.language,
    )


class _Layout:
    """Places lines on pages and notes which structure element each of them belongs to."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self.faces = {"R": Face(REGULAR), "B": Face(BOLD)}
        self.pages: list[list[bytes]] = []
        self.owners: list[list[Element]] = []
        self._new_page()

    def _new_page(self) -> None:
        self.pages.append([])
        self.owners.append([])
        self.y = self.top = FIRST_TOP if len(self.pages) == 1 else TOP

    def _room(self, leading: float) -> int:
        return int((self.y - BOTTOM) // leading)

    def text(
        self,
        element: Element,
        text: str,
        style: Style,
        *,
        indent: float = 0.0,
        keep: float = 0.0,
    ) -> None:
        """Flow ``text``. ``keep`` is the height of other text that must still fit below it."""
        lines = self._wrap(text, style, RIGHT - LEFT - indent)
        if self.y < self.top:
            self.y -= style.before
        if keep and self.y - len(lines) * style.leading - style.after - keep < BOTTOM:
            self._new_page()
        while lines:
            count = _lines_here(len(lines), self._room(style.leading))
            if count == 0:
                self._new_page()
                continue
            self._mark(element, lines[:count], style, LEFT + indent, last=count == len(lines))
            self.y -= count * style.leading
            lines = lines[count:]
        self.y -= style.after

    def bullets(self, items: Iterable[str]) -> None:
        items = tuple(items)
        if not items:
            return
        listing = self.root.add("L")
        for item in items:
            entry = listing.add("LI")
            # The mark must not stay behind alone at the foot of a page.
            if self._room(ITEM.leading) < 2:
                self._new_page()
            self._mark(entry.add("Lbl"), [BULLET], ITEM, LEFT + 3)
            self.text(entry.add("LBody"), item, ITEM, indent=BULLET_INDENT)
        self.y -= BODY.after - ITEM.after

    def rule(self) -> None:
        """A line across the page, below what is there."""
        y = f"{self.y:.2f}"
        self._decoration(self.pages[-1], f"{RULE} RG 0.75 w {LEFT} {y} m {RIGHT:.2f} {y} l S")
        self.y -= 14

    def furniture(self, title: str, publisher: str) -> None:
        """Everything that repeats: the band, the running title, the footer."""
        total = len(self.pages)
        for number, page in enumerate(self.pages, 1):
            band = f"{ACCENT} rg 0 {PAGE_HEIGHT - 10:.2f} {PAGE_WIDTH} 10 re f"
            self._decoration(page, band)
            if number > 1:
                self._furniture_line(page, title, "", PAGE_HEIGHT - 46, PAGE_HEIGHT - 54, "Header")
            label = f"Page {number} of {total}"
            self._furniture_line(page, publisher or title, label, 46, 62, "Footer")

    def _furniture_line(
        self, page: list[bytes], left: str, right: str, y: float, rule_y: float, kind: str
    ) -> None:
        limit = RIGHT - LEFT - (self.faces["R"].width(right, FURNITURE.size) + 20 if right else 0)
        left = self._shorten(left, limit)
        right_x = RIGHT - self.faces["R"].width(right, FURNITURE.size)
        rule = f"{RULE} RG 0.5 w {LEFT} {rule_y:.2f} m {RIGHT:.2f} {rule_y:.2f} l S"
        page += [
            f"/Artifact <</Type /Pagination /Subtype /{kind}>> BDC\n{rule}\n".encode(),
            self._show([left], FURNITURE, LEFT, y),
            self._show([right], FURNITURE, right_x, y) if right else b"",
            b"EMC\n",
        ]

    def _shorten(self, text: str, limit: float) -> str:
        face, words = self.faces["R"], text.split()
        while words and face.width(" ".join(words), FURNITURE.size) > limit:
            words.pop()
        return text if len(words) == len(text.split()) else " ".join(words) + "\u2026"

    def _decoration(self, page: list[bytes], operators: str) -> None:
        page.append(f"/Artifact <</Type /Layout>> BDC\nq {operators} Q\nEMC\n".encode())

    def _mark(
        self, element: Element, lines: list[str], style: Style, x: float, *, last: bool = True
    ) -> None:
        """Marked content on the current page, one sequence for all its lines."""
        page, owners = len(self.pages) - 1, self.owners[-1]
        mcid = len(owners)
        owners.append(element)
        element.kids.append((page, mcid))
        # Without the space at a line's end a screen reader may join two words.
        shown = [f"{line} " for line in lines[:-1]] + [lines[-1] + ("" if last else " ")]
        y = self.y - style.leading * 0.5 - style.size * 0.36
        self.pages[-1].append(
            b"".join(
                (
                    f"/{element.tag} <</MCID {mcid}>> BDC\n".encode(),
                    self._show(shown, style, x, y),
                    b"EMC\n",
                )
            )
        )

    def _show(self, lines: list[str], style: Style, x: float, y: float) -> bytes:
        face = self.faces[style.face]
        shown = b" T*\n".join(b"<" + face.encode(line).hex().encode() + b"> Tj" for line in lines)
        return (
            f"BT /{style.face} {style.size} Tf {style.leading} TL {style.colour} rg "
            f"{x:.2f} {y:.2f} Td\n".encode()
            + shown
            + b"\nET\n"
        )

    def _wrap(self, text: str, style: Style, width: float) -> list[str]:
        face, lines = self.faces[style.face], [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines[-1] else word
            if lines[-1] and face.width(longer, style.size) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


def _lines_here(lines: int, room: int) -> int:
    """How many of ``lines`` go on this page: never a single line alone on either side."""
    if lines <= room:
        return lines
    here = room - 1 if lines - room == 1 else room
    return here if here >= 2 else 0


def _write(report: _Layout, title: str, language: str) -> bytes:
    pdf = Pdf.new()
    contents = [pdf.make_stream(b"".join(parts)) for parts in report.pages]
    fonts = Dictionary({f"/{name}": face.embed(pdf) for name, face in report.faces.items()})
    for number, content in enumerate(contents):
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, PAGE_WIDTH, PAGE_HEIGHT]),
            Resources=Dictionary(Font=fonts),
            Contents=content,
            StructParents=number,
            Tabs=Name.S,  # tab order follows the structure
        )
        pdf.pages.append(Page(pdf.make_indirect(page)))
    pdf.Root.StructTreeRoot = _structure(pdf, report)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    metadata = pdf.make_stream(_xmp(title, language))
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata
    pdf.docinfo.Title = String(title)
    pdf.docinfo.Producer = String(PRODUCER)
    pdf.docinfo.CreationDate = String(CREATED_PDF)
    output = BytesIO()
    pdf.save(output, deterministic_id=True, min_version="1.7")
    return output.getvalue()


def _structure(pdf: Pdf, report: _Layout) -> Object:
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    made: dict[int, Object] = {}

    def build(element: Element, parent: Object) -> Object:
        node = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{element.tag}"), P=parent)
        )
        made[id(element)] = node
        if element.tag == "L":
            node.A = Dictionary(O=Name.List, ListNumbering=Name.Disc)
        node.K = Array([kid_of(node, kid) for kid in element.kids])
        return node

    def kid_of(node: Object, kid: Element | tuple[int, int]) -> Object:
        if isinstance(kid, Element):
            return build(kid, node)
        page, mcid = kid
        return Dictionary(Type=Name.MCR, Pg=pdf.pages[page].obj, MCID=mcid)

    tree.K = Array([build(report.root, tree)])
    numbers = Array()
    for number, owners in enumerate(report.owners):
        numbers.append(number)
        numbers.append(pdf.make_indirect(Array([made[id(owner)] for owner in owners])))
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = len(report.owners)
    return tree


def _xmp(title: str, language: str) -> bytes:
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{CREATED_XMP}</xmp:CreateDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()
