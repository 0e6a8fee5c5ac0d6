"""What is left out of OpenDocument text files."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import pictures
from .parts import local, parse, take_out, written
from .removals import NotCleaned, Removals

_MANIFEST = "META-INF/manifest.xml"
_KEPT_PROPERTIES = {"title", "language"}
_DROPPED = (("thumbnails", re.compile(r"Thumbnails/.+")),)
_SIGNATURES = {"META-INF/documentsignatures.xml", "META-INF/macrosignatures.xml"}
_PRINTER = re.compile(r"Print(er(Name|Setup)|FaxName)|Rsid\w*")
_PICTURE = re.compile(r"\.(jpe?g|png)\Z", re.IGNORECASE)
_ANNOTATIONS = {"annotation", "annotation-end"}
_IDS = re.compile(r"\{[^}]*\}(?:paragraph-)?rsid")


class Package:
    """The parts of one file. ``read`` gives the bytes of a part."""

    def __init__(self, names: list[str], read: Callable[[str], bytes], removed: Removals) -> None:
        if not _SIGNATURES.isdisjoint(names):
            raise NotCleaned("a copy would make the signature void")
        self._read = read
        self._removed = removed
        self._dropped: set[str] = set()
        for name in names:
            for code, pattern in _DROPPED:
                if pattern.fullmatch(name):
                    self._dropped.add(name)
                    removed.add(code)

    def part(self, name: str) -> bytes | None:
        """The part as it is to be in the copy; None if it is left out."""
        if name in self._dropped:
            return None
        data = self._read(name)
        if name == _MANIFEST:
            return self._manifest(data)
        if name == "meta.xml":
            return self._meta(data)
        if name == "settings.xml":
            return self._settings(data)
        if name in {"content.xml", "styles.xml"}:
            return self._content(data)
        if _PICTURE.search(name):
            return self._picture(data)
        return data

    def _manifest(self, data: bytes) -> bytes:
        root = parse(data)
        for one in list(root):
            path = next((v for key, v in one.attrib.items() if key.endswith("}full-path")), "")
            if any("encryption" in local(child) for child in one):
                raise NotCleaned("a part is encrypted")
            if path in self._dropped or path == "Thumbnails/":
                take_out(one)
        return written(root)

    def _meta(self, data: bytes) -> bytes:
        root = parse(data)
        for meta in root:
            for one in list(meta):
                if local(one) not in _KEPT_PROPERTIES:
                    said = (one.text or "").strip() or one.attrib
                    self._removed.add("properties", int(bool(said)))
                    take_out(one)
        return written(root)

    def _settings(self, data: bytes) -> bytes:
        root = parse(data)
        for one in list(root.iter()):
            name = next((v for key, v in one.attrib.items() if key.endswith("}name")), "")
            if local(one) == "config-item" and _PRINTER.fullmatch(name):
                code = "revision-ids" if name.startswith("Rsid") else "printer"
                self._removed.add(code, int(bool((one.text or "").strip())))
                take_out(one)
        return written(root)

    def _content(self, data: bytes) -> bytes:
        root = parse(data)
        changed = False
        for one in list(root.iter()):
            if local(one) in _ANNOTATIONS:
                self._removed.add("comments", int(local(one) == "annotation"))
                take_out(one)
                changed = True
        changed = self._without_ids(root) or changed
        return written(root) if changed else data

    def _without_ids(self, root: Any) -> bool:
        found = False
        for one in root.iter():
            for key in [key for key in one.attrib if _IDS.fullmatch(key)]:
                del one.attrib[key]
                found = True
        self._removed.add("revision-ids", int(found))
        return found

    def _picture(self, data: bytes) -> bytes:
        try:
            return pictures.clean(data, self._removed)
        except NotCleaned:
            return data  # as it is shown, so it stays
