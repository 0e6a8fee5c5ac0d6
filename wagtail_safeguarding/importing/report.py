"""What an import did, or in a dry run would do: for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .proposed import ProposedIndex, Unsure
from .tree import render_tree
from .wording import printable


@dataclass
class ReportedPage:
    """One page. ``id`` and ``path`` are None while a dry run only proposes it.

    ``left``: why it stays a draft although publishing was asked for; "" otherwise.
    """

    kind: str
    title: str
    created: bool
    published: bool = False
    live: bool = False
    id: int | None = None
    path: str | None = None
    left: str = ""

    def as_dict(self) -> dict[str, Any]:
        found = {
            "kind": self.kind,
            "title": self.title,
            "id": self.id,
            "path": self.path,
            "status": "live" if self.live else "draft",
        }
        return {**found, "reason": self.left} if self.left else found


@dataclass
class ImportReport:
    """``created``, ``existing``, ``published`` and ``left`` name pages; one may be in two."""

    proposal: ProposedIndex
    dry_run: bool
    pages: list[ReportedPage] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """``{dry_run, proposal, created, existing, published, left, unsure}``."""
        notes = [{"where": each.where, "what": each.what} for each in self.all_unsure()]
        return {
            "dry_run": self.dry_run,
            "proposal": self.proposal.as_dict(),
            "created": [page.as_dict() for page in self.pages if page.created],
            "existing": [page.as_dict() for page in self.pages if not page.created],
            "published": [page.as_dict() for page in self.pages if page.published],
            "left": [page.as_dict() for page in self.pages if page.left],
            "unsure": notes,
        }

    def all_unsure(self) -> list[Unsure]:
        return [*self.proposal.all_unsure(), *self.unsure]

    def as_text(self) -> str:
        """Safe to print: control characters of the source are not in it."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        if self.dry_run:
            yield render_tree(self.proposal)
            yield "Dry run: nothing was written. An import would do this:"
        for page in self.pages:
            yield f"{self._did(page):<22} {page.kind}: {_line(page.title)}{_place(page)}"
            if page.left:
                yield f"{'':<22} stays a draft: {page.left}"
        # The tree of a dry run has shown the notes of the proposal already.
        notes = self.unsure if self.dry_run else self.all_unsure()
        if notes:
            yield "To check:"
            yield from (f"  ? {_line(each.where)}: {_line(each.what)}" for each in notes)

    def _did(self, page: ReportedPage) -> str:
        done = "create" if page.created else "exists"
        if not self.dry_run and page.created:
            done = "created"
        if not page.published:
            return done
        return f"{done}, publish" if self.dry_run else f"{done}, published"


def _place(page: ReportedPage) -> str:
    return f" ({page.path})" if page.path else ""


def _line(text: str) -> str:
    return " ".join(printable(text).split())
