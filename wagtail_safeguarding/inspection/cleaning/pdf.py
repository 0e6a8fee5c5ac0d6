"""A PDF without metadata, comments, attachments, scripts and earlier revisions.

What a reader sees stays: a mark on the text (a highlight, a box) keeps its look and loses who made
it, when, and the remark that goes with it. A redaction that was never applied stays too, since
without it nobody would see what was to be taken out; the inspection goes on blocking it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream

from wagtail_safeguarding.inspection.local_paths import find_path

from ..pdf.tree import name_of
from . import pictures
from .removals import NotCleaned, Removals

_REMARKS = frozenset(
    {
        "/3D",
        "/Caret",
        "/FileAttachment",
        "/Movie",
        "/Popup",
        "/RichMedia",
        "/Screen",
        "/Sound",
        "/Text",
    }
)
"""Annotations of which a reader of the page sees an icon at most."""
_MARKS = frozenset(
    {
        "/Circle",
        "/FreeText",
        "/Highlight",
        "/Ink",
        "/Line",
        "/PolyLine",
        "/Polygon",
        "/Redact",
        "/Square",
        "/Squiggly",
        "/Stamp",
        "/StrikeOut",
        "/Underline",
    }
)
_OF_A_REMARK = ("/T", "/Subj", "/RC", "/NM", "/M", "/CreationDate", "/Popup", "/IRT", "/RT")
_ACTIONS = {
    "/JavaScript": ("/JS",),
    "/Launch": ("/F", "/Win", "/Mac", "/Unix"),
    "/ImportData": ("/F",),
    "/SubmitForm": ("/F",),
    "/GoToR": ("/F",),
    "/GoToE": ("/T", "/F"),
    "/Rendition": ("/R", "/JS"),
    "/Movie": ("/Annotation", "/T"),
    "/Sound": ("/Sound",),
    "/RichMediaExecute": ("/TA",),
}
"""By kind: what an action of it has. Tags of a structure may have the same name."""
_KEPT_METADATA = (
    "dc:title",
    "dc:language",
    "pdfuaid:part",
    "pdfuaid:rev",
    "pdfaid:part",
    "pdfaid:conformance",
)
_MAX_DEPTH = 60


def clean(file: BinaryIO, into: BinaryIO, removed: Removals) -> None:
    with pikepdf.open(file) as pdf:
        if pdf.is_encrypted:
            raise NotCleaned("the PDF is encrypted")
        if "/Perms" in pdf.Root or _is_signed(pdf):
            raise NotCleaned("a copy would make the signature void")
        _remove_attachments(pdf, removed)
        for page in pdf.pages:
            _clean_page(page.obj, removed)
        for one in _dictionaries(pdf):
            _clean_dictionary(one, removed)
        _clean_catalogue(pdf, removed)
        _clean_metadata(pdf, removed)
        # Written anew: what nothing refers to, earlier revisions among it, stays behind.
        pdf.save(into, deterministic_id=True)
    into.flush()
    file.seek(0)
    removed.add("rest", int(_has_more(file.read())))
    _compare(file, into)


def _has_more(data: bytes) -> bool:
    """Whether there are earlier revisions in it, or anything behind its end."""
    # The first table of a linearised file says 0.
    revisions = len(re.findall(rb"startxref\s+[1-9]", data))
    return revisions > 1 or bool(data.rpartition(b"%%EOF")[2].strip(b"\0 \t\r\n\f"))


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    return any(
        isinstance(one, Dictionary)
        and ("/ByteRange" in one or (one.get("/FT") == Name.Sig and "/V" in one))
        for one in pdf.objects
    )


def _remove_attachments(pdf: pikepdf.Pdf, removed: Removals) -> None:
    names = pdf.Root.get("/Names")
    removed.add("attachments", len(pdf.attachments) or int("/AF" in pdf.Root))
    if isinstance(names, Dictionary) and "/EmbeddedFiles" in names:
        del names["/EmbeddedFiles"]
    for key in ("/AF", "/Collection"):
        if key in pdf.Root:
            removed.add("attachments", int(key == "/Collection"))
            del pdf.Root[key]


def _clean_page(page: Any, removed: Removals) -> None:
    for key, code in (("/Thumb", "thumbnails"), ("/AA", "actions")):
        if key in page:
            removed.add(code)
            del page[key]
    annotations = page.get("/Annots")
    if not isinstance(annotations, Array):
        return
    kept = []
    for annotation in annotations:
        kind = annotation.get("/Subtype") if isinstance(annotation, Dictionary) else None
        if name_of(kind) in _REMARKS:
            removed.add("attachments" if kind == Name.FileAttachment else "comments")
            # The structure may go on pointing to it: what it held is gone all the same.
            _empty(annotation)
            continue
        kept.append(annotation)
        if name_of(kind) in _MARKS:
            _clean_mark(annotation, removed)
        if isinstance(annotation, Dictionary) and "/AA" in annotation:
            removed.add("actions")
            del annotation["/AA"]
    page["/Annots"] = Array(kept)


def _clean_mark(annotation: Any, removed: Removals) -> None:
    if annotation.get("/Subtype") not in (Name.FreeText, Name.Redact) and str(
        annotation.get("/Contents", "")
    ):
        removed.add("comments")
        del annotation["/Contents"]
    for key in _OF_A_REMARK:
        if key in annotation:
            removed.add("comment-authors", int(key == "/T"))
            del annotation[key]


def _clean_catalogue(pdf: pikepdf.Pdf, removed: Removals) -> None:
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and "/JavaScript" in names:
        removed.add("actions")
        del names["/JavaScript"]
    for key, code in (("/AA", "actions"), ("/SpiderInfo", "metadata"), ("/Legal", "metadata")):
        if key in pdf.Root:
            removed.add(code)
            del pdf.Root[key]
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/XFA" in form:
        raise NotCleaned("the form has a second form of itself in XML")


def _clean_metadata(pdf: pikepdf.Pdf, removed: Removals) -> None:
    """Keep the title, which assistive technology reads out, and the claim of a standard."""
    before = dict(pdf.docinfo.items())
    title = str(before.get("/Title", ""))
    more = bool(set(before) - {"/Title"})
    kept = {}
    was_xmp = "/Metadata" in pdf.Root
    if was_xmp:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as old:
            kept = {key: old[key] for key in _KEPT_METADATA if old.get(key)}
            more = more or len(list(old)) > len(kept)
        del pdf.Root["/Metadata"]
    title = str(kept.pop("dc:title", title) or title)
    if find_path(title):
        title, more = "", True
    removed.add("metadata", int(more))
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if title:
        kept["dc:title"] = title
        if "/Title" in before:
            pdf.docinfo["/Title"] = title
    if was_xmp and kept:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as new:
            for key, value in kept.items():
                new[key] = value


def _clean_dictionary(one: Any, removed: Removals) -> None:
    keys = _ACTIONS.get(name_of(one.get("/S")))
    if keys and one.get("/Type", Name.Action) == Name.Action and any(key in one for key in keys):
        removed.add("actions")
        _empty(one)
        return
    if one.get("/S") == Name.URI and find_path(str(one.get("/URI", ""))):
        removed.add("actions")
        _empty(one)
        return
    if "/FT" in one and "/AA" in one:
        removed.add("actions")
        del one["/AA"]
    if isinstance(one.get("/PieceInfo"), Dictionary):
        removed.add("private-data")
        del one["/PieceInfo"]
    if _are_files(one.get("/AF")):
        removed.add("attachments")
        del one["/AF"]
    metadata = one.get("/Metadata")
    if isinstance(metadata, Stream) and metadata.get("/Subtype") == Name.XML:
        if one.get("/Type") == Name.Catalog:
            return  # its own turn comes
        removed.add("picture-metadata")
        del one["/Metadata"]
    if isinstance(one, Stream) and one.get("/Filter") == Name.DCTDecode:
        _clean_picture(one, removed)


def _are_files(value: Any) -> bool:
    """Whether it is a list of attached files. A font or a picture may have any name."""
    return isinstance(value, Array) and any(
        isinstance(one, Dictionary) and "/EF" in one for one in value
    )


def _clean_picture(one: Any, removed: Removals) -> None:
    data = one.read_raw_bytes()
    try:
        made = pictures.clean(data, removed)
    except NotCleaned:
        return  # as it is shown, so it stays
    if made != data:
        one.write(made, filter=Name.DCTDecode, decode_parms=one.get("/DecodeParms"))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream, also those that stand within others."""
    for one in list(pdf.objects):
        yield from _within(one, 0)


def _within(one: Any, depth: int) -> Iterator[Any]:
    if depth > _MAX_DEPTH:
        raise NotCleaned("the PDF is nested too deeply")
    if isinstance(one, (Dictionary, Stream)):
        yield one
        children = [one[key] for key in list(one.keys())]
    elif isinstance(one, Array):
        children = list(one)
    else:
        return
    for child in children:
        if isinstance(child, (Dictionary, Array)) and not child.is_indirect:
            yield from _within(child, depth + 1)


def _empty(one: Any) -> None:
    for key in list(one.keys()):
        del one[key]


def _compare(before: BinaryIO, after: BinaryIO) -> None:
    """Raise unless both say the same, page by page."""
    before.seek(0)
    after.seek(0)
    with pypdfium2.PdfDocument(before) as one, pypdfium2.PdfDocument(after) as other:
        if len(one) != len(other):
            raise NotCleaned("the copy has other pages")
        for number in range(len(one)):
            if _text(one, number) != _text(other, number):
                raise NotCleaned("the copy says something else")


def _text(pdf: Any, number: int) -> str:
    page = pdf[number]
    text = page.get_textpage()
    said: str = text.get_text_range()
    text.close()
    page.close()
    return said
