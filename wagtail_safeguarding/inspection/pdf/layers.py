"""Layers (optional content) that are switched off when the file is opened."""

from __future__ import annotations

from typing import Any

import pikepdf

from .tree import entry, everything


def has_hidden_layers(pdf: pikepdf.Pdf) -> bool:
    properties = pdf.Root.get("/OCProperties")
    if not isinstance(properties, pikepdf.Dictionary):
        return False
    if any(_depends(layer) for layer, _ in everything(pdf)):
        return True
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


def _depends(layer: Any) -> bool:
    """Whether it is shown or not by others' states, or is for paper only."""
    if layer.get("/Type") == pikepdf.Name.OCMD:
        return "/VE" in layer or layer.get("/P") in (pikepdf.Name.AnyOff, pikepdf.Name.AllOff)
    return bool(entry(layer, "/Usage", "/View", "/ViewState") == pikepdf.Name.OFF)
