"""Drawings in a Word file: pictures, text boxes and shapes, and whether they hide anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..gathered import Gathered
from .colours import BLACK, SCHEME, WHITE, colour
from .covers import cover_severity
from .shapes import CROPPED, crop
from .word_styles import UNKNOWN

_EMU = 914_400
FAR = 22 * _EMU
"""A page of Word is 22 inches at most; what begins further away is on none."""
_SPECK = 12_700
"""One point: in a box of that size nothing can be read."""
_LENGTH = re.compile(r"(-?[\d.]+)(pt|in|cm|mm|px)?")
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 1.0}


@dataclass
class Drawing:
    """One ``wp:anchor``, ``wp:inline`` or VML shape that is being read."""

    anchored: bool = False
    behind: bool = False
    hidden: bool = False
    far: bool = False
    speck: bool = False
    floating: bool = False
    """Text does not flow around it: it lies over, or under, what is there."""
    picture: bool = False
    written: bool = False
    described: bool = False
    decorative: bool = False
    fill: str | None = None
    """RRGGBB, ``UNKNOWN``, or None for none."""
    width: int = 0
    height: int = 0
    cropped: float = 0.0
    covers: list[str] = field(default_factory=list)

    @property
    def hides(self) -> str:
        """The code of what hides the text within from a reader, or ""."""
        if self.hidden or self.speck:
            return "office-hidden-object"
        return "office-off-page" if self.far else ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name.startswith("v:"):
            self._begin_vml(attributes)
            return
        self.anchored = name == "wp:anchor"
        self.behind = attributes.get("behindDoc") in {"1", "true"}
        self.hidden = attributes.get("hidden") in {"1", "true"}

    def note(self, name: str, attributes: dict[str, str], stack: list[str]) -> None:
        """Take an element of DrawingML within it, whose name is the last of ``stack``."""
        parent = stack[-2] if len(stack) > 1 else ""
        match name:
            case "wp:docPr":
                self.hidden = self.hidden or attributes.get("hidden") in {"1", "true"}
                said = attributes.get("descr", "") + attributes.get("title", "")
                self.described = self.described or bool(said.strip())
            case "decorative" | "a14:decorative":
                self.decorative = attributes.get("val") in {"1", "true"}
            case "wp:extent":
                self.width = number(attributes.get("cx"))
                self.height = number(attributes.get("cy"))
                self.speck = 0 <= min(self.width, self.height) <= _SPECK
            case "wp:wrapNone" | "wp:wrapThrough":
                self.floating = True
            case "wps:wsp":
                self.close_shape()
                self.fill = None
            case "a:solidFill" | "a:gradFill" | "a:blipFill" | "a:pattFill" if parent == "wps:spPr":
                self.fill = UNKNOWN
            case "a:srgbClr" if stack[-3:-1] == ["wps:spPr", "a:solidFill"]:
                self.fill = colour(attributes.get("val")) or UNKNOWN
            case "a:schemeClr" if stack[-3:-1] == ["wps:spPr", "a:solidFill"]:
                self.fill = SCHEME.get(attributes.get("val", ""), UNKNOWN)
            case "a:alpha" | "a:lumMod" | "a:lumOff" | "a:tint" if "wps:spPr" in stack[-5:]:
                self.fill = UNKNOWN
            case "a:srcRect":
                self.cropped = max(self.cropped, crop(attributes))
            case "v:imagedata":
                self.picture = True
                self.cropped = max(self.cropped, crop_vml(attributes))
            case "pic:pic" | "c:chart" | "dgm:relIds":
                self.picture = True

    def place(self, offset: str) -> None:
        self.far = self.far or abs(number(offset)) > FAR

    def _begin_vml(self, attributes: dict[str, str]) -> None:
        style = {
            key.strip(): value.strip()
            for key, _, value in (
                part.partition(":") for part in attributes.get("style", "").split(";")
            )
        }
        self.hidden = style.get("visibility") == "hidden" or style.get("display") == "none"
        self.anchored = self.floating = style.get("position") == "absolute"
        self.behind = style.get("z-index", "").startswith("-")
        self.far = any(
            abs(points(style.get(side, ""))) > FAR / 12_700
            for side in ("margin-left", "margin-top", "left", "top")
        )
        self.width = int(points(style.get("width", "")) * 12_700)
        self.height = int(points(style.get("height", "")) * 12_700)
        self.described = bool(attributes.get("alt", "").strip())
        if attributes.get("o:hr") not in {"t", "true"} and attributes.get("filled") not in {
            "f",
            "false",
        }:
            named = {"black": BLACK, "white": WHITE}
            given = attributes.get("fillcolor", "").partition(" ")[0]
            self.fill = named.get(given) or colour(given) or UNKNOWN

    def close_shape(self) -> None:
        """Keep in mind whether the shape so far would hide what lies under it."""
        if (
            self.anchored
            and self.floating
            and not (self.behind or self.hidden or self.far)
            and not (self.picture or self.written)
            and self.fill not in {None, UNKNOWN}
            and min(self.width, self.height) > 5 * _SPECK  # a line is no box
        ):
            self.covers.append(self.fill or "")
        self.written = False

    def finish(self, gathered: Gathered, where: str) -> None:
        self.close_shape()
        if self.cropped >= CROPPED:
            gathered.found("office-cropped-picture", excerpt=f"{self.cropped:.0%}", where=where)
        for fill in self.covers:
            severity = cover_severity(fill)
            gathered.found("office-covering-shape", where=where, severity=severity)


def number(text: str | None) -> int:
    try:
        return int(float(text or 0))
    except (ValueError, OverflowError):
        return 0


def points(length: str) -> float:
    found = _LENGTH.match(length.strip())
    return (
        float(found.group(1)) * _POINTS[found.group(2)]
        if found and found.group(1) not in {"-", ".", "-."}
        else 0.0
    )


def crop_vml(attributes: dict[str, str]) -> float:
    """The share of a picture that its crop cuts off: in parts of 65,536 ("6554f") or as it is."""
    sides = []
    for side in ("cropleft", "croptop", "cropright", "cropbottom"):
        said = attributes.get(side, "0")
        share = points(said.removesuffix("f"))
        sides.append(max(0.0, share / 65_536 if said.endswith("f") else share))
    return 1 - max(0.0, 1 - sides[0] - sides[2]) * max(0.0, 1 - sides[1] - sides[3])
