"""Class attributes that add to the site's base page instead of replacing them.

``class ReviewPage(PracticeReviewMixin, TheirBasePage)`` reads ``content_panels`` from the
mixin. A plain list there would hide the panels, API fields and search fields of
``TheirBasePage``; a :class:`ComposedList` puts ours behind theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class ComposedList:
    """The list of the next class in the method resolution order, followed by ``own``."""

    def __init__(self, own: Iterable[Any]) -> None:
        self.own = list(own)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> list[Any]:
        found = False
        for cls in owner.__mro__:
            value = cls.__dict__.get(self.name)
            if found and value is not None:
                theirs = value.__get__(None, owner) if isinstance(value, ComposedList) else value
                return [*theirs, *self.own]
            found = found or value is self
        return list(self.own)
