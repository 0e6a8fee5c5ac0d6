"""Overruling an inspection: a right, a reason, a name, and never one's own upload (P5)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.overrule import overrule
from wagtail_safeguarding.documents.states import IllegalMove, VersionState
from wagtail_safeguarding.documents.upload import add_version

pytestmark = pytest.mark.django_db


def person(name: str, *, may: bool = True) -> Any:
    user = get_user_model().objects.create_user(name)
    if may:
        user.user_permissions.add(Permission.objects.get(codename="override_inspection"))
    return user


def blocked_version(uploader: Any) -> DocumentVersion:
    version = add_version(
        ReviewDocument(title="Report"), io.BytesIO(factories.pdf_bytes()), "r.pdf", user=uploader
    )
    version.move(VersionState.BLOCKED, inspection={"sha256": version.sha256})
    return version


def test_somebody_else_with_the_right_and_a_reason_clears_it() -> None:
    version, reviewer = blocked_version(person("uploader")), person("reviewer")
    overrule(version, reason=" Checked by the panel. ", user=reviewer)
    fresh = DocumentVersion.objects.get(pk=version.pk)
    assert fresh.state == "cleared"
    assert (fresh.override_reason, fresh.overridden_by) == ("Checked by the panel.", reviewer)


def test_without_the_right_it_is_refused() -> None:
    version = blocked_version(person("uploader"))
    with pytest.raises(PermissionDenied):
        overrule(version, reason="Fine.", user=person("editor", may=False))
    assert version.state == "blocked"


def test_the_uploader_cannot_even_as_a_superuser() -> None:
    admin = factories.superuser()
    with pytest.raises(PermissionDenied):
        overrule(blocked_version(admin), reason="Fine.", user=admin)


def test_an_unknown_uploader_may_be_anybody() -> None:
    with pytest.raises(PermissionDenied):
        overrule(blocked_version(None), reason="Fine.", user=person("reviewer"))


def test_a_reason_is_needed() -> None:
    with pytest.raises(ValidationError):
        overrule(blocked_version(person("uploader")), reason="  ", user=person("reviewer"))


def test_bytes_that_nobody_saw_stay_blocked() -> None:
    version = blocked_version(person("uploader"))
    version.inspection = {**version.inspection, "sha256": "0" * 64}
    version.save()
    with pytest.raises(ValidationError, match="not the one that was uploaded"):
        overrule(version, reason="Fine.", user=person("reviewer"))


def test_only_a_blocked_version_is_overruled() -> None:
    version = add_version(
        ReviewDocument(title="Report"),
        io.BytesIO(factories.pdf_bytes()),
        "r.pdf",
        user=person("uploader"),
    )
    version.move(VersionState.WITHDRAWN)
    with pytest.raises(IllegalMove):
        overrule(version, reason="Fine.", user=person("reviewer"))
