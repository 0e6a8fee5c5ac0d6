"""Whether an Office file can be read with assistive technology."""

from __future__ import annotations

from collections.abc import Sequence

from ..gathered import Gathered
from ..headings import heading_problems

LONG = 8_000
"""Characters: a document of so many ought to have headings; about four pages."""


def report_accessibility(
    gathered: Gathered,
    *,
    headings: Sequence[int] = (),
    long: bool = False,
    pictures: int = 0,
    undescribed: int = 0,
    tables: int = 0,
    headless: int = 0,
) -> None:
    """Findings on a document with so many pictures and tables, of which so many lack their
    alternative text or their header row. The properties have been read before."""
    for problem in heading_problems(headings, long=long):
        gathered.found(problem.code, excerpt=problem.excerpt)
    if undescribed:
        gathered.found("access-no-alternative-text", excerpt=f"{undescribed} of {pictures}")
    if headless:
        gathered.found("access-table-headers", excerpt=f"{headless} of {tables}")
    gathered.facts |= {"headings": len(headings), "pictures": pictures, "tables": tables}


def report_missing(gathered: Gathered) -> None:
    """What every document should say of itself; asked once all of it is read."""
    if not str(gathered.facts.get("title", "")).strip():
        gathered.found("access-no-title")
    if not gathered.language and gathered.speaks:
        gathered.found("access-no-language")
