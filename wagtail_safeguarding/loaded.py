"""Objects that a response has read already, so that the blocks of its pages do not read them again.

A chooser block turns the keys of a page's content into objects, with one query for each list
of each page. Inside :func:`loaded`, our chooser blocks take them from there instead. What is
not there does not exist: whoever loads has to load everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .keys import as_pk

Loaded = Mapping[type, Mapping[int, Any]]

_loaded: ContextVar[Loaded | None] = ContextVar("wagtail_safeguarding_loaded", default=None)


@contextmanager
def loaded(objects: Loaded) -> Iterator[None]:
    """``objects``: by model, by primary key."""
    token = _loaded.set(objects)
    try:
        yield
    finally:
        _loaded.reset(token)


class LoadedObjectsMixin:
    """For a chooser block: chosen objects come from :func:`loaded`, where there is one."""

    model_class: Any

    def bulk_to_python(self, values: Any) -> list[Any]:
        objects = _loaded.get()
        if objects is None:
            found: list[Any] = super().bulk_to_python(values)  # type: ignore[misc]
            return found
        known = objects.get(self.model_class, {})
        keys = [as_pk(value) for value in values]
        return [known.get(key) if key is not None else None for key in keys]
