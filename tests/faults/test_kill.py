"""SIGKILL at the worst moments: what is left is the old state or the new one (promise P6).

Each test runs `tests.faults.driver`, which kills a process in the middle of its work and
then looks: by the gate, `documents verify`, `register check` and `register rebuild`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.libraries import bucket_entry, folder_entry
from tests.s3 import S3Server, s3_server
from tests.services import PostgreSQLServer

ROOT = Path(__file__).resolve().parents[2]

SHUT = {"live": [], "records": ["withdrawn"], "entries": 3, "gate": {"open": 404, "draft": 404}}

NEW: dict[str, dict[str, Any]] = {
    "upload": {"documents": ["Draft review", "New", "Open review"], "versions": 3},
    "replace": {"versions": 3},
    "publish": {
        "gate": {"open": 200, "draft": 200},
        "live": ["draft", "open"],
        "records": ["Draft review public", "Open review public"],
        "entries": 3,
    },
    "unpublish": SHUT,
    "delete": SHUT,
    # The index is a record of its own.
    "restrict": {
        "gate": {"open": 404, "draft": 404},
        "records": ["withdrawn"],
        "entries": 4,
    },
    "unrestrict": {
        "gate": {"open": 200, "draft": 404},
        "records": ["Open review public"],
        "entries": 6,
    },
    "withdraw": {"gate": {"open": 410, "draft": 404}, "uncleared": ["withdrawn"], "entries": 3},
}
"""What is otherwise when an operation is done. All the rest is as it was before."""

ORPHAN = ["orphaned"]

# Operation, point, which state is left, what `documents verify` finds
WHOLE = [
    ("upload", "before-store", "old", []),
    ("upload-large", "half-stored", "old", ORPHAN),
    ("upload", "after-store", "old", ORPHAN),
    ("upload", "before-commit", "old", ORPHAN),
    ("replace", "before-commit", "old", ORPHAN),
    ("publish", "before-commit", "old", []),
    ("publish", "after-commit", "new", []),
    ("unpublish", "before-commit", "old", []),
    ("unpublish", "after-commit", "new", []),
    ("delete", "before-commit", "old", []),
    ("delete", "after-commit", "new", []),
    ("withdraw", "before-commit", "old", []),
    ("withdraw", "after-commit", "new", []),
]

# Where the new file is on record, and stays closed until its inspection is taken up again
WAITING = [
    ("upload", "after-commit"),
    ("upload", "while-inspecting"),
    ("upload", "before-concluding"),
    ("replace", "after-commit"),
    ("replace", "before-concluding"),
]

# Where the register is behind until it is rebuilt: the public already gets the new state
# of a takedown, and still the old one of an opening.
BEHIND = [
    ("restrict", "before-closing", "new", ["should-be-closed", "OPEN"], 2),
    ("unrestrict", "before-opening", "old", ["should-be-public", "CLOSED"], 2),
]

S3 = [pytest.mark.needs("ministack"), pytest.mark.once]

Run = Callable[[str, str], dict[str, Any]]


def environment(**values: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        **values,
    }


def make_tables(env: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"],
        cwd=ROOT,
        env=env,
        check=True,
        timeout=120,
    )


@contextmanager
def driver(env: dict[str, str], errors: Path) -> Iterator[Callable[..., Any]]:
    """A driver that takes jobs; what it has to say besides is in ``errors``."""
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        assert process.stdin
        assert process.stdout

        def run(**job: Any) -> Any:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            told = json.loads(process.stdout.readline() or "{}")
            assert told, errors.read_text()
            return told

        yield run
        process.stdin.close()


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Callable[..., Any]]]:
    """A database to copy, and a driver."""
    folder = tmp_path_factory.mktemp("sqlite")
    env = environment(FAULTS_SQLITE=str(folder / "empty.sqlite3"))
    make_tables(env)
    with driver(env, folder / "errors") as run:
        yield folder / "empty.sqlite3", run


@pytest.fixture(scope="module")
def on_server(
    postgresql: PostgreSQLServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The same on PostgreSQL."""
    with postgresql.new_database() as url:
        env = environment(DATABASE_URL=url)
        make_tables(env)
        with driver(env, tmp_path_factory.mktemp("postgresql") / "errors") as run:
            yield url.rpartition("/")[2], run


@pytest.fixture
def on_sqlite(sqlite: Any, tmp_path: Path) -> Callable[[str, str, Any], Any]:
    template, run = sqlite
    database = tmp_path / "site.sqlite3"
    shutil.copy(template, database)

    def job(operation: str, point: str, storage: dict[str, Any]) -> Any:
        entries = {"safeguarding": storage, "new": folder_entry(tmp_path / "new")}
        return run(operation=operation, point=point, database=str(database), entries=entries)

    return job


@pytest.fixture
def on_folder(on_sqlite: Any, tmp_path: Path) -> Run:
    return lambda operation, point: on_sqlite(operation, point, folder_entry(tmp_path / "files"))


@pytest.fixture
def on_s3(on_sqlite: Any, server: S3Server) -> Run:
    return lambda operation, point: on_sqlite(operation, point, bucket_entry(server))


