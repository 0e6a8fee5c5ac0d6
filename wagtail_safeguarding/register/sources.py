"""What the public forms of a batch of pages are made of, read in a few queries for all of them.

Everything in here is public already, or is about to be by the door's own decision: a page or a
version that is not in here cannot be named by a public form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bs4 import BeautifulSoup

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.keys import as_pk

_PAGE_LINK = re.compile(r"<a\b[^>]*\blinktype=[\"']page[\"'][^>]*>", re.IGNORECASE)
_ID = re.compile(r"\bid=[\"'](\d{1,18})[\"']", re.IGNORECASE)


@dataclass(frozen=True)
class PublicPage:
    """A page that the public can see now, as another one names it."""

    url: str | None
    record: str | None
    """The UUID of its record; None for a page of another kind."""


@dataclass(frozen=True)
class Standing:
    """What a page has from the place where it stands."""

    publisher: str = ""
    lines_from: int | None = None
    """The page whose emergency lines it shows; None: its site's."""


@dataclass
class Sources:
    """Shared by a batch; see ``publication.reading``."""

    versions: dict[int, DocumentVersion] = field(default_factory=dict)
    """By primary key, with their documents."""
    pages: dict[int, PublicPage] = field(default_factory=dict)
    standing: dict[int, Standing] = field(default_factory=dict)
    """By the page that stands there."""
    translations: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    """By page: language and UUID of the records in other languages."""
    languages: dict[int, str] = field(default_factory=dict)
    """Language codes by locale."""
    jurisdictions: dict[str, str] = field(default_factory=dict)
    """By the key of the type of review."""

    def html(self, html: str) -> str:
        """Stored rich text with the addresses of pages. A link to one that the public cannot see
        is left out, with its page's id, and its words stay."""
        if "linktype" not in html and "<embed" not in html:
            return html
        soup = BeautifulSoup(html, "html.parser")
        for link in soup.find_all("a", linktype=True):
            pk = as_pk(link.get("id")) if link["linktype"] == "page" else None
            page = self.pages.get(pk) if pk is not None else None
            if page is None or page.url is None:
                link.unwrap()
            else:
                link.attrs = {"href": page.url}
        for embed in soup.find_all("embed"):
            embed.decompose()
        return str(soup)

    def records_of(self, pks: Iterable[int]) -> list[str]:
        """The UUIDs of those of the pages that have a public record, in this order."""
        pages = (self.pages.get(pk) for pk in pks)
        return [page.record for page in pages if page is not None and page.record is not None]


def linked_pages(html: str) -> list[int]:
    """The ids of the pages that stored rich text links to."""
    if "linktype" not in html:
        return []
    found = (_ID.search(tag) for tag in _PAGE_LINK.findall(html))
    return [int(match[1]) for match in found if match]
