"""The register API against an empty view and against Wagtail's API v2 as it comes, and how its
cost grows from 1,000 reviews to 100,000; publishing and rebuilding (see ``publishing``).

On SQLite on disk and, where it is installed, on PostgreSQL. For each site one gunicorn worker with
persistent connections to the database serves everything that is compared.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.services import missing, postgresql_server

from .download import server
from .figures import Figure
from .throughput import RUNS, Request, against, slowest

COMMON, RARE = "safeguarding", "zephyrine"
"""Words of ``reviews``, which runs on the sites that are measured: here Django is not set up."""

SMALL = 1_000
LARGE = 100_000

API = "/api/safeguarding/v1/"
STOCK = "/stock/v2/pages/?type=safeguarding_pages.PracticeReviewPage&fields=*&limit=20"

Env = dict[str, str]


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="safeguarding-bench-") as name:
        figures = []
        with sqlite_sites(Path(name)) as (small, large):
            figures += measure("SQLite", small, large)
        if missing("postgresql"):
            print(f"Not measured on PostgreSQL: {missing('postgresql')}.", file=sys.stderr)
        else:
            with postgresql_sites(Path(name)) as (small, large):
                figures += measure("PostgreSQL", small, large)
    return figures


@contextmanager
def sqlite_sites(folder: Path) -> Iterator[tuple[Env, Env]]:
    small, large = folder / "small", folder / "large"
    small.mkdir()
    yield grow(_env(small), SMALL), grow(_env(Path(shutil.copytree(small, large))), LARGE)


@contextmanager
def postgresql_sites(folder: Path) -> Iterator[tuple[Env, Env]]:
    with postgresql_server() as here, here.new_database() as url:
        small = grow(_env(folder, url), SMALL)
        with psycopg.connect(here.url(), autocommit=True) as connection:
            template = url.rsplit("/", 1)[1]
            connection.execute(f'CREATE DATABASE "large" TEMPLATE "{template}"')
        yield small, grow(_env(folder, here.url("large")), LARGE)


def _env(folder: Path, url: str = "") -> Env:
    found = {
        **os.environ,
        "BENCH_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    }
    return {**found, "BENCH_DATABASE_URL": url} if url else found


def grow(env: Env, count: int) -> Env:
    child(env, "tests.benchmarks.reviews", str(count))
    return env


def child(env: Env, *arguments: str) -> Any:
    """What a module prints as JSON, run on the site of ``env``."""
    command = [sys.executable, "-m", *arguments]
    said = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(said) if said else None


def measure(name: str, small: Env, large: Env) -> list[Figure]:
    folder = Path(small["BENCH_FOLDER"])
    with (
        server(small, folder / "small.log") as few,
        server(large, folder / "large.log") as many,
    ):
        figures = [*speed(name, few), *growth(name, few, many), *searches(name, few, many)]
    return [*figures, *(Figure(**one) for one in child(small, "tests.benchmarks.publishing", name))]


def ask(port: int, path: str = "records", **parameters: Any) -> Request:
    query = f"?{urlencode(parameters)}" if parameters else ""
    return Request(port, f"{API}{path}{query}")


def known(request: Request) -> Request:
    """The same, by somebody who has the answer."""
    etag = request.send()[1]["ETag"]
    return replace(request, headers={"If-None-Match": etag}, status=304)


def a_review(port: int) -> Request:
    (item,) = json.loads(ask(port, kind="review", limit=1).send()[0])["items"]
    return ask(port, f"records/{item['uuid']}")


def speed(name: str, port: int) -> list[Figure]:
    empty, records, record = Request(port, "/empty/"), ask(port), a_review(port)
    compared = [
        ("records, 20 a page", records, 0.5),
        ("records, 304", known(records), 0.75),
        ("one record", record, 0.6),
        ("one record, 304", known(record), 0.75),
    ]
    figures = [
        Figure(
            f"{name}: {what}, against an empty view",
            against(ours, empty),
            "speed ratio",
            RUNS,
            at_least=goal,
        )
        for what, ours, goal in compared
    ]
    stock = against(records, Request(port, STOCK), runs=3)
    what = f"{name}: records against Wagtail's API v2, fields=*&limit=20"
    return [*figures, Figure(what, stock, "times", 3, at_least=100)]


def growth(name: str, few: int, many: int) -> list[Figure]:
    """How many times as long an answer takes at 100,000 records."""

    def times(what: str, ours: Request, plain: Request, goal: float) -> Figure:
        value = 1 / against(ours, plain, runs=5)
        return Figure(f"{name}: {what}", value, "times", 5, at_most=goal)

    facets = {"facets": "*", "limit": 1}
    return [
        times("records at 100,000 against 1,000", ask(many), ask(few), 1.3),
        times("facets=* at 100,000 against 1,000", ask(many, **facets), ask(few, **facets), 3),
        times("a cursor 5,000 deep against the first page", deep(many), ask(many), 1.3),
    ]


def searches(name: str, few: int, many: int) -> list[Figure]:
    """For a word in 10 records, and for one in all of them. The goals of SQLite are for 10,000
    records; it is asked ten times as much here."""
    is_sqlite = name == "SQLite"
    rare = 1 / against(ask(many, q=RARE), ask(few, q=RARE), runs=5)
    most = 1.0 if is_sqlite else 0.3
    figures = [
        Figure(
            f"{name}: q, a rare word at 100,000 against 1,000",
            rare,
            "times",
            5,
            at_most=None if is_sqlite else 3,
        )
    ]
    for what, more in (
        ("q, a common word at 100,000", {}),
        ("q, a common word by relevance at 100,000", {"sort": "relevance"}),
        ("q, a common word with facets=* at 100,000", {"facets": "*"}),
        ("q, a rare word at 100,000", {"q": RARE}),
    ):
        seconds = slowest(ask(many, **{"q": COMMON, **more}))
        figures.append(Figure(f"{name}: {what}", seconds, "s", 20, of="p95", at_most=most))
    return figures


def deep(port: int) -> Request:
    """The page behind the first 5,000."""
    request = ask(port, limit=100)
    for _ in range(50):
        request = replace(request, path=json.loads(request.send()[0])["next"])
    return replace(request, path=request.path.replace("limit=100", "limit=20"))
