"""Reads a JPEG or PNG picture; a worker of ``inspection.child``."""

from __future__ import annotations

from dataclasses import asdict
from typing import IO, Any

from wagtail_safeguarding.inspection.gathered import Gathered
from wagtail_safeguarding.inspection.images.picture import inspect_picture


def answer(file: IO[bytes]) -> dict[str, Any]:
    gathered = Gathered()
    inspect_picture(file.read(), gathered, "")
    gathered.pages = 1
    return asdict(gathered.reading())
