"""Sites with their own base page, or a swapped one, migrate and work from the first day."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader
from wagtail import VERSION as WAGTAIL_VERSION

import wagtail_safeguarding

ROOT = Path(__file__).resolve().parents[2]

can_swap = pytest.mark.skipif(
    WAGTAIL_VERSION < (8, 0), reason="needs Wagtail 8.0: WAGTAIL_PAGE_MODEL is not in 7.4"
)
SITES = [pytest.param("council"), pytest.param("swapped", marks=can_swap)]


class Site:
    """One of the two sites, with its migrations in a folder of this test."""

    def __init__(self, label: str, folder: Path, database_url: str = "") -> None:
        self.label = label
        self.migrations = folder / f"{label}_migrations"
        self.migrations.mkdir()
        self.env = {
            **os.environ,
            "SITE": label,
            "MIGRATIONS": self.migrations.name,
            "DJANGO_SETTINGS_MODULE": "tests.sites.migrated_settings",
            "DATABASE_URL": database_url,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if label == "swapped":
            # The base page is the site's own affair; without its page types.
            for path in (ROOT / "tests/swapped/migrations").glob("*.py"):
                shutil.copy(path, self.migrations)
        (self.migrations / "__init__.py").touch()

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *args],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *args: str) -> str:
        done = self.run(*args)
        assert done.returncode == 0, f"{args}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def first_day(self) -> None:
        self.must("-m", "django", "makemigrations", "wagtail_safeguarding", "--check", "--dry-run")
        # The check is not blind: the site's own page types have no migration yet.
        wanting = self.run("-m", "django", "makemigrations", "--check", "--dry-run", "--noinput")
        assert wanting.returncode == 1, wanting.stdout + wanting.stderr
        assert f"Create model {self.label.capitalize()}Review" in wanting.stdout

        self.must("-m", "django", "makemigrations", self.label, "--noinput")
        assert "all as it should be" in self.must("-m", "tests.sites.scenario")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("label", SITES)
def test_site_migrates_publishes_and_takes_down_on_sqlite(label: str, tmp_path: Path) -> None:
    Site(label, tmp_path).first_day()


@pytest.mark.once
@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("label", SITES)
def test_site_migrates_publishes_and_takes_down_on_postgresql(
    label: str, tmp_path: Path, postgresql_url: str
) -> None:
    Site(label, tmp_path, postgresql_url).first_day()


def test_new_blocks_of_a_release_make_no_migration_in_the_site(tmp_path: Path) -> None:
    site = Site("council", tmp_path)
    site.must("-m", "django", "makemigrations", "council", "--noinput")
    site.must("-m", "tests.sites.blocks_change")

    told = site.run("-m", "tests.sites.blocks_change", "control")
    assert told.returncode == 1, told.stdout + told.stderr
    assert "Alter field documents on councilreview" in told.stdout


def test_migrations_of_a_site_name_no_block_and_no_page_type_of_ours(tmp_path: Path) -> None:
    site = Site("council", tmp_path)
    site.must("-m", "django", "makemigrations", "council", "--noinput")
    (path,) = site.migrations.glob("0001_*.py")
    written = path.read_text()
    assert "wagtail_safeguarding.fields.ItemsField" in written
    assert "Block" not in written
    assert "wagtail_safeguarding.content" not in written
    assert "safeguarding_pages" not in written


# The core stands alone


def test_core_migrations_depend_on_neither_page_types_nor_a_page_model() -> None:
    graph = MigrationLoader(None).graph
    (leaf,) = graph.leaf_nodes("wagtail_safeguarding")
    needed = {label for label, _name in graph.forwards_plan(leaf)}
    assert "wagtailcore" in needed
    assert needed.isdisjoint({"safeguarding_pages", "council"})


def test_core_models_have_no_relation_to_a_page() -> None:
    from django.apps import apps
    from wagtail.models import Page

    related = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("wagtail_safeguarding").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and issubclass(field.related_model, Page)
    ]
    assert related == []


def test_core_code_names_wagtails_own_page_nowhere() -> None:
    """`from wagtail.models import Page` breaks a site that swapped it."""
    package = Path(wagtail_safeguarding.__file__).parent
    imports = re.compile(r"^\s*from wagtail\.models(?:\.\w+)? import (\([^)]*\)|.*)", re.MULTILINE)
    offending = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] != "pages"
        and any(
            re.search(r"\bPage\b", found.group(1)) for found in imports.finditer(path.read_text())
        )
    ]
    assert offending == []
