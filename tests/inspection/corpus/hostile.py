"""Files that want to use up time, memory or the stack of whoever reads them: small, and made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from itertools import pairwise

from PIL import Image

from . import opendocument, pictures, presentation, recordings, spreadsheet, word
from .ooxml import X, added
from .pdf_page import OPEN, SECRET, text

MEGABYTE = 1024 * 1024


def by_hand(objects: Iterable[str | bytes]) -> bytes:
    """A PDF of these objects; the first is its root."""
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        data = content if isinstance(content, bytes) else content.encode("latin-1")
        body += b"%d 0 obj%b endobj\n" % (number, data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def _stream(content: bytes, more: str = "") -> bytes:
    start = f"<</Length {len(content)}{more}>>stream\n".encode()
    return start + content + b"\nendstream"


def page(
    content: str | bytes = "", box: str = "0 0 360 240", resources: str = "", more: str = ""
) -> list[str | bytes]:
    """The objects of a file of one page. Others follow as 6, 7, ..."""
    data = content if isinstance(content, bytes) else content.encode()
    return [
        f"<</Type/Catalog/Pages 2 0 R{more}>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{resources}>>>>",
        _stream(data),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]


def zeros(megabytes: int, filler: bytes = b" ", *, head: bytes = b"") -> bytes:
    """So many megabytes of one byte, packed into a thousandth of it, and quickly."""

    def packed(content: bytes) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)

    block = packed(filler * MEGABYTE)
    return b"\x78\xda" + packed(head) + block * megabytes + b"\x03\x00" + bytes(4)


def tree_of_pages(levels: int, width: int) -> bytes:
    """Few nodes, each listed many times by the one above it."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    for level in range(levels):
        kids = f"{level + 3} 0 R " * width
        objects.append(f"<</Type/Pages/Count {width ** (levels - level)}/Kids[{kids}]>>")
    objects.append("<</Type/Page/MediaBox[0 0 360 240]>>")
    return by_hand(objects)


def forms(levels: int, width: int, *, last: str = "") -> bytes:
    """Each form draws the next one many times."""
    objects = page("/X Do", resources="/XObject<</X 6 0 R>>")
    for level in range(levels):
        following = level + 7 if level + 1 < levels else 6
        content = "/X Do " * width if level + 1 < levels else last
        objects.append(
            _stream(
                content.encode(),
                "/Type/XObject/Subtype/Form/BBox[0 0 360 240]"
                f"/Resources<</XObject<</X {following} 0 R>>>>",
            )
        )
    return by_hand(objects)


def image(filters: str, wide: int, high: int, data: bytes, more: str = "") -> bytes:
    content = "BT /F 14 Tf 30 30 Td (words) Tj ET q 360 0 0 240 0 0 cm /X Do Q"
    return by_hand(
        [
            *page(content, resources="/XObject<</X 6 0 R>>"),
            _stream(
                data,
                f"/Type/XObject/Subtype/Image/Width {wide}/Height {high}/ColorSpace/DeviceGray"
                f"/BitsPerComponent 8/Filter{filters}{more}",
            ),
        ]
    )


def _jbig2(wide: int, high: int) -> bytes:
    """A page's size, and a region of it that is to be filled."""
    info = struct.pack(">LLLLBH", wide, high, 0, 0, 0, 0)
    region = struct.pack(">LLLLB", wide, high, 0, 0, 0) + b"\x08\x00\x00"
    return (
        struct.pack(">LBBBL", 0, 48, 0, 1, len(info))
        + info
        + struct.pack(">LBBBL", 1, 38, 0, 1, len(region) + 4)
        + region
        + bytes(4)
    )


def _jpx(wide: int, high: int) -> bytes:
    """The head of a JPEG 2000 file, without anything behind it."""
    size = struct.pack(">HLLLLLLLLH", 0, wide, high, 0, 0, wide, high, 0, 0, 1) + b"\x07\x01\x01"
    cod = b"\x00\x00\x00\x01\x00\x05\x04\x04\x00\x01"
    qcd = b"\x40" + bytes(range(0x40, 0x50))
    segments = b"".join(
        marker + struct.pack(">H", len(content) + 2) + content
        for marker, content in ((b"\xff\x51", size), (b"\xff\x52", cod), (b"\xff\x5c", qcd))
    )
    tile = b"\xff\x90" + struct.pack(">HHLBB", 10, 0, 0, 0, 1) + b"\xff\x93" + bytes(64)
    return b"\xff\x4f" + segments + tile + b"\xff\xd9"


