"""PDF files of one page, written by hand: a content stream and what it names."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

WIDE, HIGH = 360, 240
SECRET = "Amelia Sparrow"
OPEN = "The review looked at how agencies worked together."

BY_HAND = "by hand"


def text(
    words: str, x: float = 30, y: float = 120, size: float = 14, before: str = "", font: str = "F"
) -> str:
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {before} 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n"


def rectangle(colour: str = "0 g", box: Sequence[float] = (24, 112, 150, 24)) -> str:
    return f"q {colour} {' '.join(map(str, box))} re f Q\n"


COVER = (24, 112, 150, 24)
"""A box that covers ``text(SECRET)``."""


@dataclass
class Draft:
    """A page that is being made: ``content`` may name what is in ``resources``."""

    content: str
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)
    root: dict[str, Any] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, Image.Image] = field(default_factory=dict)
    streams: dict[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)
    """XObjects (and patterns: a name with "P" in front) as content and dictionary."""

    def pdf(self) -> pikepdf.Pdf:
        pdf = pikepdf.new()
        font = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type1,
                BaseFont=Name.Helvetica,
                Encoding=Name.WinAnsiEncoding,
            )
        )
        signs = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
        resources = Dictionary(
            Font=Dictionary(F=font, Z=pdf.make_indirect(signs)),
            XObject=Dictionary(),
            Pattern=Dictionary(),
        )
        for kind, named in self.resources.items():
            resources[f"/{kind}"] = Dictionary(
                {f"/{name}": made(pdf, value) for name, value in named.items()}
            )
        for name, picture in self.pictures.items():
            resources.XObject[f"/{name}"] = picture_stream(pdf, picture)
        for name, (data, dictionary) in self.streams.items():
            named = {key: made(pdf, value) for key, value in dictionary.items()}
            stream = pdf.make_stream(data, {**named, "/Resources": resources})
            kind = "Pattern" if name.startswith("P") else "XObject"
            resources[f"/{kind}"][f"/{name}"] = stream
        page = Dictionary(
            Type=Name.Page,
            MediaBox=[0, 0, WIDE, HIGH],
            Resources=resources,
            Contents=pdf.make_stream(self.content.encode("latin-1")),
        )
        for name, value in self.page.items():
            page[f"/{name}"] = made(pdf, value)
        if self.annotations:
            page.Annots = Array(
                [pdf.make_indirect(annotation(pdf, one)) for one in self.annotations]
            )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        for name, value in self.root.items():
            pdf.Root[f"/{name}"] = made(pdf, value)
        return pdf

    def data(self, **options: Any) -> bytes:
        return saved(self.pdf(), **options)


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **{"deterministic_id": True, **options})
    return out.getvalue()


class Shared:
    """An object that is named in several places: one for each file."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self._made: tuple[pikepdf.Pdf, Any] | None = None

    def made(self, pdf: pikepdf.Pdf) -> Any:
        if self._made is None or self._made[0] is not pdf:
            self._made = pdf, pdf.make_indirect(made(pdf, self.value))
        return self._made[1]


def made(pdf: pikepdf.Pdf, value: Any) -> Any:
    """Python's dicts, lists and streams ``(bytes, dict)`` as objects of the file."""
    if isinstance(value, Shared):
        return value.made(pdf)
    if isinstance(value, dict):
        return Dictionary({f"/{name}": made(pdf, one) for name, one in value.items()})
    if isinstance(value, list):
        return Array([made(pdf, one) for one in value])
    if isinstance(value, tuple):
        data, dictionary = value
        return pdf.make_stream(data, made(pdf, dictionary))
    return value


def annotation(pdf: pikepdf.Pdf, given: dict[str, Any]) -> Dictionary:
    """``look`` is the content of its appearance, drawn in the page's own space."""
    look = given.get("look")
    named = {name: value for name, value in given.items() if name != "look"}
    found = made(pdf, {"Type": Name.Annot, "F": 4, **named})
    if look is not None:
        stream = pdf.make_stream(look.encode())
        stream.Type, stream.Subtype = Name.XObject, Name.Form
        stream.BBox = found.Rect
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        stream.Resources = Dictionary(
            Font=Dictionary(F=font),
            ExtGState=Dictionary(M=Dictionary(BM=Name.Multiply), A=Dictionary(ca=0.3, CA=0.3)),
        )
        found.AP = Dictionary(N=stream)
    return found


def picture_stream(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Stream:
    stream = pdf.make_stream(picture.convert("RGB").tobytes())
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = picture.size
    stream.ColorSpace, stream.BitsPerComponent = Name.DeviceRGB, 8
    if picture.mode == "RGBA":
        mask = pdf.make_stream(picture.getchannel("A").tobytes())
        mask.Type, mask.Subtype = Name.XObject, Name.Image
        mask.Width, mask.Height = picture.size
        mask.ColorSpace, mask.BitsPerComponent = Name.DeviceGray, 8
        stream.SMask = mask
    return stream


def scan(
    words: Sequence[tuple[str, float, float]],
    boxes: Sequence[tuple[tuple[float, float, float, float], str]] = (),
    *,
    zoom: int = 2,
    size: int = 14,
    noise: int = 0,
) -> Image.Image:
    """A picture of the page: ``words`` at their baselines, and coloured ``boxes`` upon them, both
    in points from the lower left corner."""
    picture = Image.new("RGB", (WIDE * zoom, HIGH * zoom), "#f7f5ee")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size * zoom)
    for said, x, y in words:
        draw.text((x * zoom, (HIGH - y) * zoom), said, "#1a1a1a", font=font, anchor="ls")
    for (left, bottom, wide, high), colour in boxes:
        draw.rectangle(
            (
                left * zoom,
                (HIGH - bottom - high) * zoom,
                (left + wide) * zoom,
                (HIGH - bottom) * zoom,
            ),
            colour,
        )
    if noise:
        speckles = Image.effect_noise(picture.size, noise).convert("RGB")
        picture = Image.blend(picture, speckles, 0.08)
    return picture


def paint(name: str, box: Sequence[float] = (0, 0, WIDE, HIGH)) -> str:
    x, y, wide, high = box
    return f"q {wide} 0 0 {high} {x} {y} cm /{name} Do Q\n"
