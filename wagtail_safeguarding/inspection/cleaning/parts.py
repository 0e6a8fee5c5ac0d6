"""Parts of a package that are XML: read without entities, written back with the names that they
had."""

from __future__ import annotations

from typing import Any

from lxml import etree

from .removals import NotCleaned


def parse(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotCleaned("a part cannot be read") from error
    if root.getroottree().docinfo.doctype:
        raise NotCleaned("a part declares a document type")
    return root


def written(root: Any) -> bytes:
    made: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return made


def local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def take_out(element: Any) -> None:
    """Remove the element, and not the text that follows it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
