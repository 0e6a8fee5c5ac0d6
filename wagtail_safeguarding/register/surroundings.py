"""What is joined to records when they are read: the labels of terms, and what their site or index
says on all its pages. An edit of one of these shows at once and rewrites no record."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, groupby
from operator import itemgetter
from typing import Any

from wagtail_safeguarding.vocabularies.models import Term

from .clock import Now
from .facets import FACETS, terms_in
from .models import Record, RecordState, SiteNotice
from .projection import compact, read_payload

_SCHEMES = {facet: scheme.value for facet, scheme in FACETS.items() if scheme}


@dataclass(frozen=True)
class Notice:
    """What stands on all pages of a site or below an index."""

    emergency_lines: list[dict[str, Any]] = field(default_factory=list)
    alternative_format_contact: str = ""

    @cached_property
    def as_json(self) -> bytes:
        return compact(dataclasses.asdict(self))


class Surroundings:
    """Read once, and used as long as the clock names the same token."""

    @cached_property
    def terms(self) -> dict[tuple[str, str], Term]:
        return {(term.scheme, term.key): term for term in Term.objects.all()}

    @cached_property
    def _sites(self) -> dict[int, Notice]:
        return {
            notice.site_id: Notice(notice.emergency_lines, notice.alternative_format_contact)
            for notice in SiteNotice.objects.all()
        }

    @cached_property
    def _indexes(self) -> dict[int, list[dict[str, Any]]]:
        indexes = Record.objects.filter(kind="index", state=RecordState.PUBLIC, page_deleted=False)
        forms = (
            (page_id, read_payload(payload))
            for page_id, payload in indexes.values_list("page_id", "payload")
        )
        return {
            page_id: lines for page_id, form in forms if (lines := form.get("own_emergency_lines"))
        }

    def notice(self, site_id: int | None, lines_from: int | None) -> Notice:
        """What stands on a page of this site, with the emergency lines of that index."""
        found = self._notices.get((site_id, lines_from))
        if found is None:
            of_site = self._sites.get(site_id or 0, Notice())
            lines = self._indexes.get(lines_from or 0, of_site.emergency_lines)
            found = Notice(lines, of_site.alternative_format_contact)
            self._notices[site_id, lines_from] = found
        return found

    @cached_property
    def _notices(self) -> dict[tuple[int | None, int | None], Notice]:
        return {}

    @cached_property
    def _labels(self) -> dict[tuple[str, str], str]:
        return {(term.scheme, term.key): term.label for term in self.terms.values()}

    def label(self, facet: str, key: str) -> str:
        """What people read for the value of a facet; a key without a term is its own label."""
        return self._labels.get((_SCHEMES.get(facet, ""), key), key)

    def labels(self, terms: int) -> bytes:
        """``{scheme: {key: label}}``, as JSON, for a set of terms (see :attr:`.Value.bit`)."""
        known = self._members
        if terms & ~known.terms:
            known = self._members = Members.of(known.terms | terms, self.label)
        return known.of_those_in(terms)

    @cached_property
    def _members(self) -> Members:
        """Of the terms that have been asked for. Never changed, only replaced: several threads
        read."""
        return Members.of(0, self.label)


@dataclass(frozen=True)
class Members:
    """What stands for each of some terms in a JSON object of its vocabulary."""

    terms: int
    schemes: list[tuple[bytes, slice]]
    """The vocabularies as JSON, and where the members of each are."""
    members: list[bytes]
    _in_order: Callable[[bytes], tuple[int, ...]]

    @classmethod
    def of(cls, terms: int, label: Callable[[str, str], str]) -> Members:
        # In the same order in all processes: the ETag of an answer stands for every byte of it.
        found = sorted(terms_in(terms), key=lambda one: (one.scheme or "", one.value))
        members = [compact({one.value: label(one.facet, one.value)})[1:-1] for one in found]
        schemes: list[tuple[bytes, slice]] = []
        for scheme, group in groupby(enumerate(found), key=lambda one: one[1].scheme):
            places = [place for place, _one in group]
            schemes.append((compact(str(scheme)), slice(places[0], places[-1] + 1)))
        # Behind the last one: of one place alone, itemgetter makes no tuple.
        ends = [terms.bit_length()] * 2
        places = [terms.bit_length() - one.bit.bit_length() + 1 for one in found]
        return cls(terms, schemes, members, itemgetter(*places, *ends))

    def of_those_in(self, terms: int) -> bytes:
        """The JSON object of the vocabularies for those of the terms."""
        # A digit for each bit, the highest first, and one before them so that there are as many
        # each time.
        digits = f"{terms | 1 << self.terms.bit_length():b}".encode()
        is_in = self._in_order(digits.translate(_TRUTH))
        parts = []
        for scheme, where in self.schemes:
            if found := [*compress(self.members[where], is_in[where])]:
                parts.append(b"%s:{%s}" % (scheme, b",".join(found)))
        return b"{%s}" % b",".join(parts)


_TRUTH = bytes.maketrans(b"01", b"\0\1")


_latest: tuple[str, Surroundings] = ("", Surroundings())


def surroundings(now: Now) -> Surroundings:
    """What is joined to records under this reading of the clock."""
    global _latest
    token, known = _latest
    if not now.surroundings or token != now.surroundings:
        known = Surroundings()
        _latest = (now.surroundings, known)
    return known
