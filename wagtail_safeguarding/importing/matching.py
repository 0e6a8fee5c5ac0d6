"""Which pages of an import are there already.

Wagtail's own log of a page keeps what the importer made it from, so a page is known again
after an editor has changed its title. A page that somebody made by hand is known by its
title, as it is public or as its latest draft has it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wagtail.models import PageLogEntry, Revision

LOG_ACTION = "wagtail.create"
LOG_KEY = "imported_from"


@dataclass(frozen=True)
class Known:
    """A page and what it is known by. ``fields``: one tuple for each of its texts."""

    page: Any
    imported: tuple[str, ...] | None
    revision: int | None
    """The primary key of the importer's revision."""
    texts: frozenset[tuple[str, ...]]

    @property
    def why_left(self) -> str:
        """Why an import must not publish this draft; "" where it may."""
        page = self.page
        if self.revision is None:
            return "it was not made by an import"
        if page.first_published_at is not None:
            return "it was public before and is not now"
        if page.latest_revision_id != self.revision:
            return "it was edited since the import"
        if page.locked or page.workflow_in_progress:
            return "it is locked or in a workflow"
        return ""


def know_pages(pages: Iterable[Any], fields: Sequence[str]) -> list[Known]:
    """What the (specific) ``pages`` are known by; the first field is the title."""
    pages = list(pages)
    revisions = Revision.objects.in_bulk(
        [page.latest_revision_id for page in pages if page.latest_revision_id]
    )
    entries = PageLogEntry.objects.filter(
        page_id__in=[page.pk for page in pages], action=LOG_ACTION
    ).order_by("timestamp", "pk")
    imports = {
        entry.page_id: entry.data[LOG_KEY] for entry in entries if LOG_KEY in (entry.data or {})
    }
    known = []
    for page in pages:
        texts = {tuple(str(getattr(page, name)) for name in fields)}
        if revision := revisions.get(page.latest_revision_id):
            texts.add(tuple(str(revision.content.get(name, "")) for name in fields))
        source = imports.get(page.pk, {})
        imported = tuple(str(source.get(name, "")) for name in fields) if source else None
        known.append(Known(page, imported, source.get("revision"), frozenset(texts)))
    return known


def log_data(fields: dict[str, str], revision: Any) -> dict[str, Any]:
    """What the log keeps of an imported page, for :func:`know_pages`."""
    return {LOG_KEY: {**fields, "revision": revision.pk}}


def match(wanted: Sequence[Hashable], known: Iterable[Known]) -> list[Known | None]:
    """For each wanted text its page or None; the n-th page for the n-th equal text."""
    free = list(known)
    found: list[Known | None] = [None] * len(wanted)
    for by_import in (True, False):
        for position, text in enumerate(wanted):
            if found[position] is not None:
                continue
            for each in free:
                if each.imported == text if by_import else text in each.texts:
                    found[position] = each
                    free.remove(each)
                    break
    return found