def chain(count: int, *, circle: bool = False) -> bytes:
    """Bookmarks, each inside of the one before."""
    objects: list[str | bytes] = [*page(more="/Outlines 6 0 R"), "<</First 7 0 R>>"]
    for number in range(count):
        following = 8 + number if number + 1 < count else 7
        more = f"/First {following} 0 R" if circle or number + 1 < count else ""
        objects.append(f"<</Title(Part {number})/Parent 6 0 R{more}>>")
    return by_hand(objects)


def deep_pages(count: int) -> bytes:
    """A tree of pages in which each node has one below it."""
    objects: list[str | bytes] = ["<</Type/Catalog/Pages 2 0 R>>"]
    objects += [f"<</Type/Pages/Count 1/Kids[{n + 3} 0 R]>>" for n in range(count)]
    return by_hand([*objects, "<</Type/Page/MediaBox[0 0 360 240]>>"])


def object_stream(megabytes: int) -> bytes:
    """A comment is told by an object in a stream that becomes very large."""
    comment = f"7 0 <</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents({SECRET})>>"
    objects = page(text(OPEN))
    objects[2] = str(objects[2]).replace("/Contents", "/Annots[7 0 R]/Contents")
    packed = zeros(megabytes, head=comment.encode())
    objects.append(_stream(packed, "/Type/ObjStm/N 1/First 4/Filter/FlateDecode"))
    body = b"%PDF-1.5\n"
    rows = struct.pack(">BLH", 0, 0, 65535)
    for number, content in enumerate(objects, 1):
        rows += struct.pack(">BLH", 1, len(body), 0)
        data = content if isinstance(content, bytes) else content.encode()
        body += b"%d 0 obj%b endobj\n" % (number, data)
    rows += struct.pack(">BLH", 2, 6, 0) + struct.pack(">BLH", 1, len(body), 0)
    table = _stream(rows, "/Type/XRef/W[1 4 2]/Size 9/Root 1 0 R")
    return body + b"8 0 obj%b endobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(body))


