"""Statements that are put together once."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from wagtail_safeguarding.statements import SIZES, Statement, in_sizes, marks
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db


def by_keys(size: int) -> Statement:
    keys = marks(size)
    return Statement.of(Term.objects.filter(pk__in=keys).values_list("pk"), "default", keys)


def test_rows_by_any_number_of_keys() -> None:
    pks = set(Term.objects.values_list("pk", flat=True))
    assert len(pks) > SIZES[1]
    for count in (0, 1, 2, SIZES[1], SIZES[1] + 1, len(pks)):
        wanted = sorted(pks)[:count]
        found = [pk for keys in in_sizes(wanted) for (pk,) in by_keys(len(keys)).ask(keys)]
        assert sorted(found) == wanted
    assert [len(keys) for keys in in_sizes(range(1, 1002))] == [500, 500, 1]


def test_a_percent_sign_and_quotation_marks_stay_what_they_are() -> None:
    text = """100 % of "O'Neill" %s %(p0)s :p0"""
    Term.objects.create(scheme=Scheme.THEME, key="odd", label=text)
    statement = Statement.of(Term.objects.filter(label=text).values_list("label"), "default")
    assert statement.ask() == [(text,)]


def test_a_marker_stands_in_one_place() -> None:
    with pytest.raises(RuntimeError, match="no one place"):
        Statement.of(Term.objects.filter(pk__in=[-5, -5]).values_list("pk"), "default", [-5, -5])


def test_errors_are_those_of_django() -> None:
    statement = Statement("default", "SELECT nothing FROM nowhere", (), ())
    with pytest.raises(DatabaseError), transaction.atomic():
        statement.ask()


def test_whoever_watches_the_database_sees_them() -> None:
    (key,) = Term.objects.values_list("pk", flat=True)[:1]
    with CaptureQueriesContext(connection) as captured:
        by_keys(1).ask([key])
    assert len(captured) == 1
    seen: list[Any] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert by_keys(1).ask([key]) == [(key,)]
    assert len(seen) == 1


def test_a_cursor_that_somebody_has_wrapped_is_used(monkeypatch: Any) -> None:
    """As instrumentation does."""
    create = connection.create_cursor
    monkeypatch.setattr(
        connection, "create_cursor", lambda name=None: mock.Mock(wraps=create(name))
    )
    (key,) = Term.objects.values_list("pk", flat=True)[:1]
    assert by_keys(1).ask([key]) == [(key,)]


def test_no_statement_in_a_transaction_that_is_broken() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            by_keys(1).ask([1])
