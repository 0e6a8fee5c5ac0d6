"""A public file through the gate, against a view that is `FileResponse` and nothing else.

One gunicorn worker serves both, with the same middleware, on SQLite on disk.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .figures import Figure, compare, ratio

RUNS = 11
SMALL_REQUESTS = 200
START_SECONDS = 60


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="safeguarding-bench-") as folder:
        env = {
            **os.environ,
            "BENCH_FOLDER": folder,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        }
        made = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.site"],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        site = json.loads(made.stdout)
        with server(env, Path(folder) / "log") as port:
            figures = [
                Figure(
                    "queries of the gate before the first byte",
                    site["queries"],
                    "queries",
                    site["asked"],
                    of="most",
                    at_most=2,
                ),
                *downloads(port, *site["files"]["large"]),
                small_files(port, *site["files"]["small"]),
            ]
    return figures


def downloads(port: int, url: str, key: str) -> list[Figure]:
    plain = reader(port, f"/plain/{key}")
    return [
        Figure(
            f"download of 100 MB{what}, against FileResponse",
            ratio(*compare(reader(port, url, headers), plain, runs=RUNS)),
            "speed ratio",
            RUNS,
            at_least=0.8,
        )
        for what, headers in (("", {}), (" as a range", {"Range": "bytes=0-"}))
    ]


def small_files(port: int, url: str, key: str) -> Figure:
    """No goal: what asking the register and Wagtail costs a small file."""
    ours, plain = reader(port, url), reader(port, f"/plain/{key}")

    def many(read: Callable[[], None]) -> Callable[[], None]:
        return lambda: [read() for _ in range(SMALL_REQUESTS)] and None

    value = ratio(*compare(many(ours), many(plain), runs=5))
    return Figure("requests for 20 KB, against FileResponse", value, "speed ratio", 5)


def reader(port: int, url: str, headers: dict[str, str] | None = None) -> Callable[[], None]:
    """Reads the whole answer and throws it away. RuntimeError: not the whole file."""
    buffer = bytearray(1024 * 1024)

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", url, headers=headers or {})
        response = connection.getresponse()
        length, size = int(response.headers["Content-Length"]), 0
        while count := response.readinto(buffer):
            size += count
        connection.close()
        if response.status not in {200, 206} or size != length:
            raise RuntimeError(f"{url}: {response.status}, {size} of {length} bytes")

    return read


@contextmanager
def server(env: dict[str, str], log: Path) -> Iterator[int]:
    """One sync worker of gunicorn on a port of its own, ended on leaving."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "error"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "django.core.wsgi:get_wsgi_application()"],
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(START_SECONDS * 10):
            if process.poll() is not None:
                raise RuntimeError(f"gunicorn did not start:\n{log.read_text()}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
