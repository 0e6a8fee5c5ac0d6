"""Where people read a page, worked out from its place in Wagtail's tree of addresses.

The host of a site and the path of a page are joined when a record is read: an edit of one of them
would otherwise rewrite every record below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import router
from wagtail.models import Site

from wagtail_safeguarding.pagemodel import base_page_label, get_base_page_model
from wagtail_safeguarding.statements import Statement


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
        self.roots = [root for root in map(_root, _root_paths()) if root is not None]

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


def _root_paths() -> list[Any]:
    """Wagtail's root paths of all sites, as the database has them.

    What is worked out from them is kept for good, and Wagtail's cache may hold a host that another
    process has changed, or that was never committed.
    """
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        Site.clear_site_root_paths_cache()
        return Site.get_site_root_paths()  # type: ignore[no-any-return]
    rows = _sites(router.db_for_read(Site), base_page_label()).ask()
    stored = {
        (pk, path, Site(hostname=hostname, port=port).root_url, language)
        for pk, hostname, port, path, language in rows
    }
    if {tuple(one) for one in Site.get_site_root_paths()} != stored:
        Site.clear_site_root_paths_cache()
    return Site.get_site_root_paths()  # type: ignore[no-any-return]


@cache
def _sites(using: str, of: str) -> Statement:
    """All that the root paths are made of, where there are no translations."""
    root = ("root_page__url_path", "root_page__locale__language_code")
    rows = Site.objects.order_by().values_list("pk", "hostname", "port", *root)
    return Statement.of(rows, using)


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
