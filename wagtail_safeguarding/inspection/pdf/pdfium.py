"""The calls of pdfium that are made for each character and each object, bound so that one costs
little: plain numbers for pointers, and no check of types.

A page of a report has some 3,000 characters, and rendering it takes 2 ms.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as raw

TEXT = raw.FPDF_PAGEOBJ_TEXT
PATH = raw.FPDF_PAGEOBJ_PATH
IMAGE = raw.FPDF_PAGEOBJ_IMAGE
SHADING = raw.FPDF_PAGEOBJ_SHADING
FORM = raw.FPDF_PAGEOBJ_FORM

INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
CLIP = raw.FPDF_TEXTRENDERMODE_CLIP

_handle = ctypes.c_void_p
_address = ctypes.c_void_p
_int = ctypes.c_int


def _bound(function: Any, result: Any, *arguments: Any) -> Any:
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_four = (_address,) * 4

char_box = _bound(raw.FPDFText_GetCharBox, _int, _handle, _int, *_four)
"""Writes left, right, bottom and top to four addresses of doubles."""
char_object = _bound(raw.FPDFText_GetTextObject, ctypes.c_size_t, _handle, _int)
char_code = _bound(raw.FPDFText_GetUnicode, ctypes.c_uint, _handle, _int)

count_objects = _bound(raw.FPDFPage_CountObjects, _int, _handle)
page_object = _bound(raw.FPDFPage_GetObject, ctypes.c_size_t, _handle, _int)
count_form_objects = _bound(raw.FPDFFormObj_CountObjects, _int, _handle)
form_object = _bound(raw.FPDFFormObj_GetObject, ctypes.c_size_t, _handle, ctypes.c_ulong)
object_type = _bound(raw.FPDFPageObj_GetType, _int, _handle)
object_bounds = _bound(raw.FPDFPageObj_GetBounds, _int, _handle, *_four)
"""Writes left, bottom, right and top to four addresses of floats."""
object_matrix = _bound(raw.FPDFPageObj_GetMatrix, _int, _handle, _address)
set_matrix = _bound(raw.FPDFPageObj_SetMatrix, _int, _handle, _address)
set_active = _bound(raw.FPDFPageObj_SetIsActive, _int, _handle, _int)
stroke_width = _bound(raw.FPDFPageObj_GetStrokeWidth, _int, _handle, _address)
render_mode = _bound(raw.FPDFTextObj_GetTextRenderMode, _int, _handle)
font_size = _bound(raw.FPDFTextObj_GetFontSize, _int, _handle, _address)
set_font_size = _bound(raw.FPDFTextObj_SetFontSize, _int, _handle, ctypes.c_float)
text_font = _bound(raw.FPDFTextObj_GetFont, ctypes.c_size_t, _handle)
is_embedded = _bound(raw.FPDFFont_GetIsEmbedded, _int, _handle)
clip_path = _bound(raw.FPDFPageObj_GetClipPath, ctypes.c_size_t, _handle)
count_clips = _bound(raw.FPDFClipPath_CountPaths, _int, _handle)
draw_mode = _bound(raw.FPDFPath_GetDrawMode, _int, _handle, _address, _address)
"""Writes the fill mode (0: none) and whether it is stroked to two addresses of integers."""


def number(pointer: Any) -> int:
    """The number that stands for one of the handles of ``pypdfium2.raw``."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0
