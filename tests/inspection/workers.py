"""Small workers in the place of the real ones."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from wagtail_safeguarding.inspection import inside
from wagtail_safeguarding.inspection.media_types import PDF


def put_worker(
    folder: Path, monkeypatch: pytest.MonkeyPatch, body: str, media_type: str = PDF
) -> None:
    """Files of ``media_type`` are read by ``def answer(file)`` with this body."""
    worker = folder / "worker.py"
    worker.write_text(
        "from dataclasses import asdict\n"
        "from wagtail_safeguarding.inspection.reading import Found, Reading, Text\n"
        "def answer(file):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    )
    monkeypatch.setitem(inside.WORKERS, media_type, worker)


def put_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answer: Any, media_type: str = PDF
) -> None:
    """Files of ``media_type`` have this answer, whatever they hold."""
    put_worker(folder, monkeypatch, f"return {answer!r}", media_type)
