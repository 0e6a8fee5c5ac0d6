"""Which records a query asks for, in which order, and where in it an answer begins."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.register import search
from wagtail_safeguarding.register.clock import Now
from wagtail_safeguarding.register.facets import FACETS
from wagtail_safeguarding.register.hidden import hidden
from wagtail_safeguarding.register.overview import SORTS, Key, Order, Overview, overview
from wagtail_safeguarding.register.projection import compact
from wagtail_safeguarding.register.queries import Query as TextQuery
from wagtail_safeguarding.register.queries import read_query
from wagtail_safeguarding.register.schema import FORMS
from wagtail_safeguarding.register.surroundings import Surroundings, surroundings

from .query import Parameter, choice, date, keys, text
from .refusals import Malformed

RELEVANCE = "relevance"
WITHIN = 200
"""Records that a search for a common word asks for at a time, along the order."""
MOST_WITHIN = 25
"""So often at most, for one answer."""
MOST_AMONG = 500
"""So few records are asked for the words one and all, however common these are."""
MOST_VALUES = 500
"""Values of one facet in an answer."""


def _terms(name: str, what: str) -> Parameter:
    scheme = FACETS[name]
    return keys(name, f"{what}: keys of the vocabulary `{scheme}`; any of them.")


FILTERS = (
    text(
        "q",
        "Words that all occur in one passage of a record or of its files; “quoted” words in that "
        "order.",
        200,
    ),
    keys("kind", "What the record is; any of them.", known=FORMS),
    _terms("type", "Type of review"),
    keys("year", "Of the record's date; any of them.", pattern="[1-9][0-9]{3}"),
    date("date_from", "Records whose date may be on or after this; “2019” may be any day of it."),
    date("date_to", "Records whose date may be on or before this."),
    _terms("theme", "Practice theme, of the review or of a learning point"),
    _terms("harm", "Harm"),
    _terms("outcome", "Outcome"),
    _terms("age_band", "Age of the child"),
    _terms("recommendation_status", "Status of a recommendation"),
    _terms("audience", "For whom a document is"),
    _terms("role", "What a document is"),
    keys("language", "Language code of the record; any of them."),
    text("publisher", "The publisher, whole and exactly as records name it.", 255),
    keys("jurisdiction", "Where the type of review is used; any of them."),
)
"""The parameters that choose records: the same for lists, feeds and exports."""

SORT = choice(
    "sort",
    "The order. Records without a date come last. By relevance only with `q`, and then among the "
    f"{search.CAP} first found.",
    [*SORTS, RELEVANCE],
    "-date",
)


@dataclass(frozen=True)
class Picked:
    """A part of a selection: primary keys in order, and where the next part begins."""

    pks: list[int]
    next: str | None


class Search:
    """What the words of ``q`` find: among all records up to a bound, or among some."""

    def __init__(self, text: str, *, ranked: bool) -> None:
        words = read_query(text)
        if words is None:
            raise Malformed({"q": "There is no word in it."})
        self.words: TextQuery = words
        found = search.find_records(words, fill=ranked)
        self.hits = found.hits
        """The passage in which each record was found."""
        self.is_complete = found.complete
        """False: the words are so common that not everything they find was looked at."""

    def look_among(self, pks: list[int]) -> set[int]:
        """Those of the records (up to 500) that have the words."""
        found = search.find_within(self.words, pks)
        self.hits = {**self.hits, **found}
        return set(found)


class Selection:
    """The records that the filters of a query choose among all that are public."""

    def __init__(self, now: Now, values: dict[str, Any]) -> None:
        self.values = values
        self.surroundings: Surroundings = surroundings(now)
        self.overview: Overview = overview(now)
        self.sort: str = values.get("sort") or "-date"
        self._check()
        self.bits = self._filtered()
        words = values.get("q")
        self.search = Search(words, ranked=self.sort == RELEVANCE) if words else None
        self._ranked: list[int] = []
        self.is_complete = True
        """False: there may be more than ``count``."""
        if self.search:
            self._narrow(self.search)

    def _check(self) -> None:
        wrong = {}
        for facet, scheme in FACETS.items():
            if scheme and (given := self.values.get(facet)):
                unknown = [key for key in given if (scheme, key) not in self.surroundings.terms]
                if unknown:
                    wrong[facet] = f"The vocabulary {scheme} has no {', '.join(unknown)}."
        if self.sort == RELEVANCE and not self.values.get("q"):
            wrong["sort"] = "There is a relevance only with q."
        if wrong:
            raise Malformed(wrong)

    def _filtered(self) -> int:
        found = self.overview.everything
        if unseen := hidden().records:
            found &= ~self.overview.records(unseen)
        for facet in FACETS:
            if given := self.values.get(facet):
                wanted = (given,) if isinstance(given, str) else given
                found &= self.overview.having(facet, wanted)
        earliest, latest = self.values.get("date_from"), self.values.get("date_to")
        if earliest or latest:
            found &= self.overview.dated(_first(earliest), _last(latest))
        return found

    def _narrow(self, asked: Search) -> None:
        if not asked.is_complete and self.bits.bit_count() <= MOST_AMONG:
            # Few enough to ask for each of them.
            self.bits = self.overview.records(asked.look_among(self.overview.pks(self.bits)))
            return
        self.is_complete = asked.is_complete
        self._known = self.bits & self.overview.records(asked.hits)
        if asked.is_complete or self.sort == RELEVANCE:
            self.bits = self._known

    @property
    def _counted(self) -> int:
        return self.bits if self.is_complete else self._known

    @property
    def count(self) -> int:
        """How many records there are; at least so many, where it is not complete."""
        return self._counted.bit_count()

    def facets(self, wanted: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
        """The counts of each value among the records, the most frequent first."""
        found = {}
        for facet in wanted:
            counts = sorted(
                self.overview.counts(facet, self._counted).items(),
                key=lambda one: (-one[1], one[0]),
            )
            found[facet] = [
                {"value": value, "label": self.surroundings.label(facet, value), "count": count}
                for value, count in counts[:MOST_VALUES]
            ]
        return found

    def pick(self, cursor: str | None, limit: int) -> Picked:
        """The next ``limit`` records behind ``cursor``."""
        if self.search and self.sort == RELEVANCE:
            return self._pick_relevant(self.search, cursor, limit)
        order = self.overview.order(self.sort)
        after = self._key_of(cursor)
        if self.search and not self.is_complete:
            return self._pick_common(self.search, order, after, limit)
        # One more, to know whether there is more.
        places = order.pick(self.bits, after, limit + 1)
        pks = [self.overview.pk_at(slot) for _key, slot in places[:limit]]
        return Picked(pks, self._cursor(places[limit - 1][0]) if len(places) > limit else None)

    def _pick_common(self, asked: Search, order: Order, after: Key | None, limit: int) -> Picked:
        """For common words: walk along the order and ask of so many records at a time which of
        them have these."""
        pks: list[int] = []
        for _ in range(MOST_WITHIN):
            places = order.pick(self.bits, after, WITHIN)
            keys_of = {self.overview.pk_at(slot): key for key, slot in places}
            having = asked.look_among(list(keys_of))
            for pk, key in keys_of.items():
                after = key
                if pk in having:
                    pks.append(pk)
                    if len(pks) == limit:
                        return Picked(pks, self._cursor(key))
            if len(places) < WITHIN:
                return Picked(pks, None)
        # Bounded: the next answer goes on here, even if this one is short.
        return Picked(pks, self._cursor(after) if after else None)

    def _pick_relevant(self, asked: Search, cursor: str | None, limit: int) -> Picked:
        ranked = search.rank(
            asked.words, {pk: asked.hits[pk] for pk in self.overview.pks(self.bits)}
        )
        start = 0
        if cursor is not None:
            place, last = self._read_cursor(cursor)
            if type(place) is not int or not 0 < place <= search.CAP:
                raise Malformed({"cursor": "It is none that this API gave."})
            # Behind the last one sent; where that is gone, from its place on.
            start = ranked.index(last) + 1 if last in ranked else min(place - 1, len(ranked))
        self._ranked = ranked
        pks = ranked[start : start + limit]
        more = len(ranked) > start + limit
        return Picked(pks, self.cursor_behind(pks[-1]) if more else None)

    def cursor_behind(self, pk: int) -> str:
        """The cursor of what comes after this record."""
        if self.sort == RELEVANCE:
            return self._cursor((self._ranked.index(pk) + 1, pk))
        row = self.overview.rows[self.overview.slot_of[pk]]
        if row is None:
            raise LookupError(f"There is no record {pk}.")
        return self._cursor(SORTS[self.sort](row))

    # Cursors: the key of the last record that was sent, so that what is written in between
    # moves nothing

    def _cursor(self, key: Key) -> str:
        return base64.urlsafe_b64encode(compact([self.sort, *key])).decode().rstrip("=")

    def _read_cursor(self, cursor: str) -> Key:
        try:
            data = base64.urlsafe_b64decode(
                cursor.rstrip("=") + "=" * (-len(cursor.rstrip("=")) % 4)
            )
            sort, value, pk = json.loads(data)
        except (ValueError, binascii.Error, TypeError, RecursionError):
            raise Malformed({"cursor": "It is none that this API gave."}) from None
        if type(pk) is not int or isinstance(value, bool) or not isinstance(value, (int, str)):
            raise Malformed({"cursor": "It is none that this API gave."})
        if sort != self.sort:
            raise Malformed({"cursor": "It belongs to another order."})
        return value, pk

    def _key_of(self, cursor: str | None) -> Key | None:
        if cursor is None:
            return None
        key = self._read_cursor(cursor)
        kind = str if self.sort == "title" else int
        if type(key[0]) is not kind:
            raise Malformed({"cursor": "It is none that this API gave."})
        return key


def _first(value: PartialDate | None) -> int | None:
    return int(value.earliest.strftime("%Y%m%d")) if value else None


def _last(value: PartialDate | None) -> int | None:
    return int(value.latest.strftime("%Y%m%d")) if value else None