PDFS: dict[str, Callable[[], bytes]] = {
    "pages in a circle": lambda: by_hand(
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[2 0 R]>>"]
    ),
    "a billion pages": lambda: tree_of_pages(9, 10),
    "pages as deep as a well": lambda: deep_pages(20_000),
    "a form that draws itself": lambda: forms(1, 1, last="/X Do"),
    "forms in a circle": lambda: forms(3, 2, last="/X Do"),
    "a billion forms": lambda: forms(10, 10, last="BT ET"),
    "bookmarks in a circle": lambda: chain(5, circle=True),
    "bookmarks as deep as a well": lambda: chain(20_000),
    "a content of gigabytes": lambda: by_hand(
        [
            *page()[:3],
            _stream(zeros(3_000), "/Filter/FlateDecode"),
            page()[4],
        ]
    ),
    "a content packed twice": lambda: by_hand(
        [
            *page()[:3],
            _stream(zlib.compress(zeros(4_000)), "/Filter[/FlateDecode/FlateDecode]"),
            page()[4],
        ]
    ),
    "a million operators": lambda: by_hand(page("q Q " * 1_000_000)),
    "as many states": lambda: by_hand(page("q " * 1_000_000)),
    "a picture of gigabytes": lambda: image("/FlateDecode", 60_000, 60_000, zeros(3_500)),
    "a JPEG of gigabytes": lambda: image("/DCTDecode", 65_000, 65_000, jpeg_head(65_000, 65_000)),
    "JBIG2": lambda: image("/JBIG2Decode", 60_000, 60_000, _jbig2(60_000, 60_000)),
    "JBIG2 beyond numbers": lambda: image("/JBIG2Decode", 10, 10, _jbig2(2**32 - 1, 2**32 - 1)),
    "JPEG 2000": lambda: image("/JPXDecode", 60_000, 60_000, _jpx(60_000, 60_000)),
    "JPEG 2000 beyond numbers": lambda: image("/JPXDecode", 10, 10, _jpx(2**31, 2**31)),
    "a fax": lambda: image(
        "/CCITTFaxDecode",
        60_000,
        60_000,
        b"\x00" * 100,
        "/DecodeParms<</K -1/Columns 60000/Rows 60000>>",
    ),
    "a predictor": lambda: image(
        "/FlateDecode",
        10,
        10,
        zeros(10),
        "/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32>>",
    ),
    "a tile of nothing": lambda: by_hand(
        [
            *page(
                "/Pattern cs /P scn 0 0 360 240 re f " + text(OPEN),
                resources="/Pattern<</P 6 0 R>>",
            ),
            _stream(
                b"0 0 1 1 re f",
                "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.00001/YStep 0.00001/Resources<<>>",
            ),
        ]
    ),
    "dashes of nothing": lambda: by_hand(
        page("[0.000001 0.000001] 0 d 0 0 m 100000 100000 l S " * 50 + text(OPEN))
    ),
    "a letter that draws itself": lambda: by_hand(
        [
            *page("BT /T 14 Tf 30 30 Td (aaaa) Tj ET " + text(OPEN))[:2],
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 360 240]/Contents 4 0 R/Resources<</Font<</F 5 0 R/T 6 0 R>>>>>>",
            *page("BT /T 14 Tf 30 30 Td (aaaa) Tj ET " + text(OPEN))[3:],
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 97/Widths[1000]/Encoding<</Differences[97/a]>>/CharProcs<</a 7 0 R>>/Resources<</Font<</T 6 0 R>>>>>>",
            _stream(b"1000 0 d0 BT /T 1000 Tf (aaaa) Tj ET"),
        ]
    ),
    "a mask of itself": lambda: by_hand(
        [
            *page("/G gs " + text(OPEN), resources="/ExtGState<</G 6 0 R>>"),
            "<</SMask<</S/Luminosity/G 7 0 R>>>>",
            _stream(
                b"/G gs 0 0 360 240 re f",
                "/Type/XObject/Subtype/Form/BBox[0 0 360 240]/Group<</S/Transparency>>/Resources<</ExtGState<</G 6 0 R>>>>",
            ),
        ]
    ),
    "a list of two billion objects": lambda: by_hand(page(text(OPEN))).replace(
        b"/Size 6", b"/Size 2147483647"
    ),
    "a revision before itself": lambda: _own_predecessor(),
    "objects in a stream of gigabytes": lambda: object_stream(3_000),
    "arrays in arrays": lambda: by_hand(
        [*page(text(OPEN), more="/Extra 6 0 R"), "[" * 100_000 + "]" * 100_000]
    ),
    "letters on letters": lambda: by_hand(
        page("BT /F 14 Tf 30 30 Td " + "(Sparrow) Tj 0 0 Td " * 30_000 + "ET")
    ),
    "boxes on letters on boxes": lambda: by_hand(
        page((text(SECRET) + "0 g 20 110 200 40 re f ") * 600)
    ),
    "ten thousand pages": lambda: by_hand(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 10000/Kids["
            + " ".join(f"{n + 3} 0 R" for n in range(10_000))
            + "]/MediaBox[0 0 360 240]>>",
            *["<</Type/Page/Parent 2 0 R>>"] * 10_000,
        ]
    ),
    **{
        f"a page of [{box}]": lambda box=box: by_hand(page(text(OPEN), box))
        for box in (
            "0 0 1000000000 1000000000",
            "0 0 1000000000 1",
            "-1000000000 -1000000000 0 0",
            "0 0 -360 -240",
            "360 240 0 0",
            "0 0 0 0",
            "0 0 0.0001 0.0001",
            f"0 0 1{'0' * 50} 1{'0' * 50}",
            "nan nan nan nan",
            "(a) /b [] <<>>",
            "0 0 360",
            "2147483000 2147483000 2147483360 2147483240",
        )
    },
}


def _own_predecessor() -> bytes:
    data = by_hand(page(text(OPEN)))
    start = data.rindex(b"startxref\n") + 10
    place = int(data[start : data.index(b"\n", start)])
    return data.replace(b"/Size 6", b"/Size 6/Prev %d" % place)


def jpeg_head(wide: int, high: int) -> bytes:
    """A JPEG that says that it is so large, and has next to nothing."""
    out = io.BytesIO()
    Image.new("L", (16, 16)).save(out, "JPEG")
    data = out.getvalue()
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", high, wide) + data[at + 4 :]


def png(wide: int, high: int, colour: int, packed: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">L", len(content))
            + kind
            + content
            + struct.pack(">L", zlib.crc32(kind + content))
        )

    header = struct.pack(">LLBBBBB", wide, high, 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghij"))
    + "]><x>&j;</x>"
)
FOREIGN = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
FOREIGN_GRAMMAR = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x>&a;</x>'
QUADRATIC = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "a" * 50_000
    + '">]><x>'
    + "&a;" * 50_000
    + "</x>"
)
PARAMETERS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/hostname">%a;]><x/>'
)
GRAMMARS = {
    "a billion laughs": ENTITIES,
    "one long laugh": QUADRATIC,
    "an entity from a file": FOREIGN,
    "a parameter from a file": PARAMETERS,
}

