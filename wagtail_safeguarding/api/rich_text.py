"""The formats in which Wagtail's API offers rich text: several since 8.0, one before."""

from __future__ import annotations

from typing import Any

try:
    from wagtail.api.rich_text import APIRichText
except ImportError:  # Wagtail 7.4
    APIRichText = None


def format_rich_text(html: str, request: Any = None) -> str:
    """``html`` in the format that ``request`` or the site's settings ask for."""
    if APIRichText is None:
        return html
    wanted = request.GET.get("rich_text_format") if request is not None else None
    text: str = APIRichText.serialize(html, format=APIRichText.resolve_format(wanted))
    return text
