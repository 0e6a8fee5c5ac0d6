"""What a PDF holds beside its pages."""

from __future__ import annotations

from typing import Any, BinaryIO

import pikepdf

from .annotations import read_annotations
from .damage import read_damage
from .gathered import Gathered
from .leftovers import read_leftovers
from .metadata import read_metadata
from .outline import read_outline
from .parts import read_objects
from .replacements import judge
from .revisions import read_revisions
from .shown import Pages
from .sweep import sweep
from .tags import read_tags
from .tree import entry, items, string
from .undrawn import read_undrawn

_MAX_FONTS = 100


def read_structure(
    file: BinaryIO, pdf: pikepdf.Pdf, pages: Pages, shown: str
) -> tuple[Gathered, dict[str, Any]]:
    gathered = Gathered(shown)
    facts = read_metadata(pdf, gathered)
    read_damage(pdf, gathered)
    judge(pages.replacements, gathered)
    read_annotations(pdf, gathered)
    read_outline(pdf, gathered)
    fonts = read_objects(pdf, gathered)
    read_tags(pdf, gathered)
    read_leftovers(pdf, gathered)
    read_undrawn(pdf, gathered)
    _read_forms(pdf, gathered)
    if entry(pdf.Root, "/Collection") is not None:
        gathered.found("pdf-portfolio")
    if pdf.is_encrypted:
        gathered.found("pdf-encrypted")
    read_revisions(file, pdf, gathered)
    sweep(file, pdf, gathered)
    return gathered, {**facts, "fonts": sorted(fonts)[:_MAX_FONTS]}


def _read_forms(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    """Forms of the kind that is not made of pages (XFA)."""
    packets = items(entry(pdf.Root, "/AcroForm", "/XFA"))
    if not packets:
        return
    said = " ".join(string(part) for part in packets if isinstance(part, pikepdf.Stream))
    gathered.text(said, "form (XFA)")
    is_all = bool(pdf.Root.get("/NeedsRendering"))
    gathered.found("pdf-xfa", severity="blocker" if is_all else "")
