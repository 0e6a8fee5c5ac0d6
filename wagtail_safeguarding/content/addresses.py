"""Absolute addresses, as Wagtail's API writes them."""

from __future__ import annotations

from typing import Any

from wagtail.models import Site


def absolute(request: Any, path: str) -> str:
    """``path`` with scheme and host, or ``path`` itself where no host is known."""
    # Imported late: the module loads the page model when it is imported.
    from wagtail.api.v2.utils import get_full_url

    url: str = get_full_url(request, path)
    return url


def page_address(page: Any, request: Any = None) -> str | None:
    """As ``page.url``: with the host where there are several sites. What Wagtail looks up of
    the sites is kept on ``request``."""
    # A site that is none keeps Wagtail from leaving out the host of the request's own site.
    url: str | None = page.get_url(request, current_site=Site())
    return url
