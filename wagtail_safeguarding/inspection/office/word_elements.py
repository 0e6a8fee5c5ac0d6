"""What is being read of a Word file: its paragraphs, tables, changes and sections."""

from __future__ import annotations

from dataclasses import dataclass, field

from .word_styles import fill


@dataclass
class Paragraph:
    style: str = ""
    fill: str | None = None
    squeezed: bool = False
    """Its lines are given no height."""
    collapsed: bool = False
    level: int | None = None
    shown: list[str] = field(default_factory=list)
    hidden: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def note(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "w:pStyle":
                self.style = attributes.get("w:val", "")
            case "w:shd":
                self.fill = fill(attributes)
            case "w:spacing" if attributes.get("w:lineRule") == "exact":
                line = attributes.get("w:line", "")
                self.squeezed = line.isdigit() and int(line) <= 40
            case "w:outlineLvl" if attributes.get("w:val", "").isdigit():
                self.level = int(attributes["w:val"]) + 1
            case "w14:collapsed":
                self.collapsed = attributes.get("w:val") not in {"0", "false", "off"}


@dataclass
class Table:
    style: str = ""
    row: int = 0
    column: int = 0
    hidden: bool = False
    deleted: bool = False
    """Its row, or its cell, in a change that is tracked."""
    cell_deleted: bool = False
    squeezed: bool = False
    header: bool = False
    fill: str | None = None
    rows: int = 0
    columns: int = 0

    def note(self, name: str, attributes: dict[str, str], parent: str) -> None:
        match name:
            case "w:tblStyle":
                self.style = attributes.get("w:val", "")
            case "w:tr":
                self.row, self.column = self.row + 1, 0
                self.hidden = self.squeezed = self.deleted = False
            case "w:tc":
                self.column, self.fill = self.column + 1, None
                self.cell_deleted = False
                self.columns = max(self.columns, self.column)
            case "w:hidden" if parent == "w:trPr":
                self.hidden = attributes.get("w:val") not in {"0", "false", "off"}
            case "w:tblHeader" if self.row == 1:
                self.header = attributes.get("w:val") not in {"0", "false", "off"}
            case "w:trHeight":
                height = attributes.get("w:val", "")
                exact = attributes.get("w:hRule") == "exact"
                self.squeezed = exact and height.isdigit() and int(height) <= 40
            case "w:shd" if parent == "w:tcPr":
                self.fill = fill(attributes)


@dataclass
class Change:
    code: str
    author: str
    said: list[str] = field(default_factory=list)


@dataclass
class Section:
    title_page: bool = False
    references: list[tuple[str, str]] = field(default_factory=list)
    """Kind ("default", "first", "even") and relationship of headers and footers."""
