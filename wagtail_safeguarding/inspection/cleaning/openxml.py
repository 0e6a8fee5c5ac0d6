"""What is left out of Word and PowerPoint files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from . import package
from .parts import local, parse, take_out, written
from .removals import Removals

_TYPES = "[Content_Types].xml"
_KEPT_PROPERTIES = {"title", "language"}
_NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_CUSTOM_XML = re.compile(r"customXml/.+")
_COMMENT_MARKS = {"commentRangeStart", "commentRangeEnd", "commentReference"}
_STORY = re.compile(r"word/[^/]+\.xml")
_WORD = re.compile(rb"rsid|comment(Range|Reference)")


class Package(package.Package):
    DROPPED = (
        ("custom-properties", re.compile(r"docProps/custom\.xml")),
        ("thumbnails", re.compile(r"docProps/thumbnail\.\w+")),
        ("comments", re.compile(r"word/comments\w*\.xml|ppt/comments/[^/]+\.xml")),
        ("comment-authors", re.compile(r"word/people\.xml|ppt/(commentAuthors|authors)\.xml")),
        ("revision-ids", re.compile(r"ppt/(revisionInfo\.xml|changesInfos/.+)")),
        ("printer", re.compile(r"(word|ppt)/printerSettings/.+")),
    )
    IDS = re.compile(r"\{[^}]*\}rsid\w*")

    def __init__(self, names: list[str], read: Callable[[str], bytes], removed: Removals) -> None:
        super().__init__(names, read, removed)
        custom = {name for name in names if _CUSTOM_XML.fullmatch(name)}
        if custom and not any(b"dataBinding" in read(n) for n in names if _STORY.fullmatch(n)):
            # Nothing on the pages is read from it.
            self._dropped |= custom
            removed.add("custom-xml", sum("/_rels/" not in name for name in custom))
        # The relations of what is gone.
        self._dropped |= {
            name for name in names if name.endswith(".rels") and _source(name) in self._dropped
        }

    @staticmethod
    def is_signature(name: str) -> bool:
        return name.startswith("_xmlsignatures/")

    def _changed(self, name: str, data: bytes) -> bytes:
        if name == _TYPES:
            return self._types(data)
        if name.endswith(".rels"):
            return self._relations(name, data)
        if name == "docProps/core.xml":
            return self._core(data)
        if name == "docProps/app.xml":
            self._removed.add("properties", int(_says_something(data)))
            return _NO_PROPERTIES
        if name == "word/settings.xml":
            return self._settings(data)
        if _STORY.fullmatch(name) and _WORD.search(data):
            return self._story(data)
        return data

    def _types(self, data: bytes) -> bytes:
        root = parse(data)
        for one in list(root):
            if one.get("PartName", "").lstrip("/") in self._dropped:
                take_out(one)
        return written(root)

    def _relations(self, name: str, data: bytes) -> bytes:
        root = parse(data)
        base = posixpath.dirname(_source(name))
        gone = False
        for one in list(root):
            inside = one.get("TargetMode") != "External"
            dropped = inside and _path(base, one.get("Target", "")) in self._dropped
            if dropped or one.get("Type", "").endswith("/attachedTemplate"):
                take_out(one)
                gone = True
        return written(root) if gone else data

    def _core(self, data: bytes) -> bytes:
        root = parse(data)
        for one in list(root):
            if local(one) not in _KEPT_PROPERTIES:
                self._removed.add("properties", int(bool((one.text or "").strip())))
                take_out(one)
        return written(root)

    def _settings(self, data: bytes) -> bytes:
        root = parse(data)
        for one in list(root.iter()):
            if local(one) == "rsids":
                self._removed.add("revision-ids")
                take_out(one)
            elif local(one) == "attachedTemplate":
                self._removed.add("template")
                take_out(one)
        self._without_ids(root)
        return written(root)

    def _story(self, data: bytes) -> bytes:
        root = parse(data)
        for one in list(root.iter()):
            if local(one) in _COMMENT_MARKS:
                take_out(one)
        self._without_ids(root)
        return written(root)


def _source(relations: str) -> str:
    """The part whose relations these are."""
    folder, _rels, name = relations.rpartition("_rels/")
    return folder + name.removesuffix(".rels")


def _path(base: str, target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
    return posixpath.normpath(path)


def _says_something(data: bytes) -> bool:
    return any((one.text or "").strip() for one in parse(data))
