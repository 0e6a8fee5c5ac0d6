"""How far the register has come: one row that tells whether anything has changed.

Entries are numbered *after* the commit of what they tell, one transaction at a time. A number
given inside the transaction could be seen later than a higher one, and whoever follows the log by
number would miss it for good; a lock held until the commit would make editors wait for each other.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import DatabaseError, router, transaction
from django.db.models import Case, CharField, Exists, F, Value, When

from wagtail_safeguarding.kept import Kept, state_of
from wagtail_safeguarding.statements import Statement

from .models import Clock, Entry
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
    is_behind: bool = False
    """Entries waited for their number: something has happened that the clock does not tell."""


def now() -> Now:
    """What the clock says, with every entry numbered that anybody can see. One query; two where
    pages are restricted."""
    reading = _of_clock(router.db_for_read(Clock), tree())
    found = reading.ask()[1]
    if found is None:
        try:
            number_entries()
        except DatabaseError:  # a replica that cannot be written
            logger.warning("Entries of the register could not be numbered", exc_info=True)
        found = reading.ask(whatever=True)[1] or Now(0, "", "")
    return found


def latest() -> Now | None:
    """What this process read last; by now the clock may say something else."""
    return _latest


def says_still(known: Now) -> Now:
    """For whoever knows that nothing was written since the clock said so."""
    global _latest
    _latest = known
    return known


_latest: Now | None = None
_kept: Kept[Now] = Kept()

_ROW, _CLOCK, _ROOT, _CLOSED, _WAITING = 1, 0, -1, -2, -3


class Reading:
    """The clock and, of the same moment, the rows of a query: asked in one statement, so that the
    way to the database is gone once."""

    def __init__(
        self, using: str, rows: Any = None, names: Sequence[str] = (), markers: Sequence[Any] = ()
    ) -> None:
        """``rows``: a queryset with the columns ``names`` and one that is called ``at``. In it
        ``markers`` stand for what differs each time (see :meth:`.Statement.of`)."""
        null = Value(None, CharField())  # in SQL, NULL of any type
        nulls = [null] * len(names)
        waiting = Exists(Entry.objects.filter(sequence=None))
        kind = Case(When(waiting, then=Value(_WAITING)), default=Value(_CLOCK))
        clock = Clock.objects.filter(pk=1)
        roots, closed, _aliases = roots_and_closed()
        parts: list[Any] = [
            clock.values_list(kind, "sequence", null, "mark", "surroundings", *nulls),
            roots.values_list(Value(_ROOT), null, "at", null, null, *nulls),
            closed.values_list(Value(_CLOSED), null, "at", null, null, *nulls),
        ]
        if rows is not None:
            # First, since PostgreSQL takes the types of the columns from there.
            parts.insert(0, rows.values_list(Value(_ROW), "pk", "at", null, null, *names))
        first, *others = parts
        joined = first.using(using).union(*(part.using(using) for part in others), all=True)
        self._using, self._key = using, (using, tree())
        self._statement = Statement.of(joined, using, markers)
        self._rows = None
        if rows is not None:
            alone = rows.using(using).values_list("pk", "at", *names)
            self._rows = Statement.of(alone, using, markers)

    def ask(
        self, wanted: Sequence[Any] = (), *, whatever: bool = False
    ) -> tuple[list[tuple[Any, ...]], Now | None]:
        """The rows, each with its ``pk``, its ``at`` and then the columns, and what the clock said;
        None where entries wait for their number, which :func:`now` gives them, unless
        ``whatever``."""
        global _latest
        before = state_of(self._using)
        if before and (kept := _kept.get(self._key, before)):
            rows = self._rows.ask(wanted) if self._rows else []
            # Asked again: unless anybody wrote meanwhile, the rows are of the same moment.
            if self._rows is None or before.holds():
                return rows, says_still(kept)
            before = state_of(self._using)
        rows, roots, closed = [], [], []
        clock, is_behind = None, False
        for row in self._statement.ask(wanted):
            kind = row[0]
            if kind == _ROW:
                rows.append(row[1:3] + row[5:])
            elif kind == _ROOT:
                roots.append(row[2])
            elif kind == _CLOSED:
                closed.append(row[2])
            elif kind == _CLOCK or whatever:
                clock, is_behind = (row[1], row[3], row[4]), kind == _WAITING
        if clock is None:
            return rows, None
        if closed:
            closed += [path for (path,) in _closed_aliases(self._using, tree()).ask()]
        _latest = Now(*clock, _paths(roots), _paths(closed), is_behind)
        if not is_behind:
            # Or nobody would number the entries until something else is written.
            _kept.keep(self._key, before, _latest)
        return rows, _latest


def _paths(found: list[str | None]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, found)))


@cache
def _of_clock(using: str, of: Any) -> Reading:
    return Reading(using)


@cache
def _closed_aliases(using: str, of: Any) -> Statement:
    return Statement.of(roots_and_closed()[2].using(using).values_list("path"), using)


@cache
def _waiting(using: str) -> Statement:
    return Statement.of(Entry.objects.filter(sequence=None).order_by("pk").values_list("pk"), using)


@cache
def _locked(using: str) -> Statement:
    clock = Clock.objects.select_for_update().filter(pk=1)
    return Statement.of(clock.values_list("sequence", "surroundings"), using)


def number_entries() -> None:
    """Give the entries that have been committed their place in the log."""
    with transaction.atomic():
        using = router.db_for_write(Entry)
        if not (clock := _locked(using).ask()):
            Clock.objects.get_or_create(pk=1)
            clock = _locked(using).ask()
        ((sequence, surroundings),) = clock
        waiting = [pk for (pk,) in _waiting(using).ask()]
        if not waiting:
            return
        # Those written together follow one upon the other, and are numbered together.
        numbered = enumerate(waiting, sequence + 1)
        for ahead, run in groupby(numbered, key=lambda one: one[0] - one[1]):
            pks = [pk for _number, pk in run]
            Entry.objects.filter(pk__range=(pks[0], pks[-1]), sequence=None).update(
                sequence=F("pk") + ahead
            )
        Clock.objects.filter(pk=1).update(
            sequence=sequence + len(waiting),
            mark=secrets.token_hex(16),
            surroundings=surroundings or secrets.token_hex(16),
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
