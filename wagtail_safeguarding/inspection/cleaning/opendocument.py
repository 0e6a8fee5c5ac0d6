"""What is left out of OpenDocument text files."""

from __future__ import annotations

import re

from . import package
from .parts import local, parse, take_out, written
from .removals import NotCleaned

_MANIFEST = "META-INF/manifest.xml"
_KEPT_PROPERTIES = {"title", "language"}
_SIGNATURES = {"META-INF/documentsignatures.xml", "META-INF/macrosignatures.xml"}
_PRINTER = re.compile(r"Print(er(Name|Setup)|FaxName)|Rsid\w*")
_ANNOTATIONS = {"annotation", "annotation-end"}


class Package(package.Package):
    DROPPED = (("thumbnails", re.compile(r"Thumbnails/.+")),)
    IDS = re.compile(r"\{[^}]*\}(?:paragraph-)?rsid")

    @staticmethod
    def is_signature(name: str) -> bool:
        return name in _SIGNATURES

    def _changed(self, name: str, data: bytes) -> bytes:
        if name == _MANIFEST:
            return self._manifest(data)
        if name == "meta.xml":
            return self._meta(data)
        if name == "settings.xml":
            return self._settings(data)
        if name in {"content.xml", "styles.xml"}:
            return self._content(data)
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
