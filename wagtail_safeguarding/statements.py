"""SQL that Django writes once and that is asked many times, with other values each time.

Putting a query together costs Django many times what the database needs to answer it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

SIZES = (1, 20, 100, 500)
"""Keys in one statement that asks for rows by their keys."""


Key = TypeVar("Key", bound=int | str)


def marks(size: int) -> list[int]:
    """What stands for so many keys while a statement is put together."""
    return [-(10**9) - number for number in range(size)]


def text_marks(size: int) -> list[str]:
    """The same for keys that are texts."""
    return [f"key {number}" for number in range(size)]


def in_sizes(keys: Iterable[Key], *, none: Any = 0) -> Iterator[list[Key]]:
    """The keys, as many at a time as a statement asks for; filled up with ``none``, which no row
    has."""
    wanted = list(keys)
    for start in range(0, len(wanted), SIZES[-1]):
        some = wanted[start : start + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(some))
        yield [*some, *[none] * (size - len(some))]


def by_keys(
    statement: Callable[[int], Statement], keys: Iterable[Key], *, none: Any = 0
) -> Iterator[Any]:
    """The rows of all the keys; ``statement`` gives the one that asks for so many."""
    for some in in_sizes(keys, none=none):
        yield from statement(len(some)).ask(some)


def is_watched(connection: Any) -> bool:
    """Whether somebody wants to see what is asked of this connection of Django's: for them it is
    asked by Django's own ways. A connection that is closed is, since these open it."""
    return (
        connection.connection is None
        or connection.queries_logged
        or bool(connection.execute_wrappers)
        or not _WAYS.isdisjoint(vars(connection))
        or type(connection).cursor is not BaseDatabaseWrapper.cursor
    )


_WAYS = frozenset({"cursor", "create_cursor"})
"""What instrumentation puts on a connection."""


@dataclass(frozen=True)
class Statement:
    """A query of one database."""

    using: str
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int, ...]
    """Which of the parameters differ each time."""

    @classmethod
    def of(cls, rows: Any, using: str, markers: Sequence[Any] = ()) -> Statement:
        """The query of ``rows``, a queryset of values; ``markers`` stand in it for what differs,
        each in one place."""
        sql, values = rows.query.get_compiler(using).as_sql()
        places = [at for one in markers for at, value in enumerate(values) if value == one]
        if len(places) != len(markers) or len(set(places)) != len(places):
            raise RuntimeError("The statement has no one place for each value.")
        return cls(using, sql, tuple(values), tuple(places))

    def ask(self, wanted: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows as the database has them: no field of a model converts their values."""
        values = wanted if self._is_nothing_else else self._filled(wanted)
        connection: Any = connections[self.using]
        if is_watched(connection):
            with connection.cursor() as cursor:
                cursor.execute(self.sql, values)
                return cursor.fetchall()  # type: ignore[no-any-return]
        # Straight to the driver: what Django has around it takes longer than the query.
        connection.validate_no_broken_transaction()
        driver = connection.connection
        with connection.wrap_database_errors:
            if type(driver) is sqlite3.Connection:
                return driver.execute(self._for_sqlite, values).fetchall()
            with connection.cursor() as cursor:
                inner = cursor.cursor
                inner.execute(self.sql, values)
                return inner.fetchall()  # type: ignore[no-any-return]

    @cached_property
    def _is_nothing_else(self) -> bool:
        """Whether what differs each time is all that it is asked with, and in that order."""
        return self.places == tuple(range(len(self.parameters)))

    def _filled(self, wanted: Sequence[Any]) -> list[Any]:
        values = list(self.parameters)
        for at, value in zip(self.places, wanted, strict=True):
            values[at] = value
        return values

    @cached_property
    def _for_sqlite(self) -> str:
        """With SQLite's own marks of parameters, which Django would write each time."""
        return self.sql % (("?",) * len(self.parameters))
