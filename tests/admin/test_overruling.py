"""What an inspection found, in the admin, and how it is overruled."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as f
from tests.admin.people import client_of, collection, editor, said
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.overrules import Overrule, fingerprint
from wagtail_safeguarding.documents.states import VersionState

pytestmark = pytest.mark.django_db

HOME = "/admin/"
HIDDEN = {
    "code": "hidden-shape",
    "severity": "blocker",
    "message": "There are words under a shape.",
    "advice": "Take them out.",
    "page": 7,
    "excerpt": "<script>alert(1)</script>",
    "where": "page",
}
COMMENT = {
    "code": "comment",
    "severity": "blocker",
    "message": "There is a comment.",
    "advice": "Delete it.",
    "where": "a comment",
    "excerpt": "ask <b>her</b>",
}
AUTHOR = {
    "code": "author",
    "severity": "warning",
    "message": "It names its author.",
    "advice": "Clear it.",
    "where": "metadata: Author",
    "excerpt": "A. Writer",
}
NOTE = {"code": "rsid", "severity": "note", "message": "It has revision numbers.", "advice": ""}
MALWARE = {"code": "malware", "severity": "blocker", "message": "It is malware.", "advice": "No."}
ALL = (HIDDEN, COMMENT, AUTHOR, NOTE)
EDIT = "safeguarding_documents_modeladmin_edit"


@pytest.fixture
def files():
    return collection("Files")


@pytest.fixture
def uploader(files):
    return editor("uploader", documents=files, models=("override_inspection",))


@pytest.fixture
def lead(files):
    return editor("lead", documents=files, models=("override_inspection",))


def blocked(files, uploader, *findings, **values):
    version = f.cleared_version("Blocked report", collection=files)
    found = {"sha256": version.sha256, "looked_inside": True, "findings": list(findings or ALL)}
    DocumentVersion.objects.filter(pk=version.pk).update(
        **{
            "state": VersionState.BLOCKED,
            "uploaded_by": uploader,
            "inspection": found,
            **values,
        }
    )
    return DocumentVersion.objects.select_related("document").get(pk=version.pk)


def edit_page(client, version):
    return client.get(reverse(EDIT, args=[version.document_id])).content.decode()


def overrule_url(version):
    return reverse("safeguarding_version_overrule", args=[version.document_id, version.number])


def answers(*findings, reason="Seen."):
    return {f"reason-{fingerprint(finding)}": reason for finding in findings}


def state(version):
    return DocumentVersion.objects.get(pk=version.pk).state


# What is shown


def test_findings_are_listed_by_severity_with_place_excerpt_and_advice(files, uploader, lead):
    version = blocked(files, uploader)
    page = edit_page(client_of(lead), version)
    places = [page.index(text) for text in ("Must be put right", "Look again", "Notes")]
    assert places == sorted(places)
    for text in (
        "There are words under a shape.</strong> Take them out.",
        "Page 7:",
        "A comment:",
        "<q>A. Writer</q>",
        "It has revision numbers.",
        "No page can be published with this file as it is.",
    ):
        assert text in page


def test_what_a_file_says_is_never_markup(files, uploader, lead):
    version = blocked(files, uploader)
    client = client_of(lead)
    shown = client.get(overrule_url(version)).content.decode()
    for page in (edit_page(client, version), shown):
        assert "<script>alert" not in page
        assert "<b>her</b>" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_many_places_of_one_thing_are_counted(files, uploader, lead):
    many = [{**HIDDEN, "page": number, "excerpt": f"word {number}"} for number in range(1, 26)]
    page = edit_page(client_of(lead), blocked(files, uploader, *many))
    assert page.count("There are words under a shape.") == 1
    assert page.count("<q>word ") == 20
    assert "And 5 more." in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": VersionState.INSPECTING}, "The file is being inspected."),
        ({"state": VersionState.CLEARED, "inspection": None}, "There is no report on this file."),
        ({"inspection": {"sha256": "0" * 64}}, "The stored file is not the one that was uploaded."),
        ({"state": VersionState.CLEARED}, "This was found in the file."),
    ],
)
def test_the_summary_says_how_the_file_stands(files, uploader, lead, values, words):
    page = edit_page(client_of(lead), blocked(files, uploader, **values))
    assert words in page


@pytest.mark.parametrize(
    ("looked_inside", "words"),
    [(True, "No known problem found. That is no promise"), (False, "Only the type, the name")],
)
def test_a_clean_file_is_never_called_safe(files, lead, looked_inside, words):
    version = f.cleared_version(collection=files)
    report = {**version.inspection, "looked_inside": looked_inside, "findings": [NOTE]}
    DocumentVersion.objects.filter(pk=version.pk).update(inspection=report)
    page = edit_page(client_of(lead), version)
    assert words in page
    assert " safe" not in page.split('id="inspection-1"')[1].split("</details>")[0].lower()


def test_findings_of_many_versions_cost_no_query_each(files, uploader, lead):
    version = blocked(files, uploader)
    client = client_of(lead)
    edit_page(client, version)
    with CaptureQueriesContext(connection) as few:
        edit_page(client, version)
    for number in range(3):
        f.cleared_version(text=str(number), document=version.document)
    with CaptureQueriesContext(connection) as many:
        edit_page(client, version)
    assert len(many) == len(few)


# Overrule


def test_each_finding_is_overruled_for_a_reason_of_its_own(files, uploader, lead):
    version, client = blocked(files, uploader), client_of(lead)
    assert overrule_url(version) in edit_page(client, version)
    shown = client.get(overrule_url(version)).content.decode()
    assert shown.count("<textarea") == 2
    assert "It names its author." not in shown
    assert state(version) == VersionState.BLOCKED

    assert client.post(overrule_url(version), answers(HIDDEN, reason=" ")).status_code == 200
    response = client.post(overrule_url(version), answers(HIDDEN, reason="A crop mark."))
    assert "Other findings still block version 1." in said(response)
    assert state(version) == VersionState.BLOCKED
    assert client.get(overrule_url(version)).content.decode().count("<textarea") == 1

    response = client.post(overrule_url(version), answers(COMMENT, reason="It names nobody."))
    assert "Version 1 is cleared." in said(response)
    assert state(version) == VersionState.CLEARED
    page = edit_page(client, version)
    assert "hidden-shape on page 7, by lead," in page
    assert "A crop mark." in page
    history = reverse("safeguarding_documents_modeladmin_history", args=[version.document_id])
    told = client.get(history).content.decode()
    assert "“comment” of version 1 was overruled: It names nobody." in told
    assert "“hidden-shape” on page 7 of version 1 was overruled: A crop mark." in told


def test_overruling_is_refused_to_the_uploader_without_the_right_and_elsewhere(files, uploader):
    version = blocked(files, uploader)
    plain = editor("plain", documents=files)
    stranger = editor("stranger", documents=collection("Theirs"), models=("override_inspection",))
    for user in (uploader, plain, stranger):
        client = client_of(user)
        for answer in (
            client.get(overrule_url(version)),
            client.post(overrule_url(version), answers(HIDDEN, COMMENT)),
        ):
            assert answer.url == HOME  # Wagtail's answer to PermissionDenied in its admin
        shown = client.get(reverse(EDIT, args=[version.document_id]))
        assert overrule_url(version) not in shown.content.decode()
    assert state(version) == VersionState.BLOCKED
    assert not Overrule.objects.exists()


def test_looking_changes_nothing(files, uploader, lead):
    version, client = blocked(files, uploader), client_of(lead)
    for address in (overrule_url(version), f"{overrule_url(version)}?reason=x"):
        assert client.get(address, answers(HIDDEN, COMMENT)).status_code == 200
    assert state(version) == VersionState.BLOCKED
    assert not Overrule.objects.exists()


def test_what_cannot_be_overruled_is_not_asked_about(files, uploader, lead):
    version, client = blocked(files, uploader, MALWARE, HIDDEN), client_of(lead)
    assert "This cannot be overruled." in edit_page(client, version)
    shown = client.get(overrule_url(version)).content.decode()
    assert "This cannot be overruled, whoever decides on the rest:" in shown
    assert shown.count("<textarea") == 1
    # Nor taken, where a form is filled in by hand.
    answer = client.post(overrule_url(version), answers(MALWARE, HIDDEN))
    assert "Other findings still block version 1." in said(answer)
    assert [made.code for made in Overrule.objects.all()] == ["hidden-shape"]
    assert state(version) == VersionState.BLOCKED


def test_only_a_blocked_version_is_overruled(files, lead):
    version = f.cleared_version(collection=files)
    assert client_of(lead).get(overrule_url(version)).url == HOME


def test_stored_file_that_nobody_uploaded_is_not_cleared(files, uploader, lead):
    report = {"sha256": "0" * 64, "findings": [HIDDEN]}
    version = blocked(files, uploader, inspection=report)
    response = client_of(lead).post(overrule_url(version), answers(HIDDEN))
    assert "not the one that was uploaded" in response.content.decode()
    assert state(version) == VersionState.BLOCKED
