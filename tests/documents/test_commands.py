"""`manage.py documents`: what an operator reads, and what a cron job gets as exit status."""

from __future__ import annotations

import json
import os
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from tests import factories
from tests.libraries import folder_entry, keys, put
from wagtail_safeguarding.documents import relocation
from wagtail_safeguarding.documents.storage import get_document_storage, new_storage_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": folder_entry(tmp_path / "private"),
        "new": folder_entry(tmp_path / "new"),
    }
    return get_document_storage()


def run(*args: str, action: str = "verify") -> tuple[int, str]:
    """Exit status and standard output."""
    out = StringIO()
    try:
        call_command("documents", action, *args, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def refusal(*args: str, action: str = "verify") -> str:
    with pytest.raises(CommandError) as caught:
        run(*args, action=action)
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


# verify


def test_clean_library_exits_0(storage: Any) -> None:
    factories.cleared_version()
    assert run() == (0, "Versions: 1. No difference.\n")
    assert run("--quick", "--repair", "--grace", "0")[0] == 0


def test_drift_exits_1_and_names_no_title(storage: Any) -> None:
    version = factories.cleared_version("Child E", name="child-e.pdf")
    factories.review(versions=(version,))
    storage.delete(version.storage_key)
    put(storage, orphan := new_storage_key(), b"x")
    status, out = run("--grace", "0")
    assert status == 1
    missing, orphaned = sorted(out.splitlines()[:2])
    assert missing.startswith("missing")
    for words in (str(version.document.uuid), "version 1 (cleared)", version.storage_key):
        assert words in missing
    assert "PUBLIC NOW" in missing
    assert orphaned.split() == ["orphaned", orphan]
    assert out.splitlines()[2] == "Versions: 1. 1 orphaned, 1 missing. Remaining: 2."
    assert "child e" not in out.lower()
    assert "child-e" not in out.lower()


def test_repair_leaves_what_it_cannot_mend(storage: Any) -> None:
    version = factories.cleared_version()
    put(storage, new_storage_key(), b"x")
    assert run("--repair", "--grace", "0")[0] == 0
    assert run("--grace", "0")[0] == 0
    storage.delete(version.storage_key)
    assert run("--repair", "--grace", "0")[0] == 1


def test_foreign_object_alone_exits_0(storage: Any) -> None:
    put(storage, "readme.txt", b"x")
    status, out = run()
    assert status == 0
    assert "foreign" in out


def test_json_is_one_object(storage: Any) -> None:
    assert json.loads(run("--format", "json")[1]) == {
        "findings": [],
        "versions": 0,
        "counts": {},
        "remaining": 0,
    }
    version = factories.cleared_version()
    factories.cleared_version()
    storage.delete(version.storage_key)
    put(storage, orphan := new_storage_key(), b"x")
    status, out = run("--format", "json", "--grace", "0", "--repair")
    assert status == 1
    told = json.loads(out)
    assert (told["versions"], told["remaining"]) == (2, 1)
    assert told["counts"] == {"missing": 1, "orphaned": 1}
    (missing, orphaned) = sorted(told["findings"], key=lambda finding: str(finding["problem"]))
    assert missing["document"] == str(version.document.uuid)
    assert (missing["version"], missing["public"], missing["repaired"]) == (1, False, False)
    assert (orphaned["key"], orphaned["repaired"]) == (orphan, True)


def test_the_wrong_database_deletes_nothing_unless_told_to(storage: Any) -> None:
    for _ in range(60):
        put(storage, new_storage_key(), b"x", age=90_000)
    status, out = run("--repair")
    assert status == 1
    assert out.count("Not deleted") == 60
    assert out.endswith("Versions: 0. 60 orphaned. Remaining: 60.\n")
    assert run("--repair", "--max-orphans", "59")[0] == 1
    assert len(keys(storage)) == 60
    assert run("--repair", "--max-orphans", "60")[0] == 0
    assert keys(storage) == []


def test_names_of_strangers_forge_no_line_and_break_no_output(storage: Any) -> None:
    factories.cleared_version()
    for name in (
        b"\xff\xfe.pdf",
        b"evil\x1b[2J\nVersions: 1. No difference.\n",
        b"x  Repaired.",
        "r\u202e\u00e9".encode(),
    ):
        put(storage, os.fsdecode(name), b"x")
    status, out = run()
    assert status == 0
    assert out.isascii()
    assert len(out.splitlines()) == 5
    assert out.count("No difference") == 0
    assert sorted(line.split()[1] for line in out.splitlines()[:4]) == [
        r"\udcff\udcfe.pdf",
        r"evil\x1b[2J\nVersions:\x201.\x20No\x20difference.\n",
        r"r\u202e\xe9",
        r"x\x20\x20Repaired.",
    ]
    told = json.loads(run("--format", "json")[1])
    names = {finding["key"] for finding in told["findings"]}
    assert r"\udcff\udcfe.pdf" in names
    assert "r\u202e\u00e9" in names
    assert all(name.encode() for name in names)


class Closed(StringIO):
    """Standard output whose reader has gone, or whose disk is full."""

    def __init__(self, error: OSError, *, when: str) -> None:
        super().__init__()
        self.error = error
        self.when = when

    def write(self, text: str) -> int:
        if self.when == "write":
            raise self.error
        return super().write(text)

    def flush(self) -> None:
        if self.when == "flush":
            raise self.error


@pytest.mark.parametrize("when", ["write", "flush"])
@pytest.mark.parametrize(
    "command", [["documents", "verify"], ["documents", "check-storage"], ["register", "check"]]
)
def test_a_reader_that_has_gone_is_no_fault_of_the_storage(command: list[str], when: str) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command(*command, stdout=Closed(BrokenPipeError(32, "Broken pipe"), when=when))
    assert stop.value.code == 1
    with pytest.raises(CommandError, match="The output cannot be written") as caught:
        call_command(*command, stdout=Closed(OSError(28, "No space left"), when=when))
    assert caught.value.returncode == 2


def test_standard_output_that_is_closed_is_not_complained_of_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        os.close(reading)
        with pytest.raises(SystemExit):
            call_command("documents", "verify")
        pipe.flush()  # as Python does when it ends


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--grace", "-1"), "--grace"),
        (("--grace", "nan"), "--grace"),
        (("--grace", "soon"), "--grace"),
        (("--max-orphans", "-1"), "--max-orphans"),
        (("--format", "xml"), "--format"),
    ],
)
def test_wrong_input_is_refused(args: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*args)


