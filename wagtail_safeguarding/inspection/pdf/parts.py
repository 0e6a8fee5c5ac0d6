"""One walk over every object of a file: what acts, what is attached, what tells of its making.

Wherever such an object hangs, and whether or not anything leads to it, it is found.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from PIL import Image

from ..local_paths import find_path
from .gathered import Gathered
from .metadata import read_xmp
from .tree import dictionary, entry, everything, items, name_of, stream_bytes, string

_REMOTE = {"/GoToR", "/GoToE", "/ImportData", "/SubmitForm", "/Thread"}
_PLAYED = {"/Rendition", "/Sound", "/Movie", "/RichMediaExecute", "/GoTo3DView"}
_RUNS = ("javascript:", "vbscript:", "data:")
_EXIF_GPS = 0x8825
_MAX_PICTURE_HEAD = 256 * 1024
_TECHNICAL = {"/Font", "/FontDescriptor", "/ExtGState", "/Pattern", "/Encoding", "/ObjStm", "/XRef"}


def read_objects(pdf: pikepdf.Pdf, gathered: Gathered) -> set[str]:
    """Gives the names of the fonts."""
    fonts: set[str] = set()
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    main = entry(pdf.Root, "/Metadata")
    for found, _ in everything(pdf):
        kind = name_of(found.get("/Type"))
        if kind == "/Font" and (name := string(found.get("/BaseFont"))):
            fonts.add(name)
        if kind in _TECHNICAL:
            continue
        if "/S" in found or "/JS" in found:
            _read_action(found, gathered)
        if dictionary(found.get("/EF")) is not None:  # in usage rights it is a list of words
            _read_attachment(found, gathered)
        if "/PieceInfo" in found:
            _read_private_data(found, gathered)
        if "/Thumb" in found and kind == "/Page":
            gathered.found("pdf-thumbnail", page=pages.get(found.objgen))
        if isinstance(found, pikepdf.Stream):
            _read_stream(found, kind, main, gathered)
        if found.get("/FT") == pikepdf.Name.Sig or kind == "/Sig":
            _read_signature(found, gathered)
    return fonts


def _read_action(found: Any, gathered: Gathered) -> None:
    kind = name_of(found.get("/S"))
    if "/JS" in found or kind == "/JavaScript":
        script = string(found.get("/JS"))
        gathered.found("pdf-javascript", excerpt=script)
        gathered.text(script, "JavaScript")
    elif kind == "/Launch":
        gathered.found("pdf-launch", excerpt=_file_name(found))
    elif kind in _REMOTE:
        target = _file_name(found)
        if target or kind != "/Thread":
            gathered.found("pdf-remote", excerpt=target, where=kind[1:])
            gathered.text(target, "link to another file")
    elif kind == "/URI" and (address := string(found.get("/URI"))):
        gathered.text(address, "address of a link")
        if address.strip().lower().startswith(_RUNS):
            gathered.found("pdf-javascript", excerpt=address)
        if find_path(address) or address.lower().startswith("file:"):
            gathered.found("pdf-path", excerpt=address, where="a link")
    elif kind in _PLAYED:
        gathered.found("pdf-multimedia", where=kind[1:])


def _file_name(action: Any) -> str:
    for place in (action.get("/F"), entry(action, "/Win", "/F"), action.get("/T")):
        if dictionary(place) is not None:
            place = place.get("/UF") or place.get("/F")
        if name := string(place):
            return name
    return ""


def _read_attachment(specification: Any, gathered: Gathered) -> None:
    name = string(specification.get("/UF")) or string(specification.get("/F"))
    gathered.found("pdf-attachment", excerpt=name)
    gathered.text(name, "name of an attachment")
    gathered.text(string(specification.get("/Desc")), "description of an attachment")


def _read_private_data(found: Any, gathered: Gathered) -> None:
    programs = entry(found, "/PieceInfo")
    names = [name[1:] for name, _ in programs.items()] if dictionary(programs) is not None else []
    gathered.found("pdf-private-data", where=", ".join(names))


def _read_stream(stream: pikepdf.Stream, kind: str, main: Any, gathered: Gathered) -> None:
    if "/F" in stream and kind != "/EmbeddedFile":
        gathered.found("pdf-remote", excerpt=string(stream.get("/F")), where="content of the page")
    if kind == "/Metadata" or stream.get("/Subtype") == pikepdf.Name.XML:
        is_main = isinstance(main, pikepdf.Stream) and stream.objgen == main.objgen
        read_xmp(stream_bytes(stream), gathered, where="" if is_main else "a part of the file")
    filters = [name_of(one) for one in items(stream.get("/Filter"))]
    if kind != "/EmbeddedFile" and filters == ["/DCTDecode"]:
        _read_jpeg(stream, gathered)


def _read_jpeg(stream: pikepdf.Stream, gathered: Gathered) -> None:
    head = bytes(stream.read_raw_bytes())[:_MAX_PICTURE_HEAD]
    if b"Exif\0\0" not in head:
        return
    try:
        with Image.open(io.BytesIO(head)) as picture:
            exif = picture.getexif()
            place = exif.get_ifd(_EXIF_GPS)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError):
        return
    for tag, value in exif.items():
        if isinstance(value, str):
            gathered.text(value, f"metadata of a picture: {tag}")
    if place:
        gathered.found("pdf-picture-place")


def _read_signature(found: Any, gathered: Gathered) -> None:
    value = found.get("/V") if "/FT" in found else found
    if dictionary(value) is None or "/ByteRange" not in value or "/FT" in found:
        return
    signer = string(value.get("/Name"))
    gathered.found("pdf-signature", excerpt=signer)
    for key in ("/Name", "/Location", "/Reason", "/ContactInfo"):
        gathered.text(string(value.get(key)), "signature")
