"""What is left out of Word and PowerPoint files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

from . import pictures
from .parts import local, parse, take_out, written
from .removals import NotCleaned, Removals

_TYPES = "[Content_Types].xml"
_KEPT_PROPERTIES = {"title", "language"}
_NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_DROPPED = (
    ("custom-properties", re.compile(r"docProps/custom\.xml")),
    ("thumbnails", re.compile(r"docProps/thumbnail\.\w+")),
    ("comments", re.compile(r"word/comments\w*\.xml|ppt/comments/[^/]+\.xml")),
    ("comment-authors", re.compile(r"word/people\.xml|ppt/(commentAuthors|authors)\.xml")),
    ("revision-ids", re.compile(r"ppt/(revisionInfo\.xml|changesInfos/.+)")),
    ("printer", re.compile(r"(word|ppt)/printerSettings/.+")),
)
_CUSTOM_XML = re.compile(r"customXml/.+")
_COMMENT_MARKS = {"commentRangeStart", "commentRangeEnd", "commentReference"}
_STORY = re.compile(r"word/[^/]+\.xml")
_PICTURE = re.compile(r"\.(jpe?g|png)\Z", re.IGNORECASE)
_WORD = re.compile(rb"rsid|comment(Range|Reference)")


class Package:
    """The parts of one file. ``read`` gives the bytes of a part."""

    def __init__(self, names: list[str], read: Callable[[str], bytes], removed: Removals) -> None:
        if any(name.startswith("_xmlsignatures/") for name in names):
            raise NotCleaned("a copy would make the signature void")
        self._read = read
        self._removed = removed
        self._dropped: set[str] = set()
        for name in names:
            for code, pattern in _DROPPED:
                if pattern.fullmatch(name):
                    self._dropped.add(name)
                    removed.add(code)
        custom = {name for name in names if _CUSTOM_XML.fullmatch(name)}
        if custom and not any(b"dataBinding" in read(n) for n in names if _STORY.fullmatch(n)):
            # Nothing on the pages is read from it.
            self._dropped |= custom
            removed.add("custom-xml", sum("/_rels/" not in name for name in custom))
        # The relations of what is gone.
        self._dropped |= {
            name for name in names if name.endswith(".rels") and _source(name) in self._dropped
        }

    def part(self, name: str) -> bytes | None:
        """The part as it is to be in the copy; None if it is left out."""
        if name in self._dropped:
            return None
        data = self._read(name)
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
        if _PICTURE.search(name):
            return self._picture(data)
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

    def _without_ids(self, root: Any) -> None:
        found = False
        for one in root.iter():
            for key in [key for key in one.attrib if re.fullmatch(r"\{[^}]*\}rsid\w*", key)]:
                del one.attrib[key]
                found = True
        self._removed.add("revision-ids", int(found))

    def _picture(self, data: bytes) -> bytes:
        try:
            return pictures.clean(data, self._removed)
        except NotCleaned:
            return data  # as it is shown, so it stays


def _source(relations: str) -> str:
    """The part whose relations these are."""
    folder, _rels, name = relations.rpartition("_rels/")
    return folder + name.removesuffix(".rels")


def _path(base: str, target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
    return posixpath.normpath(path)


def _says_something(data: bytes) -> bool:
    return any((one.text or "").strip() for one in parse(data))
