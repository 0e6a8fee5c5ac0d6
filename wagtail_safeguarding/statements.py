"""SQL that Django writes once and that is asked many times, with other values each time.

Putting a query together costs Django many times what the database needs to answer it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connections

SIZES = (1, 20, 100, 500)
"""Keys in one statement that asks for rows by their keys."""


def marks(size: int) -> list[int]:
    """What stands for so many keys while a statement is put together."""
    return [-(10**9) - number for number in range(size)]


def in_sizes(keys: Iterable[int]) -> Iterator[list[int]]:
    """The keys, as many at a time as a statement asks for; filled up with 0, which no row has."""
    keys = list(keys)
    for start in range(0, len(keys), SIZES[-1]):
        some = keys[start : start + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(some))
        yield [*some, *[0] * (size - len(some))]


def by_keys(statement: Callable[[int], Statement], keys: Iterable[int]) -> Iterator[Any]:
    """The rows of all the keys; ``statement`` gives the one that asks for so many."""
    for some in in_sizes(keys):
        yield from statement(len(some)).ask(some)


@dataclass(frozen=True)
class Statement:
    """A query of one database."""

    using: str
    sql: str
    parameters: dict[str, Any]
    places: tuple[str, ...]
    """The names of the parameters whose values differ each time."""

    @classmethod
    def of(cls, rows: Any, using: str, markers: Sequence[Any] = ()) -> Statement:
        """The query of ``rows``, a queryset of values; ``markers`` stand in it for what differs,
        each in one place."""
        sql, values = rows.query.get_compiler(using).as_sql()
        # By name: Django looks for "%s" in the whole text each time, which takes SQLite's cursor
        # longer than the query.
        names = [f"p{number}" for number in range(len(values))]
        named = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        places = tuple(names[values.index(marker)] for marker in markers)
        if len(set(places)) != len(markers):
            raise RuntimeError("The statement has no one place for each value.")
        return cls(using, named, dict(zip(names, values, strict=True)), places)

    def ask(self, wanted: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows as the database has them: no field of a model converts their values."""
        values = {**self.parameters, **dict(zip(self.places, wanted, strict=True))}
        connection: Any = connections[self.using]
        with connection.cursor() as cursor:
            if connection.queries_logged or connection.execute_wrappers:
                cursor.execute(self.sql, values)
                return cursor.fetchall()  # type: ignore[no-any-return]
            # The driver's own cursor: what Django has around it takes half as long as the query.
            connection.validate_no_broken_transaction()
            inner = cursor.cursor
            with connection.wrap_database_errors:
                if isinstance(inner, sqlite3.Cursor):
                    sqlite3.Cursor.execute(inner, self._for_sqlite, values)
                else:
                    inner.execute(self.sql, values)
                return inner.fetchall()  # type: ignore[no-any-return]

    @cached_property
    def _for_sqlite(self) -> str:
        """The same with SQLite's own names of parameters, which Django would write each time."""
        return self.sql % {name: f":{name}" for name in self.parameters}
