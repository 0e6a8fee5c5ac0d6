"""What a file says of itself: title, people, programs, paths."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import ParseError

import pikepdf
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ..local_paths import find_path
from .gathered import Gathered
from .tree import dictionary, string

_DATES = {"/CreationDate", "/ModDate"}
_SOFTWARE = {"/Producer", "/Creator"}
_KNOWN = {"/Title", "/Author", "/Subject", "/Keywords", "/Trapped", "/GTS_PDFXVersion"}
# What programs write where nobody has said anything.
NOBODY = {"anonymous", "(anonymous)", "unknown", "untitled", "unspecified", "(unspecified)"}
_MAX_XMP = 4 * 1024 * 1024
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CUSTOM = "{http://ns.adobe.com/pdfx/1.3/}"
"""What stands beside the known keys of the document information, as XMP has it."""
_PEOPLE = {"creator", "Author", "Authors", "contributor", "LastModifiedBy", "Manager"}
# Numbers, dates and names of programs: of no use to anybody who looks for names.
_DULL = {"DocumentID", "InstanceID", "OriginalDocumentID", "when", "CreateDate", "ModifyDate"}


def read_metadata(pdf: pikepdf.Pdf, gathered: Gathered) -> dict[str, Any]:
    """Tells what the document information says; gives title and programs as facts."""
    facts: dict[str, Any] = {}
    info = pdf.trailer.get("/Info")
    if info is None or dictionary(info) is None:
        return facts
    for key, value in info.items():
        said = string(value).strip()
        if not said or key in _DATES:
            continue
        name = key[1:]
        if key in _SOFTWARE or key == "/Title":
            facts[name.lower()] = said[:200]
        gathered.text(said, f"metadata: {name}")
        _look_at(said, name, gathered)
        if key == "/Author":
            if said.casefold() in NOBODY:
                continue
            gathered.found("pdf-author", excerpt=said, where=name)
        elif (
            key not in _KNOWN | _SOFTWARE
            and not key.startswith("/PTEX.")
            and gathered.unseen_words(said)
        ):
            gathered.found("pdf-custom-metadata", excerpt=said, where=name)
    title = facts.get("title", "")
    _read_title("" if title.casefold() in NOBODY else title, gathered)
    return facts


def _look_at(said: str, name: str, gathered: Gathered) -> None:
    if path := find_path(said):
        gathered.found("pdf-path", excerpt=path, where=name)


def _read_title(title: str, gathered: Gathered) -> None:
    """A title that the pages do not show is often the name of a file, or of a person."""
    if unseen := gathered.unseen_words(title):
        severity = "warning" if len(unseen) > 1 or "." in title else "note"
        gathered.found("pdf-title", excerpt=title, severity=severity)


def read_xmp(data: bytes, gathered: Gathered, where: str = "") -> None:
    place = f"metadata of {where}" if where else "metadata (XMP)"
    try:
        root = fromstring(data[:_MAX_XMP].strip(b"\0 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        said = data[:_MAX_XMP].decode("utf-8", "replace")
        gathered.text(said, place)
        _look_at(said, place, gathered)
        return
    if not where:
        _read_document_xmp(root, gathered)
    people: set[str] = set()
    for element, parents in _walk(root):
        for name, said in [("", element.text or ""), *element.attrib.items()]:
            local = _local(name) if name else parents[-1]
            if not said.strip() or local in _DULL or _is_schema(name):
                continue
            gathered.text(said, f"{place}: {local}")
            _look_at(said, place, gathered)
            if _PEOPLE & {local, *parents[-3:]}:
                people.add(said.strip())
    for person in sorted(person for person in people if person.casefold() not in NOBODY):
        gathered.found("pdf-author", excerpt=person, where=place)


def _read_document_xmp(root: Any, gathered: Gathered) -> None:
    """Title and properties where the document information does not have them too."""
    for element in root.iter(_TITLE):
        for title in {" ".join(said.split()) for said in element.itertext()} - {""}:
            if title.casefold() not in NOBODY and not gathered.has("pdf-title"):
                _read_title(title, gathered)
    for element in root.iter():
        for name, value in [(element.tag, element.text or ""), *element.attrib.items()]:
            if not str(name).startswith(_CUSTOM) or not gathered.unseen_words(value):
                continue
            if not gathered.has("pdf-custom-metadata", value):
                gathered.found("pdf-custom-metadata", excerpt=value, where=_local(name))


def _walk(root: Any) -> list[tuple[Any, tuple[str, ...]]]:
    found: list[tuple[Any, tuple[str, ...]]] = []
    waiting: list[tuple[Any, tuple[str, ...]]] = [(root, (_local(root.tag),))]
    while waiting:
        element, names = waiting.pop()
        found.append((element, names))
        waiting += [(child, (*names[-3:], _local(child.tag))) for child in reversed(element)]
    return found


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _is_schema(name: str) -> bool:
    """Whether an attribute belongs to RDF or XML itself."""
    return name.startswith(("{http://www.w3.org/1999/02/22-rdf", "{http://www.w3.org/XML"))
