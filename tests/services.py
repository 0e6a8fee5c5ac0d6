"""The programs that some tests need: where they are, and a PostgreSQL server of our own."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from tests.s3 import find_ministack

SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where Debian keeps servers, and where an ordinary user's PATH does not look."""

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SERVER_START_SECONDS = 60
SERVER_START_TRIES = 3


def find_program(*names: str) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


def find_chromium() -> str | None:
    return find_program(*CHROMIUM_NAMES)


def find_postgresql() -> Path | None:
    """The folder with initdb and pg_ctl of the newest PostgreSQL here."""

    def major(folder: Path) -> int:
        return int(folder.parent.name) if folder.parent.name.isdigit() else 0

    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=major, reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*debian, Path(on_path).resolve().parent] if on_path else debian
    for folder in candidates:
        if all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
            return folder
    return None


def _can_drive_a_browser() -> bool:
    return find_spec("pytest_playwright") is not None and find_chromium() is not None


SERVICES: dict[str, tuple[Callable[[], object], str]] = {
    "chromium": (_can_drive_a_browser, "chromium or pytest-playwright not found"),
    "clamd": (lambda: find_program("clamd"), "clamd not found"),
    "git": (lambda: find_program("git"), "git not found"),
    "ministack": (find_ministack, "ministack not found (make ministack)"),
    "msgfmt": (lambda: find_program("msgfmt"), "msgfmt (gettext) not found"),
    "postgresql": (find_postgresql, "initdb and pg_ctl not found"),
}


def missing(service: str) -> str | None:
    """Why the service cannot be used here, or None where it can. KeyError: no such service."""
    find, reason = SERVICES[service]
    return None if find() else reason


@dataclass(frozen=True)
class PostgreSQLServer:
    """A running server. Its user may create databases."""

    host: str
    port: int
    user: str
    password: str

    def url(self, database: str = "postgres") -> str:
        """A DATABASE_URL, as tests.settings reads it."""
        return (
            f"postgresql://{quote(self.user)}:{quote(self.password)}"
            f"@{self.host}:{self.port}/{quote(database)}"
        )

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """The URL of an empty database, dropped on leaving."""
        import psycopg

        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
            try:
                yield self.url(name)
            finally:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server_user() -> dict[str, object]:
    """Popen arguments for an ordinary user: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL cannot run as root, and there is no user postgres or nobody.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql_server() -> Iterator[PostgreSQLServer]:
    """A server in a temporary folder, on 127.0.0.1 and a port of its own.

    It is stopped and removed on leaving, whatever happened. RuntimeError: PostgreSQL is
    not installed or did not start; its own words are in the message.
    """
    programs = find_postgresql()
    if programs is None:
        raise RuntimeError(missing("postgresql"))
    as_user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="safeguarding-postgresql-"))
    data, log, password_file = folder / "data", folder / "log", folder / "password"
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C"}

    def run(program: str, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(programs / program), *args],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **as_user,  # type: ignore[call-overload]
        )

    def pg_ctl(*args: str) -> subprocess.CompletedProcess[str]:
        # The server inherits pg_ctl's output; a pipe would stay open as long as it runs.
        return run("pg_ctl", "-D", str(data), "-l", str(log), "-w", *args)

    try:
        password = secrets.token_urlsafe(16)
        password_file.write_text(password)
        if as_user:
            for path in (folder, password_file):
                os.chown(path, as_user["user"], as_user["group"])  # type: ignore[arg-type]
        made = run(
            "initdb",
            *("-D", str(data), "-U", "tests", "--pwfile", str(password_file)),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}")
        with (data / "postgresql.conf").open("a") as conf:
            # The data lives for one run: nothing is worth a wait for the disk.
            conf.write(
                "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
                "max_connections = 100\nshared_buffers = 128MB\n"
            )
        for _attempt in range(SERVER_START_TRIES):
            port = _free_port()
            started = pg_ctl("-t", str(SERVER_START_SECONDS), "-o", f"-p {port}", "start")
            if started.returncode == 0:
                break
        else:
            words = log.read_text() if log.exists() else ""
            raise RuntimeError(f"PostgreSQL did not start:\n{started.stdout}\n{words}")
        try:
            yield PostgreSQLServer("127.0.0.1", port, "tests", password)
        finally:
            pg_ctl("-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
