"""Remember pages that are to be projected again, where they may be too many to do so at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.dispatch import Signal

from .models import Due

work_is_due = Signal()
"""Sent after the commit; ``publication.refresh`` does the work."""

_working = threading.local()


def put(what: Due.What, value: str) -> None:
    """Note it in the caller's transaction.

    Even where the same is noted already: that may be worked off before this transaction commits,
    and would not see what it has changed. Whoever does the work takes them together.
    """
    Due.objects.create(what=what, value=value)
    if not getattr(_working, "now", False):
        transaction.on_commit(_announce, robust=True)


def _announce() -> None:
    work_is_due.send(sender=Due)


@contextmanager
def working() -> Iterator[None]:
    """The work itself makes other pages due; these come in their turn, without a word."""
    _working.now = True
    try:
        yield
    finally:
        _working.now = False
