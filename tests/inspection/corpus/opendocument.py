"""OpenDocument files by hand, as LibreOffice writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from wagtail_safeguarding.inspection.media_types import ODP, ODS, ODT

from .case import Case
from .ooxml import Parts
from .word import OPEN, SECRET, replaced

LIBREOFFICE = "LibreOffice (by hand)"
NAMES = (
    "office",
    "style",
    "text",
    "table",
    "drawing",
    "meta",
    "presentation",
    "config",
    "script",
    "manifest",
    "form",
    "chart",
)
_NAMESPACES = (
    " ".join(
        f'xmlns:{ {"drawing": "draw"}.get(name, name) }="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in NAMES
    )
    + ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)


def xml(root: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {_NAMESPACES}>{inner}</{root}>'


def saved(
    kind: str,
    body: str,
    *,
    styles: str = "",
    masters: str = "",
    meta: str = "",
    settings: str = "",
    more: Parts | None = None,
    unlisted: Parts | None = None,
) -> bytes:
    """``styles`` are the automatic ones of the content, ``masters`` all of ``styles.xml``."""
    content = (
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    )
    parts: Parts = {
        "content.xml": xml("office:document-content", content),
        "styles.xml": xml("office:document-styles", masters),
        "meta.xml": xml("office:document-meta", f"<office:meta>{meta}</office:meta>"),
        "settings.xml": xml(
            "office:document-settings", f"<office:settings>{settings}</office:settings>"
        ),
        **(more or {}),
    }
    entries = "".join(f'<manifest:file-entry manifest:full-path="{name}"/>' for name in parts)
    parts["META-INF/manifest.xml"] = xml("manifest:manifest", entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        for name, text in {**parts, **(unlisted or {})}.items():
            file.writestr(name, text)
    return out.getvalue()


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def style(name: str, properties: str, family: str = "paragraph", parent: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" style:parent-style-name="{parent}">'
        f"{properties}</style:style>"
    )


def case(
    name: str,
    data: bytes,
    *blockers: str,
    kind: str = ODT,
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    hidden: str = "",
) -> Case:
    prefix = {ODT: "odt", ODS: "ods", ODP: "odp"}[kind]
    return Case(
        f"{prefix}-{name}",
        data,
        kind,
        LIBREOFFICE,
        frozenset(blockers),
        frozenset(warnings),
        frozenset(notes),
        hidden,
    )


def cases() -> Iterator[Case]:
    yield from _text()
    yield from _formatting()
    yield from _parts()
    yield from _sheets()
    yield from _slides()


INFO = "<office:change-info><dc:creator>J. Writer</dc:creator><dc:date>2026-01-01T00:00:00</dc:date></office:change-info>"


def _text() -> Iterator[Case]:
    yield case("plain", saved("text", p(OPEN)))

    def changed(change: str) -> bytes:
        region = f"<text:tracked-changes><text:changed-region>{change}</text:changed-region></text:tracked-changes>"
        return saved("text", region + p(OPEN))

    yield case(
        "deletion",
        changed(f"<text:deletion>{INFO}{p(SECRET)}</text:deletion>"),
        "office-tracked-deletion",
        hidden=SECRET,
    )
    yield case("deleted-space", changed(f"<text:deletion>{INFO}{p(' ')}</text:deletion>"))
    yield case(
        "insertion",
        changed(f"<text:insertion>{INFO}</text:insertion>"),
        warnings=("office-tracked-insertion",),
    )
    yield case(
        "formatting",
        changed(f"<text:format-change>{INFO}</text:format-change>"),
        notes=("office-tracked-formatting",),
    )
    comment = (
        f"<office:annotation><dc:creator>J. Writer</dc:creator>{p(SECRET)}</office:annotation>"
    )
    yield case("comment", saved("text", p(comment + OPEN)), "office-comment", hidden=SECRET)
    yield case(
        "hidden-field",
        saved("text", p(f'{OPEN}<text:hidden-text text:string-value="{SECRET}"/>')),
        "office-hidden-formatting",
        hidden=SECRET,
    )
    yield case(
        "hidden-paragraph",
        saved("text", p(f'<text:hidden-paragraph text:is-hidden="true"/>{SECRET}')),
        "office-hidden-formatting",
        hidden=SECRET,
    )
    yield case(
        "condition",
        saved("text", p(f'{OPEN}<text:conditional-text text:string-value-if-true="{SECRET}"/>')),
        "office-unused-text",
        hidden=SECRET,
    )
    section = '<text:section text:name="A" text:display="{}">{}</text:section>'
    yield case(
        "hidden-section",
        saved("text", section.format("none", p(SECRET))),
        "office-hidden-formatting",
        hidden=SECRET,
    )
    yield case("section", saved("text", section.format("true", p(OPEN))))
    variable = '<text:user-field-decls><text:user-field-decl text:name="a" office:string-value="{}"/></text:user-field-decls>'
    yield case(
        "variable",
        saved("text", variable.format(SECRET) + p(OPEN)),
        warnings=("office-variable",),
        hidden=SECRET,
    )
    mark = f'<text:alphabetical-index-mark text:string-value="{SECRET}"/>'
    yield case("index-mark", saved("text", p(OPEN + mark)), "office-field-code", hidden=SECRET)
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{p(OPEN)}</text:note-body></text:note>"
    yield case("footnote", saved("text", p(OPEN + note)))


def _formatting() -> Iterator[Case]:
    hidden = "office-hidden-formatting"

    def span(properties: str, text: str = SECRET) -> bytes:
        styles = style("T1", f"<style:text-properties {properties}/>", "text")
        return saved(
            "text", p(f'{OPEN}<text:span text:style-name="T1">{text}</text:span>'), styles=styles
        )

    yield case("hidden", span('text:display="none"'), hidden, hidden=SECRET)
    yield case("not-hidden", span('text:display="true"', OPEN))
    yield case("transparent", span('loext:opacity="0%"'), hidden, hidden=SECRET)
    automatic = 'style:use-window-font-color="true" loext:opacity="0%"'
    yield case("automatic-colour", span(automatic, OPEN))
    yield case("white", span('fo:color="#ffffff"'), "office-same-colour", hidden=SECRET)
    yield case("tiny", span('fo:font-size="1pt"'), "office-tiny-text", hidden=SECRET)
    yield case("red", span('fo:color="#ff0000" fo:font-size="9pt"', OPEN))
    black = 'fo:color="#000000" fo:background-color="#000000"'
    yield case("black-on-black", span(black), "office-same-colour", hidden=SECRET)
    yield case("white-on-black", span('fo:color="#ffffff" fo:background-color="#000000"', OPEN))
    white = '<style:text-properties fo:color="#ffffff"/>'
    dark = '<style:paragraph-properties fo:background-color="#1f3864"/>'
    yield case(
        "white-on-dark-paragraph", saved("text", p(OPEN, "P1"), styles=style("P1", dark + white))
    )
    yield case(
        "white-by-parent-style",
        saved(
            "text",
            p(SECRET, "P1"),
            styles=style("P1", "", parent="Faint"),
            masters=f"<office:styles>{style('Faint', white)}</office:styles>",
        ),
        "office-same-colour",
        hidden=SECRET,
    )

    def table(cell: str, text: str) -> bytes:
        styles = style("P1", white) + style(
            "C1", f"<style:table-cell-properties {cell}/>", "table-cell"
        )
        rows = f'<table:table-row><table:table-cell table:style-name="C1">{p(text, "P1")}</table:table-cell></table:table-row>'
        return saved("text", f"<table:table>{rows}</table:table>", styles=styles)

    yield case("white-on-dark-cell", table('fo:background-color="#1f3864"', OPEN))
    yield case("white-in-plain-cell", table("", SECRET), "office-same-colour", hidden=SECRET)
    frame = '<draw:frame draw:style-name="F1" svg:x="1cm" svg:y="1cm" svg:width="5cm" svg:height="2cm">{}</draw:frame>'
    box = frame.format(f"<draw:text-box>{p('{}', 'P1')}</draw:text-box>")

    def framed(fill: str, text: str) -> bytes:
        styles = style("P1", white) + style("F1", f"<style:graphic-properties {fill}/>", "graphic")
        return saved("text", p(box.format(text)), styles=styles)

    yield case("white-in-dark-frame", framed('draw:fill="solid" draw:fill-color="#1f3864"', OPEN))
    yield case(
        "white-in-clear-frame", framed('draw:fill="none"', OPEN), warnings=("office-same-colour",)
    )
    yield case(
        "white-in-white-frame",
        framed('draw:fill="solid" draw:fill-color="#ffffff"', SECRET),
        "office-same-colour",
        hidden=SECRET,
    )

    def shape(fill: str, wrap: str = "run-through", text: str = "") -> bytes:
        properties = f'<style:graphic-properties draw:fill="solid" draw:fill-color="{fill}" style:wrap="{wrap}"/>'
        drawn = f'<draw:custom-shape draw:style-name="G1" svg:x="1cm" svg:y="1cm" svg:width="5cm" svg:height="1cm">{text}</draw:custom-shape>'
        return saved("text", p(OPEN + drawn), styles=style("G1", properties, "graphic"))

    yield case("black-box", shape("#000000"), "office-covering-shape")
    yield case("white-box", shape("#ffffff"), warnings=("office-covering-shape",))
    yield case("black-box-beside-text", shape("#000000", "parallel"))
    yield case("black-box-with-words", shape("#000000", text=p(OPEN)))
    picture = '<draw:image xlink:href="Pictures/a.png"/>'

    def clipped(clip: str) -> bytes:
        properties = f'<style:graphic-properties fo:clip="{clip}"/>'
        return saved(
            "text",
            p(frame.format(picture)),
            styles=style("F1", properties, "graphic"),
            more={"Pictures/a.png": b"\x89PNG"},
        )

    yield case("cropped", clipped("rect(0cm, 2cm, 0cm, 0cm)"), warnings=("office-cropped-picture",))
    yield case("picture", clipped("rect(0cm, 0cm, 0cm, 0cm)"))


def _parts() -> Iterator[Case]:
    yield case(
        "author",
        saved("text", p(OPEN), meta="<meta:initial-creator>Jo Writer</meta:initial-creator>"),
        warnings=("office-author",),
        hidden="Jo Writer",
    )
    template = '<meta:template xlink:href="file:///C:/Users/jo.writer/a.ott" xlink:title="Report"/>'
    yield case(
        "template",
        saved("text", p(OPEN), meta=template),
        warnings=("office-path",),
        notes=("office-template",),
        hidden="jo.writer",
    )
    user = '<meta:user-defined meta:name="Case officer">Jo Writer</meta:user-defined>'
    yield case(
        "property",
        saved("text", p(OPEN), meta=user),
        warnings=("office-custom-property",),
        hidden="Jo Writer",
    )
    yield case(
        "thumbnail",
        saved("text", p(OPEN), more={"Thumbnails/thumbnail.png": b"\x89PNG"}),
        notes=("office-thumbnail",),
    )
    printer = '<config:config-item config:name="PrinterName">Office 2</config:config-item>'
    yield case("printer", saved("text", p(OPEN), settings=printer), notes=("office-printer",))
    version = saved("text", p(SECRET))
    yield case(
        "version",
        saved("text", p(OPEN), more={"Versions/Version1": version}),
        "office-earlier-version",
    )
    yield case(
        "macro",
        saved(
            "text", p(OPEN), more={"Basic/Standard/Module1.xml": xml("script:module", "Sub Main")}
        ),
        "office-macros",
    )
    empty = {
        "Basic/script-lc.xml": xml("script:libraries", ""),
        "Basic/Standard/script-lb.xml": xml("script:library", ""),
    }
    yield case("no-macros", saved("text", p(OPEN), more=dict(empty)))
    yield case(
        "unlisted-part",
        saved("text", p(OPEN), unlisted={"old.xml": xml("office:document-content", p(SECRET))}),
        "office-unlisted-part",
        hidden=SECRET,
    )
    image = '<style:paragraph-properties><style:background-image xlink:href="Pictures/a.gif"/>'
    yield case(
        "picture-behind-a-paragraph",
        saved(
            "text",
            p(OPEN),
            styles=style("P1", f"{image}</style:paragraph-properties>"),
            more={"Pictures/a.gif": b"GIF89a" + OPEN.encode()},
        ),
    )
    yield case(
        "unused-picture",
        saved("text", p(OPEN), more={"Pictures/old.png": b"\x89PNG" + SECRET.encode()}),
        "office-unlisted-part",
        hidden=SECRET,
    )
    yield case("replaced-part", replaced(saved("text", p(OPEN)), "content.xml"), "office-leftover")

    def with_object(kind: str, body: str) -> bytes:
        drawn = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
        inner = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        return saved(
            "text",
            p(OPEN + drawn),
            more={"Object 1/content.xml": xml("office:document-content", inner)},
        )

    rows = f"<table:table><table:table-row><table:table-cell>{p(SECRET)}</table:table-cell></table:table-row></table:table>"
    yield case("embedded", with_object("spreadsheet", rows), "office-embedded", hidden=SECRET)
    yield case("chart", with_object("chart", f"<chart:chart>{p(OPEN)}</chart:chart>"))
    ole = '<draw:frame><draw:object-ole xlink:href="./Object 2"/></draw:frame>'
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + SECRET.encode("utf-16-le")
    yield case(
        "ole",
        saved("text", p(OPEN + ole), more={"Object 2": data}),
        "office-embedded",
        hidden=SECRET,
    )
    linked = '<draw:frame><draw:image xlink:href="file:///C:/Users/jo.writer/a.png"/></draw:frame>'
    yield case(
        "linked-picture",
        saved("text", p(OPEN + linked)),
        warnings=("office-link", "office-path"),
        hidden="jo.writer",
    )
    link = f'<text:a xlink:href="https://www.example.org/">{OPEN}</text:a>'
    yield case("link", saved("text", p(link)))
    header = (
        '<office:master-styles><style:master-page style:name="Standard"><style:header>'
        f"{p(OPEN)}</style:header></style:master-page></office:master-styles>"
    )
    yield case("header", saved("text", p(OPEN), masters=header))


def _sheets() -> Iterator[Case]:
    def cell(text: str) -> str:
        return f"<table:table-cell>{p(text)}</table:table-cell>"

    def sheet(rows: str, *, before: str = "", attributes: str = "", after: str = "") -> bytes:
        tables = f'<table:table table:name="Figures">{before}{rows}</table:table>'
        styles = (
            style("ta2", '<style:table-properties table:display="false"/>', "table")
            + style("ce1", '<style:text-properties fo:color="#ffffff"/>', "table-cell")
            + style(
                "co0", '<style:table-column-properties style:column-width="0cm"/>', "table-column"
            )
        )
        return saved("spreadsheet", tables + after, styles=styles)

    def row(text: str, attributes: str = "") -> str:
        return f"<table:table-row {attributes}>{cell(OPEN)}{cell(text)}</table:table-row>"

    yield case("plain", sheet(row(OPEN)), kind=ODS)
    hidden = f'<table:table table:name="Notes" table:style-name="ta2">{row(SECRET)}</table:table>'
    yield case(
        "hidden-sheet",
        sheet(row(OPEN), after=hidden),
        "office-hidden-sheet",
        kind=ODS,
        hidden=SECRET,
    )
    for visibility in ("collapse", "filter"):
        yield case(
            f"row-{visibility}",
            sheet(row(OPEN) + row(SECRET, f'table:visibility="{visibility}"')),
            "office-hidden-row",
            kind=ODS,
            hidden=SECRET,
        )
    columns = "<table:table-column/><table:table-column {}/>"
    for name, attributes in (
        ("column", 'table:visibility="collapse"'),
        ("column-without-width", 'table:style-name="co0"'),
    ):
        yield case(
            name,
            sheet(row(SECRET), before=columns.format(attributes)),
            "office-hidden-column",
            kind=ODS,
            hidden=SECRET,
        )
    yield case("column-visible", sheet(row(OPEN), before=columns.format("")), kind=ODS)
    covered = f"<table:table-row>{cell(OPEN)}<table:covered-table-cell>{p(SECRET)}</table:covered-table-cell></table:table-row>"
    yield case("merged-away", sheet(covered), "office-hidden-cell", kind=ODS, hidden=SECRET)
    white = f'<table:table-row><table:table-cell table:style-name="ce1">{p(SECRET)}</table:table-cell></table:table-row>'
    yield case("white", sheet(white), "office-same-colour", kind=ODS, hidden=SECRET)
    note = f"<table:table-row><table:table-cell><office:annotation>{p(SECRET)}</office:annotation>{p(OPEN)}</table:table-cell></table:table-row>"
    yield case("comment", sheet(note), "office-comment", kind=ODS, hidden=SECRET)


def _slides() -> Iterator[Case]:
    masters = (
        '<office:automatic-styles><style:page-layout style:name="PM1"><style:page-layout-properties '
        'fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="PM1"/></office:master-styles>'
    )
    styles = (
        style(
            "dp2",
            '<style:drawing-page-properties presentation:visibility="hidden"/>',
            "drawing-page",
        )
        + style(
            "gr1",
            '<style:graphic-properties draw:fill="solid" draw:fill-color="#000000"/>',
            "graphic",
        )
        + style("gr2", '<style:graphic-properties draw:fill="none"/>', "graphic")
    )

    def frame(text: str, x: float = 1, y: float = 1, name: str = "gr2") -> str:
        return (
            f'<draw:frame draw:style-name="{name}" svg:x="{x}cm" svg:y="{y}cm" svg:width="10cm" '
            f'svg:height="2cm"><draw:text-box>{p(text) if text else ""}</draw:text-box></draw:frame>'
        )

    def page(shapes: str, name: str = "dp1") -> bytes:
        drawn = (
            f'<draw:page draw:name="page1" draw:style-name="{name}" draw:master-page-name="Default">'
            f"{shapes}</draw:page>"
        )
        return saved("presentation", drawn, styles=styles, masters=masters)

    yield case("plain", page(frame(OPEN)), kind=ODP)
    yield case("hidden", page(frame(SECRET), "dp2"), "office-hidden-slide", kind=ODP, hidden=SECRET)
    yield case("off-slide", page(frame(SECRET, x=40)), "office-off-page", kind=ODP, hidden=SECRET)
    yield case("covered", page(frame(SECRET) + frame("", name="gr1")), "office-covered", kind=ODP)
    yield case("box-behind", page(frame("", name="gr1") + frame(OPEN)), kind=ODP)
    notes = '<presentation:notes><draw:frame presentation:class="notes"><draw:text-box>{}</draw:text-box></draw:frame><draw:frame presentation:class="page-number"><draw:text-box>{}</draw:text-box></draw:frame></presentation:notes>'
    yield case(
        "notes",
        page(frame(OPEN) + notes.format(p(SECRET), p("1"))),
        "office-speaker-notes",
        kind=ODP,
        hidden=SECRET,
    )
    yield case("notes-empty", page(frame(OPEN) + notes.format("", p("&lt;number&gt;"))), kind=ODP)