def test_unreadable_storage_exits_2_with_one_line(storage: Any) -> None:
    factories.cleared_version()
    shutil.rmtree(storage.location)
    assert "The storage cannot be read" in refusal()
    assert "The storage cannot be read" in refusal("--repair")


def test_action_is_needed() -> None:
    with pytest.raises(CommandError, match="ACTION"):
        call_command("documents")


# move-storage


def move(*args: str) -> tuple[int, str]:
    return run("--from", "safeguarding", "--to", "new", *args, action="move-storage")


def test_move_tells_what_to_do_next(storage: Any) -> None:
    factories.cleared_version()
    status, out = move()
    assert status == 0
    assert out.startswith("1 copied.\n")
    # Two entries for one place would be refused by the system check.
    assert 'rename "safeguarding" to "old" and "new" to "safeguarding"' in " ".join(out.split())
    assert out.index("restart the site") < out.index("--from old") < out.index("--delete-source")
    assert move()[1].startswith("1 present.\n")


def test_move_of_a_damaged_library_exits_1(storage: Any) -> None:
    version = factories.cleared_version("Child E")
    storage.delete(version.storage_key)
    status, out = move()
    assert status == 1
    assert out.startswith("missing")
    assert version.storage_key in out
    assert "Child E" not in out
    assert "rename" not in out


