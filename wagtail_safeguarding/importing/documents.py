"""Documents that a block names: by its links to files, or as a line of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .dating import read_date
from .hrefs import is_file, is_web_address
from .proposed import ProposedDocument
from .resources import says_nothing
from .roles import read_role
from .source import Block, BlockKind, Link, SourceFormat
from .wording import MAX_LINE, clip, is_label, is_short, plain, sentences, trimmed, without_bullet

_POINTS_TO = re.compile(
    r"\b(?:see|read|download|view|open|complete|use|consult|gweler)\s+(?:(?:the|our|a|an)\s+)?",
    re.IGNORECASE,
)
_TITLE = re.compile(r"[^.;:,]{3,120}")
_FILE_FACTS = re.compile(
    r"[\s\[(-]*\b(?:pdf|docx?|word|pptx?|powerpoint|xlsx?|odt|rtf|zip|mp[34])\b[^()\[\]]{0,60}[)\]]?\s*$"
    r"|[\s\[(-]*\d[\d.,]{0,9}\s?[km]b[^()\[\]]{0,60}[)\]]?\s*$"
    r"|\s*[\[(]opens\s[^()\[\]]{0,40}[)\]]\s*$",
    re.IGNORECASE,
)
_MOST_OF_LINE = 0.6
"""A link over so much of its line is the line; otherwise it stands in a sentence."""


@dataclass(frozen=True)
class DocumentsReading:
    """``keep``: the block says more than its documents do, so it stays as a paragraph."""

    documents: tuple[ProposedDocument, ...] = ()
    keep: bool = True
    unsure: tuple[str, ...] = ()


def read_review_documents(block: Block, source_format: SourceFormat) -> DocumentsReading:
    """The documents in a block under the heading of a review."""
    linked = [link for link in block.links if _is_document(link, block)]
    if linked:
        return _linked(block, linked)
    if not is_short(block.text) or is_label(block.text):
        return DocumentsReading()
    title = without_bullet(block.text)
    role = read_role(title)
    if role.key is None and (source_format is SourceFormat.HTML or not title):
        return DocumentsReading()
    document, unsure = _document(title, block.text)
    if source_format is SourceFormat.HTML:
        unsure = (*unsure, f"“{clip(title)}” has no link to a file.")
    elif role.key is None:
        unsure = (*unsure, f"What kind of document “{clip(title)}” is, or whether it is one.")
    other_links = any(link.href for link in block.links)
    return DocumentsReading((document,), other_links, unsure)


def read_standalone_documents(block: Block) -> DocumentsReading:
    """The documents in a block that belongs to no review."""
    linked = [link for link in block.links if is_file(link.href)]
    if linked:
        return _linked(block, linked)
    if block.links:
        return DocumentsReading()
    text = without_bullet(block.text)
    if is_short(text) and not is_label(text) and not _POINTS_TO.search(plain(text)):
        if read_role(text).key is None:
            return DocumentsReading()
        document, unsure = _document(text, block.text)
        return DocumentsReading((document,), False, unsure)
    return _pointed_to(block)


def _is_document(link: Link, block: Block) -> bool:
    if is_file(link.href):
        return True
    whole = trimmed(link.text) == without_bullet(block.text)
    return (
        is_web_address(link.href)
        and whole
        and (block.kind is BlockKind.LIST_ITEM or read_role(link.text).key is not None)
    )


def _linked(block: Block, links: Sequence[Link]) -> DocumentsReading:
    """One document for each link. A short line with one link is its title."""
    others = any(link.href and link not in links for link in block.links)
    line = without_bullet(block.text)
    if len(links) == 1 and len(line) <= MAX_LINE and not is_label(line):
        link = links[0]
        if link.text == _FILE_FACTS.sub("", line):
            document, unsure = _document(trimmed(link.text), block.text, link.href)
            return DocumentsReading((document,), others, unsure)
        is_line = len(link.text) >= len(line) * _MOST_OF_LINE
        if is_line or (says_nothing(link.text) and is_short(line)):
            document, unsure = _document(line, block.text, link.href)
            return DocumentsReading((document,), others, unsure)
    documents: list[ProposedDocument] = []
    notes: list[str] = []
    beside = block.text
    for link in dict.fromkeys(links):
        document, unsure = _document(trimmed(link.text), block.text, link.href)
        documents.append(document)
        notes.extend(unsure)
        beside = beside.replace(link.text, "", 1)
    keep = others or any(char.isalnum() for char in beside)
    return DocumentsReading(tuple(documents), keep, tuple(notes))


def _pointed_to(block: Block) -> DocumentsReading:
    """In "for more, see the referral form" the document is what the sentence ends with."""
    documents: list[ProposedDocument] = []
    notes: list[str] = []
    for sentence in sentences(block.text):
        verbs = list(_POINTS_TO.finditer(plain(sentence)[: MAX_LINE * 2]))
        title = _TITLE.match(sentence, verbs[-1].end()) if verbs else None
        if title is None or any(char.isalnum() for char in sentence[title.end() :]):
            continue
        # "Read the report" points to any report: too little for a document.
        if read_role(title[0]).key in {None, "overview-report"}:
            continue
        document, unsure = _document(trimmed(title[0]), block.text)
        documents.append(document)
        notes.extend((*unsure, f"“{clip(title[0])}” was read as a document out of a sentence."))
    return DocumentsReading(tuple(documents), True, tuple(notes))


def _document(
    title: str, source_text: str, url: str | None = None
) -> tuple[ProposedDocument, tuple[str, ...]]:
    role, date = read_role(title), read_date(title)
    document = ProposedDocument(title, source_text, role.key, date.date, url)
    notes = (*role.unsure, *date.unsure)
    if says_nothing(title):
        notes = (*notes, f"“{title}” is no title for a document.")
    return document, notes
