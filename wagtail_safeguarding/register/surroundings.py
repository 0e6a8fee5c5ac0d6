"""What is joined to records when they are read: the labels of terms, and what their site or index
says on all its pages. An edit of one of these shows at once and rewrites no record."""

from __future__ import annotations

import dataclasses
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wagtail_safeguarding.vocabularies.models import Term

from .clock import Now
from .facets import FACETS, Value
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

    def labels(self, values: AbstractSet[Value]) -> bytes:
        """``{scheme: {key: label}}``, as JSON, for the terms among these values of facets."""
        known, members = self._members
        if unknown := values - known:
            known, members = self._members = self._with(unknown)
        parts = []
        for scheme, ours in members.items():
            if found := [member for value, member in ours if value in values]:
                parts.append(b"%s:{%s}" % (scheme, b",".join(found)))
        return b"{%s}" % b",".join(parts)

    _Members = tuple[AbstractSet[Value], dict[bytes, list[tuple[Value, bytes]]]]

    @cached_property
    def _members(self) -> _Members:
        """The values that have been asked for, and of those with a vocabulary, under its name, what
        stands for each in its JSON object. Never changed, only replaced: several threads read."""
        return frozenset(), {}

    def _with(self, values: AbstractSet[Value]) -> _Members:
        known = self._members[0] | values
        members: dict[bytes, list[tuple[Value, bytes]]] = {}
        # In the same order in all processes: the ETag of an answer stands for every byte of it.
        for value in sorted(known, key=lambda one: (one.scheme or "", one.value)):
            if value.scheme:
                member = compact({value.value: self.label(value.facet, value.value)})[1:-1]
                members.setdefault(compact(str(value.scheme)), []).append((value, member))
        return known, members


_latest: tuple[str, Surroundings] = ("", Surroundings())


def surroundings(now: Now) -> Surroundings:
    """What is joined to records under this reading of the clock."""
    global _latest
    token, known = _latest
    if not now.surroundings or token != now.surroundings:
        known = Surroundings()
        _latest = (now.surroundings, known)
    return known
