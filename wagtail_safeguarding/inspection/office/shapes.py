"""Shapes of a slide or a sheet: where they are, what they say, and what they hide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..xml_events import END, START, TEXT, Event
from .colours import SCHEME, colour, same

TINY = 200
"""Hundredths of a point."""
_SHAPES = {"sp", "pic", "graphicFrame", "cxnSp"}
_CONTAINERS = {"p", "xdr"}
_PROPERTIES = {"p:spPr", "xdr:spPr"}
_FILLS = {"a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill"}
_ON = {"1", "true"}
_OPAQUE = 90_000
_SEE_THROUGH = 5_000
CROPPED = 0.05
"""The share of a picture below which a crop is only tidying."""
UNKNOWN = "unknown"

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in English metric units."""


@dataclass
class Shape:
    """One shape, in the order in which they are painted."""

    kind: str = ""
    box: Box | None = None
    """None where its layout says where it is."""
    placeholder: str = ""
    """The kind of placeholder ("title", "sldNum", "body"), "" for none."""
    hidden: bool = False
    described: bool = False
    decorative: bool = False
    picture: bool = False
    table: bool = False
    header_row: bool = False
    fill: str | None = None
    """RRGGBB, ``UNKNOWN``, or None for none."""
    opaque: bool = True
    cropped: float = 0.0
    """The share of the picture that is cut off."""
    said: list[str] = field(default_factory=list)
    unseen: list[tuple[str, str]] = field(default_factory=list)
    """Code and text of what its own formatting hides."""
    coloured: list[tuple[str, str]] = field(default_factory=list)
    """Colour and text of what is written in a colour of its own."""
    words: list[str] = field(default_factory=list)
    """Alternative text and name."""

    @property
    def text(self) -> str:
        return "".join(self.said).strip()

    @property
    def area(self) -> float:
        return area(self.box) if self.box else 0.0

    @property
    def is_solid(self) -> bool:
        return self.opaque and self.fill is not None


def area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def overlap(first: Box, second: Box) -> float:
    left, top = max(first[0], second[0]), max(first[1], second[1])
    right, bottom = min(first[2], second[2]), min(first[3], second[3])
    return area((left, top, right, bottom)) if right > left and bottom > top else 0.0


def crop(attributes: dict[str, str]) -> float:
    """The share of a picture that an ``a:srcRect`` cuts off."""
    sides = [max(0, _whole(attributes.get(side))) / 100_000 for side in ("l", "t", "r", "b")]
    kept = max(0.0, 1 - sides[0] - sides[2]) * max(0.0, 1 - sides[1] - sides[3])
    return 1 - kept


@dataclass
class _Group:
    """How the coordinates within a group become those outside of it."""

    offset: tuple[float, float] = (0.0, 0.0)
    extent: tuple[float, float] = (0.0, 0.0)
    inner_offset: tuple[float, float] = (0.0, 0.0)
    inner_extent: tuple[float, float] = (0.0, 0.0)
    hidden: bool = False

    def outward(self, box: Box) -> Box:
        if not all(self.inner_extent):
            return box
        along = self.extent[0] / self.inner_extent[0]
        down = self.extent[1] / self.inner_extent[1]
        return (
            self.offset[0] + (box[0] - self.inner_offset[0]) * along,
            self.offset[1] + (box[1] - self.inner_offset[1]) * down,
            self.offset[0] + (box[2] - self.inner_offset[0]) * along,
            self.offset[1] + (box[3] - self.inner_offset[1]) * down,
        )


@dataclass
class Drawn:
    """What ``read_shapes`` finds in one part."""

    shapes: list[Shape] = field(default_factory=list)
    root: dict[str, str] = field(default_factory=dict)
    """The attributes of its outermost element."""
    background: str | None = None
    """RRGGBB, a name of the colour scheme, ``UNKNOWN``, or None where there is none."""
    animated: bool = False
    language: str = ""
    colour_map: dict[str, str] = field(default_factory=dict)


