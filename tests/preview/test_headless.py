"""With wagtail-headless-preview. Page types are made when a process starts, so this site has one
of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.database("sqlite")
def test_wagtails_own_preview_in_a_front_end_opens_nothing_else(tmp_path: Path) -> None:
    pytest.importorskip("wagtail_headless_preview", reason="wagtail-headless-preview not found")
    package = tmp_path / "headless_migrations"
    package.mkdir()
    (package / "__init__.py").touch()
    env = {
        **os.environ,
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "tests.headless.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)]),
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("django", "makemigrations", "headless", "--noinput")
    assert run("tests.headless.scenario").strip().endswith("previewed")
