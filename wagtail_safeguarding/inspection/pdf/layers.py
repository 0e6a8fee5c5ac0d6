"""Layers (optional content) that are switched off when the file is opened."""

from __future__ import annotations

import pikepdf


def has_hidden_layers(pdf: pikepdf.Pdf) -> bool:
    properties = pdf.Root.get("/OCProperties")
    if not isinstance(properties, pikepdf.Dictionary):
        return False
    default = properties.get("/D")
    if not isinstance(default, pikepdf.Dictionary):
        return False
    off = default.get("/OFF")
    return (
        default.get("/BaseState") not in (None, pikepdf.Name.ON)
        or (isinstance(off, pikepdf.Array) and len(off) > 0)
        # Layers that are seen on paper only, or only at some sizes.
        or "/AS" in default
    )
