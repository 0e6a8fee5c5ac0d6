"""Full text search over what is public: the text of records and of their files.

It goes through Wagtail's search backends. All words of a query must occur in one passage, in
any order. Only public passages are asked for, and what is found is led to public records
through the register, so a passage that is public by mistake finds nothing. Whoever shows the
hits resolves them through Wagtail's visibility as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

from django.db import connections, router
from django.db.models import Q, QuerySet

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.statements import Statement, by_keys, marks

from .indexing import search_backend
from .matching import Matcher
from .models import Record, RecordDocument, RecordState
from .passages import Passage
from .queries import Query
from .visibility import not_restricted

CAP = 3_000
MAX_WITHIN = 500

# Asked for first: PostgreSQL plans for the number that is asked for, and for thousands of rows
# it starts processes of which a rare word has no need.
_FEW = 200


@dataclass(frozen=True)
class Found:
    """``hits``: the first passage of each record that has all words, its own text before its
    files. ``complete`` is False where there are more than were looked at."""

    hits: dict[int, int]
    complete: bool


class _Hit(NamedTuple):
    pk: int
    record_id: int | None
    version_id: int | None
    number: int


class _Link(NamedTuple):
    pk: int
    record_id: int
    version_id: int


def find_records(query: Query, *, cap: int = CAP, fill: bool = False) -> Found:
    """The public records with a passage that matches, from at most ``cap`` passages.

    Where there are more, which ones are looked at is not said: ask :func:`find_within` for the
    records to be shown. PostgreSQL is not made to look at ``cap`` passages if it expects many
    more; with ``fill`` it is, for :func:`rank`.
    """
    public = Passage.objects.filter(public=True)
    limit = min(cap, _FEW)
    passages = _search(query, public, limit + 1)
    if len(passages) > limit < cap and (fill or not _are_many(query, public, cap)):
        limit = cap
        passages = _search(query, public, limit + 1)
    complete = len(passages) <= limit
    versions = {hit.version_id for hit in passages[:limit] if hit.version_id is not None}
    links = _links(Q(version__in=versions), cap + 1) if versions else []
    complete = complete and len(links) <= cap
    return Found(_resolve(passages[:limit], links[:cap]), complete)


def _are_many(query: Query, passages: QuerySet[Passage], cap: int) -> bool:
    """Whether PostgreSQL expects far more than ``cap``, which it knows of common words."""
    if connections[passages.db].vendor != "postgresql":
        return False
    results = search_backend().search(query.search_query, passages, order_by_relevance=False)
    if not hasattr(results, "get_queryset"):
        return False
    rows = results.get_queryset().order_by().values_list("pk")
    expected: float = json.loads(rows.explain(format="json"))[0]["Plan"]["Plan Rows"]
    return expected > 2 * cap


def find_within(query: Query, record_pks: Iterable[int]) -> dict[int, int]:
    """Those of these public records (500 at most) that match, with their first passage.

    Bounded whatever the words are, since only the passages of these records are looked at:
    about 0.05 ms for a record whose own text matches and 0.25 ms for any other on PostgreSQL.
    """
    pks = list(record_pks)
    if len(pks) > MAX_WITHIN:
        raise ValueError(f"At most {MAX_WITHIN} records at once.")
    public = Passage.objects.filter(public=True)
    hits = _resolve(_search(query, public.filter(record__in=pks)), [])
    # The own text of a record comes first, so its files need not be looked at.
    left = [pk for pk in pks if pk not in hits]
    links = _links(Q(record__in=left)) if left else []
    versions = {link.version_id for link in links}
    if versions:
        hits |= _resolve(_search(query, public.filter(version__in=versions)), links)
    return hits


def _search(query: Query, passages: QuerySet[Passage], limit: int | None = None) -> list[_Hit]:
    results = search_backend().search(query.search_query, passages, order_by_relevance=False)
    if not hasattr(results, "get_queryset"):  # an index outside of the database
        found = results[:limit] if limit else results
        return [_Hit(each.pk, each.record_id, each.version_id, each.number) for each in found]
    # Without an order, without the texts: what the database has to do is bounded by the limit.
    rows = results.get_queryset().order_by()
    return [
        _Hit(*row) for row in rows.values_list("pk", "record_id", "version_id", "number")[:limit]
    ]


def _links(condition: Q, limit: int | None = None) -> list[_Link]:
    """Which record names which file, where the file may be shown.

    In plain queries by key, here and below: joined to the states of records and files, SQLite
    begins at the wrong end of thousands of them.
    """
    rows = RecordDocument.objects.filter(condition).order_by()
    links = [_Link(*row) for row in rows.values_list("pk", "record_id", "version_id")[:limit]]
    readable = _readable({link.version_id for link in links})
    return [link for link in links if link.version_id in readable]


def _readable(versions: set[int]) -> set[int]:
    """Those of the files that may be shown at this moment. Like the gate, this asks for the state
    of the file and of its collection: one that was moved below a private one tells nobody."""
    cleared = DocumentVersion.objects.filter(
        pk__in=versions, state=VersionState.CLEARED, document__deleted_at=None
    )
    return set(not_restricted(cleared).order_by().values_list("pk", flat=True))


def _resolve(passages: list[_Hit], links: Iterable[_Link]) -> dict[int, int]:
    """The first passage of each public record."""
    by_version: dict[int, list[_Link]] = {}
    for link in links:
        by_version.setdefault(link.version_id, []).append(link)
    offered = {hit.record_id for hit in passages if hit.record_id is not None}
    offered |= {link.record_id for each in by_version.values() for link in each}
    using = router.db_for_read(Record)
    public: set[int] = {pk for (pk,) in by_keys(partial(_public_by_keys, using), offered)}
    first: dict[int, tuple[tuple[int, int, int], int]] = {}

    def offer(record: int, place: tuple[int, int, int], pk: int) -> None:
        if record not in first or place < first[record][0]:
            first[record] = (place, pk)

    for hit in passages:
        if hit.record_id in public:
            offer(hit.record_id, (0, 0, hit.number), hit.pk)
        for link in by_version.get(hit.version_id or 0, []):
            if link.record_id in public:
                offer(link.record_id, (1, link.pk, hit.number), hit.pk)
    return {record: pk for record, (_, pk) in first.items()}


@cache
def _public_by_keys(using: str, size: int) -> Statement:
    keys = marks(size)
    public = Record.objects.filter(pk__in=keys, state=RecordState.PUBLIC)
    return Statement.of(public.order_by().values_list("pk"), using, keys)


def rank(query: Query, hits: dict[int, int]) -> list[int]:
    """The records by relevance: the words in the first passage of their own text (where the
    title is) come first, then own text before files, then more and earlier occurrences.

    Nothing is weighed by how rare a word is: that would tell of texts that are not public.
    """
    matcher = Matcher(query)
    texts = partial(_texts_by_keys, router.db_for_read(Passage))
    scores = {
        pk: _score(matcher, record_id is not None, number, text)
        for pk, record_id, number, text in by_keys(texts, set(hits.values()))
    }
    return sorted(
        hits, key=lambda record: (scores.get(hits[record], (0, 0.0)), record), reverse=True
    )


@cache
def _texts_by_keys(using: str, size: int) -> Statement:
    keys = marks(size)
    passages = Passage.objects.filter(pk__in=keys).order_by()
    return Statement.of(passages.values_list("pk", "record_id", "number", "text"), using, keys)


def _score(matcher: Matcher, own: bool, number: int, text: str) -> tuple[int, float]:
    count, earliest = matcher.count(text)
    place = (2 if number == 0 else 1) if own else 0
    return place, count / (1 + number) + 1 / (1 + earliest)


@dataclass(frozen=True)
class Snippet:
    """A piece of a passage: ``html`` is safe, with the words in ``<mark>``; ``page`` is the
    file's, where it has pages."""

    html: str
    page: int | None
    version_pk: int | None


def snippets(query: Query, passage_pks: Iterable[int]) -> dict[int, Snippet]:
    """The best piece of each of these passages, as far as they are public."""
    matcher = Matcher(query)
    rows: Any = list(Passage.objects.filter(pk__in=list(passage_pks), public=True))
    files = {passage.version_id for passage in rows if passage.version_id is not None}
    readable = _readable(files) if files else set()
    return {
        passage.pk: Snippet(matcher.snippet(passage.text), passage.page, passage.version_id)
        for passage in rows
        if passage.version_id is None or passage.version_id in readable
    }
