"""What was read of a database, kept for as long as nothing is written to it.

SQLite tells in a few microseconds whether any row was written since; see "PRAGMA data_version" and
``sqlite3.Connection.total_changes``. What a connection itself does to the database without writing
rows (DDL, a backup into it) it does not tell. Any other database would have to be asked, for which
what is kept could be read anew as well: nothing is kept of it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Hashable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections

from .statements import is_watched

T = TypeVar("T")


class State(NamedTuple):
    """Of a database, as one connection sees it; another after every commit that wrote rows."""

    connection: sqlite3.Connection
    others: int
    """Counts what other connections committed."""
    own: int
    """Counts the rows that this connection wrote."""

    def holds(self) -> bool:
        """Whether nothing was written since."""
        return _state(self.connection) == self


def state_of(using: str) -> State | None:
    """None, where the database does not say, or says it only of what may be rolled back yet; and
    where somebody watches what is asked of it, for whom all is asked."""
    wrapper: Any = connections[using]
    connection = wrapper.connection
    if type(connection) is not sqlite3.Connection or is_watched(wrapper):
        return None
    return _state(connection)


def _state(connection: sqlite3.Connection) -> State | None:
    try:
        if connection.in_transaction:
            return None
        (others,) = connection.execute("PRAGMA data_version").fetchone()
        return State(connection, others, connection.total_changes)
    except sqlite3.Error:  # whatever it is, the next statement meets it too
        return None


class Value(NamedTuple, Generic[T]):
    state: State
    value: T


class Kept(threading.local, Generic[T]):
    """One value for each key, for each thread: connections are a thread's own as well."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Value[T]] = {}

    def get(self, key: Hashable, state: State | None) -> T | None:
        """What was kept in this state."""
        found = self._values.get(key)
        return found.value if found is not None and found.state == state else None

    def keep(self, key: Hashable, state: State | None, value: T) -> None:
        """``value`` was read in this state or a later one. Without a state nothing is kept."""
        if state is not None:
            self._values[key] = Value(state, value)
