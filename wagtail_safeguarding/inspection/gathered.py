"""What the readers of one file find: findings, texts and facts, kept within bounds."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from .reading import MAX_EXCERPT, MAX_TEXT, Found, Reading, Text
from .rules import RULES

MAX_OF_A_CODE = 100
"""Of each kind so many are listed; of the others their number is told."""

_WORD = re.compile(r"\w+")


class TooMuch(Exception):
    """The file goes beyond a limit."""


def is_readable(text: str) -> bool:
    """Whether there is a letter or a digit in ``text``."""
    return any(character.isalnum() for character in text)


class Gathered:
    """Collects; ``reading()`` is the worker's answer."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.language = ""
        self.speaks = True
        """False for kinds of files that have no language."""
        self.pages: int | None = None
        self._found: list[Found] = []
        self._more: Counter[tuple[str, str]] = Counter()
        self._texts: list[Text] = []
        self._length = 0
        self._shown: set[str] = set()
        self._unless_shown: list[tuple[set[str], Found, str]] = []

    def found(
        self,
        code: str,
        *,
        excerpt: str = "",
        where: str = "",
        page: int | None = None,
        severity: str = "",
    ) -> None:
        key = (code, severity)
        self._more[key] += 1
        if self._more[key] <= MAX_OF_A_CODE:
            # A little more than is shown, so that it is seen to be cut.
            excerpt = " ".join(excerpt[: 4 * MAX_EXCERPT].split())[: MAX_EXCERPT + 1]
            self._found.append(Found(code, page, None, excerpt, where[:MAX_EXCERPT], severity))

    def text(self, text: str, where: str, *, page: int | None = None, shown: bool = True) -> None:
        """Text for whoever looks for names and numbers in it. Blank text is left out."""
        if not is_readable(text):
            return
        self._length += len(text) + 1
        if self._length > MAX_TEXT:
            raise TooMuch
        self._texts.append(Text(text, where[:MAX_EXCERPT], page, shown))
        if shown:
            self._shown.update(words(text))

    def unless_shown(
        self,
        text: str,
        code: str,
        *,
        where: str = "",
        page: int | None = None,
        otherwise: str = "",
    ) -> None:
        """A finding if ``text`` has a word that a reader of the file sees nowhere. If every word
        is seen it has the severity ``otherwise``, or is none."""
        found = Found(code, page, None, " ".join(text.split())[: MAX_EXCERPT + 1], where)
        self._unless_shown.append((words(text), found, otherwise))

    @property
    def blocks(self) -> bool:
        return any((one.severity or RULES[one.code].severity) == "blocker" for one in self._found)

    def all_text(self, *, but: str = "", shown_only: bool = False) -> str:
        """All texts as one, without those whose place begins with ``but``."""
        return "\n".join(
            text.text
            for text in self._texts
            if (text.shown or not shown_only) and not (but and text.where.startswith(but))
        )

    def reading(self) -> Reading:
        for said, found, otherwise in self._unless_shown:
            unseen = not said <= self._shown
            if said and (unseen or otherwise):
                self.found(
                    found.code,
                    excerpt=found.excerpt,
                    where=found.where,
                    page=found.page,
                    severity="" if unseen else otherwise,
                )
        self._unless_shown = []
        for (code, severity), number in self._more.items():
            if number > MAX_OF_A_CODE:
                more = f"and {number - MAX_OF_A_CODE} more"
                self._found.append(Found(code, excerpt=more, severity=severity))
        self._more.clear()
        return Reading(self._found, self._texts, self.facts, self.pages, self.language)


def words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
