"""Work in threads, each with database connections of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections

SECONDS = 30


class Beside(threading.Thread):
    """``work``, begun at once. What it raises fails the test that finishes it."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._work = work
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self._error = error
        finally:
            connections.close_all()

    def finish(self) -> None:
        self.join(SECONDS)
        assert not self.is_alive()
        if self._error is not None:
            raise self._error


def elsewhere(work: Callable[[], object]) -> None:
    """By connections of another thread, and wait for it."""
    Beside(work).finish()


def at_once(*works: Callable[[], object]) -> None:
    """All of these at the same time."""
    for each in [Beside(work) for work in works]:
        each.finish()
