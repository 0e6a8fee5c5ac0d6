"""Reads an Office file; a worker of ``inspection.child``."""

from __future__ import annotations

from dataclasses import asdict
from typing import IO, Any

from wagtail_safeguarding.inspection.gathered import Gathered
from wagtail_safeguarding.inspection.office.file import inspect
from wagtail_safeguarding.inspection.office.package import Budget


def answer(file: IO[bytes]) -> dict[str, Any]:
    gathered = Gathered()
    inspect(file, gathered, Budget())
    return asdict(gathered.reading())
