"""The styles of OpenDocument, as far as they hide text, place it or colour what is behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..xml_events import START, Event
from .colours import colour

UNKNOWN = "unknown"
TINY = 2.0
"""Points."""
_MAX_CHAIN = 20
_LENGTH = re.compile(r"(-?\d*\.?\d+)(pt|cm|mm|in|px|pc)")
_POINTS = {"pt": 1.0, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "in": 72.0, "px": 0.75, "pc": 12.0}
_SPECK = 1.0


def points(length: str | None) -> float | None:
    found = _LENGTH.fullmatch((length or "").strip())
    return float(found.group(1)) * _POINTS[found.group(2)] if found else None


@dataclass
class Properties:
    """What one style, or a chain of them, says."""

    hidden: bool | None = None
    colour: str | None = None
    background: str | None = None
    size: float | None = None
    opaque: bool = True
    cropped: bool = False
    squeezed: bool = False
    in_front: bool = False
    """Text does not flow around it."""
    parent: str = ""
    master: str = ""


@dataclass
class Page:
    """Size and colour of what is printed."""

    width: float = 595.0
    height: float = 842.0
    background: str | None = None


@dataclass
class Styles:
    """Those of ``styles.xml`` and of ``content.xml`` together."""

    by_name: dict[tuple[str, str], Properties] = field(default_factory=dict)
    layouts: dict[str, Page] = field(default_factory=dict)
    masters: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For each master page its layout and its drawing-page style."""
    language: str = ""
    _style: Properties = field(default_factory=Properties)
    _layout: Page = field(default_factory=Page)

    def read(self, events: Iterator[Event]) -> None:
        for kind, name, value in events:
            if kind == START:
                self.note(name, value)

    def note(self, name: str, value: dict[str, str]) -> None:
        """Take one element of a part; those that are no style are passed over."""
        match name:
            case "style:style" | "style:default-style":
                self._style = Properties(
                    parent=value.get("style:parent-style-name", ""),
                    master=value.get("style:master-page-name", ""),
                )
                key = (value.get("style:family", ""), value.get("style:name", ""))
                self.by_name[key] = self._style
            case "style:page-layout":
                self._layout = Page()
                self.layouts[value.get("style:name", "")] = self._layout
            case "style:page-layout-properties":
                self._layout.width = points(value.get("fo:page-width")) or self._layout.width
                self._layout.height = points(value.get("fo:page-height")) or self._layout.height
                self._layout.background = _background(value)
            case "style:master-page":
                self.masters[value.get("style:name", "")] = (
                    value.get("style:page-layout-name", ""),
                    value.get("draw:style-name", ""),
                )
            case "style:text-properties":
                self._text(value)
            case "style:paragraph-properties" | "style:table-cell-properties":
                self._style.background = _background(value) or self._style.background
                height = points(value.get("fo:line-height"))
                self._style.squeezed = height is not None and height <= TINY
            case "style:table-properties" if value.get("table:display") == "false":
                self._style.hidden = True
            case "style:table-row-properties":
                height = points(value.get("style:row-height"))
                self._style.squeezed = height is not None and height < _SPECK
            case "style:table-column-properties":
                width = points(value.get("style:column-width"))
                self._style.squeezed = width is not None and width < _SPECK
            case "style:section-properties":
                self._style.background = _background(value)
            case "style:graphic-properties" | "style:drawing-page-properties":
                self._graphic(value)

    def _text(self, value: dict[str, str]) -> None:
        style = self._style
        if "text:display" in value:
            style.hidden = value["text:display"] == "none"
        automatic = value.get("style:use-window-font-color") == "true"
        # An extension of LibreOffice, which writes it beside each automatic colour, too.
        if value.get("opacity") == "0%" and not automatic:
            style.hidden = True
        if "fo:color" in value and not automatic:
            style.colour = colour(value["fo:color"])
        if "fo:background-color" in value:
            style.background = _background(value)
        size = points(value.get("fo:font-size"))
        style.size = style.size if size is None else size
        if not self.language and value.get("fo:language", "none") not in {"none", "zxx"}:
            country = value.get("fo:country", "none")
            self.language = value["fo:language"] + ("" if country == "none" else f"-{country}")

    def _graphic(self, value: dict[str, str]) -> None:
        style = self._style
        if value.get("presentation:visibility") == "hidden":
            style.hidden = True
        kind = value.get("draw:fill")
        if kind == "solid" or (kind is None and "draw:fill-color" in value):
            style.background = colour(value.get("draw:fill-color")) or UNKNOWN
        elif kind not in {None, "none"}:
            style.background = UNKNOWN
        elif "fo:background-color" in value:
            style.background = _background(value)
        opacity = value.get("draw:opacity", "100%").removesuffix("%")
        style.opaque = not opacity.replace(".", "", 1).isdigit() or float(opacity) >= 90
        style.cropped = any(abs(points(side) or 0) > 1 for side in _sides(value.get("fo:clip", "")))
        if value.get("style:wrap") == "run-through":
            style.in_front = value.get("style:run-through", "foreground") == "foreground"

    def chain(self, family: str, name: str) -> Iterator[Properties]:
        for _ in range(_MAX_CHAIN):
            style = self.by_name.get((family, name))
            if style is None:
                return
            yield style
            if not name:
                return
            # The one without a name is the default of the family.
            name = style.parent

    def page(self, master: str) -> Page:
        layout, style = self.masters.get(master, ("", ""))
        page = self.layouts.get(layout, Page())
        styles = self.chain("drawing-page", style)
        drawn = next((one.background for one in styles if one.background), None)
        return Page(page.width, page.height, drawn or page.background)


def _background(value: dict[str, str]) -> str | None:
    return colour(value.get("fo:background-color"))


def _sides(clip: str) -> list[str]:
    """The four lengths of ``rect(0cm, 1cm, 0cm, 0cm)``."""
    inner = clip.removeprefix("rect(").removesuffix(")")
    return [side.strip() for side in inner.replace(",", " ").split()]
