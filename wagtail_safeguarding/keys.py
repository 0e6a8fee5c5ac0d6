"""Primary keys that come from outside: a form, an address, stored content."""

from __future__ import annotations

from typing import Any


def as_pk(value: Any) -> int | None:
    """``value`` as a primary key that a database can look up, else None."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
