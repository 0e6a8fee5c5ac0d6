"""PDF files with something beside their pages, and twins with something like it that is harmless."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from wagtail_safeguarding.inspection.media_types import PDF

from .case import Case
from .pdf_page import BY_HAND, OPEN, SECRET, Draft, Shared, rectangle, saved, scan, text

BOX = [24, 112, 174, 136]
PAGE = text(OPEN, y=180)
OTHER = "Child E"


def planted(name: str, data: bytes, *blockers: str, producer: str = BY_HAND, **more: Any) -> Case:
    more = {key: frozenset(value) if key != "hidden" else value for key, value in more.items()}
    return Case(name, data, PDF, producer, blockers=frozenset(blockers), **more)


def twin(name: str, data: bytes, producer: str = BY_HAND, hidden: str = "") -> Case:
    return Case(f"{name}, harmless", data, PDF, producer, hidden=hidden)


def noted(**given: Any) -> bytes:
    """A page with an annotation."""
    one = {"Rect": BOX, "Subtype": Name.Text, **given}
    return Draft(PAGE, annotations=[one]).data()


def annotations() -> Iterator[Case]:
    words = Draft(PAGE + text(SECRET))
    outline = "q 1 0 0 RG 25 113 148 22 re S Q"
    for name, look in (("with a look", outline), ("without", None)):
        words.annotations = [{"Rect": BOX, "Subtype": Name.Redact, "look": look}]
        yield planted(f"redaction {name}", words.data(), "pdf-redaction-unapplied")
    words.annotations = [{"Rect": BOX, "Subtype": Name.Square, "look": outline}]
    yield twin("redaction", words.data())
    comments = {
        "note": {"Contents": SECRET},
        "note with an author": {"Contents": SECRET, "T": "A. Person"},
        "rich text": {"RC": f"<body><p>{SECRET}</p></body>"},
        "highlight": {"Subtype": Name.Highlight, "Contents": SECRET, "T": "A. Person"},
        "strike-out": {"Subtype": Name.StrikeOut, "Contents": SECRET, "CreationDate": "D:2024"},
        "caret": {"Subtype": Name.Caret, "Contents": SECRET, "Popup": {"Subtype": Name.Popup}},
    }
    for name, given in comments.items():
        people = ["pdf-people"] if "T" in given else []
        yield planted(
            f"comment: {name}", noted(**given), "pdf-comment", warnings=people, hidden=SECRET
        )
    hidden = {
        "Subtype": Name.FreeText,
        "Contents": SECRET,
        "DA": "0 g /F 12 Tf",
        "look": text(SECRET),
    }
    yield planted("hidden text box", noted(**hidden, F=2), "pdf-hidden-annotation", hidden=SECRET)
    yield planted(
        "text box not on screen", noted(**hidden, F=32), "pdf-hidden-annotation", hidden=SECRET
    )
    yield twin("text box", noted(**hidden))
    link = {
        "Subtype": Name.Link,
        "Contents": OTHER,
        "A": {"S": Name.URI, "URI": "https://example.org/a"},
    }
    yield twin("link", noted(**link), hidden=OTHER)
    yield twin("highlight", noted(Subtype=Name.Highlight, Contents=""))
    yield planted(
        "described mark",
        noted(Subtype=Name.Square, Contents=SECRET),
        warnings=["pdf-comment"],
        hidden=SECRET,
    )
    yield planted("sound", noted(Subtype=Name.Screen), warnings=["pdf-multimedia"])


def fields() -> Iterator[Case]:
    def form(widget: dict[str, Any], value: str = SECRET) -> bytes:
        field = Shared(
            {
                "Type": Name.Annot,
                "Subtype": Name.Widget,
                "FT": Name.Tx,
                "T": "child",
                "V": value,
                "Rect": BOX,
                "F": 4,
                **widget,
            }
        )
        on_page = [] if widget.get("F") == -1 else [field]
        return Draft(
            PAGE,
            page={"Annots": on_page},
            root={"AcroForm": {"Fields": [field], "DA": "/F 12 Tf 0 g"}},
        ).data()

    yield planted("hidden field", form({"F": 2}), "pdf-hidden-value", hidden=SECRET)
    yield planted(
        "field of no size", form({"Rect": [9, 9, 9, 9]}), "pdf-hidden-value", hidden=SECRET
    )
    yield planted("field on no page", form({"F": -1}), "pdf-hidden-value", hidden=SECRET)
    yield planted("password field", form({"Ff": 1 << 13}), "pdf-hidden-value", hidden=SECRET)
    look = b"BT /F 12 Tf 2 6 Td (Child E) Tj ET"
    drawn = {
        "AP": {"N": (look, {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 150, 24]})}
    }
    yield planted(
        "field that draws other words", form(drawn), warnings=["pdf-hidden-value"], hidden=SECRET
    )
    yield twin("field", form(drawn, "Child E"))
    yield twin("field without a look", form({}, "Child E"))
    yield twin("hidden field without a value", form({"F": 2}, ""))

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(360, 240), invariant=True)
    canvas.drawString(30, 150, "Name of the child:")
    canvas.acroForm.textfield(name="child", x=30, y=112, width=150, height=24, value="Child E")
    canvas.acroForm.checkbox(name="seen", x=200, y=112, checked=True)
    canvas.save()
    yield twin("form", out.getvalue(), "reportlab")


def beside() -> Iterator[Case]:
    def outline(title: str) -> bytes:
        pdf = Draft(PAGE).pdf()
        with pdf.open_outline() as shown:
            shown.root.append(pikepdf.OutlineItem("The review", 0))
            shown.root[0].children.append(pikepdf.OutlineItem(title, 0))
        return saved(pdf)

    yield planted("bookmark", outline(SECRET), warnings=["pdf-bookmark"], hidden=SECRET)
    yield twin("bookmark", outline("1.2 How agencies worked"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(360, 240), invariant=True)
    canvas.drawString(30, 180, OPEN)
    canvas.bookmarkPage("one")
    canvas.addOutlineEntry(SECRET, "one")
    canvas.save()
    yield planted(
        "outline", out.getvalue(), producer="reportlab", warnings=["pdf-bookmark"], hidden=SECRET
    )

    def places(names: list[str]) -> bytes:
        pairs = [part for name in sorted(names) for part in (name, [0, Name.Fit])]
        tree = {"Kids": [{"Names": pairs, "Limits": [names[0], names[-1]]}]}
        return Draft(PAGE, root={"Names": {"Dests": tree}}).data()

    yield planted(
        "named place", places(["Amelia_Sparrow"]), notes=["pdf-named-place"], hidden=SECRET
    )
    yield twin("named places", places(["_Toc12345", "section.1", "G4.1017"]))
    old = {"Dests": {"Amelia_Sparrow_statement": [0, Name.Fit]}}
    yield planted(
        "named place of an old file",
        Draft(PAGE, root=old).data(),
        notes=["pdf-named-place"],
        hidden=SECRET,
    )


def replaced() -> Iterator[Case]:
    def span(said: str, drawn: str = text(OTHER)) -> str:
        return f"{PAGE}/Span <</ActualText ({said})>> BDC {drawn} EMC\n"

    yield planted("replaced words", Draft(span(SECRET)).data(), "pdf-replacement", hidden=SECRET)
    yield twin("replaced ligature", Draft(span(OTHER)).data())
    word = text("agen-", y=100) + text("cies", y=80)
    yield twin("hyphenated word", Draft(span("agencies", word)).data())
    named = Draft(
        f"{PAGE}/Span /R BDC {text(OTHER)} EMC\n",
        resources={"Properties": {"R": {"ActualText": SECRET}}},
    )
    yield planted("replaced words, by name", named.data(), "pdf-replacement", hidden=SECRET)
    picture = span(SECRET, rectangle("1 0 0 rg"))
    yield planted(
        "replaced picture", Draft(picture).data(), warnings=["pdf-replacement"], hidden=SECRET
    )

    def tagged(**element: str) -> bytes:
        tree = {"Type": Name.StructTreeRoot, "K": {"S": Name.P, "K": 0, **element}}
        root = {"StructTreeRoot": tree, "MarkInfo": {"Marked": True}}
        return Draft(f"/P <</MCID 0>> BDC {PAGE} EMC\n", root=root).data()

    yield planted(
        "replaced in the tags",
        tagged(ActualText=SECRET),
        warnings=["pdf-replacement"],
        hidden=SECRET,
    )
    yield twin("the same in the tags", tagged(ActualText=OPEN))
    # What a picture shows is not told by words on the page; names in it are looked for later.
    yield twin("alternative text", tagged(Alt=SECRET), hidden=SECRET)
    yield twin("expansion", tagged(E=SECRET), hidden=SECRET)


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Writer">%s</rdf:Description></rdf:RDF>
</x:xmpmeta><?xpacket end="w"?>"""


