"""How far the register has come: one row that tells whether anything has changed.

Entries are numbered *after* the commit of what they tell, one transaction at a time. A number
given inside the transaction could be seen later than a higher one, and whoever follows the log by
number would miss it for good; a lock held until the commit would make editors wait for each other.
"""

from __future__ import annotations

import logging
import secrets
from functools import cache
from typing import Any, NamedTuple

from django.db import DatabaseError, router, transaction
from django.db.models import BigIntegerField, BooleanField, CharField, Exists, Value

from .models import Clock, Entry
from .statements import Statement
from .visibility import roots_and_closed, tree

logger = logging.getLogger(__name__)


class Now(NamedTuple):
    """A reading of the clock, and of what Wagtail goes by to show a page: read together, since
    every answer needs both. What was read under the same one is still true."""

    sequence: int
    mark: str
    surroundings: str
    roots: tuple[str, ...] = ()
    """The paths of the root pages of sites."""
    closed: tuple[str, ...] = ()
    """The paths of pages with a view restriction, and of aliases of such pages."""

    def shows(self, path: str | None) -> bool:
        """Whether the public can see the live page at this path; see ``visible_pages``."""
        if not path:
            return False
        return path.startswith(self.roots) and not path.startswith(self.closed)


def now() -> Now:
    """What the clock says, with every entry numbered that anybody can see. One query; two where
    pages are restricted."""
    using = router.db_for_read(Clock)
    rows = _reading(using, tree()).ask()
    if not any(row[0] >= 0 and not row[3] for row in rows):
        try:
            number_entries()
        except DatabaseError:  # a replica that cannot be written
            logger.warning("Entries of the register could not be numbered", exc_info=True)
        rows = _reading(using, tree()).ask()
    clock = next((row[:3] for row in rows if row[0] >= 0), (0, "", ""))
    roots = tuple(sorted(row[4] for row in rows if row[0] == _ROOT and row[4]))
    closed = tuple(sorted(row[4] for row in rows if row[0] == _CLOSED and row[4]))
    if closed:
        closed += tuple(sorted(path for (path,) in _closed_aliases(using, tree()).ask()))
    sequence, mark, surroundings = clock
    return Now(sequence, mark, surroundings, roots, closed)


_ROOT, _CLOSED = -1, -2


@cache
def _reading(using: str, of: Any) -> Statement:
    waiting = Exists(Entry.objects.filter(sequence=None))
    clock = (
        Clock.objects.using(using)
        .filter(pk=1)
        .values_list("sequence", "mark", "surroundings", waiting, Value("", CharField()))
    )
    roots, closed, _aliases = roots_and_closed()
    return Statement.of(
        clock.union(_as_clock(roots, _ROOT, using), _as_clock(closed, _CLOSED, using), all=True),
        using,
    )


def _as_clock(rows: Any, kind: int, using: str) -> Any:
    """The rows, each with a path, in the shape of the clock's."""
    nothing = Value("", CharField())
    return rows.using(using).values_list(
        Value(kind, BigIntegerField()), nothing, nothing, Value(True, BooleanField()), "at"
    )


@cache
def _closed_aliases(using: str, of: Any) -> Statement:
    return Statement.of(roots_and_closed()[2].using(using).values_list("path"), using)


def number_entries() -> None:
    """Give the entries that have been committed their place in the log."""
    if not Entry.objects.filter(sequence=None).exists():
        return
    with transaction.atomic():
        clock, _new = Clock.objects.select_for_update().get_or_create(pk=1)
        waiting = list(Entry.objects.filter(sequence=None).order_by("pk").only("pk"))
        if not waiting:
            return
        for number, entry in enumerate(waiting, clock.sequence + 1):
            entry.sequence = number
        if len(waiting) == 1:  # as nearly always; bulk_update() takes several times longer
            Entry.objects.filter(pk=waiting[0].pk).update(sequence=waiting[0].sequence)
        else:
            Entry.objects.bulk_update(waiting, ["sequence"], batch_size=500)
        Clock.objects.filter(pk=1).update(
            sequence=clock.sequence + len(waiting),
            mark=secrets.token_hex(16),
            surroundings=clock.surroundings or secrets.token_hex(16),
        )


def surroundings_changed() -> None:
    """After the commit: what is joined to records when they are read is to be read anew."""
    transaction.on_commit(_new_surroundings, robust=True)


def entries_written() -> None:
    """After the commit: number the entries."""
    transaction.on_commit(number_entries, robust=True)


def _new_surroundings() -> None:
    with transaction.atomic():
        Clock.objects.get_or_create(pk=1)
        Clock.objects.filter(pk=1).update(surroundings=secrets.token_hex(16))