class _Reader:
    def __init__(self) -> None:
        self.drawn = Drawn()
        self._merged = False
        """Whether the cell of a table at hand went into another one."""
        self._stack: list[str] = []
        self._groups: list[_Group] = []
        self._shapes: list[Shape] = []
        self._offset = (0.0, 0.0)
        self._run: dict[str, str] = {}
        self._in_fallback = 0

    def read(self, events: Iterator[Event]) -> Drawn:
        for kind, name, value in events:
            if kind == START:
                self._stack.append(name)
                if name == "mc:Fallback":
                    self._in_fallback += 1
                if len(self._stack) == 1:
                    self.drawn.root = value
                if not self._in_fallback:
                    self._start(name, value)
            elif kind == END:
                self._stack.pop()
                if name == "mc:Fallback":
                    self._in_fallback -= 1
                elif not self._in_fallback:
                    self._end(name)
            elif kind == TEXT and self._stack[-1:] == ["a:t"] and not self._in_fallback:
                self._say(name)
        return self.drawn

    def _start(self, name: str, value: dict[str, str]) -> None:
        prefix, _, local = name.partition(":")
        if prefix in _CONTAINERS and local == "grpSp":
            self._groups.append(_Group(hidden=bool(self._groups and self._groups[-1].hidden)))
        elif prefix in _CONTAINERS and local in _SHAPES:
            hidden = any(group.hidden for group in self._groups)
            shape = Shape(local, picture=local == "pic", hidden=hidden)
            self._shapes.append(shape)
            self.drawn.shapes.append(shape)
        elif name in {"a:p", "a:br"} and self._shapes:
            self._shapes[-1].said.append("\n")
        elif name in {"a:r", "a:fld"}:
            self._run = {}
        elif "a:rPr" in self._stack[-5:]:
            self._run_property(name, value)
        elif name == "a:tc":
            self._merged = value.get("hMerge") in _ON or value.get("vMerge") in _ON
        elif name == "p:timing":
            self.drawn.animated = True
        elif name == "p:clrMap":
            self.drawn.colour_map = value
        elif "p:bg" in self._stack:
            self._background(name, value)
        elif prefix == "a" and "p:grpSpPr" in self._stack[-3:] and self._groups:
            self._place_group(name, value)
        elif self._shapes:
            self._note(self._shapes[-1], name, value)
        elif local == "cNvPr" and self._groups:
            self._groups[-1].hidden = self._groups[-1].hidden or value.get("hidden") in _ON

    def _note(self, shape: Shape, name: str, value: dict[str, str]) -> None:
        parent = self._stack[-2]
        match name:
            case "p:cNvPr" | "xdr:cNvPr":
                shape.hidden = shape.hidden or value.get("hidden") in _ON
                described = [value.get("descr", ""), value.get("title", "")]
                shape.described = any(text.strip() for text in described)
                shape.words += [text for text in (*described, value.get("name", "")) if text]
            case "a14:decorative":
                shape.decorative = value.get("val") in _ON
            case "p:ph":
                shape.placeholder = value.get("type", "body")
            case "a:off":
                self._offset = (_number(value.get("x")), _number(value.get("y")))
            case "a:ext" if "cx" in value:
                left, top = self._offset
                box = (left, top, left + _number(value["cx"]), top + _number(value.get("cy")))
                for group in reversed(self._groups):
                    box = group.outward(box)
                shape.box = box
            case "a:srcRect":
                shape.cropped = crop(value)
            case "a:tbl":
                shape.table = True
            case "a:tblPr":
                shape.header_row = value.get("firstRow") in _ON
            case _ if name in _FILLS and parent in _PROPERTIES:
                shape.fill = UNKNOWN
            case "a:srgbClr" | "a:schemeClr" if self._stack[-3] in _PROPERTIES:
                shape.fill = _named(name, value)
            case "a:alpha" if self._stack[-4] in _PROPERTIES:
                shape.opaque = _number(value.get("val")) >= _OPAQUE
            case "a:lumMod" | "a:lumOff" | "a:tint" | "a:shade" if self._stack[-4] in _PROPERTIES:
                shape.fill = UNKNOWN

    def _place_group(self, name: str, value: dict[str, str]) -> None:
        group = self._groups[-1]
        match name:
            case "a:off":
                group.offset = (_number(value.get("x")), _number(value.get("y")))
            case "a:ext":
                group.extent = (_number(value.get("cx")), _number(value.get("cy")))
            case "a:chOff":
                group.inner_offset = (_number(value.get("x")), _number(value.get("y")))
            case "a:chExt":
                group.inner_extent = (_number(value.get("cx")), _number(value.get("cy")))

    def _run_property(self, name: str, value: dict[str, str]) -> None:
        match name:
            case "a:rPr":
                self._run = {"size": value.get("sz", "")}
                self.drawn.language = self.drawn.language or value.get("lang", "")
            case "a:noFill" if self._stack[-2] == "a:rPr":
                self._run["clear"] = "1"
            case "a:srgbClr" | "a:schemeClr" if self._stack[-3:-1] == ["a:rPr", "a:solidFill"]:
                self._run["colour"] = _named(name, value)
            case "a:alpha" if self._stack[-4:-2] == ["a:rPr", "a:solidFill"]:
                if _number(value.get("val")) <= _SEE_THROUGH:
                    self._run["clear"] = "1"
            case "a:lumMod" | "a:lumOff" | "a:tint" | "a:shade":
                self._run.pop("colour", None)

    def _background(self, name: str, value: dict[str, str]) -> None:
        if name in _FILLS:
            self.drawn.background = UNKNOWN
        elif name in {"a:srgbClr", "a:schemeClr"}:
            given = colour(value.get("val")) if name == "a:srgbClr" else value.get("val")
            self.drawn.background = given or UNKNOWN
        elif name in {"a:lumMod", "a:lumOff", "a:tint", "a:shade", "a:alpha"}:
            self.drawn.background = UNKNOWN

    def _say(self, text: str) -> None:
        if not self._shapes:
            return
        shape = self._shapes[-1]
        size = self._run.get("size", "")
        if self._merged and "a:tc" in self._stack:
            shape.unseen.append(("office-hidden-object", text))
            return
        if self._run.get("clear"):
            shape.unseen.append(("office-hidden-formatting", text))
        elif size.isdigit() and int(size) <= TINY:
            shape.unseen.append(("office-tiny-text", text))
        elif (written := self._run.get("colour", UNKNOWN)) != UNKNOWN:
            shape.coloured.append((written, text))
        else:
            shape.said.append(text)

    def _end(self, name: str) -> None:
        prefix, _, local = name.partition(":")
        if prefix in _CONTAINERS and local == "grpSp" and self._groups:
            self._groups.pop()
        elif prefix in _CONTAINERS and local in _SHAPES and self._shapes:
            self._shapes.pop()


def read_shapes(events: Iterator[Event]) -> Drawn:
    """The shapes of one slide, layout, master or drawing of a sheet."""
    return _Reader().read(events)


def settle_colours(shape: Shape, behind: str | None) -> list[str]:
    """Sort what is written in colours of its own: what is seen on the shape (or on ``behind``
    where it has no fill; None if that cannot be told) becomes ``said``; the rest is returned."""
    paper = shape.fill or behind
    faint = []
    for written, text in shape.coloured:
        if paper and paper != UNKNOWN and same(written, paper):
            faint.append(text)
        else:
            shape.said.append(text)
    shape.coloured = []
    return faint


def _named(name: str, value: dict[str, str]) -> str:
    given = value.get("val", "")
    return (colour(given) if name == "a:srgbClr" else SCHEME.get(given)) or UNKNOWN


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _whole(text: str | None) -> int:
    return int(_number((text or "0").removesuffix("%")))
