"""The kinds of files that are fuzzed, each with its workers and the files to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.inspection.corpus import (
    opendocument,
    pdf_hidden,
    pdf_structure,
    pictures,
    presentation,
    recordings,
    spreadsheet,
    word,
)
from tests.inspection.corpus.case import Case
from wagtail_safeguarding.inspection.inside import WORKERS
from wagtail_safeguarding.inspection.media_types import DOCX, PDF


@dataclass(frozen=True)
class Kind:
    worker: Path
    cases: Callable[[], Iterable[Case]]


KINDS = {
    "pdf": Kind(WORKERS[PDF], lambda: chain(pdf_hidden.cases(), pdf_structure.cases())),
    "office": Kind(
        WORKERS[DOCX],
        lambda: chain(
            word.cases(), spreadsheet.cases(), presentation.cases(), opendocument.cases()
        ),
    ),
    "pictures": Kind(WORKERS["image/png"], pictures.cases),
    "recordings": Kind(WORKERS["video/mp4"], recordings.cases),
}
