"""Why a letter cannot be seen."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    SHAPE = "shape"
    IMAGE = "image"
    ANNOTATION = "annotation"
    FIELD = "field"
    TEXT = "text"
    CONTRAST = "contrast"
    INVISIBLE = "invisible"
    SCAN_BOX = "scan-box"
    SCAN_BLANK = "scan-blank"
    CLIPPED = "clipped"
    OFF_PAGE = "off-page"
    LAYER = "layer"
    TINY = "tiny"
    BLANK = "blank"
