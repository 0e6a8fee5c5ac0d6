"""Where people read a page, worked out from its place in Wagtail's tree of addresses.

The host of a site and the path of a page are joined when a record is read: an edit of one of them
would otherwise rewrite every record below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wagtail.models import Site

from wagtail_safeguarding.pagemodel import get_base_page_model


@dataclass(frozen=True)
class Root:
    """The root of a site, in one language: the longest that begins a page's path counts."""

    site_id: int
    path: str
    before: str
    after: str


class Addresses:
    """The addresses of pages, by their ``url_path``. Read once, for many pages."""

    def __init__(self) -> None:
        # What is worked out here is kept for good, and another process may have changed a host
        # that this one's cache still holds.
        Site.clear_site_root_paths_cache()
        self.roots = [root for root in map(_root, Site.get_site_root_paths()) if root is not None]

    def _root_of(self, url_path: str) -> Root | None:
        return next((root for root in self.roots if url_path.startswith(root.path)), None)

    def url(self, url_path: str) -> str | None:
        """The whole address; None outside of every site."""
        root = self._root_of(url_path)
        if root is None:
            return None
        below = url_path[len(root.path) :].rstrip("/")
        return f"{root.before}{below}{root.after}" if below else root.before

    def site_id(self, url_path: str) -> int | None:
        root = self._root_of(url_path)
        return root.site_id if root else None


def _root(found: Any) -> Root | None:
    """How Wagtail builds the address of a page below this root, learned from one that it built."""
    probe = get_base_page_model()(id=0, url_path=f"{found.root_path}x/").get_full_url()
    if not probe:
        return None
    before, _x, after = probe.rpartition("x")
    return Root(found.site_id, found.root_path, before, after)


def builds_its_own(page: Any) -> bool:
    """Whether the page's class says itself where it is read (a headless front end, for example)."""
    base = get_base_page_model()
    return any(
        getattr(type(page), name) is not getattr(base, name)
        for name in ("get_url_parts", "get_full_url", "full_url")
    )
