"""What is found in the structure of one PDF: findings and texts, kept within bounds."""

from __future__ import annotations

import re
from collections import Counter

from wagtail_safeguarding.inspection.reading import MAX_EXCERPT, MAX_TEXT, Box, Found, Text
from wagtail_safeguarding.inspection.text_child import clean

MAX_OF_A_CODE = 100
"""Of each kind so many are listed; how many more there are is said with the last."""
_MAX_STRING = 100_000


class TooMuch(Exception):
    """The file goes beyond a limit."""


def plain(text: str) -> str:
    """Words only, in one case, with one space between them."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def letters(text: str) -> str:
    """Letters and digits only, in one case: however it is broken into words and lines."""
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


class Gathered:
    """Collects. ``shown`` is the text of all pages that a reader sees."""

    def __init__(self, shown: str = "") -> None:
        self.texts: list[Text] = []
        self._found: list[Found] = []
        self._counts: Counter[str] = Counter()
        self._length = 0
        self._letters = letters(shown)

    def found(
        self,
        code: str,
        *,
        excerpt: str = "",
        where: str = "",
        page: int | None = None,
        box: Box | None = None,
        severity: str = "",
    ) -> None:
        self._counts[code] += 1
        if self._counts[code] <= MAX_OF_A_CODE:
            excerpt = " ".join(excerpt[: 4 * MAX_EXCERPT].split())
            self._found.append(Found(code, page, box, excerpt, where, severity))

    def has(self, code: str, excerpt: str = "") -> bool:
        """Whether it was found already, with that excerpt if one is given."""
        said = " ".join(excerpt[: 4 * MAX_EXCERPT].split())
        return any(one.code == code and (not excerpt or one.excerpt == said) for one in self._found)

    def excerpts(self, code: str) -> list[str]:
        """What was found of one kind."""
        return [one.excerpt for one in self._found if one.code == code]

    def text(self, text: str, where: str, *, page: int | None = None, shown: bool = False) -> None:
        text = clean(text[:_MAX_STRING])
        if not any(character.isalnum() for character in text):
            return
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise TooMuch
        self.texts.append(Text(text, where, page, shown))

    def unseen_words(self, text: str) -> list[str]:
        """The words of ``text``, of three letters or more, that no page shows."""
        if letters(text) in self._letters:
            return []
        words = re.findall(r"[^\W\d_]{3,}", text)
        return [word for word in words if word.casefold() not in self._letters]

    def reading(self) -> tuple[list[Found], list[Text]]:
        found = list(self._found)
        for code, count in self._counts.items():
            if count > MAX_OF_A_CODE:
                more = count - MAX_OF_A_CODE
                found.append(Found(code, excerpt=f"and {more} more"))
        return found, self.texts
