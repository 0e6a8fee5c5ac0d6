"""One picture: its metadata, the small pictures within, and what follows it in the file."""

from __future__ import annotations

from xml.etree.ElementTree import ParseError

from PIL import Image

from ..gathered import Gathered, is_readable
from ..strings import find_strings
from .exif import read_exif
from .jpeg import SOI, read_jpeg
from .likeness import differs, opened
from .photoshop import read_iptc, read_photoshop
from .png import SIGNATURE, Png, read_png
from .tags import Tags
from .xmp import read_xmp

FILES = (
    SOI + b"\xff",
    SIGNATURE,
    b"PK\x03\x04",
    b"%PDF-",
    b"ftyp",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"GIF8",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a",
    b"IEND",  # what a picture that was overwritten by a shorter one leaves behind
)
"""What files begin with, or have in them, that somebody may have put behind another one."""
_GAIN_MAP = b"hdrgm"
_PHOTO_PARTS = ("APP0", "APP1", "APP2", "APP14")
_AUTHORS = {"author", "artist", "creator"}
_PROGRAM = {"software", "creation time", "date:create", "date:modify", "date:timestamp", "source"}
_UNSEEN_COLOURS = 20.0
_SHARE = 0.01

Image.MAX_IMAGE_PIXELS = None  # checked by ``likeness.opened``


def is_picture(data: bytes) -> bool:
    """Whether these are the first bytes of a picture that is read here."""
    return data.startswith((SOI + b"\xff", SIGNATURE))


def inspect_picture(data: bytes, gathered: Gathered, where: str) -> None:
    """Tell ``gathered`` what the picture in ``data`` gives away; ``where`` is where it lies in
    another file. Raises :class:`ValueError` or :class:`OSError` for a damaged one."""
    image = opened(data)
    tags = Tags(gathered, where)
    if data.startswith(SIGNATURE):
        small = _inspect_png(read_png(data), gathered, tags, where)
    else:
        small = _inspect_jpeg(data, gathered, tags, where)
    if not where:
        gathered.facts |= {"width": image.width, "height": image.height}
    # Reading all of it tells whether it is whole. Of a large JPEG a smaller form is enough.
    image.draft(None, (1024, 1024))
    image.load()
    _compare(small, image, gathered, where)
    if image.mode in {"RGBA", "LA"} and _has_colours_unseen(image):
        gathered.found("image-transparent", where=where)


def _inspect_jpeg(data: bytes, gathered: Gathered, tags: Tags, where: str) -> list[bytes]:
    jpeg = read_jpeg(data)
    small = [read_exif(payload, gathered, tags) for payload in jpeg.exif]
    for payload in jpeg.xmp:
        small += _xmp(payload, gathered, tags)
    for payload in jpeg.photoshop:
        small += read_photoshop(payload, gathered, tags)
    for comment in jpeg.comments:
        tags.comment("comment", comment.decode("utf-8", "replace").replace("\0", " "))
    for number, content in jpeg.others:
        name = f"APP{number}"
        if name not in _PHOTO_PARTS:
            gathered.text(find_strings(content), f"the segment {name}", shown=False)
    for picture in jpeg.further:
        if _GAIN_MAP in picture:
            gathered.found("image-frames", where=where, severity="note")
        else:
            small.append(picture)
            gathered.found("image-frames", where=where)
    _report_trailing(jpeg.trailing, gathered, where)
    return small


def _inspect_png(png: Png, gathered: Gathered, tags: Tags, where: str) -> list[bytes]:
    small = [read_exif(payload, gathered, tags) for payload in png.exif]
    for payload in png.xmp:
        small += _xmp(payload, gathered, tags)
    for payload in png.iptc:
        start = payload.find(b"8BIM")
        if start >= 0:
            small += read_photoshop(payload[start:], gathered, tags)
        else:
            read_iptc(payload, tags)
    for keyword, text in png.texts:
        if keyword.casefold() in _AUTHORS:
            tags.person(keyword, text)
        elif keyword.casefold() in _PROGRAM:
            tags.camera(text)
        elif keyword.casefold() == "copyright":
            tags.copyright(text)
        else:
            tags.comment(keyword, text)
    for kind, content in png.others:
        said = find_strings(content)
        gathered.text(said, f"the chunk {kind}", shown=False)
        if is_readable(said) or any(magic in content for magic in FILES):
            gathered.found("image-comment", excerpt=said, where=f"the chunk {kind}")
    if png.frames > 1:
        gathered.found("image-frames", where=where, excerpt=str(png.frames))
    _report_trailing(png.trailing, gathered, where)
    return small


def _xmp(payload: bytes, gathered: Gathered, tags: Tags) -> list[bytes]:
    try:
        return read_xmp(payload, gathered, tags)
    except (ParseError, ValueError, LookupError):
        tags.comment("XMP that is damaged", find_strings(payload))
        return []


def _report_trailing(trailing: bytes, gathered: Gathered, where: str) -> None:
    if not trailing:
        return
    said = find_strings(trailing)
    gathered.text(said, "what follows the picture", shown=False)
    is_file = any(magic in trailing for magic in FILES)
    severity = "" if is_file else "warning" if is_readable(said) else "note"
    gathered.found("image-trailing", excerpt=said, where=where, severity=severity)


def _compare(small: list[bytes], image: Image.Image, gathered: Gathered, where: str) -> None:
    for data in small:
        if not data:
            continue
        try:
            other = opened(data)
            other.load()
        except (OSError, ValueError, SyntaxError):
            gathered.found("image-thumbnail", where=where, severity="warning")
            continue
        changed = differs(other, image)
        gathered.found("image-thumbnail-differs" if changed else "image-thumbnail", where=where)


def _has_colours_unseen(image: Image.Image) -> bool:
    """Whether there is more than one plain colour where the picture is fully transparent: what
    was erased is often only made invisible."""
    grey = image.convert("RGB").convert("L")
    unseen = image.getchannel("A").point(lambda alpha: 255 if alpha == 0 else 0)
    histogram = grey.histogram(unseen)
    total = sum(histogram)
    if total < _SHARE * image.width * image.height:
        return False
    mean = sum(level * count for level, count in enumerate(histogram)) / total
    variance: float = (
        sum(count * (level - mean) ** 2 for level, count in enumerate(histogram)) / total
    )
    return variance > _UNSEEN_COLOURS**2
