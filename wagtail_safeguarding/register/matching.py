"""Where the words of a query stand in a text, as nearly as the search backends see it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import takewhile

from .queries import Query

LENGTH = 240
_AROUND = 60
_ENOUGH = 300
_MORE = "…"

# English endings, for a backend that finds "neglected" for "neglect". A word is taken to be
# another's form if both have these endings after the same beginning.
_ENDINGS = (
    "ements", "ement", "ingly", "ments", "ment", "ings", "ions", "ally", "edly", "ing", "ion",
    "ies", "ely", "ers", "al", "ed", "er", "es", "ly", "e", "s", "y", "i",
)  # fmt: skip
_SHORTEST = 3


class Matcher:
    """Finds the words of one query."""

    def __init__(self, query: Query) -> None:
        words = sorted({fold(word) for word in query.words}, key=len, reverse=True)
        endings = "|".join(_ENDINGS)
        forms = [
            re.escape(word)
            if beginning(word) == word and not word.isalpha()
            else f"{re.escape(beginning(word))}(?:{endings})?"
            for word in words
            if word
        ]
        whole = "|".join(forms)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{whole})(?![^\W_])")
        # Each begins with letters, which is looked for many times as fast.
        self._by_beginning = [re.compile(rf"{form}(?![^\W_])") for form in forms]
        self._beginnings = sorted(set(map(beginning, words)), key=len, reverse=True)

    def matches(self, text: str) -> Iterator[tuple[int, int]]:
        """Beginning and end of each word that matches."""
        folded, places = fold_with_places(text)
        for found in self._pattern.finditer(folded):
            start, end = found.span()
            yield (start, end) if places is None else (places[start], places[end])

    def count(self, text: str) -> tuple[int, int]:
        """How many words match, and about where the first one is."""
        folded = fold(text)
        starts = {
            found.start()
            for pattern in self._by_beginning
            for found in pattern.finditer(folded)
            if not (found.start() and folded[found.start() - 1].isalnum())
        }
        return len(starts), min(starts, default=len(text))

    def snippet(self, text: str, length: int = LENGTH) -> str:
        """At most ``length`` characters of ``text`` around the place with most of the words,
        as HTML."""
        text = " ".join(text.split())
        matches = list(self.matches(text))
        start, end = _window(text, self._best(text, matches, length - 2 * len(_MORE)), length)
        html = [_MORE] if start else []
        last = start
        for first, after in matches:
            if start <= first and after <= end:
                html += [escape(text[last:first]), "<mark>", escape(text[first:after]), "</mark>"]
                last = after
        html.append(escape(text[last:end]))
        html += [_MORE] if end < len(text) else []
        return "".join(html)

    def _best(self, text: str, matches: list[tuple[int, int]], length: int) -> int:
        """Where the first piece with most different words begins."""
        found = [(at, end, self._which(fold(text[at:end]))) for at, end in matches[:_ENOUGH]]
        best, place = 0, 0
        for index, (start, _, _) in enumerate(found):
            near = takewhile(lambda each: each[1] - start <= length - _AROUND, found[index:])  # noqa: B023
            different = len({word for _, _, word in near})
            if different > best:
                best, place = different, start
            if best == len(self._beginnings):
                break
        return place

    def _which(self, word: str) -> str:
        return next((each for each in self._beginnings if word.startswith(each)), word)


def _window(text: str, place: int, length: int) -> tuple[int, int]:
    """A piece of ``text`` around ``place``, from a word's beginning to a word's end."""
    if len(text) <= length:
        return 0, len(text)
    room = length - 2 * len(_MORE)
    start = max(0, min(place - _AROUND, len(text) - room))
    if start:
        start = min(text.find(" ", start, place) + 1 or start, place)
    end = min(len(text), start + room)
    if end < len(text):
        end = max(text.rfind(" ", place + 1, end), 0) or end
    return start, end


def beginning(word: str) -> str:
    """``word`` without an English ending, where enough is left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def fold(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def fold_with_places(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters (and its end) the place in ``text``;
    None where they are the same."""
    if text.isascii():
        return text.lower(), None
    letters = list(map(_fold_character, text))
    places = [place for place, folded in enumerate(letters) for _ in folded]
    return "".join(letters), [*places, len(text)]


_MARKS = re.compile("[\u0300-\u036f]")
_fold_character = lru_cache(maxsize=4096)(fold)
