"""What is done to a site, and seen of its database, where something is kept until it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.beside import elsewhere
from wagtail_safeguarding.register import clock
from wagtail_safeguarding.statements import Statement

from .register_site import RegisterSite

API = "/api/safeguarding/v1/"


def forget() -> None:
    """By a write that has nothing to do with the register."""
    Group.objects.create(name=f"Another {Group.objects.count()}")


@contextmanager
def statements() -> Iterator[list[str]]:
    """All that SQLite is asked, seen from below Django."""
    connection.ensure_connection()
    asked: list[str] = []
    connection.connection.set_trace_callback(asked.append)
    try:
        yield asked
    finally:
        connection.connection.set_trace_callback(None)


def ask(path: str, etag: str = "") -> Any:
    return Client().get(API + path, headers={"If-None-Match": etag} if etag else {})


def hide(site: RegisterSite) -> None:
    Page.objects.filter(pk=site.pages["review"].pk).update(live=False)


def restrict(site: RegisterSite) -> None:
    PageViewRestriction.objects.create(
        page_id=site.pages["review"].pk, restriction_type=PageViewRestriction.LOGIN
    )


def unpublish(site: RegisterSite) -> None:
    site.pages["review"].unpublish()


def commit_in_between(monkeypatch: pytest.MonkeyPatch, write: Callable[[], object]) -> None:
    """Another connection writes when the next statement has been answered."""
    answered = Statement.ask
    waiting = [write]

    def ask_and_write(statement: Statement, wanted: Any = ()) -> Any:
        found = answered(statement, wanted)
        if waiting:
            elsewhere(waiting.pop())
        return found

    monkeypatch.setattr(Statement, "ask", ask_and_write)


@contextmanager
def no_numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Meanwhile somebody else has the lock whenever an entry is to have its number."""

    def locked() -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(clock, "number_entries", locked)
        yield
