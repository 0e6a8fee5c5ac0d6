"""JPEG and PNG pictures."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable, Iterator

from PIL import ExifTags, Image, ImageDraw, PngImagePlugin

from .case import Case
from .word import SECRET

JPEG = "image/jpeg"
PNG = "image/png"
PILLOW = "Pillow"
BY_HAND = "camera (by hand)"


def scene(width: int = 480, height: int = 320) -> Image.Image:
    """Something with light and dark places, as photographs have."""
    image = Image.new("RGB", (width, height), "#87a5c8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.6, width, height), fill="#4f7a3a")
    draw.rectangle((width * 0.1, height * 0.3, width * 0.4, height * 0.7), fill="#b5563c")
    draw.polygon(
        [(width * 0.05, height * 0.3), (width * 0.25, height * 0.1), (width * 0.45, height * 0.3)],
        fill="#5a3a2a",
    )
    draw.ellipse((width * 0.7, height * 0.1, width * 0.85, height * 0.3), fill="#ffe9a0")
    draw.rectangle((width * 0.6, height * 0.55, width * 0.9, height * 0.75), fill="#e8e8e8")
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def thumbnail(image: Image.Image, size: tuple[int, int] = (160, 120)) -> bytes:
    small = image.copy()
    small.thumbnail(size)
    return saved(small)


def exif(
    tags: dict[int, object] | None = None,
    inner: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
) -> Image.Exif:
    made = Image.Exif()
    made.update(tags or {})
    made.get_ifd(ExifTags.IFD.Exif).update(inner or {})
    made.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    return made


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_segment(data: bytes, marker: int, content: bytes) -> bytes:
    return data[:2] + segment(marker, content) + data[2:]


def with_thumbnail(data: bytes, small: bytes) -> bytes:
    """EXIF by hand, as cameras write it: an empty first directory, the thumbnail in the second."""
    header = b"MM\0*\0\0\0\x08" + b"\0\0" + struct.pack(">L", 14)
    start = 14 + 2 + 2 * 12 + 4
    second = struct.pack(">H", 2)
    second += struct.pack(">HHLL", 0x0201, 4, 1, start)
    second += struct.pack(">HHLL", 0x0202, 4, 1, len(small))
    return with_segment(data, 0xE1, b"Exif\0\0" + header + second + b"\0\0\0\0" + small)


def xmp(inner: str, attributes: str = "") -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        'xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:xmpGImg="http://ns.adobe.com/xap/1.0/g/img/" '
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#" '
        f"{attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def with_xmp(data: bytes, payload: bytes) -> bytes:
    return with_segment(data, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + payload)


def resource(number: int, content: bytes) -> bytes:
    padded = content + b"\0" * (len(content) % 2)
    return b"8BIM" + struct.pack(">H", number) + b"\0\0" + struct.pack(">L", len(content)) + padded


def iptc(number: int, text: str) -> bytes:
    said = text.encode()
    return b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(said)) + said


def with_iptc(data: bytes, number: int, text: str) -> bytes:
    return with_segment(data, 0xED, b"Photoshop 3.0\0" + resource(0x0404, iptc(number, text)))


def with_chunk(data: bytes, kind: bytes, content: bytes) -> bytes:
    """The PNG with a chunk before its end."""
    chunk = struct.pack(">L", len(content)) + kind + content
    chunk += struct.pack(">L", zlib.crc32(kind + content))
    end = data.rindex(b"IEND") - 4
    return data[:end] + chunk + data[end:]


def case(
    name: str,
    data: bytes,
    *blockers: str,
    producer: str = PILLOW,
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    hidden: str = "",
) -> Case:
    kind = PNG if data.startswith(b"\x89PNG") else JPEG
    return Case(
        f"picture-{name}",
        data,
        kind,
        producer,
        frozenset(blockers),
        frozenset(warnings),
        frozenset(notes),
        hidden,
    )


def cases() -> Iterator[Case]:
    plain, png = saved(scene()), saved(scene(), "PNG")
    yield case("plain-jpeg", plain)
    yield case("plain-png", png)
    yield case("plain-grey", saved(scene().convert("L")))
    yield case("plain-palette", saved(scene().convert("P"), "PNG"))
    yield case("progressive", saved(scene(), progressive=True))
    yield from _exif()
    yield from _xmp(plain, png)
    yield from _words(plain, png)
    yield from _thumbnails(plain, png)
    yield from _more(plain, png)


def _exif() -> Iterator[Case]:
    place = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 30.0)}

    def tagged(made: Image.Exif, kind: str = "JPEG") -> bytes:
        return saved(scene(), kind, exif=made.tobytes())

    for kind in ("JPEG", "PNG"):
        low = kind.lower()
        yield case(f"position-{low}", tagged(exif(gps=place), kind), "image-position")
        yield case(
            f"owner-{low}",
            tagged(exif(inner={0xA430: "Robin Sparrow"}), kind),
            warnings=("image-person",),
            hidden="Robin Sparrow",
        )
        yield case(
            f"camera-{low}",
            tagged(exif({0x010F: "Maker", 0x0110: "Model 1", 0x0132: "2026:01:01 10:00:00"}), kind),
            notes=("image-camera",),
        )
    nowhere = {1: "N", 2: (0.0, 0.0, 0.0), 3: "W", 4: (0.0, 0.0, 0.0)}
    yield case("position-zero", tagged(exif(gps=nowhere)), notes=("image-position",))
    yield case("position-none", tagged(exif(gps={0: b"\2\2\0\0"})))
    yield case("position-half", tagged(exif(gps={2: (51.0, 30.0, 0.0)})), "image-position")
    yield case("place-name", tagged(exif(gps={28: "Larch Lane"})), "image-position")
    yield case(
        "artist",
        tagged(exif({0x013B: "Jo Writer"})),
        warnings=("image-person",),
        hidden="Jo Writer",
    )
    yield case("artist-nobody", tagged(exif({0x013B: "unknown"})))
    yield case(
        "author-windows",
        tagged(exif({0x9C9D: "Jo Writer".encode("utf-16-le") + b"\0\0"})),
        warnings=("image-person",),
        hidden="Jo Writer",
    )
    yield case(
        "computer",
        tagged(exif({0x013C: "Jo Writer's laptop"})),
        warnings=("image-person",),
        hidden="Jo Writer's laptop",
    )
    yield case(
        "serial",
        tagged(exif(inner={0xA431: "0123456"})),
        warnings=("image-serial",),
        hidden="0123456",
    )
    yield case(
        "description", tagged(exif({0x010E: SECRET})), warnings=("image-comment",), hidden=SECRET
    )
    yield case(
        "description-by-camera",
        tagged(exif({0x010E: "OLYMPUS DIGITAL CAMERA"})),
        notes=("image-comment",),
    )
    yield case(
        "comment-ascii",
        tagged(exif(inner={0x9286: b"ASCII\0\0\0" + SECRET.encode()})),
        warnings=("image-comment",),
        hidden=SECRET,
    )
    yield case(
        "comment-unicode",
        tagged(exif(inner={0x9286: b"UNICODE\0" + SECRET.encode("utf-16")})),
        warnings=("image-comment",),
        hidden=SECRET,
    )
    yield case("copyright", tagged(exif({0x8298: "A Council"})), notes=("image-copyright",))
    yield case("turned", tagged(exif({0x0112: 6})))
    damaged = with_segment(saved(scene()), 0xE1, b"Exif\0\0XX\0*" + SECRET.encode())
    yield case(
        "exif-damaged", damaged, producer=BY_HAND, warnings=("image-comment",), hidden=SECRET
    )
    second = with_segment(tagged(exif({0x0110: "Model"})), 0xE1, exif(gps=place).tobytes())
    yield case("second-exif", second, "image-position", producer=BY_HAND)


def _xmp(plain: bytes, png: bytes) -> Iterator[Case]:
    def both(
        name: str,
        payload: bytes,
        *blockers: str,
        warnings: tuple[str, ...] = (),
        hidden: str = "",
    ) -> Iterator[Case]:
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", payload.decode())
        for kind, data in (
            ("jpeg", with_xmp(plain, payload)),
            ("png", saved(scene(), "PNG", pnginfo=info)),
        ):
            yield case(f"xmp-{name}-{kind}", data, *blockers, warnings=warnings, hidden=hidden)

    yield from both("empty", xmp(""))
    yield from both("position", xmp("", 'exif:GPSLatitude="51,30.0N"'), "image-position")
    creator = "<dc:creator><rdf:Seq><rdf:li>Jo Writer</rdf:li></rdf:Seq></dc:creator>"
    yield from both("creator", xmp(creator), warnings=("image-person",), hidden="Jo Writer")
    face = '<mwg-rs:Regions><mwg-rs:RegionList><rdf:Bag><rdf:li mwg-rs:Name="Robin Sparrow" mwg-rs:Type="Face"/></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>'
    yield from both("face", xmp(face), "image-depicted", hidden="Robin Sparrow")
    person = '<rdf:Bag><rdf:li MPReg:PersonDisplayName="Robin Sparrow"/></rdf:Bag>'
    yield from both("face-windows", xmp(person), "image-depicted", hidden="Robin Sparrow")
    shown = "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Robin Sparrow</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>"
    yield from both("person-shown", xmp(shown), "image-depicted", hidden="Robin Sparrow")
    said = f"<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>{SECRET}</rdf:li></rdf:Alt></dc:description>"
    yield from both("description", xmp(said), warnings=("image-comment",), hidden=SECRET)
    yield from both(
        "city", xmp("", 'photoshop:City="Larchford"'), warnings=("image-place",), hidden="Larchford"
    )
    layer = f'<photoshop:TextLayers><rdf:Bag><rdf:li photoshop:LayerText="{SECRET}"/></rdf:Bag></photoshop:TextLayers>'
    yield from both("layer", xmp(layer), warnings=("image-layers",), hidden=SECRET)
    path = "<photoshop:DocumentAncestors><rdf:Bag><rdf:li>C:\\Users\\jo.writer\\a.psd</rdf:li></rdf:Bag></photoshop:DocumentAncestors>"
    yield from both("path", xmp(path), warnings=("image-path",), hidden="jo.writer")
    yield from both("program", xmp("", 'xmp:CreatorTool="A Program 2.0"'))
    small = base64.b64encode(thumbnail(Image.new("RGB", (480, 320), "red"))).decode()
    held = f"<xmp:Thumbnails><rdf:Alt><rdf:li xmpGImg:image='{small}'/></rdf:Alt></xmp:Thumbnails>"
    yield from both("thumbnail", xmp(held), "image-thumbnail-differs")
    yield case(
        "xmp-damaged",
        with_xmp(plain, b"<x:xmpmeta>" + SECRET.encode()),
        producer=BY_HAND,
        warnings=("image-comment",),
        hidden=SECRET,
    )


def _words(plain: bytes, png: bytes) -> Iterator[Case]:
    for name, number, code in (
        ("byline", 80, "image-person"),
        ("caption", 120, "image-comment"),
        ("keywords", 25, "image-comment"),
        ("place", 90, "image-place"),
    ):
        yield case(
            f"iptc-{name}",
            with_iptc(plain, number, SECRET),
            producer=BY_HAND,
            warnings=(code,),
            hidden=SECRET,
        )
    yield case("iptc-date", with_iptc(plain, 55, "20260101"), producer=BY_HAND)
    yield case(
        "comment", saved(scene(), comment=SECRET), warnings=("image-comment",), hidden=SECRET
    )
    yield case(
        "comment-by-program",
        saved(scene(), comment="Created with GIMP"),
        notes=("image-comment",),
    )

    def text(keyword: str, said: str, how: str) -> bytes:
        info = PngImagePlugin.PngInfo()
        if how == "itxt":
            info.add_itxt(keyword, said, zip=True)
        else:
            info.add_text(keyword, said, zip=how == "ztxt")
        return saved(scene(), "PNG", pnginfo=info)

    for how in ("text", "ztxt", "itxt"):
        yield case(
            f"png-{how}",
            text("Comment", SECRET, how),
            warnings=("image-comment",),
            hidden=SECRET,
        )
    yield case(
        "png-author", text("Author", SECRET, "text"), warnings=("image-person",), hidden=SECRET
    )
    yield case("png-software", text("Software", "A Program", "text"), notes=("image-camera",))
    yield case(
        "png-private-chunk",
        with_chunk(png, b"prVt", SECRET.encode()),
        producer=BY_HAND,
        warnings=("image-comment",),
        hidden=SECRET,
    )
    place = exif(gps={1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 30.0)}).tobytes()
    raw = f"\nexif\n{len(place)}\n{place.hex()}\n"
    yield case(
        "png-raw-profile",
        text("Raw profile type exif", raw, "ztxt"),
        "image-position",
        producer="ImageMagick (by hand)",
    )


def _thumbnails(plain: bytes, png: bytes) -> Iterator[Case]:
    whole = scene()
    same, differs = "image-thumbnail", "image-thumbnail-differs"
    yield case(
        "thumbnail-same", with_thumbnail(plain, thumbnail(whole)), producer=BY_HAND, notes=(same,)
    )
    barred = Image.new("RGB", (160, 120), "black")
    barred.paste(whole.resize((160, 107)), (0, 6))
    yield case(
        "thumbnail-with-bars",
        with_thumbnail(plain, saved(barred)),
        producer=BY_HAND,
        notes=(same,),
    )
    yield case(
        "thumbnail-turned",
        with_thumbnail(saved(whole.transpose(Image.Transpose.ROTATE_90)), thumbnail(whole)),
        producer=BY_HAND,
        notes=(same,),
    )
    brighter = saved(whole.point(lambda level: min(255, int(level * 1.15) + 6)))
    yield case(
        "thumbnail-brighter",
        with_thumbnail(brighter, thumbnail(whole)),
        producer=BY_HAND,
        notes=(same,),
    )
    yield case(
        "thumbnail-poor",
        with_thumbnail(plain, saved(whole.resize((80, 53)), quality=20)),
        producer=BY_HAND,
        notes=(same,),
    )
    painted = whole.copy()
    ImageDraw.Draw(painted).rectangle((290, 180, 430, 240), fill="black")
    cropped = whole.crop((0, 0, 260, 320))
    zoomed = whole.crop((120, 80, 360, 240)).resize((480, 320))
    for name, image in (("painted", painted), ("cropped", cropped), ("zoomed", zoomed)):
        yield case(
            f"thumbnail-{name}",
            with_thumbnail(saved(image), thumbnail(whole)),
            differs,
            producer=BY_HAND,
        )
        yield case(
            f"thumbnail-photoshop-{name}",
            with_segment(
                saved(image),
                0xED,
                b"Photoshop 3.0\0" + resource(0x040C, bytes(28) + thumbnail(whole)),
            ),
            differs,
            producer="Photoshop (by hand)",
        )
        yield case(
            f"thumbnail-kept-up-{name}",
            with_thumbnail(saved(image), thumbnail(image)),
            producer=BY_HAND,
            notes=(same,),
        )
    yield case(
        "thumbnail-damaged",
        with_thumbnail(plain, b"\xff\xd8\xff" + bytes(50)),
        producer=BY_HAND,
        warnings=(same,),
    )


def _more(plain: bytes, png: bytes) -> Iterator[Case]:
    trailing = "image-trailing"
    other = saved(Image.new("RGB", (50, 50), "red"))
    for name, start in (("jpeg", plain), ("png", png)):
        for what, more in (
            ("picture", other),
            ("pdf", b"%PDF-1.7 " + SECRET.encode()),
            ("zip", b"PK\x03\x04" + bytes(30)),
            ("video", b"\0\0\0\x18ftypmp42" + bytes(20)),
        ):
            yield case(f"{what}-behind-{name}", start + more, trailing, producer=BY_HAND)
        yield case(
            f"words-behind-{name}",
            start + SECRET.encode(),
            producer=BY_HAND,
            warnings=(trailing,),
            hidden=SECRET,
        )
        yield case(f"zeros-behind-{name}", start + bytes(4096), producer=BY_HAND)
    longer = saved(scene(700, 500), "PNG")
    yield case("overwritten", png + longer[len(png) :], trailing, producer="screenshot (by hand)")

    def several(second: bytes) -> bytes:
        """As cameras list further pictures: little-endian, one entry of 12 bytes, two of 16."""
        header = b"II*\0\x08\0\0\0" + struct.pack("<H", 1)
        header += struct.pack("<HHLL", 0xB002, 7, 32, 26) + bytes(4)
        size = len(plain) + 4 + 4 + len(header) + 32
        offset = size - (2 + 4 + 4)
        entries = struct.pack("<LLLL", 0x030000, size, 0, 0)
        entries += struct.pack("<LLLL", 0, len(second), offset, 0)
        return with_segment(plain, 0xE2, b"MPF\0" + header + entries) + second

    yield case(
        "two-pictures",
        several(saved(scene(240, 160))),
        producer=BY_HAND,
        warnings=("image-frames",),
        notes=("image-thumbnail",),
    )
    yield case(
        "two-different-pictures",
        several(other),
        "image-thumbnail-differs",
        producer=BY_HAND,
        warnings=("image-frames",),
    )
    gain = with_segment(saved(scene(240, 160).convert("L")), 0xE1, b"http://ns.adobe.com/hdrgm")
    yield case("gain-map", several(gain), producer=BY_HAND, notes=("image-frames",))
    moving = saved(
        scene(64, 64), "PNG", save_all=True, append_images=[Image.new("RGB", (64, 64), "red")]
    )
    yield case("moving", moving, warnings=("image-frames",))
    yield from _transparent()


def _transparent() -> Iterator[Case]:
    def erased(paint: Callable[[ImageDraw.ImageDraw, Image.Image], None]) -> bytes:
        image = scene().convert("RGBA")
        alpha = Image.new("L", image.size, 255)
        paint(ImageDraw.Draw(alpha), image)
        image.putalpha(alpha)
        return saved(image, "PNG")

    area = (20, 20, 300, 280)
    yield case(
        "erased",
        erased(lambda draw, image: draw.rectangle(area, fill=0)),
        warnings=("image-transparent",),
    )

    def emptied(draw: ImageDraw.ImageDraw, image: Image.Image) -> None:
        draw.rectangle(area, fill=0)
        ImageDraw.Draw(image).rectangle(area, fill="white")

    yield case("transparent", erased(emptied))
    yield case("glass", erased(lambda draw, image: draw.rectangle(area, fill=128)))