OFFICE_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "docx": (word.plain, "word/document.xml"),
    "xlsx": (spreadsheet.openpyxl_book, "xl/workbook.xml"),
    "pptx": (presentation.slides, "ppt/presentation.xml"),
    "odt": (lambda: opendocument.saved("text", opendocument.p(OPEN)), "content.xml"),
    "ods": (lambda: opendocument.saved("spreadsheet", "<table:table/>"), "content.xml"),
    "odp": (lambda: opendocument.saved("presentation", "<draw:page/>"), "content.xml"),
}
"""By their extension: an ordinary file, and its main part."""


def with_part(kind: str, part: str, content: str | bytes) -> bytes:
    """The ordinary file, with one part changed or added and the others as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(OFFICE_FILES[kind][0]())) as file:
        parts = {entry: file.read(entry) for entry in file.infolist() if entry.filename != part}
    with zipfile.ZipFile(out, "w") as file:
        for entry, data in parts.items():
            file.writestr(entry, data, entry.compress_type)
        file.writestr(part, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def packed_part(kind: str, part: str, megabytes: int, *, said: int | None = None) -> bytes:
    """The ordinary file with a part that becomes very large; ``said`` is the size that it tells."""
    out = io.BytesIO(with_part(kind, part, b""))
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as file:
        parts = {entry: file.read(entry) for entry in file.infolist() if entry.filename != part}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for entry, content in parts.items():
            file.writestr(entry, content, entry.compress_type)
        start = out.tell()
        file.writestr(part, zeros(megabytes)[2:-4], zipfile.ZIP_STORED)
        listed = file.start_dir
    data = bytearray(out.getvalue())
    listed = data.rindex(part.encode()) - 46
    for place, method, size in ((start, 8, 22), (listed, 10, 24)):
        data[place + method : place + method + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
        told = megabytes * MEGABYTE if said is None else said
        data[place + size : place + size + 4] = struct.pack("<L", told)
    return bytes(data)


def overlapping(parts: int) -> bytes:
    """A ZIP whose list names one packed part many times."""
    out = io.BytesIO(with_part("docx", "word/media/image1.bin", bytes(50 * MEGABYTE)))
    with zipfile.ZipFile(out, "a") as file:
        entry = file.getinfo("word/media/image1.bin")
        for number in range(parts):
            other = zipfile.ZipInfo(f"word/media/image{number}.png")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(other, name, getattr(entry, name))
            file.filelist.append(other)
        file._didModify = True
    return out.getvalue()


def nested(levels: int) -> bytes:
    """Documents within documents."""
    data = word.plain()
    for _ in range(levels):
        data = added(
            word.plain(),
            {"word/embeddings/a.docx": data},
            {"word/_rels/document.xml.rels": (("rE", "package", "embeddings/a.docx"),)},
        )
    return data


def in_main_part(kind: str, change: Callable[[str], str]) -> bytes:
    make, part = OFFICE_FILES[kind]
    with zipfile.ZipFile(io.BytesIO(make())) as file:
        content = file.read(part).decode()
    return with_part(kind, part, change(content))


def _closed_by(content: str, inner: str) -> str:
    """With ``inner`` before the last end tag."""
    at = content.rindex("</")
    return content[:at] + inner + content[at:]


OFFICE: dict[str, tuple[Callable[[], bytes], str]] = {
    **{
        f"{name}: {kind}": (
            lambda kind=kind, part=part, content=content: with_part(kind, part, content),
            kind,
        )
        for name, content in GRAMMARS.items()
        for kind, (_, part) in OFFICE_FILES.items()
    },
    **{
        f"elements in elements: {kind}": (
            lambda kind=kind: in_main_part(
                kind, lambda content: _closed_by(content, "<a>" * 500_000 + "</a>" * 500_000)
            ),
            kind,
        )
        for kind in OFFICE_FILES
    },
    **{
        f"gigabytes in the main part: {kind}": (
            lambda kind=kind, part=part: packed_part(kind, part, 1_500),
            kind,
        )
        for kind, (_, part) in OFFICE_FILES.items()
    },
    "gigabytes that are not told": (
        lambda: packed_part("docx", "word/document.xml", 1_500, said=5_000),
        "docx",
    ),
    "gigabytes in a part of no use": (lambda: packed_part("docx", "word/a.bin", 1_500), "docx"),
    "half a gigabyte of blanks in a part": (
        lambda: packed_part("docx", "customXml/item1.xml", 500),
        "docx",
    ),
    "parts that share their bytes": (lambda: overlapping(5_000), "docx"),
    "documents as deep as a well": (lambda: nested(20), "docx"),
    "attributes without end": (
        lambda: in_main_part(
            "docx",
            lambda content: _closed_by(
                content, "<a " + " ".join(f'b{n}="c"' for n in range(50_000)) + "/>"
            ),
        ),
        "docx",
    ),
    "names without end": (
        lambda: in_main_part(
            "docx",
            lambda content: _closed_by(content, "".join(f"<a{n}/>" for n in range(50_000))),
        ),
        "docx",
    ),
    "namespaces without end": (
        lambda: in_main_part(
            "docx",
            lambda content: _closed_by(
                content, "".join(f'<a xmlns="urn:{n}"/>' for n in range(50_000))
            ),
        ),
        "docx",
    ),
    "text without end": (
        lambda: in_main_part(
            "docx",
            lambda content: content.replace(
                "<w:body>", f"<w:body><w:p><w:r><w:t>{'a ' * 10_000_000}</w:t></w:r></w:p>"
            ),
        ),
        "docx",
    ),
    "rows without end": (
        lambda: with_part(
            "xlsx",
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{X}"><sheetData>'
            + "".join(
                f'<row r="{n}" hidden="1"><c r="A{n}"><v>{n}</v></c></row>'
                for n in range(1, 50_001)
            )
            + "</sheetData></worksheet>",
        ),
        "xlsx",
    ),
    "rows repeated a billion times": (
        lambda: opendocument.saved(
            "spreadsheet",
            '<table:table><table:table-row table:number-rows-repeated="1000000000">'
            '<table:table-cell table:number-columns-repeated="1000000000"><text:p>words</text:p>'
            '<text:s text:c="1000000000"/></table:table-cell></table:table-row></table:table>',
        ),
        "ods",
    ),
    "blanks repeated a billion times": (
        lambda: opendocument.saved("text", opendocument.p('words<text:s text:c="1000000000"/>')),
        "odt",
    ),
    "styles in a circle": (
        lambda: opendocument.saved(
            "text",
            opendocument.p(OPEN, "a"),
            styles=opendocument.style("a", "", parent="b")
            + opendocument.style("b", "", parent="a"),
        ),
        "odt",
    ),
}


def _slow_jpeg(side: int, scans: int) -> bytes:
    """A progressive JPEG that is drawn many times over, with the same few bytes."""
    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def _chunked(*more: tuple[bytes, bytes]) -> bytes:
    data = pictures.saved(pictures.scene(), "PNG")
    for kind, content in more:
        data = pictures.with_chunk(data, kind, content)
    return data


PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a PNG of gigabytes": (lambda: png(60_000, 60_000, 2, zeros(100, b"\0")), "png"),
    "a PNG at the limit": (lambda: png(10_000, 10_000, 6, zeros(382, b"\0")), "png"),
    "a PNG beyond numbers": (lambda: png(2**31, 2**31, 0, zeros(1, b"\0")), "png"),
    "a PNG with more than it says": (lambda: png(10, 10, 0, zeros(3_000, b"\0")), "png"),
    "a JPEG of gigabytes": (lambda: jpeg_head(65_000, 65_000), "jpg"),
    "a JPEG at the limit": (lambda: jpeg_head(10_000, 10_000), "jpg"),
    "a JPEG drawn a thousand times": (lambda: _slow_jpeg(8_000, 1_000), "jpg"),
    "a profile of gigabytes": (lambda: _chunked((b"iCCP", b"a\0\0" + zeros(2_000))), "png"),
    "text of gigabytes": (lambda: _chunked((b"zTXt", b"Comment\0\0" + zeros(2_000))), "png"),
    "a billion laughs in XMP": (
        lambda: pictures.with_xmp(pictures.saved(pictures.scene()), ENTITIES.encode()),
        "jpg",
    ),
    "a file's entity in XMP": (
        lambda: pictures.with_xmp(pictures.saved(pictures.scene()), FOREIGN.encode()),
        "jpg",
    ),
}

RECORDINGS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a tag of gigabytes": (lambda: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(1_000), "mp3"),
    "a box of gigabytes": (
        lambda: recordings.mp4(more=struct.pack(">L4sQ", 1, b"udta", 2**62)),
        "mp4",
    ),
    "a million boxes": (lambda: recordings.mp4(*[recordings.box(b"name")] * 1_000_000), "mp4"),
    "boxes as deep as a well": (lambda: _deep_boxes(5_000), "mp4"),
}


def _deep_boxes(levels: int) -> bytes:
    deep = b""
    for _ in range(levels):
        deep = recordings.box(b"udta", deep)
    return recordings.mp4(deep)
