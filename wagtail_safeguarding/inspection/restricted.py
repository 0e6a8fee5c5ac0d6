"""Names that must not appear: kept as keyed hashes, and found in texts without being known.

Who reads the hashes learns no name without the key. A name is hashed word by word pair ("john
smith", "smith john"), so that it is found in any order and with a middle name; a name of one word
as that word.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from .identifiers import without_identifiers
from .identifiers.hits import words
from .reading import Found, Text
from .words import pairs_at, seen_text, units_at, words_of

CODE = "restricted-name"
MAX_NAMES = 500
MAX_NAME = 200
MAX_NAME_WORDS = 8
_DIGEST_BYTES = 16
_MAX_FOUND = 100
_CONTEXT = 30
_PIECE = 200_000
_SHARED = 1_000
# Two of them are nobody's name, unless the whole name is made of them ("Ben Mac").
_PARTICLES = words(
    """
    al an ap ab ben bin bint da das de del della den der des di do dos du el la las le les los mac
    mc o of st ter the van vel ver von y
    """
)


class BadName(ValueError):
    """A line of the list is no name. Its own text is not told: errors are logged."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True)
class Match:
    """A name of the list at ``[start:end]`` of a text."""

    start: int
    end: int


class RestrictedNames:
    """The hashes of a list, and the key they were made with."""

    def __init__(self, hashes: Iterable[str], key: bytes) -> None:
        self._hashes = frozenset(hashes)
        self._key = key

    def matches(self, text: str) -> list[Match]:
        """Where names of the list stand in a text (see ``seen_text``), in order, none over
        another."""
        known: dict[str, bool] = {}

        def is_known(term: str) -> bool:
            found = known.get(term)
            if found is None:
                found = known[term] = _hash(term, self._key) in self._hashes
            return found

        spans = []
        for offset, piece in _pieces(text):
            said = words_of(piece)
            for at in range(len(said)):
                terms = [(unit.plain, unit.after) for unit in units_at(said, at)]
                terms += [(f"{a.plain} {b.plain}", b.after) for a, b in pairs_at(said, at)]
                spans += [
                    (offset + said[at].start, offset + said[after - 1].end)
                    for term, after in terms
                    if is_known(term)
                ]
        return _merged(spans)

    def find(self, texts: Iterable[Text]) -> list[Found]:
        """What of these texts is on the list: one finding for each place, without the name."""
        found: dict[tuple[str, int | None], Found] = {}
        for text in texts:
            place = (text.where, text.page)
            said = seen_text(text.text)
            if place in found or not (matches := self.matches(said)):
                continue
            excerpt = without_identifiers(_excerpt(said, matches))
            found[place] = Found(CODE, text.page, None, excerpt, self.masked(text.where))
            if len(found) == _MAX_FOUND:
                break
        return list(found.values())

    def masked(self, text: str) -> str:
        """``text`` with dots in the place of the names."""
        said = seen_text(text)
        matches = self.matches(said)
        return _masked(said, 0, len(said), matches) if matches else text


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """``text`` in pieces that share their ends, so that of a long one not all words are kept."""
    start = 0
    while len(text) - start > _PIECE:
        end = text.rfind(" ", start + _PIECE - _SHARED, start + _PIECE)
        end = start + _PIECE if end < 0 else end
        yield start, text[start:end]
        shared = text.find(" ", end - _SHARED, end)
        start = end if shared < 0 else shared
    yield start, text[start:]


def hash_names(text: str, key: bytes) -> tuple[list[str], int]:
    """The hashes of a list with a name on each line, and how many names there are.

    Raises :class:`BadName` for a line without letters, or beyond a limit.
    """
    hashes: set[str] = set()
    count = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        count += 1
        terms = list(_terms(line)) if len(line) <= MAX_NAME and count <= MAX_NAMES else []
        if not terms:
            raise BadName(number)
        hashes.update(_hash(term, key) for term in terms)
    return sorted(hashes), count


def _terms(name: str) -> Iterator[str]:
    # A name of the list is taken as it is: "McDonald" is one word of it.
    parts = [word.plain for word in words_of(seen_text(name.lower()))]
    if len(parts) > MAX_NAME_WORDS or sum(map(len, parts)) < 2:
        return
    if len(parts) == 1:
        yield parts[0]
        return
    together = {*pairwise(parts), (parts[0], parts[-1])}
    left_out = set() if set(parts) <= _PARTICLES else _PARTICLES
    for one, other in together:
        if {one, other} <= left_out:
            continue
        yield f"{one} {other}"
        yield f"{other} {one}"
        if len(one + other) > 3:
            yield one + other
            yield other + one
    yield "".join(parts)


def _hash(term: str, key: bytes) -> str:
    return hmac.digest(key, term.encode(), "sha256")[:_DIGEST_BYTES].hex()


def _merged(spans: Iterable[tuple[int, int]]) -> list[Match]:
    merged: list[Match] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1].end:
            merged[-1] = Match(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Match(start, end))
    return merged


def _excerpt(text: str, matches: list[Match]) -> str:
    first = matches[0]
    start = text.find(" ", max(0, first.start - _CONTEXT), first.start) + 1 or first.start
    if first.start <= _CONTEXT:
        start = 0
    end = text.rfind(" ", first.end, first.end + _CONTEXT)
    if len(text) <= first.end + _CONTEXT:
        end = len(text)
    return " ".join(_masked(text, start, max(end, first.end), matches).split())


def _masked(text: str, start: int, end: int, matches: list[Match]) -> str:
    parts = []
    at = start
    for match in matches:
        if match.start >= end:
            break
        parts += [text[at : match.start], "•••"]
        at = match.end
    return "".join([*parts, text[at:end]])
