"""How text of a Word file is formatted, by itself and by its styles, as far as it may hide it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..xml_events import END, START, Event
from .colours import BLACK, HIGHLIGHTS, colour, same

TINY = 4
"""Half points: text of two points or less is not read."""
UNKNOWN = "unknown"
"""A background that is not plain: a pattern, a picture, the colours of a table style."""

Properties = dict[str, Any]

_ON = {None, "1", "true", "on"}
_MAX_CHAIN = 20
_HEADING = re.compile(r"(?i)heading\s*([1-9])")


def is_on(attributes: dict[str, str]) -> bool:
    return attributes.get("w:val") in _ON


def fill(attributes: dict[str, str]) -> str | None:
    """The background that a ``w:shd`` gives; None where it gives none."""
    pattern = attributes.get("w:val", "clear")
    if pattern == "solid":
        return colour(attributes.get("w:color")) or BLACK
    background = colour(attributes.get("w:fill"))
    return background if pattern in {"clear", "nil"} else UNKNOWN


def note_run_property(
    properties: Properties, name: str, attributes: dict[str, str], stack: list[str]
) -> None:
    """Take an element within ``w:rPr``, the last of ``stack``, into ``properties``."""
    value = attributes.get("w:val")
    match name:
        case "w:vanish":
            properties["vanish"] = is_on(attributes)
        case "w:color":
            properties["colour"] = colour(value)
        case "w:sz" if (value or "").isdigit():
            properties["size"] = int(value or 0)
        case "w:highlight":
            properties["highlight"] = HIGHLIGHTS.get(value or "")
        case "w:shd":
            properties["fill"] = fill(attributes)
        case "w:rStyle":
            properties["style"] = value
        case "w14:noFill" if stack[-2] == "w14:textFill":
            properties["transparent"] = True
        case "w14:alpha" if "w14:textFill" in stack[-5:]:
            alpha = attributes.get("w14:val", "")
            properties["transparent"] = alpha.isdigit() and int(alpha) >= 95_000


@dataclass
class Style:
    kind: str = ""
    name: str = ""
    based_on: str = ""
    default: bool = False
    run: Properties = field(default_factory=dict)
    fill: str | None = None
    level: int | None = None
    shaded: bool = False
    """Of a table style: whether it gives any cell a background."""


class Styles:
    """``word/styles.xml``."""

    def __init__(self) -> None:
        self.language = ""
        self._defaults: Properties = {}
        self._styles: dict[str, Style] = {}
        self._paragraph = ""

    def read(self, events: Iterator[Event]) -> None:
        stack: list[str] = []
        style = Style()
        for kind, name, value in events:
            if kind == START:
                stack.append(name)
                if name == "w:style":
                    style = Style(
                        value.get("w:type", ""), default=value.get("w:default") in {"1", "true"}
                    )
                    self._styles[value.get("w:styleId", "")] = style
                    if style.default and style.kind == "paragraph":
                        self._paragraph = value.get("w:styleId", "")
                elif "w:docDefaults" in stack:
                    note_run_property(self._defaults, name, value, stack)
                    if name == "w:lang":
                        self.language = value.get("w:val", "")
                elif len(stack) > 2:
                    self._note(style, name, value, stack)
            elif kind == END:
                stack.pop()

    def _note(self, style: Style, name: str, value: dict[str, str], stack: list[str]) -> None:
        match name:
            case "w:name":
                style.name = value.get("w:val", "")
            case "w:basedOn":
                style.based_on = value.get("w:val", "")
            case "w:outlineLvl" if value.get("w:val", "").isdigit():
                style.level = int(value["w:val"]) + 1
            case "w:shd" if style.kind == "table":
                style.shaded = style.shaded or fill(value) is not None
            case "w:shd" if "w:rPr" not in stack:
                style.fill = fill(value)
            case _ if style.kind != "table" and "w:rPr" in stack:
                note_run_property(style.run, name, value, stack)

    def _chain(self, style_id: str | None) -> Iterator[Style]:
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = style.based_on

    def run_property(self, key: str, run: Properties, paragraph_style: str) -> Any:
        if key in run:
            return run[key]
        for style in (
            *self._chain(run.get("style")),
            *self._chain(paragraph_style or self._paragraph),
        ):
            if key in style.run:
                return style.run[key]
        return self._defaults.get(key)

    def paragraph_fill(self, style_id: str) -> str | None:
        return next(
            (style.fill for style in self._chain(style_id or self._paragraph) if style.fill), None
        )

    def is_shaded(self, table_style: str) -> bool:
        return any(style.shaded for style in self._chain(table_style))

    def heading_level(self, style_id: str) -> int | None:
        for style in self._chain(style_id):
            if style.level is not None:
                return style.level if style.level <= 9 else None
            if found := _HEADING.fullmatch(style.name.strip()):
                return int(found.group(1))
        return None


def hidden_by(styles: Styles, run: Properties, paragraph_style: str, background: str) -> str:
    """The code of what hides text with these properties from a reader, or "".

    ``background`` is that of the paragraph, its cell, box or page.
    """

    def value(key: str) -> Any:
        return styles.run_property(key, run, paragraph_style)

    if value("vanish") or value("transparent"):
        return "office-hidden-formatting"
    size = value("size")
    if size is not None and size <= TINY:
        return "office-tiny-text"
    behind = value("highlight") or value("fill") or background
    written = value("colour")
    if value("highlight") == BLACK and written is None:
        # Somebody's idea of a redaction. Elsewhere Office writes "automatic" on black in white.
        return "office-same-colour"
    if written is None or behind == UNKNOWN or not same(written, behind):
        return ""
    return "office-same-colour"
