"""XML as a flat stream of events, however large it is: no tree is built.

Entities are refused, nothing is fetched, and nesting is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from defusedxml.ElementTree import DefusedXMLParser

START, END, TEXT = 1, 2, 3

Event = tuple[int, str, Any]
"""START with a name and its attributes, END with a name and None, TEXT with the text and None.
Text may come in pieces. Names are written ``w:p``, with the prefixes below whatever the file's are;
a name of an unknown namespace has none."""

MAX_DEPTH = 1_000
_CHUNK = 65_536

_OOXML = (
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",  # the "strict" form of the standard
)
_PREFIXES = {
    "wordprocessingml": "w",
    "spreadsheetml": "x",
    "presentationml": "p",
    "drawingml": "a",
    "math": "m",
    "officeDocument/math": "m",
    "drawingml/wordprocessingDrawing": "wp",
    "drawingml/spreadsheetDrawing": "xdr",
    "drawingml/picture": "pic",
    "drawingml/chart": "c",
    "drawingml/chartDrawing": "cdr",
    "drawingml/diagram": "dgm",
    "officeDocument/relationships": "r",
    "officeDocument/extended-properties": "ep",
    "officeDocument/extendedProperties": "ep",
    "officeDocument/custom-properties": "op",
    "officeDocument/customProperties": "op",
    "officeDocument/docPropsVTypes": "vt",
    "package/relationships": "rel",
    "package/content-types": "ct",
    "package/metadata/core-properties": "cp",
    "markup-compatibility": "mc",
}
_OTHERS = {
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/2000/svg": "svg",
    "http://openoffice.org/2000/script": "script",
    "http://www.w3.org/2000/09/xmldsig#": "ds",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:word": "w10",
    "urn:schemas-microsoft-com:office:excel": "xvml",
}
_MICROSOFT = "http://schemas.microsoft.com/office/"
_OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"
_COMPATIBLE = "-compatible:1.0"  # what OpenDocument borrows


def _prefix(namespace: str) -> str:
    if namespace in _OTHERS:
        return _OTHERS[namespace]
    for root in _OOXML:
        if namespace.startswith(root):
            # ".../wordprocessingml/2006/main" and its strict form ".../wordprocessingml/main"
            words = [word for word in namespace[len(root) :].split("/") if not word.isdigit()]
            return _PREFIXES.get("/".join(word for word in words if word != "main"), "")
    if namespace.startswith(_OPENDOCUMENT):
        word = namespace[len(_OPENDOCUMENT) :].removesuffix(_COMPATIBLE).partition(":")[0]
        return {"xsl-fo": "fo", "drawing": "draw", "datastyle": "number"}.get(word, word)
    if namespace.startswith(_MICROSOFT):
        # Later additions: w14 and w15, x14, p15, and the comments in threads of Excel.
        _, _, rest = namespace.partition(_MICROSOFT)
        for word, prefix in (
            ("wordprocessingShape", "wps"),
            ("wordprocessingGroup", "wpg"),
            ("wordprocessingCanvas", "wpc"),
            ("wordml", "w14"),
            ("word", "w14"),
            ("threadedcomments", "tc"),
            ("spreadsheetml", "x14"),
            ("powerpoint", "p14"),
            ("drawing", "a14"),
        ):
            if word in rest:
                return prefix
    return ""


class TooDeep(ValueError):
    """Elements within elements beyond the limit."""


class _Names(dict[str, str]):
    """``{namespace}local`` -> ``prefix:local``, worked out once for each."""

    def __missing__(self, tag: str) -> str:
        namespace, _, local = tag.rpartition("}")
        prefix = _prefix(namespace[1:])
        name = f"{prefix}:{local}" if prefix else local
        if len(self) < 10_000:
            self[tag] = name
        return name


class _Collector:
    """What the parser calls; hands out the events since the last time."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._names = _Names()
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeep
        names = self._names
        if attributes:
            attributes = {names[key]: value for key, value in attributes.items()}
        self.events.append((START, names[tag], attributes))

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.events.append((END, self._names[tag], None))

    def data(self, text: str) -> None:
        self.events.append((TEXT, text, None))

    def close(self) -> None:
        pass


def read_events(stream: IO[bytes]) -> Iterator[Event]:
    """The events of one XML file. Raises what the parser raises where it is not well-formed, and
    :class:`ValueError` for entities, references to other files, and nesting beyond the limit."""
    collector = _Collector()
    parser = DefusedXMLParser(
        target=collector,
        # Some programs write a DOCTYPE; without entities in it there is no harm.
        forbid_dtd=False,
        forbid_entities=True,
        forbid_external=True,
    )
    while chunk := stream.read(_CHUNK):
        parser.feed(chunk)
        events, collector.events = collector.events, []
        yield from events
    parser.close()
    yield from collector.events
