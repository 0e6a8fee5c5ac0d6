"""Reads the tags of an MP3 or MP4 file; a worker of ``inspection.child``."""

from __future__ import annotations

from dataclasses import asdict
from typing import IO, Any

from wagtail_safeguarding.inspection.gathered import Gathered
from wagtail_safeguarding.inspection.recordings.mp3 import inspect_mp3
from wagtail_safeguarding.inspection.recordings.mp4 import inspect_mp4


def answer(file: IO[bytes]) -> dict[str, Any]:
    gathered = Gathered()
    head = file.read(12)
    if head[4:8] == b"ftyp":
        inspect_mp4(file, gathered)
    else:
        inspect_mp3(file, gathered)
    return asdict(gathered.reading())
