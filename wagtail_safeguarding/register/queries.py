"""What a visitor asks for: words and phrases, read from any text at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

from wagtail.search.query import Phrase, PlainText, SearchQuery

MAX_CHARACTERS = 200
MAX_WORDS = 10

_QUOTES = re.compile('["“”„«»]')


@dataclass(frozen=True)
class Query:
    """``terms`` must all occur in one passage. A term of several words is a phrase."""

    terms: tuple[tuple[str, ...], ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for term in self.terms for word in term))

    @cached_property
    def search_query(self) -> SearchQuery:
        """The query for Wagtail's search backends."""
        single = " ".join(term[0] for term in self.terms if len(term) == 1)
        parts: list[SearchQuery] = [PlainText(single, operator="and")] if single else []
        parts += [Phrase(" ".join(term)) for term in self.terms if len(term) > 1]
        return reduce(and_, parts)

    def __str__(self) -> str:
        return " ".join(term[0] if len(term) == 1 else f'"{" ".join(term)}"' for term in self.terms)


def read_query(text: str) -> Query | None:
    """The words of ``text``, at most 10 of its first 200 characters; None if there are none.

    What stands between quotation marks is a phrase. Anything but letters and digits divides
    words, so no text is an error and none has a meaning to a search backend.
    """
    left = MAX_WORDS
    terms: list[tuple[str, ...]] = []
    for place, part in enumerate(_QUOTES.split(text[:MAX_CHARACTERS])):
        words = split_words(part)[:left]
        left -= len(words)
        if place % 2 and words:
            terms.append(tuple(words))
        else:
            terms += [(word,) for word in words]
    return Query(tuple(dict.fromkeys(terms))) if terms else None


def split_words(text: str) -> list[str]:
    """The words of a short text: letters, digits and the marks that belong to them."""
    whole = unicodedata.normalize("NFC", text)
    divided = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in whole)
    # A word of marks alone is nothing that an index has.
    return [word for word in divided.split() if any(c.isalnum() for c in word)]
