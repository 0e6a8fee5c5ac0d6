"""Wagtail's API v2: our viewset against the one it takes the place of, every field of 20 reviews.

One gunicorn worker serves both from the same database, SQLite on disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .download import reader, server
from .figures import Figure, compare, ratio

RUNS = 15
QUERY = "?type=safeguarding_pages.PracticeReviewPage&fields=*&limit="


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="safeguarding-bench-") as folder:
        env = {
            **os.environ,
            "BENCH_FOLDER": folder,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        }
        made = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.reviews_site"],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        queries = json.loads(made.stdout)
        with server(env, Path(folder) / "log") as port:
            seconds = compare(
                reader(port, f"/api/v2/pages/{QUERY}20"),
                reader(port, f"/stock/v2/pages/{QUERY}20"),
                runs=RUNS,
            )
    counts = [
        Figure(f"queries of fields=*&limit={limit}", count, "queries", 1, at_most=14)
        for limit, count in queries["ours"].items()
    ]
    same = float(len(set(queries["ours"].values())))
    return [
        *counts,
        Figure("different numbers of queries among these", same, "numbers", 2, at_most=1),
        Figure("queries of Wagtail's own, limit=20", queries["stock"]["20"], "queries", 1),
        Figure(
            "API v2, fields=*&limit=20, against Wagtail's own",
            ratio(*seconds),
            "speed ratio",
            RUNS,
            at_least=8,
        ),
    ]