@pytest.fixture
def on_postgresql(on_server: Any, postgresql: PostgreSQLServer, tmp_path: Path) -> Iterator[Run]:
    import psycopg

    template, run = on_server
    name = f"{template}_{os.urandom(3).hex()}"
    with psycopg.connect(postgresql.url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield lambda operation, point: run(
                operation=operation,
                point=point,
                database=name,
                entries={"safeguarding": folder_entry(tmp_path / "files")},
            )
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def state(told: dict[str, Any], operation: str, which: str) -> dict[str, Any]:
    return {**told["before"], **(NEW[operation.removesuffix("-large")] if which == "new" else {})}


def assert_whole(told: dict[str, Any], operation: str, which: str, verified: list[str]) -> None:
    expected = state(told, operation, which)
    assert told["left"] == expected
    assert told["drift"] == []
    assert told["verified"] == verified
    assert told["inspected"] == []
    assert told["repaired"] == []
    assert told["rebuilt"] == 0
    assert told["after"] == {**expected, "drift": []}


def assert_taken_up(told: dict[str, Any], operation: str) -> None:
    expected = state(told, operation, "new")
    assert told["left"] == {**expected, "uncleared": ["inspecting"]}
    assert told["drift"] == []
    assert told["verified"] == ["unfinished"]
    assert told["inspected"] == ["cleared"]
    assert told["repaired"] == []
    assert told["after"] == {**expected, "drift": []}


def assert_behind(
    told: dict[str, Any], operation: str, which: str, drift: list[str], rebuilt: int
) -> None:
    assert told["left"]["gate"] == state(told, operation, which)["gate"]
    # No entry names a file, so none is handed out that should not be.
    assert {word for found in told["drift"] for word in found} == set(drift)
    assert told["verified"] == []
    assert told["rebuilt"] == rebuilt
    assert told["after"] == {**state(told, operation, "new"), "drift": []}


@pytest.mark.parametrize(("operation", "point", "which", "verified"), WHOLE)
def test_old_state_or_new_one(
    on_folder: Run, operation: str, point: str, which: str, verified: list[str]
) -> None:
    assert_whole(on_folder(operation, point), operation, which, verified)


@pytest.mark.parametrize(("operation", "point"), WAITING)
def test_inspection_that_was_killed_leaves_the_file_closed_and_is_taken_up(
    on_folder: Run, operation: str, point: str
) -> None:
    assert_taken_up(on_folder(operation, point), operation)


@pytest.mark.parametrize(("operation", "point", "which", "drift", "rebuilt"), BEHIND)
def test_register_that_is_behind_opens_nothing_and_is_rebuilt(
    on_folder: Run, operation: str, point: str, which: str, drift: list[str], rebuilt: int
) -> None:
    assert_behind(on_folder(operation, point), operation, which, drift, rebuilt)


@pytest.mark.needs("ministack")
@pytest.mark.once
@pytest.mark.parametrize(
    ("operation", "point", "which", "verified"),
    [
        ("upload-large", "first-part", "old", ["unfinished-upload"]),
        ("upload", "after-store", "old", ORPHAN),
        ("publish", "before-commit", "old", []),
        ("unpublish", "after-commit", "new", []),
    ],
)
def test_old_state_or_new_one_with_a_bucket(
    on_s3: Run, operation: str, point: str, which: str, verified: list[str]
) -> None:
    assert_whole(on_s3(operation, point), operation, which, verified)


@pytest.mark.needs("ministack")
@pytest.mark.once
def test_inspection_of_a_file_in_a_bucket_is_taken_up(on_s3: Run) -> None:
    assert_taken_up(on_s3("upload", "while-inspecting"), "upload")


@pytest.mark.needs("postgresql")
@pytest.mark.once
@pytest.mark.parametrize(
    ("operation", "point", "which", "verified"),
    [
        ("upload", "before-commit", "old", ORPHAN),
        ("replace", "before-commit", "old", ORPHAN),
        ("publish", "before-commit", "old", []),
        ("unpublish", "before-commit", "old", []),
        ("delete", "after-commit", "new", []),
    ],
)
def test_old_state_or_new_one_on_postgresql(
    on_postgresql: Run, operation: str, point: str, which: str, verified: list[str]
) -> None:
    assert_whole(on_postgresql(operation, point), operation, which, verified)


@pytest.mark.needs("postgresql")
@pytest.mark.once
@pytest.mark.parametrize(("operation", "point", "which", "drift", "rebuilt"), BEHIND)
def test_register_that_is_behind_on_postgresql(
    on_postgresql: Run, operation: str, point: str, which: str, drift: list[str], rebuilt: int
) -> None:
    assert_behind(on_postgresql(operation, point), operation, which, drift, rebuilt)


@pytest.mark.parametrize("source", ["folder", pytest.param("s3", marks=S3)])
def test_move_that_was_killed_is_taken_up_again(request: Any, source: str) -> None:
    told = request.getfixturevalue(f"on_{source}")("move-storage", "half-copied")
    # One object was there, the other half: it is written anew. Then all are there.
    assert told["moved"] == [["copied", "present"], ["present", "present"]]
    assert told["left"] == told["before"]
    assert told["verified"] == []
