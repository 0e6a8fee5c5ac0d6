"""Charts: what they show, and what the workbook behind one has beyond that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..gathered import is_readable, words
from ..xml_events import END, START, TEXT, Event
from .sheet import as_date
from .sheet_styles import is_date

_TEXTS = {"c:v", "a:t"}
# What Office writes beside the data that it offers for a new chart.
_HINT = re.compile(r"(?i)to (?:resize chart data range|update the chart), .{,100}")


def read_chart(events: Iterator[Event]) -> list[str]:
    """The names and values that a chart shows, dates as such."""
    said: list[str] = []
    pieces: list[str] = []
    code = ""
    inside = ""
    for kind, name, _ in events:
        if kind == TEXT:
            if inside:
                pieces.append(name)
        elif kind == START:
            if name in _TEXTS or name == "c:formatCode":
                inside, pieces = name, []
            elif name in {"c:numCache", "c:strCache"}:
                code = ""
        elif kind == END and name == inside:
            text = "".join(pieces).strip()
            if name == "c:formatCode":
                code = text
            elif text:
                said.append(as_date(text) if name == "c:v" and is_date(code) else text)
            inside = ""
    return said


def beyond(cells: str, shown: list[str]) -> list[str]:
    """The ``cells`` (divided by tabs and line ends) that are not among what is ``shown``. The first
    row is left out: a chart shows no heading of the column that has its categories."""
    values = {_plain(text) for text in shown}
    said = {word for text in shown for word in words(text)}
    return [
        cell
        for cell in cells.partition("\n")[2].replace("\n", "\t").split("\t")
        if is_readable(cell)
        and _plain(cell) not in values
        and not words(cell) <= said
        and not _HINT.fullmatch(cell.strip())
    ]


def _plain(text: str) -> str:
    """A number as it is without its last digits, where programs differ; a text in one case."""
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return " ".join(text.casefold().split())