def test_source_is_deleted_when_the_site_reads_the_target(storage: Any, settings: Any) -> None:
    factories.cleared_version()
    move()
    assert "still reads the source" in refusal(
        "--from", "safeguarding", "--to", "new", "--delete-source", action="move-storage"
    )
    entries = settings.STORAGES
    settings.STORAGES = {
        **entries,
        "safeguarding": entries["new"],
        "old": entries["safeguarding"],
    }
    old = ("--from", "old", "--to", "safeguarding")
    out = run(*old, action="move-storage")[1]
    assert "rename" not in out
    assert "--delete-source" in out
    status, out = run(*old, "--delete-source", action="move-storage")
    assert (status, out) == (0, "1 present.\n1 deleted.\n")
    assert keys(storages["old"]) == []
    assert run()[0] == 0


def test_a_problem_keeps_the_whole_source(storage: Any, settings: Any) -> None:
    bad, _good = factories.cleared_version("A"), factories.cleared_version("B")
    storage.delete(bad.storage_key)
    entries = settings.STORAGES
    settings.STORAGES = {
        **entries,
        "safeguarding": entries["new"],
        "old": entries["safeguarding"],
    }
    old = ("--from", "old", "--to", "safeguarding")
    assert run(*old, "--delete-source", action="move-storage")[0] == 1
    assert len(keys(storages["old"])) == 1


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("safeguarding", "safeguarding", "same place"),
        ("safeguarding", "default", "not made for private files"),
        ("default", "new", "not made for private files"),
        ("nothing", "new", "There is no"),
    ],
)
def test_unsafe_moves_are_refused(source: str, target: str, words: str) -> None:
    assert words in refusal("--from", source, "--to", target, action="move-storage")


BROKEN = [
    {"BACKEND": "no.such.Module"},
    {
        "BACKEND": "wagtail_safeguarding.documents.storage.S3DocumentStorage",
        "OPTIONS": {"location": "no bucket"},
    },
    {
        "BACKEND": "wagtail_safeguarding.documents.storage.PrivateFolderStorage",
        "OPTIONS": {"no_such_option": 1},
    },
]


@pytest.mark.parametrize("entry", BROKEN)
def test_settings_that_are_wrong_are_told_in_one_line(settings: Any, entry: dict[str, Any]) -> None:
    factories.cleared_version()
    settings.STORAGES = {**settings.STORAGES, "broken": entry}
    for pair in (("safeguarding", "broken"), ("broken", "new")):
        words = refusal("--from", pair[0], "--to", pair[1], action="move-storage")
        assert words.startswith('STORAGES["broken"] cannot be opened: ')
    assert move()[0] == 0  # what it is for is none of our business
    settings.STORAGES = {**settings.STORAGES, "safeguarding": entry}
    for action in ("verify", "check-storage"):
        assert refusal(action=action).startswith('STORAGES["safeguarding"] cannot be opened: ')
    args = ("--from", "new", "--to", "safeguarding")
    assert 'STORAGES["safeguarding"] cannot' in refusal(*args, action="move-storage")


def test_one_place_by_two_names_is_refused_in_one_line(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relocation, "same_place", lambda one, other: one is other)
    (tmp_path / "mounted").symlink_to(tmp_path / "private")
    factories.cleared_version()
    settings.STORAGES = {
        **settings.STORAGES,
        "old": folder_entry(tmp_path / "mounted"),
    }
    before = keys(get_document_storage())
    for args in ((), ("--delete-source",)):
        words = refusal("--from", "old", "--to", "safeguarding", *args, action="move-storage")
        assert "same place" in words or "still reads the source" in words
    assert keys(get_document_storage()) == before


# check-storage


def test_storage_that_is_private_passes(storage: Any) -> None:
    status, out = run(action="check-storage")
    assert status == 0
    assert "FAILED" not in out
    assert keys(storage) == []
    told = json.loads(run("--format", "json", action="check-storage")[1])
    assert told["failed"] == 0
    assert {finding["ok"] for finding in told["findings"]} == {True}


def test_storage_that_is_public_fails(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": folder_entry(tmp_path / "media" / "private"),
    }
    status, out = run(action="check-storage")
    assert status == 1
    assert "FAILED" in out


# On a terminal


def test_progress_goes_to_the_terminal_and_not_into_the_output(
    storage: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    factories.cleared_version()
    call_command("documents", "verify")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    status, out = run()
    assert "1/1" in terminal.getvalue()
    assert (status, out) == (0, "Versions: 1. No difference.\n")
