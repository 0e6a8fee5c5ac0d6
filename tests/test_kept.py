"""What is kept of a database is used in that very state of it, and in no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from unittest import mock

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests.beside import elsewhere
from wagtail_safeguarding.kept import Kept, State, state_of
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.database("sqlite")


def add(key: str = "tides") -> None:
    Term.objects.create(scheme="theme", key=key, label=key)


def rolled_back() -> None:
    with transaction.atomic():
        add("gone")
        transaction.set_rollback(True)


@on_sqlite
@pytest.mark.parametrize(
    "write",
    [
        add,
        lambda: elsewhere(add),
        lambda: Term.objects.update(label="x"),
        lambda: elsewhere(Term.objects.all().delete),
        rolled_back,  # told apart as well: nothing that was read in between counts afterwards
    ],
    ids=["here", "elsewhere", "update", "delete elsewhere", "rolled back"],
)
def test_every_write_is_another_state(write: Callable[[], object]) -> None:
    add("first")
    before = state_of("default")
    assert before is not None
    assert state_of("default") == before
    list(Term.objects.all())
    elsewhere(lambda: list(Term.objects.all()))
    assert state_of("default") == before
    write()
    assert state_of("default") != before


@on_sqlite
def test_a_transaction_has_no_state() -> None:
    add("first")
    with transaction.atomic():
        assert state_of("default") is None
        add()
        assert state_of("default") is None
    assert state_of("default") is not None


@on_sqlite
def test_another_connection_is_another_state() -> None:
    """Its counts may be the same by chance."""
    before = state_of("default")
    assert before is not None
    other = sqlite3.connect(":memory:")
    assert before._replace(connection=other) != before
    other.close()


@on_sqlite
def test_whoever_watches_is_not_passed_by() -> None:
    add("first")
    assert state_of("default") is not None
    with CaptureQueriesContext(connection):
        assert state_of("default") is None
    with connection.execute_wrapper(lambda execute, *args: execute(*args)):
        assert state_of("default") is None
    for name in ("cursor", "create_cursor"):
        with mock.patch.object(connection, name, getattr(connection, name)):
            assert state_of("default") is None
    with mock.patch.object(type(connections["default"]), "cursor", mock.Mock()):
        assert state_of("default") is None
    assert state_of("default") is not None


@pytest.mark.database("postgresql")
def test_postgresql_does_not_say() -> None:
    add("first")
    assert state_of("default") is None


@on_sqlite
def test_a_value_is_a_thread_s_own() -> None:
    add("first")
    kept: Kept[str] = Kept()
    state = state_of("default")
    kept.keep("a", state, "value")
    assert kept.get("a", state) == "value"
    assert kept.get("b", state) is None
    elsewhere(lambda: kept.keep("a", state, "another"))
    assert kept.get("a", state) == "value"
    kept.keep("a", None, "nothing is known of the state")
    assert kept.get("a", None) is None
    add()
    assert kept.get("a", state_of("default")) is None


def test_nothing_holds_of_a_connection_that_is_closed() -> None:
    closed = sqlite3.connect(":memory:")
    state = State(closed, 1, 0)
    closed.close()
    assert not state.holds()
