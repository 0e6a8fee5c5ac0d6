"""What a record can be filtered and counted by, and what a list shows of it."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from wagtail_safeguarding.vocabularies.defaults import Scheme

from .schema import ItemDocument, PublicForm, PublicReview

FACETS: dict[str, Scheme | None] = {
    "kind": None,
    "type": Scheme.REVIEW_TYPE,
    "year": None,
    "theme": Scheme.THEME,
    "harm": Scheme.HARM,
    "outcome": Scheme.OUTCOME,
    "age_band": Scheme.AGE_BAND,
    "recommendation_status": Scheme.RECOMMENDATION_STATUS,
    "audience": Scheme.AUDIENCE,
    "role": Scheme.DOCUMENT_ROLE,
    "language": None,
    "publisher": None,
    "jurisdiction": None,
}
"""By the name of the parameter; the vocabulary whose keys are its values, if one."""


class Value:
    """A value of a facet: one object in a process, which is told from another, and found in a dict,
    several times as fast as a pair of texts is. There are as many as the register has had."""

    __slots__ = ("bit", "facet", "scheme", "value")

    def __init__(self, facet: str, value: str) -> None:
        self.facet = facet
        self.value = value
        self.scheme: Scheme | None = FACETS.get(facet)
        self.bit = 0
        """For the key of a term, one of its own: a set of terms is a number."""
        if self.scheme:
            self.bit = 1 << len(_TERMS)
            _TERMS.append(self)

    @classmethod
    def of(cls, facet: str, value: str) -> Value:
        found = cls.known(facet, value)
        if found is None:
            with _lock:
                found = cls.known(facet, value)
                if found is None:
                    found = _VALUES[facet, value] = cls(facet, value)
        return found

    @classmethod
    def known(cls, facet: str, value: str) -> Value | None:
        """None, unless some record has had it: what people ask for is not kept."""
        return _VALUES.get((facet, value))

    def __repr__(self) -> str:
        return f"{self.facet}={self.value}"


_VALUES: dict[tuple[str, str], Value] = {}
_TERMS: list[Value] = []
_lock = threading.Lock()


def values_of(facets: dict[str, list[str]]) -> tuple[Value, ...]:
    """Of a record's facets as they are stored."""
    return tuple(Value.of(facet, value) for facet, some in facets.items() for value in some)


def terms_among(values: Iterable[Value]) -> int:
    """The terms among these, as a number."""
    found = 0
    for value in values:
        found |= value.bit
    return found


def terms_in(bits: int) -> Iterator[Value]:
    """The terms in a set of them (see :attr:`Value.bit`)."""
    return (value for value in list(_TERMS) if bits & value.bit)


SUMMARY_LENGTH = 300

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_IN_LIST = ("reference", "outcome", "age_band", "harms", "themes", "subjects", "jurisdiction")


def facets_of(form: PublicForm) -> dict[str, list[str]]:
    """``{facet: [value, ...]}``, without the facets that say nothing of this record."""
    documents = form.all_documents()
    found: dict[str, Any] = {
        "kind": [form.kind],
        "year": [form.date.value[:4]] if form.date else [],
        "language": [form.language],
        "publisher": [form.publisher],
        "role": [document.role for document in documents],
        "audience": [key for document in documents for key in document.audience],
    }
    if isinstance(form, PublicReview):
        themes = [key for point in form.learning_points for key in point.themes]
        found |= {
            "type": [form.review_type],
            "jurisdiction": [form.jurisdiction],
            "outcome": [form.outcome],
            "age_band": [form.age_band],
            "harm": form.harms,
            "theme": [*form.themes, *themes],
            "recommendation_status": [one.status for one in form.recommendations],
        }
    told = {name: list(dict.fromkeys(filter(None, values))) for name, values in found.items()}
    return {name: values for name, values in told.items() if values}


def item_of(form: PublicForm) -> dict[str, Any]:
    """The part of ``schema.Item`` that comes from the form."""
    item: dict[str, Any] = {
        "kind": form.kind,
        "title": form.title,
        "language": form.language,
        "summary": shorten(plain(form.summary)),
        "date": form.date.model_dump() if form.date else None,
        "publisher": form.publisher,
        "documents": [
            {name: getattr(document, name) for name in ItemDocument.model_fields}
            for document in form.all_documents()
        ],
    }
    if isinstance(form, PublicReview):
        item["review_type"] = form.review_type
        item |= {name: getattr(form, name) for name in _IN_LIST}
    return item


def plain(markup: str) -> str:
    """The words of rich text, without its marks."""
    return _SPACE.sub(" ", html.unescape(_TAG.sub(" ", markup))).strip()


def shorten(text: str) -> str:
    if len(text) <= SUMMARY_LENGTH:
        return text
    return text[: SUMMARY_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def text_of(form: PublicForm) -> str:
    """What of the page itself can be searched: its title first."""
    found = [form.title, plain(form.summary)]
    if isinstance(form, PublicReview):
        found += [form.reference, *form.subjects]
    found += [plain(markup) for markup in _markup(form)]
    return "\n".join(text for text in found if text)


def _markup(form: PublicForm) -> list[str]:
    found = [
        getattr(block, name)
        for block in form.body
        for name in ("text", "html")
        if hasattr(block, name)
    ]
    for document in form.all_documents():
        found += [html.escape(document.title), html.escape(document.description)]
    if isinstance(form, PublicReview):
        for point in form.learning_points:
            found += [html.escape(point.title), point.text]
        found += [html.escape(one.text) for one in form.recommendations]
    for section in getattr(form, "sections", []):
        found += [html.escape(section.heading), section.introduction]
    for link in form.further_information:
        found += [html.escape(link.title), html.escape(link.description)]
    return found
