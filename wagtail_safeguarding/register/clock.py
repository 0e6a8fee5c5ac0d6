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
from django.db.models import Exists

from .models import Clock, Entry
from .statements import Statement

logger = logging.getLogger(__name__)


class Now(NamedTuple):
    """A reading of the clock. What was read under the same one is still true."""

    sequence: int
    mark: str
    surroundings: str


def now() -> Now:
    """What the clock says, with every entry numbered that anybody can see. One query."""
    row = _read()
    if row is None or row[3]:
        try:
            number_entries()
        except DatabaseError:  # a replica that cannot be written
            logger.warning("Entries of the register could not be numbered", exc_info=True)
        row = _read()
    return Now(*row[:3]) if row else Now(0, "", "")


def _read() -> tuple[Any, ...] | None:
    rows = _reading(router.db_for_read(Clock)).ask()
    return rows[0] if rows else None


@cache
def _reading(using: str) -> Statement:
    waiting = Exists(Entry.objects.filter(sequence=None))
    rows = Clock.objects.using(using).filter(pk=1).annotate(waiting=waiting)
    return Statement.of(rows.values_list("sequence", "mark", "surroundings", "waiting"), using)


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