def metadata() -> Iterator[Case]:
    def info(**given: str) -> bytes:
        pdf = Draft(PAGE).pdf()
        pdf.trailer.Info = pdf.make_indirect(Dictionary({f"/{k}": v for k, v in given.items()}))
        return saved(pdf)

    def xmp(content: str) -> bytes:
        stream = ((XMP % content).encode(), {"Type": Name.Metadata, "Subtype": Name.XML})
        return Draft(PAGE, root={"Metadata": stream}).data()

    creator = f"<dc:creator><rdf:Seq><rdf:li>{SECRET}</rdf:li></rdf:Seq></dc:creator>"
    path = r"C:\Users\asparrow\Child E.docx"
    yield planted("author", info(Author=SECRET), warnings=["pdf-author"], hidden=SECRET)
    yield planted("author in XMP", xmp(creator), warnings=["pdf-author"], hidden=SECRET)
    yield planted("path", info(Creator=path), warnings=["pdf-path"], hidden="asparrow")
    yield planted(
        "path in XMP",
        xmp(f"<dc:source>{path}</dc:source>"),
        warnings=["pdf-path"],
        hidden="asparrow",
    )
    yield planted(
        "title", info(Title=f"{SECRET} chronology"), warnings=["pdf-title"], hidden=SECRET
    )
    yield planted("property", info(Client=SECRET), warnings=["pdf-custom-metadata"], hidden=SECRET)
    yield twin("keywords", info(Keywords=SECRET), hidden=SECRET)
    yield twin(
        "properties",
        info(Title="How agencies worked together", Producer="Writer 24", Author="anonymous"),
    )
    title = (
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">The review</rdf:li></rdf:Alt></dc:title>'
    )
    yield twin("XMP", xmp(title))
    broken = xmp(f"<dc:description>{SECRET}</dc:description>").replace(b"</rdf:RDF>", b"</rdf:RDG>")
    yield twin("broken XMP", broken, hidden=SECRET)
    yield planted(
        "private data",
        Draft(PAGE, page={"PieceInfo": {"Illustrator": {"Private": {}}}}).data(),
        warnings=["pdf-private-data"],
    )
    small = (
        b"\0" * 12,
        {"Width": 2, "Height": 2, "ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8},
    )
    yield planted(
        "thumbnail", Draft(PAGE, page={"Thumb": small}).data(), warnings=["pdf-thumbnail"]
    )
    for place in (True, False):
        picture, out = Image.new("RGB", (40, 40), "green"), io.BytesIO()
        exif = picture.getexif()
        exif[0x010E] = OTHER
        if place:
            exif.get_ifd(0x8825)[1] = "N"
            exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
        picture.save(out, "JPEG", exif=exif)
        pdf = Draft(PAGE).pdf()
        image = pdf.make_stream(
            out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=40, Height=40,
            ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
        )  # fmt: skip
        pdf.pages[0].Resources.XObject = Dictionary(I=image)
        data = saved(pdf)
        if place:
            yield planted(
                "place of a photograph", data, warnings=["pdf-picture-place"], hidden=OTHER
            )
        else:
            yield twin("photograph", data, hidden=OTHER)


def attached() -> Iterator[Case]:
    def by_pikepdf(name: str) -> bytes:
        pdf = Draft(PAGE).pdf()
        pdf.attachments[name] = b"Notes"
        return saved(pdf)

    file = {"Type": Name.Filespec, "F": f"{SECRET}.txt", "UF": f"{SECRET}.txt", "Desc": "Notes",
            "EF": {"F": (b"Notes", {"Type": Name.EmbeddedFile})}}  # fmt: skip
    yield planted(
        "attachment",
        by_pikepdf(f"{SECRET}.docx"),
        "pdf-attachment",
        producer="pikepdf",
        hidden=SECRET,
    )
    yield planted(
        "attached to a page",
        noted(Subtype=Name.FileAttachment, FS=file),
        "pdf-attachment",
        hidden=SECRET,
    )
    yield planted(
        "associated file", Draft(PAGE, root={"AF": [file]}).data(), "pdf-attachment", hidden=SECRET
    )
    with pypdfium2.PdfDocument(Draft(PAGE).data()) as pdf:
        pdf.new_attachment("notes.txt").set_data(b"Notes")
        out = io.BytesIO()
        pdf.save(out)
    yield planted("attachment by pdfium", out.getvalue(), "pdf-attachment", producer="pdfium")
    names = {"Names": {"EmbeddedFiles": {"Names": ["a", file]}}}
    portfolio = Draft(PAGE, root={**names, "Collection": {"Type": Name.Collection}})
    yield planted("portfolio", portfolio.data(), "pdf-portfolio", "pdf-attachment", hidden=SECRET)
    rights = {"UR3": {"TransformParams": {"EF": [Name.Create, Name.Delete]}}}
    yield twin("usage rights", Draft(PAGE, root={"Perms": rights}).data())
    yield twin(
        "no attachment", Draft(PAGE, root={"Names": {"EmbeddedFiles": {"Names": []}}}).data()
    )


def acting() -> Iterator[Case]:
    script = {"S": Name.JavaScript, "JS": f'app.alert("{SECRET}")'}
    link = {"Subtype": Name.Link}
    found = {
        "open": Draft(PAGE, root={"OpenAction": script}),
        "name tree": Draft(PAGE, root={"Names": {"JavaScript": {"Names": ["a", script]}}}),
        "page": Draft(PAGE, page={"AA": {"O": script}}),
        "link": Draft(PAGE, annotations=[{"Rect": BOX, **link, "A": script}]),
        "second action": Draft(
            PAGE,
            annotations=[{"Rect": BOX, **link, "A": {"S": Name.GoTo, "D": "a", "Next": [script]}}],
        ),
        "stream": Draft(
            PAGE, root={"OpenAction": {"S": Name.JavaScript, "JS": (script["JS"].encode(), {})}}
        ),
    }
    for name, draft in found.items():
        yield planted(f"JavaScript: {name}", draft.data(), "pdf-javascript", hidden=SECRET)
    yield twin(
        "goes to a page",
        Draft(PAGE, root={"OpenAction": {"S": Name.GoTo, "D": [0, Name.Fit]}}).data(),
    )

    def linked(**action: Any) -> bytes:
        return noted(**link, A=action)

    yield planted("launch", linked(S=Name.Launch, F="cmd.exe"), "pdf-launch")
    yield planted("launch for Windows", linked(S=Name.Launch, Win={"F": "cmd.exe"}), "pdf-launch")
    yield planted(
        "another file",
        linked(S=Name.GoToR, F=f"{SECRET}.pdf", D=[0, Name.Fit]),
        warnings=["pdf-remote"],
        hidden=SECRET,
    )
    yield planted(
        "sending a form",
        linked(S=Name.SubmitForm, F="https://example.org/"),
        warnings=["pdf-remote"],
    )
    yield planted(
        "file link",
        linked(S=Name.URI, URI="file:///C:/Users/asparrow/a.docx"),
        warnings=["pdf-path"],
        hidden="asparrow",
    )
    yield twin(
        "web link", linked(S=Name.URI, URI="https://www.example.org/a?b=1"), hidden="example"
    )
    outside = Draft(PAGE)
    outside.streams["X"] = (
        b"",
        {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": [0, 0, 9, 9], "/F": "other.pdf"},
    )
    yield planted("content elsewhere", outside.data(), warnings=["pdf-remote"])


def added(data: bytes, changes: dict[int, bytes], trailer: str = "") -> bytes:
    """``data`` with objects changed by an incremental save, as a program would write it."""
    start = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    size = int(re.findall(rb"/Size (\d+)", data)[-1])
    root = re.findall(rb"/Root (\d+ 0 R)", data)[-1].decode()
    body = data if data.endswith(b"\n") else data + b"\n"
    table = b"xref\n"
    for number, content in sorted(changes.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = max(size, *(number + 1 for number in changes))
    end = f"trailer\n<< /Size {size} /Root {root} /Prev {start} {trailer} >>\n"
    return body + table + end.encode() + b"startxref\n%d\n%%%%EOF\n" % len(body)


def stream(content: str) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content.encode())


PLAIN: dict[str, Any] = {
    "object_stream_mode": pikepdf.ObjectStreamMode.disable,
    "compress_streams": False,
}


def number_of(data: bytes, what: str) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0].obj
        found = {"contents": page.get("/Contents"), "page": page, "pages": pdf.Root.Pages}[what]
        return int(found.objgen[0])


def revised() -> Iterator[Case]:
    first = Draft(PAGE + text(SECRET)).data(**PLAIN)
    contents = number_of(first, "contents")
    clean = stream(PAGE + text(OTHER))
    once = added(first, {contents: clean})
    yield planted("words taken out", once, "pdf-earlier-text", hidden=SECRET)
    twice = added(once, {contents: stream(PAGE + text(OTHER) + rectangle(".9 g", (200, 10, 9, 9)))})
    yield planted(
        "words taken out long ago",
        twice,
        "pdf-earlier-text",
        notes=["pdf-earlier-revision"],
        hidden=SECRET,
    )
    fast = Draft(PAGE + text(SECRET)).data(linearize=True, **PLAIN)
    number = number_of(fast, "contents")
    yield planted(
        "words taken out of a fast file",
        added(fast, {number: clean}),
        "pdf-earlier-text",
        producer="qpdf",
        hidden=SECRET,
    )
    open_first = Draft(PAGE).data(**PLAIN)
    number = number_of(open_first, "contents")
    more = added(open_first, {number: stream(PAGE + text(OTHER))})
    yield planted("words added", more, notes=["pdf-earlier-revision"])
    yield twin("words added", more)
    yield twin("fast file", Draft(PAGE).data(linearize=True), "qpdf")

    two = Draft(PAGE).pdf()
    second = Draft(text(SECRET)).pdf()
    two.pages.append(second.pages[0])
    data = saved(two, **PLAIN)
    kept = number_of(data, "page")
    tree = f"<< /Type /Pages /Count 1 /Kids [{kept} 0 R] >>".encode()
    gone = added(data, {number_of(data, "pages"): tree})
    yield planted(
        "page taken out",
        gone,
        "pdf-earlier-text",
        "pdf-removed-page",
        "pdf-removed-content",
        hidden=SECRET,
    )

    note = Draft(PAGE, annotations=[{"Rect": BOX, "Subtype": Name.Text, "Contents": SECRET}]).data(
        **PLAIN
    )
    with pikepdf.open(io.BytesIO(note)) as pdf:
        number = pdf.pages[0].Annots[0].objgen[0]
    bare = b"<< /Type /Annot /Subtype /Highlight /Rect [24 112 174 136] >>"
    yield planted(
        "comment taken out", added(note, {number: bare}), "pdf-earlier-text", hidden=SECRET
    )

    page = [(OPEN, 30, 180), (SECRET, 30, 120)]
    draft = Draft("q 360 0 0 240 0 0 cm /I Do Q\n", pictures={"I": scan(page)})
    picture = draft.data(**PLAIN)
    with pikepdf.open(io.BytesIO(picture)) as pdf:
        image = pdf.pages[0].Resources.XObject.I
        number = image.objgen[0]
        boxed = scan(page, [((24, 112, 150, 24), "#000")]).tobytes()
        head = b"<< /Type /XObject /Subtype /Image /Width 720 /Height 480 /ColorSpace /DeviceRGB"
        new = head + b" /BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream" % (
            len(boxed),
            boxed,
        )
    yield planted("scan redacted", added(picture, {number: new}), "pdf-earlier-picture")

    with pypdfium2.PdfDocument(first) as pdf:
        page = pdf[0]
        found = [thing for thing in page.get_objects() if thing.type == raw.FPDF_PAGEOBJ_TEXT]
        page.remove_obj(found[-1])
        page.gen_content()
        out = io.BytesIO()
        pdf.save(out, flags=raw.FPDF_INCREMENTAL)
    yield planted(
        "words taken out by pdfium",
        out.getvalue(),
        "pdf-earlier-text",
        producer="pdfium",
        hidden=SECRET,
    )


def around() -> Iterator[Case]:
    left = Draft(PAGE).pdf()
    second = Draft(text(SECRET)).pdf()
    left.pages.append(second.pages[0])
    removed = left.pages[1].obj
    del left.pages[1]
    left.Root.Names = Dictionary(Dests=Dictionary(Names=Array(["G1", Array([removed, Name.Fit])])))
    yield planted(
        "page that a place still names",
        saved(left),
        "pdf-removed-page",
        producer="pikepdf",
        hidden=SECRET,
    )
    yield from leftovers()
    yield planted(
        "data after the end", Draft(PAGE).data() + b"PK" * 2000, warnings=["pdf-trailing-data"]
    )
    yield twin("blanks after the end", Draft(PAGE).data() + b"\r\n\r\n")
    form = (f"<xfa><child>{SECRET}</child></xfa>".encode(), {})
    yield planted(
        "XFA",
        Draft(PAGE, root={"AcroForm": {"XFA": ["datasets", form]}}).data(),
        warnings=["pdf-xfa"],
        hidden=SECRET,
    )
    alone = Draft(PAGE, root={"NeedsRendering": True, "AcroForm": {"XFA": form}})
    yield planted("XFA only", alone.data(), "pdf-xfa", hidden=SECRET)
    signature = {
        "Type": Name.Sig,
        "Filter": Name("/Adobe.PPKLite"),
        "Name": OTHER,
        "ByteRange": [0, 9, 9, 9],
        "Contents": "x",
    }
    field = {"FT": Name.Sig, "T": "s", "Subtype": Name.Widget, "Rect": BOX, "F": 4, "V": signature}
    signed = Draft(PAGE, annotations=[field], root={"AcroForm": {"Fields": [], "SigFlags": 3}})
    yield planted("signature", signed.data(), notes=["pdf-signature"], hidden=OTHER)
    open_to_all = pikepdf.Encryption(owner="owner", user="")
    yield planted(
        "encrypted",
        Draft(PAGE).data(deterministic_id=False, encryption=open_to_all),
        notes=["pdf-encrypted"],
    )


def with_leftover(*objects: bytes) -> bytes:
    """A file with objects that nothing leads to, as programs leave them that do not tidy up."""
    data = b"%PDF-1.7\n"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 360 240] /Contents 4 0 R /Resources"
        b" << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    numbered = [b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream(PAGE), *objects]
    places = []
    for number, content in enumerate(numbered, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = len(numbered) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def leftovers() -> Iterator[Case]:
    removed = "pdf-removed-content"
    yield planted(
        "content left behind", with_leftover(stream(text(SECRET))), removed, hidden=SECRET
    )
    note = f"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents ({SECRET}) >>".encode()
    yield planted("comment left behind", with_leftover(note), removed, hidden=SECRET)
    button = stream(text("Submit"))
    yield planted("button left behind", with_leftover(button), warnings=[removed])
    yield twin("content left behind", with_leftover(stream(PAGE)))
    hidden = Draft(text(SECRET)).pdf()
    page = hidden.pages[0].obj
    left = Draft(PAGE).pdf()
    template = left.copy_foreign(page)
    template.Type = Name.Template
    left.Root.Names = Dictionary(Templates=Dictionary(Names=Array(["form", template])))
    yield planted("template of a page", saved(left), "pdf-removed-page", hidden=SECRET)


def cases() -> Iterator[Case]:
    for kind in (
        annotations,
        fields,
        beside,
        replaced,
        metadata,
        attached,
        acting,
        revised,
        around,
    ):
        yield from kind()
