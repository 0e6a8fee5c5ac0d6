"""The modules of the corpus by the kind of file that they make: for tests, benchmark and fuzzing."""

from __future__ import annotations

from collections.abc import Iterator

from . import (
    office_producers,
    opendocument,
    pdf_hidden,
    pdf_places,
    pdf_producers,
    pdf_structure,
    pictures,
    presentation,
    recordings,
    spreadsheet,
    word,
)
from .case import Case

KINDS = {
    "pdf": (pdf_hidden, pdf_structure, pdf_producers, pdf_places),
    "office": (word, spreadsheet, presentation, opendocument, office_producers),
    "pictures": (pictures,),
    "recordings": (recordings,),
}


def cases(*kinds: str) -> Iterator[Case]:
    """The cases of these kinds; of all, if none is named."""
    for kind in kinds or KINDS:
        for module in KINDS[kind]:
            yield from module.cases()
