"""Fixtures and markers of the whole suite. What each marker means is in pyproject.toml."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.services import (
    CHROMIUM_FLAGS,
    SERVICES,
    PostgreSQLServer,
    find_chromium,
    missing,
    postgresql_server,
)


def _needed_services(item: pytest.Item) -> list[str]:
    return [name for marker in item.iter_markers("needs") for name in marker.args]


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "postgresql", "postgresql_url"}
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(
        getattr(item, "fixturenames", ())
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse unknown services, leave out other databases' tests, mark browser tests `once`."""
    from django.db import connection

    other_database = []
    for item in items:
        needed = _needed_services(item)
        unknown = set(needed) - set(SERVICES)
        if unknown:
            raise pytest.UsageError(f"{item.nodeid} needs unknown services: {sorted(unknown)}")
        if "chromium" in needed:
            item.add_marker("once")
        vendors = {vendor for marker in item.iter_markers("database") for vendor in marker.args}
        elsewhere = vendors and connection.vendor not in vendors
        # What needs no database has been run by the pass on SQLite.
        if elsewhere or (connection.vendor != "sqlite" and not _uses_database(item)):
            other_database.append(item)
    if other_database:
        config.hook.pytest_deselected(items=other_database)
        items[:] = [item for item in items if item not in other_database]


class _BrowserTestsLast:
    """Playwright leaves an event loop running in its thread until the session ends, and
    Django refuses ORM calls beside one. So the browser tests come after all others, and
    only they switch that check off (`pytest_runtest_protocol` below)."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: "chromium" in _needed_services(item))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_BrowserTestsLast())


def pytest_unconfigure() -> None:
    """Remove this process's files here: workers of pytest-xdist end without `atexit`."""
    from tests.settings import SCRATCH

    shutil.rmtree(SCRATCH, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if "chromium" not in _needed_services(item):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        return (yield)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name in _needed_services(item):
        reason = missing(name)
        if reason and os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"needs {name}: {reason}, and REQUIRE_ALL=1", pytrace=False)
        elif reason:
            pytest.skip(f"needs {name}: {reason}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQLServer]:
    """A PostgreSQL server: the one the suite runs on, otherwise one started for this worker.

    For tests that start processes of their own on PostgreSQL; mark them
    `needs("postgresql")`. A test of the connection itself is `database("postgresql")`.
    """
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if url.scheme.startswith("postgres"):
        yield PostgreSQLServer(
            url.hostname or "127.0.0.1",
            url.port or 5432,
            unquote(url.username or ""),
            unquote(url.password or ""),
        )
        return
    with postgresql_server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgreSQLServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, for this test alone."""
    with postgresql.new_database() as url:
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args(pytestconfig: pytest.Config) -> dict[str, Any]:
    """Launch the machine's own Chromium, quiet and without network calls of its own."""
    return {
        "executable_path": find_chromium(),
        "args": list(CHROMIUM_FLAGS),
        "headless": not pytestconfig.getoption("--headed", default=False),
    }


@pytest.fixture(autouse=True)
def _nothing_is_remembered_as_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process found hidden in one test is not so in the next one's database."""
    from wagtail_safeguarding.register import hidden

    monkeypatch.setattr(hidden, "_until", float("-inf"))
    monkeypatch.setattr(hidden, "_found", hidden.Hidden())


@pytest.fixture(autouse=True)
def _nobody_looks_inside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests care for what happens to files and not for what is in them: theirs are no more
    than the beginning and the end of a PDF, and no process is started to read them."""
    is_about_it = Path(__file__).parent / "inspection" in request.node.path.parents
    if not is_about_it and request.node.get_closest_marker("inspects") is None:
        monkeypatch.setattr("wagtail_safeguarding.inspection.inside.WORKERS", {})
