"""Makes a cleaned copy of a file; a worker of ``child``. Raises where something would change that
must not."""

from __future__ import annotations

from typing import BinaryIO

from wagtail_safeguarding.inspection.cleaning import office, pdf, pictures
from wagtail_safeguarding.inspection.cleaning.removals import Removals
from wagtail_safeguarding.inspection.media_types import DOCX, ODT, PDF, PPTX, sniff


def answer(file: BinaryIO, into: BinaryIO) -> dict[str, int]:
    media_type = sniff(file)
    removed = Removals()
    file.seek(0)
    if media_type == PDF:
        pdf.clean(file, into, removed)
    elif media_type in {DOCX, PPTX, ODT}:
        office.clean(file, into, removed)
    elif media_type in {"image/jpeg", "image/png"}:
        into.write(pictures.clean(file.read(), removed, "metadata"))
    else:
        raise ValueError(f"no copy is made of {media_type}")
    return dict(removed)
