"""Whatever a child process does with an untrusted file, the parent gets an answer or an error."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from pydantic import TypeAdapter

from wagtail_safeguarding.inspection import child
from wagtail_safeguarding.inspection.child import ChildFailed, Limits, ask

pytestmark = pytest.mark.once

LIMITS = Limits(seconds=20, memory=1024**3, output=1000)
TEXTS = TypeAdapter(list[str])


def ask_worker(
    tmp_path: Path, code: str, limits: Limits = LIMITS, answer: Any = TEXTS, data: bytes = b"abc"
) -> Any:
    worker = tmp_path / "worker.py"
    body = "\n".join(f"    {line}" for line in code.splitlines())
    worker.write_text(f"import json, os, sys, time\ndef answer(file):\n{body}\n")
    file = io.BytesIO(data)
    file.seek(1)
    return ask(worker, file, limits, answer)


def test_the_worker_reads_the_whole_file_and_answers(tmp_path: Path) -> None:
    assert ask_worker(tmp_path, "return [file.read().decode(), 'é😀']") == ["abc", "é😀"]


def test_what_a_library_prints_is_no_part_of_the_answer(tmp_path: Path) -> None:
    assert ask_worker(tmp_path, "print('hello'); os.write(1, b'hello'); return []") == []


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError",
        "os.abort()",
        "sys.exit(0)",
        "os._exit(0)",
        "return None",
        "return ['a', 1]",
        "return {'a': 'b'}",
        "return float('nan')",
        "return object()",
        "x = []\nfor _ in range(900): x = [x]\nreturn x",
    ],
)
def test_anything_else_is_one_error(tmp_path: Path, code: str) -> None:
    with pytest.raises(ChildFailed):
        ask_worker(tmp_path, code)


def test_the_error_does_not_quote_the_file(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed) as caught:
        ask_worker(tmp_path, "return {'secret': 'Child E'}")
    assert "Child E" not in str(caught.value)


def test_half_a_character_arrives_as_a_question_mark(tmp_path: Path) -> None:
    assert ask_worker(tmp_path, "return ['\\ud800']") == ["?"]


@pytest.mark.parametrize("code", ["time.sleep(60)", "while True: pass"])
def test_a_child_that_does_not_end_is_killed(tmp_path: Path, code: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ChildFailed):
        ask_worker(tmp_path, code, Limits(seconds=1, memory=1024**3, output=1000))
    assert time.monotonic() - begun < 30


@pytest.mark.skipif(sys.platform == "win32", reason="the limits are Unix's")
@pytest.mark.parametrize(
    "code",
    ["bytearray(2 << 30)\nreturn []", "return ['x' * 2000]"],
    ids=["memory", "output"],
)
def test_memory_and_output_are_limited(tmp_path: Path, code: str) -> None:
    with pytest.raises(ChildFailed):
        ask_worker(tmp_path, code)


def test_the_child_knows_nothing_of_the_site(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("DATABASE_URL", "secret")
    assert ask_worker(tmp_path, "return [os.environ.get('DATABASE_URL', 'nothing')]") == ["nothing"]


def test_without_an_interpreter_or_a_place_for_the_copy_there_is_no_answer(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sys, "executable", None)
    monkeypatch.setattr(sys, "prefix", "/nowhere")
    with pytest.raises(ChildFailed):
        ask_worker(tmp_path, "return []")
    monkeypatch.undo()
    monkeypatch.setattr(child.tempfile, "TemporaryFile", mock.Mock(side_effect=FileNotFoundError))
    with pytest.raises(ChildFailed):
        ask_worker(tmp_path, "return []")


def test_a_server_that_embeds_python_is_not_started(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/uwsgi")
    assert ask_worker(tmp_path, "return []") == []
