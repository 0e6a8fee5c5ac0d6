"""The request that is being answered, for serializer fields that are not told.

API v3 calls a serializer field without a context.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_request: ContextVar[Any] = ContextVar("safeguarding_api_request", default=None)


@contextmanager
def answering(request: Any) -> Iterator[None]:
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def current_request() -> Any:
    """The request that :func:`answering` is about, if any."""
    return _request.get()
