"""What leaves the admin as a spreadsheet."""

from __future__ import annotations

from typing import Any


def quoted(value: Any) -> Any:
    """``value``, quoted where a spreadsheet would run it as a formula."""
    text = str(value) if value is not None else ""
    return f"'{text}" if len(text) > 1 and text[0] in "=+-@\t\r" else value


class QuotedExportMixin:
    """For views that export: no value is a formula."""

    def to_row_dict(self, item: Any) -> Any:
        row = super().to_row_dict(item)  # type: ignore[misc]
        return {name: quoted(value) for name, value in row.items()}
