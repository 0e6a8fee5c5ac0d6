"""What Word, PowerPoint and OpenDocument packages have in common when parts are left out."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from . import pictures
from .removals import NotCleaned, Removals

_PICTURE = re.compile(r"\.(jpe?g|png)\Z", re.IGNORECASE)

Dropped = tuple[tuple[str, re.Pattern[str]], ...]


class Package(ABC):
    """The parts of one file. ``read`` gives the bytes of a part."""

    DROPPED: Dropped
    """Parts that are left out: the code, and what their names are like."""
    IDS: re.Pattern[str]
    """Attributes that are ids of editing sessions."""

    def __init__(self, names: list[str], read: Callable[[str], bytes], removed: Removals) -> None:
        if any(map(self.is_signature, names)):
            raise NotCleaned("a copy would make the signature void")
        self._read = read
        self._removed = removed
        self._dropped: set[str] = set()
        for name in names:
            for code, pattern in self.DROPPED:
                if pattern.fullmatch(name):
                    self._dropped.add(name)
                    removed.add(code)

    @staticmethod
    @abstractmethod
    def is_signature(name: str) -> bool: ...

    @abstractmethod
    def _changed(self, name: str, data: bytes) -> bytes:
        """A part that is no picture, as it is to be in the copy."""

    def part(self, name: str) -> bytes | None:
        """The part as it is to be in the copy; None if it is left out."""
        if name in self._dropped:
            return None
        data = self._read(name)
        return self._picture(data) if _PICTURE.search(name) else self._changed(name, data)

    def _without_ids(self, root: Any) -> bool:
        found = False
        for one in root.iter():
            for key in [key for key in one.attrib if self.IDS.fullmatch(key)]:
                del one.attrib[key]
                found = True
        self._removed.add("revision-ids", int(found))
        return found

    def _picture(self, data: bytes) -> bytes:
        try:
            return pictures.clean(data, self._removed)
        except NotCleaned:
            return data  # as it is shown, so it stays
