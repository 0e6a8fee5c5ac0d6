"""Absolute addresses, as Wagtail's API writes them."""

from __future__ import annotations

from typing import Any


def absolute(request: Any, path: str) -> str:
    """``path`` with scheme and host, or ``path`` itself where no host is known."""
    # Imported late: the module loads the page model when it is imported.
    from wagtail.api.v2.utils import get_full_url

    url: str = get_full_url(request, path)
    return url
