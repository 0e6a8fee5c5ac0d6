"""Overruling a finding: a right, a reason, a name, never one's own upload, and for good (P5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import ModelLogEntry

from tests import factories
from wagtail_safeguarding.documents import inspections
from wagtail_safeguarding.documents.inspections import inspect_version
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.overrules import (
    OVERRULED,
    Overrule,
    PermanentOverrule,
    blockers,
    fingerprint,
    open_blockers,
    overrule,
)
from wagtail_safeguarding.documents.states import IllegalMove, VersionState
from wagtail_safeguarding.inspection.report import Finding, Report, Severity

pytestmark = pytest.mark.django_db


def finding(code: str = "hidden-shape", **values: Any) -> dict[str, Any]:
    return {"code": code, "severity": "blocker", "message": "Hidden.", "page": 3, **values}


def person(name: str, *, may: bool = True) -> Any:
    user = get_user_model().objects.create_user(name)
    if may:
        user.user_permissions.add(Permission.objects.get(codename="override_inspection"))
    return user


def blocked(*findings: dict[str, Any], uploader: str | None = "uploader") -> DocumentVersion:
    version = factories.cleared_version()
    inspection = {"sha256": version.sha256, "rules_version": 4, "findings": list(findings)}
    DocumentVersion.objects.filter(pk=version.pk).update(
        state=VersionState.BLOCKED,
        uploaded_by=person(uploader) if uploader else None,
        inspection=inspection,
    )
    return DocumentVersion.objects.select_related("document").get(pk=version.pk)


def state(version: DocumentVersion) -> str:
    return str(DocumentVersion.objects.values_list("state", flat=True).get(pk=version.pk))


def reasons(version: DocumentVersion, reason: str = "Seen.") -> dict[str, str]:
    return {fingerprint(one): reason for one in open_blockers(version)}


TWO = (finding(excerpt="Jo****"), finding(excerpt="Sm****", box=[1.0, 2.0, 3.0, 4.0]))


def test_a_version_is_cleared_when_each_of_its_blockers_is_overruled() -> None:
    one, two = TWO
    version, reviewer = blocked(*TWO, finding(severity="warning")), person("reviewer")
    assert not overrule(version, {fingerprint(one): " A crop mark. "}, user=reviewer)
    assert state(version) == "blocked"
    assert open_blockers(version) == [two]
    other = person("other")
    assert overrule(version, {fingerprint(two): "The name of the author."}, user=other)
    assert state(version) == version.state == "cleared"
    said = [(made.user, made.user_name, made.reason) for made in Overrule.objects.all()]
    assert said == [
        (reviewer, "reviewer", "A crop mark."),
        (other, "other", "The name of the author."),
    ]
    made = Overrule.objects.first()
    assert made is not None
    assert (made.sha256, made.rules_version, made.code, made.page) == (
        version.sha256,
        4,
        "hidden-shape",
        3,
    )


def test_each_decision_is_in_the_log_and_repeats_nothing_of_the_file() -> None:
    version = blocked(*TWO)
    overrule(version, reasons(version), user=person("reviewer"))
    entries = ModelLogEntry.objects.filter(action=OVERRULED)
    assert [entry.data["reason"] for entry in entries] == ["Seen.", "Seen."]
    kept = [*Overrule.objects.values(), *(entry.data for entry in entries)]
    assert "Jo****" not in str(kept)


def test_without_the_right_it_is_refused() -> None:
    version = blocked(*TWO)
    with pytest.raises(PermissionDenied):
        overrule(version, reasons(version), user=person("editor", may=False))
    assert not Overrule.objects.exists()


def test_the_uploader_cannot_even_as_a_superuser() -> None:
    version, admin = blocked(*TWO), factories.superuser()
    DocumentVersion.objects.filter(pk=version.pk).update(uploaded_by=admin)
    version.refresh_from_db()
    with pytest.raises(PermissionDenied):
        overrule(version, reasons(version), user=admin)
    assert state(version) == "blocked"


def test_an_unknown_uploader_may_be_anybody() -> None:
    version = blocked(*TWO, uploader=None)
    with pytest.raises(PermissionDenied):
        overrule(version, reasons(version), user=person("reviewer"))


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_each_needs_a_reason_and_otherwise_none_is_kept(reason: str) -> None:
    version = blocked(*TWO)
    one, two = (fingerprint(each) for each in TWO)
    with pytest.raises(ValidationError):
        overrule(version, {one: "Seen.", two: reason}, user=person("reviewer"))
    assert not Overrule.objects.exists()


@pytest.mark.parametrize("asked", [{}, {"0" * 64: "Seen."}])
def test_what_is_no_open_finding_is_refused(asked: dict[str, str]) -> None:
    version, reviewer = blocked(TWO[0], finding(severity="warning", excerpt="w")), person("r")
    warning = fingerprint(finding(severity="warning", excerpt="w"))
    for wrong in (asked, {warning: "Seen."}):
        with pytest.raises(ValidationError):
            overrule(version, wrong, user=reviewer)


def test_a_finding_is_overruled_once() -> None:
    version, reviewer = blocked(*TWO), person("reviewer")
    first = {fingerprint(TWO[0]): "Seen."}
    overrule(version, first, user=reviewer)
    with pytest.raises(ValidationError, match="meanwhile"):
        overrule(version, first, user=reviewer)


@pytest.mark.parametrize(
    "code",
    [
        "uninspectable",
        "too-many",
        "type-refused",
        "malware",
        "malware-unchecked",
        "malware-too-large",
    ],
)
def test_what_nobody_has_seen_is_not_overruled(code: str) -> None:
    version, reviewer = blocked(finding(code), TWO[0]), person("reviewer")
    with pytest.raises(ValidationError, match="cannot be overruled"):
        overrule(version, {fingerprint(finding(code)): "Fine."}, user=reviewer)
    assert not overrule(version, {fingerprint(TWO[0]): "Seen."}, user=reviewer)
    assert state(version) == "blocked"


def test_bytes_that_nobody_saw_stay_blocked() -> None:
    version = blocked(*TWO)
    version.inspection = {**version.inspection, "sha256": "0" * 64}
    version.save()
    with pytest.raises(ValidationError, match="not the one that was uploaded"):
        overrule(version, reasons(version), user=person("reviewer"))


def test_only_a_blocked_version_is_overruled() -> None:
    version = blocked(*TWO)
    for moved in (VersionState.INSPECTING, VersionState.WITHDRAWN):
        version.move(moved)
        with pytest.raises(IllegalMove):
            overrule(version, reasons(version), user=person(moved.value))


def test_the_record_is_permanent() -> None:
    version, reviewer = blocked(*TWO), person("reviewer")
    overrule(version, reasons(version), user=reviewer)
    made = Overrule.objects.all()[0]
    made.reason = "Another."
    for change in (
        made.save,
        made.delete,
        Overrule.objects.all().delete,
        lambda: Overrule.objects.update(reason="Another."),
    ):
        with pytest.raises(PermanentOverrule):
            change()
    reviewer.delete()
    said = set(Overrule.objects.values_list("user", "user_name", "reason"))
    assert said == {(None, "reviewer", "Seen.")}


# After another inspection


def found(version: DocumentVersion, *findings: dict[str, Any], sha256: str = "") -> Report:
    return Report(
        sha256=sha256 or version.sha256,
        size=version.size,
        media_type=version.media_type,
        findings=tuple(
            Finding(**{**one, "severity": Severity(one["severity"])}) for one in findings
        ),
        rules_version=99,
    )


@pytest.mark.parametrize(
    ("again", "after"),
    [
        (TWO, "cleared"),
        (TWO[:1], "cleared"),
        ((*TWO, finding(excerpt="New***")), "blocked"),
        ((*TWO, finding("hidden-layer", excerpt="Jo****")), "blocked"),
        ((*TWO, finding(excerpt="Jo****", page=4)), "blocked"),
    ],
    ids=["the same", "fewer", "another excerpt", "another code", "another page"],
)
def test_what_was_overruled_stays_so_and_nothing_else_does(
    monkeypatch: pytest.MonkeyPatch, again: Any, after: str
) -> None:
    version = blocked(*TWO)
    overrule(version, reasons(version), user=person("reviewer"))
    report = found(version, *again)
    monkeypatch.setattr(inspections, "inspect_file", lambda *args, **kwargs: report)
    inspect_version(version)
    assert state(version) == after
    assert version.inspection["rules_version"] == 99


def test_other_bytes_are_blocked_whatever_was_overruled(monkeypatch: pytest.MonkeyPatch) -> None:
    version = blocked(*TWO)
    overrule(version, reasons(version), user=person("reviewer"))
    report = found(version, *TWO, sha256="0" * 64)
    monkeypatch.setattr(inspections, "inspect_file", lambda *args, **kwargs: report)
    inspect_version(version)
    assert state(version) == "blocked"


def test_a_file_that_another_document_has_too_is_decided_on_for_itself() -> None:
    one, other = blocked(*TWO), blocked(*TWO, uploader="somebody")
    overrule(one, reasons(one), user=person("reviewer"))
    assert one.sha256 == other.sha256
    assert open_blockers(other) == blockers(other.inspection)


def test_a_new_key_of_the_site_knows_what_was_overruled_under_the_last(settings: Any) -> None:
    version = blocked(*TWO)
    overrule(version, reasons(version), user=person("reviewer"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert open_blockers(version) == []
    settings.SECRET_KEY_FALLBACKS = []
    assert len(open_blockers(version)) == 2
