"""Conditions of requests: whether what a client has still holds.

An ETag that held is remembered for as long as nothing at all is written to the database: to find
it again would give the same. Where the database does not say whether anything was written, each
condition is looked into anew.
"""

from __future__ import annotations

from django.db import connections, router
from django.http import HttpRequest

from wagtail_safeguarding.kept import Kept, State, state_of
from wagtail_safeguarding.register.hidden import hidden
from wagtail_safeguarding.register.models import Record

_CONDITION = "HTTP_IF_NONE_MATCH"
_GZIPPED = '-gzip"'
_MOST = 1_000
"""Addresses that are remembered, for each thread."""


def asks_for_news(request: HttpRequest) -> bool:
    """Whether the client has an answer already, and asks for one only if that holds no more."""
    return _CONDITION in request.META


def known_to_client(request: HttpRequest, etag: str, *, whatever: bool = False) -> str:
    """The ETag, compressed or not, if the client says that it has it; "" if not. ``*`` counts only
    with ``whatever``, where it is known that there is an answer."""
    asked = request.META.get(_CONDITION, "")
    if not asked or not etag:
        return ""
    if asked.strip() == "*":
        return etag if whatever else ""
    forms = {etag, compressed(etag)}
    tags = (tag.strip().removeprefix("W/") for tag in asked.split(","))
    return next((tag for tag in tags if tag in forms), "")


def compressed(etag: str) -> str:
    """The ETag of the same, compressed."""
    return etag[:-1] + _GZIPPED


_held: Kept[dict[tuple[str, ...], str]] = Kept()


class Remembered:
    """What held at the address of a request, in a state of the database."""

    def __init__(self, request: HttpRequest, using: str, state: State) -> None:
        self._using = using
        self._state = state
        # What else answers depend on: to look for records that are hidden writes nothing.
        self._address = (hidden().token, request.path, request.META.get("QUERY_STRING", ""))

    @classmethod
    def of(cls, request: HttpRequest) -> Remembered | None:
        """None, where it would have to be looked into anew anyway; and where there are several
        databases, since one answer may ask more than one of them."""
        if len(connections.settings) > 1:
            return None
        using = router.db_for_read(Record)
        state = state_of(using)
        return cls(request, using, state) if state is not None else None

    @property
    def etag(self) -> str:
        """The uncompressed one; "" where nothing is remembered."""
        return (_held.get(self._using, self._state) or {}).get(self._address, "")

    def keep(self, etag: str) -> None:
        """It held in this state of the database, or in a later one."""
        values = _held.get(self._using, self._state)
        if values is None or len(values) >= _MOST:
            values = {}
            _held.keep(self._using, self._state, values)
        values[self._address] = etag.replace(_GZIPPED, '"')
