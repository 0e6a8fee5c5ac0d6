"""The suite's own ground: services, markers, and the two databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests import factories
from tests.services import PostgreSQLServer
from tests.settings import database

ROOT = Path(__file__).resolve().parents[1]


def test_database_url_is_read_with_quoted_parts() -> None:
    read = database("postgresql://us%40er:p%2Fw@db.example:5433/site")
    assert read == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "site",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
    }
    with pytest.raises(ValueError, match="mysql"):
        database("mysql://localhost/site")


@pytest.mark.django_db
def test_the_suite_runs_on_the_database_that_it_was_given() -> None:
    wanted = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    assert connection.vendor == wanted
    assert get_user_model().objects.count() == 0


@pytest.mark.django_db
@pytest.mark.database("postgresql")
def test_postgresql_only_tests_see_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)


@pytest.mark.needs("postgresql")
def test_each_test_gets_an_empty_database(
    postgresql: PostgreSQLServer, postgresql_url: str
) -> None:
    import psycopg

    assert postgresql_url != postgresql.url()
    with psycopg.connect(postgresql_url) as session:
        tables = session.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert tables == (0,)


@pytest.mark.once
class TestMissingService:
    CONFTEST = """
from tests.services import SERVICES
SERVICES["philosopher's stone"] = (lambda: None, "stone not found")
"""
    TEST = """
import pytest

@pytest.mark.needs("philosopher's stone")
def test_gold():
    pass
"""

    def outcome(self, folder: Path, **env: str) -> tuple[int, str]:
        (folder / "conftest.py").write_text(self.CONFTEST)
        (folder / "test_gold.py").write_text(self.TEST)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"),
                *("-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}", str(folder)),
            ],
            cwd=ROOT,
            env={**{k: v for k, v in os.environ.items() if k != "REQUIRE_ALL"}, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def test_skips_by_name(self, tmp_path: Path) -> None:
        code, said = self.outcome(tmp_path)
        assert code == 0
        assert "needs philosopher's stone: stone not found" in said

    def test_fails_when_all_are_required(self, tmp_path: Path) -> None:
        code, said = self.outcome(tmp_path, REQUIRE_ALL="1")
        assert code == 1
        assert "needs philosopher's stone: stone not found, and REQUIRE_ALL=1" in said


@pytest.mark.needs("chromium")
@pytest.mark.django_db(transaction=True)
def test_browser_opens_the_admin(live_server, page) -> None:  # type: ignore[no-untyped-def]
    factories.home_page()
    get_user_model().objects.create_superuser("editor", "editor@example.org", "pass")
    page.goto(f"{live_server.url}/admin/")
    page.locator("input[name=username]").fill("editor")
    page.locator("input[name=password]").fill("pass")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Test council").wait_for()
