"""Wagtail's own test suite of API v2 passes with our viewset in the place of Wagtail's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FEWEST = 320
"""There are 326 tests in Wagtail 7.4, 337 in 8.0. None found would be no pass."""


def test_wagtails_own_suite() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "django", "test", "wagtail.api.v2"],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "tests.api.wagtail_suite.settings",
            "DATABASE_ENGINE": "django.db.backends.sqlite3",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-8000:]
    ran = re.search(r"Ran (\d+) tests", ended.stderr)
    assert ran is not None
    assert int(ran[1]) >= FEWEST
