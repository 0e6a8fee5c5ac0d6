"""Bookmarks, named places and labels of pages: short texts beside the pages."""

from __future__ import annotations

import re

import pikepdf

from .gathered import Gathered, TooMuch
from .tree import MAX_NODES, dictionary, entry, items, name_tree, string

# "_Toc123", "section.1", "G4.1017": made by programs, for programs.
_TECHNICAL = re.compile(
    r"(?i)_?(doc.start|toc|ref|hlk|goback|enref|dv_m|bookmark|section|page|figure|table)\W*\d*"
)


def read_outline(pdf: pikepdf.Pdf, gathered: Gathered) -> None:
    for title in _titles(pdf):
        gathered.text(title, "bookmark")
        if gathered.unseen_words(title):
            gathered.found("pdf-bookmark", excerpt=title)
    for name, _ in name_tree(entry(pdf.Root, "/Names", "/Dests")):
        _read_name(name, gathered)
    places = pdf.Root.get("/Dests")
    if places is not None and dictionary(places) is not None:
        for name in places.keys():  # noqa: SIM118 - iterating gives no names
            _read_name(name[1:], gathered)
    for node in _labels(pdf):
        gathered.text(node, "label of a page")


def _titles(pdf: pikepdf.Pdf) -> list[str]:
    titles: list[str] = []
    seen: set[tuple[int, int]] = set()
    waiting = [entry(pdf.Root, "/Outlines", "/First")]
    while waiting:
        node = waiting.pop()
        if dictionary(node) is None or node.objgen in seen:
            continue
        seen.add(node.objgen)
        if len(seen) > MAX_NODES:
            raise TooMuch
        titles.append(string(node.get("/Title")))
        waiting += [node.get("/Next"), node.get("/First")]
    return titles


def _read_name(name: str, gathered: Gathered) -> None:
    gathered.text(name.replace("_", " "), "named place")
    words = gathered.unseen_words(name.replace("_", " ").replace(".", " "))
    if len(words) > 1 and not _TECHNICAL.match(name):
        gathered.found("pdf-named-place", excerpt=name)


def _labels(pdf: pikepdf.Pdf) -> list[str]:
    pairs = items(entry(pdf.Root, "/PageLabels", "/Nums"))
    return [string(entry(label, "/P")) for label in pairs[1::2]]
