"""Terms by key: the whole vocabulary read once, then looked up in memory.

The vocabularies hold some hundred rows, so one query for all of them beats one for
each field of each page. The table lives as long as the HTTP request it is kept on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db import router

from wagtail_safeguarding.statements import Statement

from .defaults import Scheme
from .models import Term


class Vocabulary:
    """All terms, by ``(scheme, key)``."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {(term.scheme, term.key): term for term in terms}

    @classmethod
    def load(cls) -> Vocabulary:
        return cls(Term.objects.all())

    @classmethod
    def for_request(cls, request: Any) -> Vocabulary:
        """The table kept on ``request``; a fresh one where there is no request."""
        if request is None:
            return cls.load()
        vocabulary = getattr(request, "_safeguarding_vocabulary", None)
        if not isinstance(vocabulary, cls):
            vocabulary = cls.load()
            request._safeguarding_vocabulary = vocabulary
        return vocabulary

    def get(self, scheme: Scheme | str, key: str | None) -> Term | None:
        return self._terms.get((str(scheme), key)) if key else None

    def get_dict(self, scheme: Scheme | str, key: str | None) -> dict[str, Any] | None:
        """The API form of a term. A key without a term is still sent, labelled by itself."""
        if not key:
            return None
        term = self.get(scheme, key)
        if term is None:
            return {"scheme": str(scheme), "key": key, "label": key, "abbreviation": ""}
        return term.as_dict()

    def get_dicts(self, scheme: Scheme | str, keys: Iterable[str]) -> list[dict[str, Any]]:
        return [found for key in keys if (found := self.get_dict(scheme, key)) is not None]

    def get_label(self, scheme: Scheme | str, key: str | None) -> str:
        found = self.get_dict(scheme, key)
        return str(found["label"]) if found else ""


_read: ContextVar[dict[str, set[str]] | None] = ContextVar("safeguarding_terms_read", default=None)


@contextmanager
def terms_read_once() -> Iterator[None]:
    """Meanwhile, :func:`known_keys` asks the database once for all vocabularies."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def known_keys(scheme: Scheme | str) -> set[str]:
    """The keys of all terms of a vocabulary, deprecated ones too."""
    found = _read.get()
    if not found:
        found = {} if found is None else found
        for of, key in _keys(router.db_for_read(Term)).ask():
            found.setdefault(of, set()).add(key)
    return found.get(str(scheme), set())


@cache
def _keys(using: str) -> Statement:
    return Statement.of(Term.objects.order_by().values_list("scheme", "key"), using)


def term_choices(scheme: Scheme | str) -> list[tuple[str, str]]:
    """Choices for a form: current terms first, deprecated ones last and marked.

    Deprecated terms stay valid, so that an old page can be saved as it is.
    """
    terms = sorted(
        Term.objects.filter(scheme=str(scheme)), key=lambda t: (t.deprecated, t.sort_order, t.label)
    )
    return [
        (term.key, f"{term} – no longer used" if term.deprecated else str(term)) for term in terms
    ]
