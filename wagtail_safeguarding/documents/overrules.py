"""``Overrule``: a finding that keeps a file from being published, overruled by a named person (P5).

Findings are overruled one by one, each with a reason, for exactly these bytes. A file is cleared
when every one of its blockers is overruled. What nobody has seen is not for anybody to decide: a
file that could not be read, or not to its end, or that a virus scanner did not pass.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_safeguarding.inspection.report import Severity

from .models import DocumentVersion
from .permissions import may_overrule
from .states import IllegalMove, VersionState

OVERRULED = "wagtail_safeguarding.finding_overruled"

NEVER = frozenset({"uninspectable", "too-many", "empty", "too-large", "type-refused"})
"""Codes that nobody overrules, beside a virus scanner's: what the file holds is unknown."""

_PURPOSE = "wagtail_safeguarding.overrule"

Finding = Mapping[str, Any]
"""A finding as a stored report has it."""


class PermanentOverrule(Exception):
    """Overrules are written once and neither changed nor deleted."""


class OverruleQuerySet(models.QuerySet["Overrule"]):
    def update(self, **values: Any) -> int:
        raise PermanentOverrule("An overrule cannot be changed.")

    def delete(self) -> Any:
        raise PermanentOverrule("An overrule cannot be deleted.")


class Overrule(models.Model):
    """One decision on one finding. It repeats nothing of the file: that may name somebody."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="overrules")
    sha256 = models.CharField(max_length=64)
    rules_version = models.PositiveIntegerField(null=True)
    code = models.CharField(max_length=60)
    page = models.PositiveIntegerField(null=True)
    fingerprint = models.CharField(
        max_length=64, help_text="A keyed hash of the finding's code, page, place and excerpt."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    user_name = models.CharField(max_length=255, help_text="Stays when the account is deleted.")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    objects = OverruleQuerySet.as_manager()

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        # It is made by whoever may overrule an inspection, and by nobody else.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "fingerprint"], name="safeguarding_overrule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} of version {self.version_id}, by {self.user_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PermanentOverrule("An overrule cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise PermanentOverrule("An overrule cannot be deleted.")


def fingerprint(finding: Finding, secret: Any = None) -> str:
    """What stands for this finding, whatever rules found it. Keyed: excerpts are short, and
    could be guessed."""
    box = finding.get("box")
    said = [
        finding.get("code"),
        finding.get("page"),
        [round(edge) for edge in box] if box else None,
        finding.get("excerpt") or "",
        finding.get("where") or "",
    ]
    return salted_hmac(_PURPOSE, json.dumps(said), secret=secret, algorithm="sha256").hexdigest()


def fingerprints(finding: Finding) -> list[str]:
    """With the site's key, and with those that it had before."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [fingerprint(finding, key) for key in keys]


def may_be_overruled(finding: Finding) -> bool:
    """Whether there is anything for a person to decide on."""
    code = str(finding.get("code", ""))
    return code not in NEVER and not code.startswith("malware")


def blockers(report: Mapping[str, Any] | None) -> list[Finding]:
    found = (report or {}).get("findings") or []
    return [finding for finding in found if finding.get("severity") == Severity.BLOCKER]


def open_blockers(
    version: DocumentVersion, report: Mapping[str, Any] | None = None
) -> list[Finding]:
    """The blockers of ``report`` (else of the latest one) that nobody has overruled for exactly
    these bytes."""
    found = blockers(version.inspection if report is None else report)
    if not found:
        return []
    decided = Overrule.objects.filter(version=version.pk, sha256=version.sha256)
    known = set(decided.values_list("fingerprint", flat=True))
    return [
        finding
        for finding in found
        if not may_be_overruled(finding) or known.isdisjoint(fingerprints(finding))
    ]


def was_inspected(version: DocumentVersion) -> bool:
    """Whether the latest report is on exactly the bytes that were uploaded."""
    return (version.inspection or {}).get("sha256") == version.sha256


def overrule(version: DocumentVersion, reasons: Mapping[str, str], *, user: Any) -> bool:
    """Overrule the findings with these fingerprints, each for its reason; on record for good.
    Whether that was the last of them, so that the version is cleared now.

    Raises :class:`~django.core.exceptions.PermissionDenied` for the uploader and for people
    without the right, :class:`~.states.IllegalMove` for a version that is not blocked, and
    :class:`~django.core.exceptions.ValidationError` without a reason, for a finding that is not
    open or not to be overruled, or where the stored bytes are not the uploaded ones: those nobody
    has seen.
    """
    if not may_overrule(user, version):
        raise PermissionDenied
    with transaction.atomic():
        locked = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document")
        current = locked.get(pk=version.pk)
        if current.state != VersionState.BLOCKED:
            raise IllegalMove(current.state, VersionState.CLEARED)
        if not was_inspected(current):
            raise ValidationError(
                _("The stored file is not the one that was uploaded. Upload the right one again.")
            )
        _record(current, reasons, user)
        if open_blockers(current):
            return False
        reason = _("Every finding that blocked it was overruled.")
        current.move(VersionState.CLEARED, user=user, reason=reason)
    version.refresh_from_db(fields=["state"])
    return True


def _record(version: DocumentVersion, reasons: Mapping[str, str], user: Any) -> None:
    found = {fingerprint(finding): finding for finding in open_blockers(version)}
    if not reasons:
        raise ValidationError(_("Give a reason."))
    for key, reason in reasons.items():
        finding = found.get(key)
        if finding is None:
            raise ValidationError(_("The file was inspected or decided on meanwhile. Look again."))
        if not may_be_overruled(finding):
            raise ValidationError(_("A finding of this kind cannot be overruled."))
        if not reason.strip():
            raise ValidationError(_("Give a reason."))
        made = Overrule.objects.create(
            version=version,
            sha256=version.sha256,
            rules_version=(version.inspection or {}).get("rules_version"),
            code=str(finding.get("code", ""))[:60],
            page=finding.get("page"),
            fingerprint=key,
            user=user,
            user_name=user.get_username(),
            reason=reason.strip(),
        )
        data = {
            "version": version.number,
            "sha256": version.sha256,
            "code": made.code,
            "page": made.page,
            "reason": made.reason,
        }
        log(instance=version.document, action=OVERRULED, user=user, data=data)
