"""The stored life of a document version: a small guarded state machine.

"Public" and "superseded" are not here: they follow from the register.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    INSPECTING = "inspecting", _("Being inspected")
    CLEARED = "cleared", _("Cleared")
    BLOCKED = "blocked", _("Blocked")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MOVES: dict[VersionState, frozenset[VersionState]] = {
    VersionState.UPLOADED: frozenset({VersionState.INSPECTING, VersionState.WITHDRAWN}),
    VersionState.INSPECTING: frozenset(
        {VersionState.CLEARED, VersionState.BLOCKED, VersionState.WITHDRAWN}
    ),
    # Re-inspection under newer rules starts again from INSPECTING.
    VersionState.CLEARED: frozenset({VersionState.INSPECTING, VersionState.WITHDRAWN}),
    # CLEARED only where a named person has overruled each finding: see ``overrules``.
    VersionState.BLOCKED: frozenset(
        {VersionState.INSPECTING, VersionState.CLEARED, VersionState.WITHDRAWN}
    ),
    VersionState.WITHDRAWN: frozenset(),
}


class IllegalMove(Exception):
    """A version was asked to move to a state that its present state does not lead to."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"A document version cannot move from {current} to {wanted}.")
        self.current = current
        self.wanted = wanted


def check_move(current: str, wanted: str) -> None:
    """Raise :class:`IllegalMove` unless ``current`` leads to ``wanted``."""
    if VersionState(wanted) not in MOVES[VersionState(current)]:
        raise IllegalMove(current, wanted)
