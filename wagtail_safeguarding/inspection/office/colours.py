"""Colours as Office writes them, and whether a reader can tell one from another."""

from __future__ import annotations

import re

SEEN = 1.1
"""The least contrast (as WCAG reckons it, from 1 to 21) at which text is seen at all."""

WHITE = "FFFFFF"
BLACK = "000000"

_HEX = re.compile(r"[0-9A-Fa-f]{6}")

HIGHLIGHTS = {
    "black": BLACK,
    "blue": "0000FF",
    "cyan": "00FFFF",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGray": "808080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "green": "00FF00",
    "lightGray": "C0C0C0",
    "magenta": "FF00FF",
    "red": "FF0000",
    "white": WHITE,
    "yellow": "FFFF00",
}
"""The colours of Word's highlighter."""

SCHEME = {"tx1": BLACK, "dk1": BLACK, "bg1": WHITE, "lt1": WHITE}
"""The colours of a theme that hardly any theme changes."""


def colour(value: str | None) -> str | None:
    """``value`` as RRGGBB, or None where it is no colour ("auto")."""
    value = (value or "").lstrip("#")
    return value.upper() if _HEX.fullmatch(value) else None


def luminance(hexadecimal: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(hexadecimal[at : at + 2], 16)) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def same(first: str, second: str) -> bool:
    """Whether text of one colour on the other cannot be seen."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05) < SEEN and _alike(first, second)


def _alike(first: str, second: str) -> bool:
    # Red on a green of the same brightness is seen.
    return all(
        abs(int(first[at : at + 2], 16) - int(second[at : at + 2], 16)) < 40 for at in (0, 2, 4)
    )
