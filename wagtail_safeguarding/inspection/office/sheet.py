"""One sheet of an Excel workbook: what a reader sees of its cells, and what not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..gathered import Gathered, is_readable
from ..xml_events import START, TEXT, Event
from .sheet_styles import Format

_PIECE = 20_000
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 a cell knows no time zone
_LAST_DAY = 2_958_465  # 9999-12-31
_LITERAL = re.compile(r'"((?:[^"]|"")+)"')
_ON = {"1", "true"}
_WORDS = {f"x:{which}{what}" for which in ("odd", "even", "first") for what in ("Header", "Footer")}
_TELLING = (
    "promptTitle",
    "prompt",
    "errorTitle",
    "error",
    "tooltip",
    "display",
    "val",
    "user",
)


@dataclass
class Workbook:
    """What the sheets of one workbook share."""

    strings: Sequence[str] = ()
    used: bytearray = field(default_factory=bytearray)
    """For each string whether any cell shows it."""
    formats: Sequence[Format] = ()
    days_off: int = 0
    """1462 where days are counted from 1904."""


class Sheet:
    """Reads one sheet; ``seen`` is false for a hidden one."""

    def __init__(
        self, gathered: Gathered, workbook: Workbook, number: int, name: str, *, seen: bool
    ) -> None:
        self._gathered = gathered
        self._workbook = workbook
        self._number = number
        self._seen = seen
        self.where = f"sheet {number}, “{name}”"
        self.said = ""
        """The beginning of what is in its cells."""
        self._hidden_columns: list[range] = []
        self._rows_hidden = False
        self._row = 0
        self._column = 0
        self._row_hidden = False
        self._shown: list[str] = []
        self._length = 0
        self._unseen: dict[str, list[str]] = {}
        self._unseen_length: dict[str, int] = {}

    def read(self, events: Iterator[Event]) -> None:
        cell: dict[str, str] = {}
        said: list[str] = []
        inside = ""
        for kind, name, value in events:
            if kind == TEXT:
                if inside:
                    said.append(name)
            elif kind == START:
                match name:
                    case "x:c":
                        cell = value
                        self._column = column(value.get("r", "")) or self._column + 1
                    case "x:v" | "x:t" | "x:f" | "x:formula1":
                        inside, said = name, []
                    case "x:row":
                        self._begin_row(value)
                    case _ if name in _WORDS:
                        inside, said = name, []
                    case _:
                        self._note(name, value)
            elif name == inside:
                self._take(name, cell, "".join(said))
                inside = ""
            elif name == "x:row":
                self._shown.append("\n")
                if self._length > _PIECE:
                    self._hand_on()
        self._hand_on()
        for code, texts in self._unseen.items():
            self._gathered.found(code, excerpt=" ".join(texts), where=self.where)
            self._hand_on_unseen(code)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isdigit() and len(number) < 9 else self._row + 1
        self._column = 0
        height = attributes.get("ht")
        flat = height is not None and not height.strip("0.")
        folded = self._rows_hidden and height is None and attributes.get("hidden") is None
        self._row_hidden = attributes.get("hidden") in _ON or flat or folded

    def _note(self, name: str, value: dict[str, str]) -> None:
        match name:
            case "x:sheetFormatPr":
                self._rows_hidden = value.get("zeroHeight") in _ON
            case "x:col":
                width = value.get("width")
                if value.get("hidden") in _ON or (width is not None and not width.strip("0.")):
                    first, last = value.get("min", ""), value.get("max", "")
                    if first.isdigit() and last.isdigit():
                        self._hidden_columns.append(range(int(first), int(last) + 1))
            case "x:dataValidation" | "x:hyperlink" | "x:inputCells" | "x:scenario":
                said = "\n".join(value[key] for key in _TELLING if value.get(key))
                self._gathered.text(said, f"settings of {self.where}", shown=False)
                if name == "x:scenario":
                    name = value.get("name", "")
                    where = f"a scenario of {self.where}"
                    self._gathered.found("office-variable", excerpt=name, where=where)
            case "x:sheetProtection":
                self._gathered.found("office-protection", where=self.where)

    def _take(self, name: str, cell: dict[str, str], text: str) -> None:
        if name in {"x:f", "x:formula1"}:
            literals = "\n".join(_LITERAL.findall(text))
            self._gathered.text(literals, f"formulas of {self.where}", shown=False)
            return
        if name in _WORDS:
            self._gathered.text(text, f"header or footer of {self.where}", shown=self._seen)
            return
        if name == "x:t" and cell.get("t") != "inlineStr":
            return
        self._cell(cell, self._value(cell, text))

    def _value(self, cell: dict[str, str], text: str) -> str:
        workbook = self._workbook
        kind = cell.get("t", "n")
        if kind == "s":
            index = int(text) if text.isdigit() and len(text) < 10 else len(workbook.strings)
            if index >= len(workbook.strings):
                return ""
            workbook.used[index] = 1
            return workbook.strings[index]
        if kind == "n" and self._format(cell).date:
            return as_date(text, workbook.days_off)
        return text

    def _format(self, cell: dict[str, str]) -> Format:
        style = cell.get("s", "0")
        index = int(style) if style.isdigit() and len(style) < 10 else 0
        return self._workbook.formats[index] if index < len(self._workbook.formats) else Format()

    def _cell(self, cell: dict[str, str], text: str) -> None:
        if not is_readable(text):
            return
        if len(self.said) < 200:
            self.said += text + " "
        code = self._hidden(cell)
        if code:
            self._unseen.setdefault(code, []).append(text)
            self._unseen_length[code] = self._unseen_length.get(code, 0) + len(text)
            if self._unseen_length[code] > _PIECE:
                self._hand_on_unseen(code)
        else:
            self._shown.append(text + "\t")
            self._length += len(text)

    def _hidden(self, cell: dict[str, str]) -> str:
        if self._row_hidden:
            return "office-hidden-row"
        if any(self._column in hidden for hidden in self._hidden_columns):
            return "office-hidden-column"
        return self._format(cell).hides

    def _hand_on(self) -> None:
        self._gathered.text("".join(self._shown), self.where, page=self._number, shown=self._seen)
        self._shown, self._length = [], 0

    def _hand_on_unseen(self, code: str) -> None:
        texts = self._unseen[code]
        self._gathered.text(
            "\n".join(texts), f"hidden cells of {self.where}", page=self._number, shown=False
        )
        # The beginning stays, as the excerpt.
        self._unseen[code] = texts[:10]
        self._unseen_length[code] = 0


def column(reference: str) -> int:
    """The number, from 1, of the column in a reference such as "AB12"; 0 where there is none."""
    number = 0
    for character in reference[:4]:
        if not "A" <= character <= "Z":
            break
        number = number * 26 + ord(character) - 64
    return number


def as_date(text: str, days_off: int = 0) -> str:
    """A day as its number is shown, so that a date of birth is seen to be one."""
    try:
        days = float(text) + days_off
    except ValueError:
        return text
    if not 1 <= days <= _LAST_DAY:
        return text
    return (_EPOCH + timedelta(days=int(days))).strftime("%d/%m/%Y")
