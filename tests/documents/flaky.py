"""A storage that fails on purpose."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import InMemoryStorage


class Broken(OSError):
    """The fault that a test asked for."""


class FlakyStorage(InMemoryStorage):
    """Keeps files in memory. ``fail`` names the point at which it breaks.

    ``save``         before anything is stored
    ``after-save``   when everything is stored, as a lost connection would
    ``open``         on reading
    ``delete``       on clearing up
    ``alter``        stores other bytes than it was given, and says nothing
    """

    fail: frozenset[str] = frozenset()

    def _save(self, name: str, content: Any) -> str:
        if "save" in self.fail:
            raise Broken("save")
        if "alter" in self.fail:
            data = bytearray(content.read())
            data[-2] ^= 1
            content.seek(0)
            content.truncate(0)
            content.write(bytes(data))
            content.seek(0)
        saved: str = super()._save(name, content)
        if "after-save" in self.fail:
            raise Broken("after-save")
        return saved

    def _open(self, name: str, mode: str = "rb") -> Any:
        if "open" in self.fail:
            raise Broken("open")
        return super()._open(name, mode)

    def delete(self, name: str) -> None:
        if "delete" in self.fail:
            raise Broken("delete")
        super().delete(name)

    def keys(self) -> list[str]:
        """Every file in the storage."""
        found: list[str] = []
        folders = [""]
        while folders:
            folder = folders.pop()
            subfolders, files = self.listdir(folder)
            prefix = f"{folder}/" if folder else ""
            found += [prefix + name for name in files]
            folders += [prefix + name for name in subfolders]
        return sorted(found)
