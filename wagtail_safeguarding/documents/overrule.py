"""Clear a version that inspection blocked: a named person's decision, with a reason (P5)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from .models import DocumentVersion
from .permissions import may_overrule
from .states import IllegalMove, VersionState


def overrule(version: DocumentVersion, *, reason: str, user: Any) -> None:
    """Clear ``version`` although inspection blocked it; on record for good.

    Raises :class:`~django.core.exceptions.PermissionDenied` for the uploader and for
    people without the right, :class:`~.states.IllegalMove` for a version that is not
    blocked, and :class:`~django.core.exceptions.ValidationError` without a reason, or
    where the stored bytes are not the uploaded ones: those nobody has seen.
    """
    if not may_overrule(user, version):
        raise PermissionDenied
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Give a reason."))
    if version.state != VersionState.BLOCKED:
        raise IllegalMove(version.state, VersionState.CLEARED)
    inspected = (version.inspection or {}).get("sha256")
    if inspected != version.sha256:
        raise ValidationError(
            _("The stored file is not the one that was uploaded. Upload the right one again.")
        )
    version.move(VersionState.CLEARED, user=user, reason=reason)
