"""Word files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor

from wagtail_safeguarding.inspection.media_types import DOCX

from .case import Case
from .ooxml import Parts, W, added, changed, package, relationships, xml

SECRET = "Child E is Robin Sparrow of Larch Lane"
OPEN = "The review looked at how agencies worked together."
BY_HAND = "Word (by hand)"
LIBREOFFICE = "LibreOffice (by hand)"
PYTHON = "python-docx"


def run(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    inner = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{inner}{''.join(runs)}</w:p>"


SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def word(
    body: str,
    *,
    links: tuple[tuple[str, ...], ...] = (),
    section: str = SECTION,
    before: str = "",
    **parts: str | bytes,
) -> bytes:
    """A document by hand; ``parts`` are those of the folder ``word``, as XML."""
    document = xml("w:document", f"{before}<w:body>{body}{section}</w:body>")
    known = {
        "styles": "styles",
        "settings": "settings",
        "comments": "comments",
        "footnotes": "footnotes",
        "endnotes": "endnotes",
        "people": "people",
    }
    rels = [(f"rel-{name}", known[name], f"{name}.xml") for name in parts if name in known]
    return package(
        "word/document.xml",
        {
            "word/document.xml": document,
            "word/_rels/document.xml.rels": relationships(*rels, *links),  # type: ignore[arg-type]
            **{f"word/{name}.xml": content for name, content in parts.items()},
        },
    )


def plain(change: Callable[[Any], None] = lambda document: None) -> bytes:
    """A document of python-docx that names nobody."""
    document = docx.Document()
    document.core_properties.author = ""
    document.core_properties.title = "A review"
    document.add_heading("A review", 1)
    document.add_paragraph(OPEN)
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def case(
    name: str,
    data: bytes,
    *blockers: str,
    producer: str = BY_HAND,
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    hidden: str = "",
) -> Case:
    return Case(
        f"word-{name}",
        data,
        DOCX,
        producer,
        frozenset(blockers),
        frozenset(warnings),
        frozenset(notes),
        hidden,
    )


def cases() -> Iterator[Case]:
    yield from _changes()
    yield from _hidden()
    yield from _drawings()
    yield from _parts()
    yield from _metadata()
    yield from _leftovers()


AUTHOR = 'w:id="1" w:author="J. Writer" w:date="2026-01-01T00:00:00Z"'


def _changes() -> Iterator[Case]:
    yield case("plain", plain(), producer=PYTHON)
    yield case("plain-by-hand", word(paragraph(run(OPEN))))
    gone = (
        f'<w:del {AUTHOR}><w:r><w:delText xml:space="preserve">{SECRET}</w:delText></w:r></w:del>'
    )
    yield case(
        "deletion", word(paragraph(run(OPEN), gone)), "office-tracked-deletion", hidden=SECRET
    )

    def delete(document: Any) -> None:
        document.paragraphs[1]._p.append(
            parse_xml(gone.replace("<w:del ", f'<w:del xmlns:w="{W}" ', 1))
        )

    yield case(
        "deletion-python", plain(delete), "office-tracked-deletion", producer=PYTHON, hidden=SECRET
    )
    row = (
        f"<w:tbl><w:tr><w:trPr><w:del {AUTHOR}/></w:trPr><w:tc><w:p><w:pPr><w:rPr><w:del {AUTHOR}/>"
        f"</w:rPr></w:pPr>{gone}</w:p></w:tc></w:tr></w:tbl>"
    )
    yield case("deleted-row", word(row), "office-tracked-deletion", hidden=SECRET)
    kept = paragraph(run(SECRET))
    for name, marks in (
        ("row", (f"<w:trPr><w:del {AUTHOR}/></w:trPr>", "")),
        ("cell", ("", f"<w:tcPr><w:cellDel {AUTHOR}/></w:tcPr>")),
    ):
        table = f"<w:tbl><w:tr>{marks[0]}<w:tc>{marks[1]}{kept}</w:tc></w:tr></w:tbl>"
        yield case(
            f"deleted-{name}-alone",
            word(paragraph(run(OPEN)) + table),
            "office-tracked-deletion",
            notes=("office-tracked-formatting",),
            hidden=SECRET,
        )
    strict = word(paragraph(run(OPEN), gone))
    yield case(
        "deletion-strict",
        changed(strict, in_strict_namespaces),
        "office-tracked-deletion",
        hidden=SECRET,
    )
    blank = f"<w:del {AUTHOR}><w:r><w:delText> </w:delText></w:r></w:del>"
    yield case(
        "deleted-space", word(paragraph(run(OPEN), blank)), notes=("office-tracked-formatting",)
    )
    moved = f"<w:moveFrom {AUTHOR}>{run(SECRET)}</w:moveFrom>"
    yield case("moved-away", word(paragraph(moved)), "office-tracked-move", hidden=SECRET)
    arrived = f"<w:moveTo {AUTHOR}>{run(SECRET)}</w:moveTo>"
    yield case(
        "moved",
        word(paragraph(moved) + paragraph(arrived)),
        warnings=("office-tracked-move", "office-tracked-insertion"),
        hidden=SECRET,
    )
    inserted = f"<w:ins {AUTHOR}>{run(OPEN)}</w:ins>"
    yield case("insertion", word(paragraph(inserted)), warnings=("office-tracked-insertion",))
    both = f"<w:ins {AUTHOR}>{gone}</w:ins>"
    yield case(
        "deleted-insertion",
        word(paragraph(both)),
        "office-tracked-deletion",
        warnings=("office-tracked-insertion",),
        hidden=SECRET,
    )
    reformatted = f"<w:rPrChange {AUTHOR}><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
    yield case(
        "formatting", word(paragraph(run(OPEN, reformatted))), notes=("office-tracked-formatting",)
    )

    def comment(document: Any) -> None:
        document.add_comment(document.paragraphs[1].runs, text=SECRET, author="J. Writer")

    yield case("comment-python", plain(comment), "office-comment", producer=PYTHON, hidden=SECRET)
    said = f'<w:comment {AUTHOR} w:initials="JW">{paragraph(run(SECRET))}</w:comment>'
    marked = paragraph(
        '<w:commentRangeStart w:id="1"/>', run(OPEN), '<w:commentRangeEnd w:id="1"/>'
    )
    people = '<w15:person w15:author="J. Writer"><w15:presenceInfo w15:providerId="AD" w15:userId="S::j.writer@council.example"/></w15:person>'
    yield case(
        "comment-with-people",
        word(marked, comments=xml("w:comments", said), people=xml("w15:people", people)),
        "office-comment",
        warnings=("office-people",),
        hidden="j.writer@council.example",
    )
    yield case("no-comments", word(paragraph(run(OPEN)), comments=xml("w:comments")))


def in_strict_namespaces(parts: Parts) -> None:
    """As Office writes a "Strict Open XML Document"."""
    for name, content in parts.items():
        text = content.decode() if isinstance(content, bytes) else content
        for transitional, strict in (
            (
                "schemas.openxmlformats.org/officeDocument/2006/",
                "purl.oclc.org/ooxml/officeDocument/",
            ),
            (
                "schemas.openxmlformats.org/wordprocessingml/2006/",
                "purl.oclc.org/ooxml/wordprocessingml/",
            ),
        ):
            text = text.replace(transitional, strict)
        parts[name] = text


def _style(inner: str, kind: str = "paragraph", id_: str = "Faint") -> str:
    return xml(
        "w:styles",
        f'<w:style w:type="{kind}" w:styleId="{id_}"><w:name w:val="{id_}"/>{inner}</w:style>'
        f'<w:style w:type="{kind}" w:styleId="Child"><w:basedOn w:val="{id_}"/></w:style>',
    )


def _hidden() -> Iterator[Case]:
    vanish = "office-hidden-formatting"

    def hide(document: Any) -> None:
        document.add_paragraph().add_run(SECRET).font.hidden = True

    yield case("vanish-python", plain(hide), vanish, producer=PYTHON, hidden=SECRET)
    yield case(
        "vanish", word(paragraph(run(OPEN), run(SECRET, "<w:vanish/>"))), vanish, hidden=SECRET
    )
    yield case("vanish-off", word(paragraph(run(OPEN, '<w:vanish w:val="0"/>'))))
    yield case("vanish-web", word(paragraph(run(OPEN, "<w:webHidden/>"))))
    yield case("vanish-mark", word(paragraph(run(OPEN), properties="<w:rPr><w:vanish/></w:rPr>")))
    yield case(
        "copied-form",
        word(paragraph(run("Top of Form", "<w:vanish/>"))),
        notes=("office-hidden-formatting",),
    )
    hiding = _style("<w:rPr><w:vanish/></w:rPr>")
    yield case(
        "vanish-by-style",
        word(paragraph(run(SECRET), properties='<w:pStyle w:val="Faint"/>'), styles=hiding),
        vanish,
        hidden=SECRET,
    )
    yield case(
        "vanish-by-parent-style",
        word(paragraph(run(SECRET), properties='<w:pStyle w:val="Child"/>'), styles=hiding),
        vanish,
        hidden=SECRET,
    )
    yield case(
        "vanish-by-character-style",
        word(
            paragraph(run(OPEN), run(SECRET, '<w:rStyle w:val="Faint"/>')),
            styles=_style("<w:rPr><w:vanish/></w:rPr>", "character"),
        ),
        vanish,
        producer=LIBREOFFICE,
        hidden=SECRET,
    )
    yield case("vanish-style-not-used", word(paragraph(run(OPEN)), styles=hiding))
    see_through = "<w14:textFill><w14:noFill/></w14:textFill>"
    yield case("transparent", word(paragraph(run(SECRET, see_through))), vanish, hidden=SECRET)
    outline = "<w14:textOutline><w14:noFill/></w14:textOutline>"
    yield case("no-outline", word(paragraph(run(OPEN, outline))))

    white = '<w:color w:val="FFFFFF"/>'
    same = "office-same-colour"

    def bleach(document: Any) -> None:
        document.add_paragraph().add_run(SECRET).font.color.rgb = RGBColor(255, 255, 255)

    yield case("white-python", plain(bleach), same, producer=PYTHON, hidden=SECRET)
    yield case("white", word(paragraph(run(OPEN), run(SECRET, white))), same, hidden=SECRET)
    theme = '<w:color w:val="FFFFFF" w:themeColor="background1"/>'
    yield case("white-theme", word(paragraph(run(SECRET, theme))), same, hidden=SECRET)
    nearly = '<w:color w:val="FDFDFD"/>'
    yield case("nearly-white", word(paragraph(run(SECRET, nearly))), same, hidden=SECRET)
    dark = '<w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>'
    yield case("white-on-dark-paragraph", word(paragraph(run(OPEN, white), properties=dark)))
    yield case("white-on-dark-run", word(paragraph(run(OPEN, white + dark))))
    yield case(
        "white-heading-style",
        word(
            paragraph(run(OPEN), properties='<w:pStyle w:val="Child"/>'),
            styles=_style(f"<w:pPr>{dark}</w:pPr><w:rPr>{white}</w:rPr>"),
        ),
    )

    def cell(properties: str, *runs: str, table: str = "") -> str:
        return (
            f"<w:tbl><w:tblPr>{table}</w:tblPr><w:tr><w:tc><w:tcPr>{properties}</w:tcPr>"
            f"{paragraph(*runs)}</w:tc></w:tr></w:tbl>"
        )

    yield case("white-on-dark-cell", word(cell(dark, run(OPEN, white))))
    yield case("white-in-plain-cell", word(cell("", run(SECRET, white))), same, hidden=SECRET)
    shaded = xml(
        "w:styles",
        '<w:style w:type="table" w:styleId="Dark"><w:tblStylePr w:type="firstRow"><w:tcPr>'
        f"{dark}</w:tcPr></w:tblStylePr></w:style>",
    )
    yield case(
        "white-in-shaded-table",
        word(cell("", run(OPEN, white), table='<w:tblStyle w:val="Dark"/>'), styles=shaded),
    )
    black = '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'
    ink = '<w:color w:val="000000"/>'
    yield case("black-on-black", word(paragraph(run(SECRET, ink + black))), same, hidden=SECRET)
    solid = '<w:shd w:val="solid" w:color="000000" w:fill="auto"/>'
    yield case("black-on-solid", word(paragraph(run(SECRET, ink + solid))), same, hidden=SECRET)
    yield case("automatic-on-black-cell", word(cell(black, run(OPEN))))

    def blacken(document: Any) -> None:
        redacted = document.add_paragraph().add_run(SECRET)
        redacted.font.highlight_color = WD_COLOR_INDEX.BLACK

    yield case("black-highlight", plain(blacken), same, producer=PYTHON, hidden=SECRET)

    def mark(document: Any) -> None:
        document.add_paragraph().add_run(OPEN).font.highlight_color = WD_COLOR_INDEX.YELLOW

    yield case("yellow-highlight", plain(mark), producer=PYTHON)
    yield case(
        "white-on-black-highlight",
        word(paragraph(run(OPEN, white + '<w:highlight w:val="black"/>'))),
    )
    page = '<w:background w:color="1F3864"/>'
    showing = xml("w:settings", "<w:displayBackgroundShape/>")
    yield case(
        "white-on-dark-page", word(paragraph(run(OPEN, white)), before=page, settings=showing)
    )

    def shrink(document: Any) -> None:
        document.add_paragraph().add_run(SECRET).font.size = Pt(1)

    yield case("tiny-python", plain(shrink), "office-tiny-text", producer=PYTHON, hidden=SECRET)
    squeezed = '<w:spacing w:line="20" w:lineRule="exact"/>'
    yield case(
        "no-line-height",
        word(paragraph(run(SECRET), properties=squeezed)),
        "office-tiny-text",
        hidden=SECRET,
    )
    yield case("tiny-spacer", word(paragraph(run(OPEN)) + paragraph(run(" ", '<w:sz w:val="2"/>'))))
    hidden_row = f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{paragraph(run(SECRET))}</w:tc></w:tr></w:tbl>"
    yield case("hidden-row", word(hidden_row), "office-hidden-row", hidden=SECRET)
    collapsed = '<w:outlineLvl w:val="0"/><w15:collapsed/>'
    yield case(
        "collapsed-heading",
        word(paragraph(run(OPEN), properties=collapsed)),
        warnings=("office-collapsed-text",),
    )


def anchor(
    inner: str,
    *,
    attributes: str = "",
    x: int = 0,
    y: int = 0,
    cx: int = 2_000_000,
    cy: int = 500_000,
) -> str:
    return (
        f'<w:r><w:drawing><wp:anchor simplePos="0" {attributes}>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{x}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{cx}" cy="{cy}"/><wp:wrapNone/><wp:docPr id="1" name="Box 1"/>'
        f"<a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )


def shape(fill: str, text: str = "", properties: str = "") -> str:
    colour = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if fill else "<a:noFill/>"
    box = f"<wps:txbx><w:txbxContent>{paragraph(run(text, properties))}</w:txbxContent></wps:txbx>"
    return f"<wps:wsp><wps:spPr>{colour}</wps:spPr>{box if text else ''}</wps:wsp>"


def _drawings() -> Iterator[Case]:
    def with_shape(drawing: str) -> bytes:
        return word(paragraph(run(OPEN), drawing))

    cover = "office-covering-shape"
    yield case("black-box", with_shape(anchor(shape("000000"))), cover)
    scheme = shape("000000").replace('a:srgbClr val="000000"', 'a:schemeClr val="tx1"')
    yield case("black-box-theme", with_shape(anchor(scheme)), cover)
    yield case("white-box", with_shape(anchor(shape("FFFFFF"))), warnings=(cover,))
    yield case("coloured-box", with_shape(anchor(shape("1F77B4"))), notes=(cover,))
    yield case(
        "black-box-with-words",
        with_shape(anchor(shape("000000", OPEN, '<w:color w:val="FFFFFF"/>'))),
    )
    yield case("box-behind", with_shape(anchor(shape("000000"), attributes='behindDoc="1"')))
    yield case("black-line", with_shape(anchor(shape("000000"), cy=12_700)))
    vml = (
        '<w:r><w:pict><v:rect style="position:absolute;margin-left:10pt;margin-top:20pt;'
        'width:200pt;height:20pt;z-index:1" fillcolor="black" stroked="f"/></w:pict></w:r>'
    )
    yield case("black-box-vml", with_shape(vml), cover)
    rule = '<w:r><w:pict><v:rect style="width:0;height:1.5pt" o:hr="t" fillcolor="black"/></w:pict></w:r>'
    yield case("horizontal-rule-vml", with_shape(rule))
    yield case(
        "off-page",
        with_shape(anchor(shape("", SECRET), x=40_000_000)),
        "office-off-page",
        hidden=SECRET,
    )
    yield case(
        "hidden-box",
        with_shape(anchor(shape("", SECRET), attributes='hidden="1"')),
        "office-hidden-object",
        hidden=SECRET,
    )
    yield case(
        "speck",
        with_shape(anchor(shape("", SECRET), cx=10, cy=10)),
        "office-hidden-object",
        hidden=SECRET,
    )
    yield case("text-box", with_shape(anchor(shape("", OPEN))))
    white = '<w:color w:val="FFFFFF"/>'
    yield case("white-in-dark-box", with_shape(anchor(shape("1F3864", OPEN, white))))
    yield case(
        "white-in-white-box",
        with_shape(anchor(shape("FFFFFF", SECRET, white))),
        "office-same-colour",
        hidden=SECRET,
    )
    yield case(
        "white-title-over-picture",
        with_shape(
            anchor("<pic:pic/>", attributes='behindDoc="1"').replace(
                "Box 1", 'Box 1" descr="A park'
            )
            + run(OPEN, white)
        ),
        warnings=("office-same-colour",),
    )
    choice = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps">'
        + anchor(shape("", OPEN)).removeprefix("<w:r>").removesuffix("</w:r>")
        + "</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>"
        + "{}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    yield case("fallback-same", with_shape(choice.format(paragraph(run(OPEN)))))
    yield case(
        "fallback-other",
        with_shape(choice.format(paragraph(run(SECRET)))),
        "office-unused-text",
        hidden=SECRET,
    )

    cropped = '<pic:pic><pic:blipFill><a:srcRect {}="{}"/></pic:blipFill></pic:pic>'
    for name, side, share, seen in (
        ("cropped", "l", 40_000, True),
        ("tidied", "t", 2_000, False),
        ("padded", "r", -40_000, False),
    ):
        yield case(
            name,
            with_shape(anchor(cropped.format(side, share))),
            warnings=("office-cropped-picture",) if seen else (),
        )
    vml = (
        '<w:r><w:pict><v:shape style="width:100pt;height:100pt"><v:imagedata cropleft="26214f"/>'
        "</v:shape></w:pict></w:r>"
    )
    yield case("cropped-vml", with_shape(vml), warnings=("office-cropped-picture",))


def _parts() -> Iterator[Case]:
    header = xml("w:hdr", paragraph(run(SECRET)))
    links = (("rH", "header", "header1.xml"),)
    for kind, extra, shown in (
        ("default", "", True),
        ("first", "", False),
        ("first", "<w:titlePg/>", True),
        ("even", "", False),
    ):
        section = f'<w:sectPr><w:headerReference w:type="{kind}" r:id="rH"/>{extra}</w:sectPr>'
        yield case(
            f"header-{kind}{'-on' if extra else ''}",
            word(paragraph(run(OPEN)), section=section, links=links, header1=header),
            warnings=() if shown else ("office-unused-header",),
            hidden="" if shown else SECRET,
        )
    note = f'<w:footnote w:id="2">{paragraph(run(SECRET))}</w:footnote>'
    notes = xml(
        "w:footnotes", '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>' + note
    )
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    yield case("footnote", word(paragraph(run(OPEN), reference), footnotes=notes))
    yield case(
        "footnote-unused",
        word(paragraph(run(OPEN)), footnotes=notes),
        "office-unused-text",
        hidden=SECRET,
    )

    def field(code: str) -> str:
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f"<w:r><w:instrText>{code}</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    yield case(
        "index-entry",
        word(paragraph(run(OPEN), field(' XE "Robin Sparrow" '))),
        "office-field-code",
        hidden="Robin Sparrow",
    )
    yield case(
        "index-entry-shown",
        word(paragraph(run(OPEN), field(' XE "agencies" '))),
        notes=("office-field-code",),
    )
    yield case("page-number", word(paragraph(run(OPEN), field(" PAGE "))))
    yield case("dde", word(paragraph(field(' DDEAUTO c:\\\\x "cmd" '))), "office-active-content")
    inside = word(paragraph(run(SECRET)))
    for name, embedded, target in (
        ("embedded-document", inside, "inside.docx"),
        (
            "embedded-ole",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + SECRET.encode("utf-16-le"),
            "ole1.bin",
        ),
    ):
        yield case(
            name,
            added(
                plain(),
                {f"word/embeddings/{target}": embedded},
                {"word/_rels/document.xml.rels": (("rE", "package", f"embeddings/{target}"),)},
            ),
            "office-embedded",
            producer=PYTHON,
            hidden=SECRET,
        )
    yield case(
        "macros",
        added(
            plain(),
            {"word/vbaProject.bin": b"Attribute VB_Name"},
            {"word/_rels/document.xml.rels": (("rV", "vbaProject", "vbaProject.bin"),)},
        ),
        "office-macros",
        producer=PYTHON,
    )
    glossary = xml(
        "w:glossaryDocument",
        f"<w:docParts><w:docPart><w:docPartBody>{paragraph(run('Click here to enter text.'))}</w:docPartBody></w:docPart></w:docParts>",
    )
    yield case(
        "building-blocks",
        word(
            paragraph(run(OPEN)),
            links=(("rG", "glossaryDocument", "glossary.xml"),),
            glossary=glossary,
        ),
    )


def _metadata() -> Iterator[Case]:
    def author(document: Any) -> None:
        document.core_properties.author = "Jo Writer"
        document.core_properties.last_modified_by = "Sam Editor"

    yield case(
        "author", plain(author), producer=PYTHON, warnings=("office-author",), hidden="Sam Editor"
    )

    def subject(document: Any) -> None:
        document.core_properties.subject = "A review"

    yield case("subject", plain(subject), producer=PYTHON, notes=("office-property",))
    template = (
        ("rT", "attachedTemplate", "file:///C:\\Users\\jo.writer\\Normal.dotm", "External"),
    )
    settings = xml("w:settings", '<w:attachedTemplate r:id="rT"/>')

    def with_settings(target: str) -> bytes:
        return added(
            word(paragraph(run(OPEN)), settings=settings),
            {},
            {"word/_rels/settings.xml.rels": ((*template[0][:2], target, "External"),)},  # type: ignore[dict-item]
        )

    yield case(
        "template-path",
        with_settings(template[0][2]),
        warnings=("office-path",),
        hidden="jo.writer",
    )
    yield case(
        "template-remote", with_settings("https://example.org/a.dotm"), "office-remote-template"
    )
    yield case("template-name", with_settings("Report.dotx"), notes=("office-template",))
    body = paragraph(run(OPEN))
    yield case(
        "link-to-share",
        word(body, links=(("rL", "hyperlink", "file:///\\\\server01\\cases\\Robin", "External"),)),
        warnings=("office-path",),
        hidden="server01",
    )
    yield case(
        "link-to-site",
        word(body, links=(("rL", "hyperlink", "https://www.example.org/a/b", "External"),)),
    )
    yield case(
        "linked-picture",
        word(body, links=(("rL", "image", "https://example.org/a.png", "External"),)),
        warnings=("office-link",),
    )
    variables = '<w:docVars><w:docVar w:name="child" w:val="Robin Sparrow"/></w:docVars>'
    yield case(
        "variable",
        word(body, settings=xml("w:settings", variables)),
        warnings=("office-variable",),
        hidden="Robin Sparrow",
    )
    merge = '<w:mailMerge><w:query w:val="SELECT * FROM children"/></w:mailMerge>'
    yield case(
        "mail-merge",
        word(body, settings=xml("w:settings", merge)),
        warnings=("office-data-connection",),
    )
    protection = '<w:documentProtection w:edit="readOnly" w:enforcement="1"/>'
    yield case(
        "protection",
        word(body, settings=xml("w:settings", protection)),
        notes=("office-protection",),
    )
    data = '<?xml version="1.0"?><case xmlns="urn:case"><name>Robin Sparrow</name></case>'
    links = {"word/_rels/document.xml.rels": (("rC", "customXml", "../customXml/item9.xml"),)}
    yield case(
        "custom-xml",
        added(plain(), {"customXml/item9.xml": data}, links),
        producer=PYTHON,
        warnings=("office-custom-xml",),
        hidden="Robin Sparrow",
    )
    yield case(
        "custom-xml-empty",
        added(plain(), {"customXml/item9.xml": '<case xmlns="urn:case"><name/></case>'}, links),
        producer=PYTHON,
    )
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property name="Case officer"><vt:lpwstr>Jo Writer</vt:lpwstr></property></Properties>'
    )
    yield case(
        "custom-property",
        added(
            plain(),
            {"docProps/custom.xml": custom},
            {"_rels/.rels": (("rP", "custom-properties", "docProps/custom.xml"),)},
        ),
        producer=PYTHON,
        warnings=("office-custom-property",),
        hidden="Jo Writer",
    )


def _leftovers() -> Iterator[Case]:
    remark = word(paragraph(run(OPEN)) + f"<!-- {SECRET} -->")
    yield case("remark", remark, hidden=SECRET)
    named = word(f'<w:p w:unknown="{SECRET}">{run(OPEN)}</w:p>')
    yield case("unknown-attribute", named, hidden=SECRET)
    yield case(
        "unlisted-part",
        added(plain(), {"word/old.xml": xml("w:hdr", paragraph(run(SECRET)))}, {}),
        "office-unlisted-part",
        producer=PYTHON,
        hidden=SECRET,
    )
    yield case(
        "unlisted-picture",
        added(plain(), {"word/media/old.jpg": b"\xff\xd8\xff" + SECRET.encode()}, {}),
        "office-unlisted-part",
        producer=PYTHON,
        hidden=SECRET,
    )
    yield case(
        "second-document",
        added(
            plain(),
            {"word/document2.xml": xml("w:document", f"<w:body>{paragraph(run(SECRET))}</w:body>")},
            {"word/_rels/document.xml.rels": (("rO", "old", "document2.xml"),)},
        ),
        "office-unused-text",
        producer=PYTHON,
        hidden=SECRET,
    )
    yield case(
        "bytes-in-front",
        b"PK\x03\x04" + SECRET.encode() + plain(),
        "office-leftover",
        producer=PYTHON,
    )
    yield case("bytes-behind", plain() + SECRET.encode(), "office-leftover", producer=PYTHON)
    yield case("replaced-part", replaced(plain()), "office-leftover", producer="zip")
    yield case("streamed", streamed(plain()), producer="zip")


def replaced(data: bytes, name: str = "word/document.xml") -> bytes:
    """As a program leaves it that appends the new form of a part and strikes the old from the list."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as file:
        old = file.getinfo(name)
        content = file.read(old)
        file.filelist.remove(old)
        del file.NameToInfo[old.filename]
        file.writestr(name, content)
    return out.getvalue()


class _Pipe(io.RawIOBase):
    """Cannot seek, so that zipfile writes a data descriptor behind each part."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(data)


def streamed(data: bytes) -> bytes:
    pipe = _Pipe()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as new,  # type: ignore[arg-type]
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return pipe.data
