"""``xl/styles.xml``: which formats of a cell hide what is in it, and which make a date of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..xml_events import END, START, Event
from .colours import BLACK, WHITE, colour, same

TINY = 2.0
"""Points."""
_UNKNOWN = ""
_THEME = {"0": WHITE, "1": BLACK}
_INDEXED = {"0": BLACK, "1": WHITE, "8": BLACK, "9": WHITE}
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


@dataclass(frozen=True)
class Format:
    hides: str = ""
    """The code of what hides the cell's content, or ""."""
    date: bool = False


def _colour(attributes: dict[str, str], automatic: str) -> str:
    """RRGGBB, or "" where it cannot be told."""
    if attributes.get("tint", "0").strip("-0."):
        return _UNKNOWN
    if "rgb" in attributes:
        return colour(attributes["rgb"][-6:]) or _UNKNOWN
    if "theme" in attributes:
        return _THEME.get(attributes["theme"], _UNKNOWN)
    if "indexed" in attributes:
        number = attributes["indexed"]
        return automatic if number in {"64", "65"} else _INDEXED.get(number, _UNKNOWN)
    return automatic


def is_blank(code: str) -> bool:
    """Whether a number format shows nothing, whatever the value: ``;;;``."""
    sections = code.split(";")
    return len(sections) >= 3 and not any(section.strip().strip('"') for section in sections)


def is_date(code: str) -> bool:
    plain = _LITERAL.sub("", code).casefold()
    return "y" in plain or "d" in plain or ("m" in plain and ("h" in plain or "s" in plain))


def read_formats(events: Iterator[Event]) -> list[Format]:
    """The formats that the ``s`` of a cell counts from 0."""
    numbers: dict[int, str] = {}
    fonts: list[tuple[str, float]] = []
    fills: list[str] = []
    formats: list[Format] = []
    stack: list[str] = []
    ink, size, paper, pattern = BLACK, 11.0, WHITE, ""
    for kind, name, value in events:
        if kind == START:
            stack.append(name)
            outer = stack[1] if len(stack) > 1 else ""
            match name:
                case "x:numFmt" if outer == "x:numFmts":
                    numbers[_number(value.get("numFmtId"))] = value.get("formatCode", "")
                case "x:font" if outer == "x:fonts":
                    ink, size = BLACK, 11.0
                case "x:color" if outer == "x:fonts":
                    ink = _colour(value, BLACK)
                case "x:sz" if outer == "x:fonts":
                    size = _float(value.get("val"), 11.0)
                case "x:fill" if outer == "x:fills":
                    paper, pattern = WHITE, ""
                case "x:patternFill" if outer == "x:fills":
                    pattern = value.get("patternType", "none")
                case "x:gradientFill" if outer == "x:fills":
                    paper = _UNKNOWN
                case "x:fgColor" if outer == "x:fills":
                    if pattern == "solid":
                        paper = _colour(value, BLACK)
                    elif pattern not in {"", "none"}:
                        paper = _UNKNOWN
                case "x:xf" if outer == "x:cellXfs":
                    formats.append(_format(value, numbers, fonts, fills))
        elif kind == END:
            if name == "x:font" and stack[1:2] == ["x:fonts"]:
                fonts.append((ink, size))
            elif name == "x:fill" and stack[1:2] == ["x:fills"]:
                fills.append(paper)
            stack.pop()
    return formats


def _format(
    xf: dict[str, str],
    numbers: dict[int, str],
    fonts: list[tuple[str, float]],
    fills: list[str],
) -> Format:
    number = _number(xf.get("numFmtId"))
    code = numbers.get(number, "")
    font, fill = _number(xf.get("fontId")), _number(xf.get("fillId"))
    ink, size = fonts[font] if font < len(fonts) else (BLACK, 11.0)
    paper = fills[fill] if fill < len(fills) else WHITE
    hides = ""
    if is_blank(code):
        hides = "office-hidden-cell"
    elif size <= TINY:
        hides = "office-tiny-text"
    elif ink and paper and same(ink, paper):
        hides = "office-same-colour"
    return Format(hides, number in _DATES or is_date(code))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0


def _float(text: str | None, otherwise: float) -> float:
    try:
        return float(text or otherwise)
    except ValueError:
        return otherwise
