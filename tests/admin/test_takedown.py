"""Withdraw, overrule, delete and restore in the admin: who may, what is told, what is on record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests import factories as f
from tests.admin.people import client_of, collection, editor, said
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState

pytestmark = pytest.mark.django_db

BASE = "safeguarding_documents_modeladmin"
HOME = "/admin/"
DELETED = "safeguarding_deleted_documents"
REASON = {"reason": "The coroner asked for it."}


def document_url(name, version):
    document = version.document if isinstance(version, DocumentVersion) else version
    return reverse(f"{BASE}_{name}", args=[document.pk])


def withdraw_url(version):
    return reverse("safeguarding_version_withdraw", args=[version.document_id, version.number])


def withdraw_all_url(document):
    return reverse("safeguarding_document_withdraw", args=[document.pk])


def overrule_url(version):
    return reverse("safeguarding_version_overrule", args=[version.document_id, version.number])


def restore_url(document):
    return reverse("safeguarding_document_restore", args=[document.pk])


@pytest.fixture
def files():
    return collection("Files")


@pytest.fixture
def version(files):
    return f.cleared_version("Our report", "ours.pdf", collection=files)


def deleted(version):
    ReviewDocument.objects.filter(pk=version.document_id).update(deleted_at=timezone.now())
    version.document.refresh_from_db()
    return version.document


def state(version):
    return DocumentVersion.objects.get(pk=version.pk).state


def history(client, document):
    return client.get(document_url("history", document)).content.decode()


# Withdraw


def test_withdrawing_a_version_says_first_what_closes_and_then_closes_it(files, version, client):
    f.review(f.review_index(), title="Child M review", versions=(version,))
    user = editor(documents=files)
    mine = client_of(user)
    shown = mine.get(withdraw_url(version)).content.decode()
    for words in (
        "Version 1 of “Our report” will be withdrawn.",
        "It closes at once on these published pages:",
        "Child M review",
        "Shown to everybody who asks for the file",
        "cannot be brought back",
    ):
        assert words in shown
    assert client.get(version.get_url()).status_code == 200, "asking changes nothing"

    response = mine.post(withdraw_url(version), REASON)
    assert response.url == document_url("edit", version)
    assert "“Our report”: withdrawn and closed to the public: version 1." in said(response)
    gone = client.get(version.get_url())
    assert gone.status_code == 410
    assert b"The coroner asked for it." in gone.content
    page = mine.get(document_url("edit", version)).content.decode()
    assert "Reason: The coroner asked for it." in page
    assert withdraw_url(version) not in page
    assert "Version 1 was withdrawn: The coroner asked for it." in history(mine, version)


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 1001])
def test_withdrawing_needs_a_reason(files, version, reason):
    client = client_of(editor(documents=files))
    response = client.post(withdraw_url(version), {"reason": reason})
    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    assert state(version) == VersionState.CLEARED


def test_withdrawing_one_version_leaves_the_others(files, version):
    newer = f.cleared_version(name="b.pdf", text="b", document=version.document)
    client_of(editor(documents=files)).post(withdraw_url(version), REASON)
    assert (state(version), state(newer)) == (VersionState.WITHDRAWN, VersionState.CLEARED)


def test_withdrawing_all_versions(files, version):
    newer = f.cleared_version(name="b.pdf", text="b", document=version.document)
    client = client_of(editor(documents=files))
    url = withdraw_all_url(version.document)
    assert url in client.get(document_url("edit", version)).content.decode()
    assert (
        "All these versions of “Our report” will be withdrawn: 1, 2."
        in client.get(url).content.decode()
    )
    response = client.post(url, REASON)
    assert "version 1, 2" in said(response)
    assert {state(version), state(newer)} == {VersionState.WITHDRAWN}
    for answer in (client.get(url), client.post(url, REASON)):
        assert answer.url == document_url("edit", version)
    assert "nothing to withdraw" in said(answer)


def test_version_that_changed_meanwhile_is_not_withdrawn_blindly(files, version, monkeypatch):
    from wagtail_safeguarding.admin import takedown
    from wagtail_safeguarding.documents.states import IllegalMove

    def clash(*args, **kwargs):
        raise IllegalMove("inspecting", "withdrawn")

    monkeypatch.setattr(takedown, "withdraw", clash)
    response = client_of(editor(documents=files)).post(withdraw_url(version), REASON)
    assert "Please try again" in response.content.decode()


# Delete and restore


def test_deleting_needs_a_right_of_its_own(files, version):
    client = client_of(editor(documents=files))
    text = client.get(document_url("edit", version)).content.decode()
    assert document_url("delete", version) not in text
    listing = client.get(reverse(f"{BASE}_index")).content.decode()
    assert document_url("delete", version) not in listing
    assert reverse(DELETED) not in listing
    for answer in (
        client.get(document_url("delete", version)),
        client.post(document_url("delete", version)),
        client.get(reverse(DELETED)),
    ):
        assert answer.url == HOME
    version.document.refresh_from_db()
    assert version.document.deleted_at is None


def test_who_may_only_delete_sees_the_document_and_cannot_edit_it(files, version):
    client = client_of(editor(documents=files, files=("delete",)))
    text = client.get(reverse(f"{BASE}_index")).content.decode()
    assert "Our report" in text
    assert document_url("delete", version) in text
    assert document_url("edit", version) not in text
    assert client.get(document_url("edit", version)).url == HOME
    assert client.post(withdraw_url(version), REASON).url == HOME
    assert client.get(document_url("history", version)).status_code == 200
    assert client.post(document_url("delete", version)).url == reverse(f"{BASE}_index")
    version.document.refresh_from_db()
    assert version.document.deleted_at is not None


def test_public_document_is_not_deleted_and_the_refusal_says_why(files, version):
    f.review(f.review_index(), versions=(version,))
    client = client_of(editor(documents=files, files=("delete",)))
    response = client.post(document_url("delete", version))
    assert response.url == reverse(f"{BASE}_index")
    assert "is public. Withdraw it or take it off the published pages" in said(response)


def test_deleted_document_is_listed_and_restored(files, version):
    user = editor(documents=files, files=("add", "change", "delete"))
    client = client_of(user)
    assert reverse(DELETED) in client.get(reverse(f"{BASE}_index")).content.decode()
    assert "There are no deleted documents" in client.get(reverse(DELETED)).content.decode()
    client.post(document_url("delete", version))
    text = client.get(reverse(DELETED)).content.decode()
    for words in ("Our report", "Files", "editor", restore_url(version.document)):
        assert words in text
    assert "comes back" in client.get(restore_url(version.document)).content.decode()
    response = client.post(restore_url(version.document))
    assert response.url == document_url("edit", version)
    version.document.refresh_from_db()
    assert version.document.deleted_at is None
    for words in ("The document was deleted", "The document was restored"):
        assert words in history(client, version)
    assert client.post(restore_url(version.document)).url == HOME, "it is not deleted"


def test_restoring_says_where_the_document_is_used(files, version):
    section = f.review_index()
    f.review(section, title="Child M", versions=(version,), live=False)
    f.review(f.review_index(slug="b"), title="Secret", versions=(version,), live=False)
    document = deleted(version)
    client = client_of(editor(section=section, documents=files, files=("delete",)))
    text = client.get(restore_url(document)).content.decode()
    assert "It is used on: “Child M”, 1 page that you may not see." in text
    assert "Secret" not in text
    assert client.post(restore_url(document)).url == reverse(DELETED), "no right to edit it"


def test_deleted_documents_of_others_are_not_told(files, version):
    theirs = f.cleared_version("Their report", collection=collection("Theirs"))
    ours, document = deleted(version), deleted(theirs)
    client = client_of(editor(documents=files, files=("delete",)))
    text = client.get(reverse(DELETED)).content.decode()
    assert "Our report" in text
    assert "Their report" not in text
    for answer in (client.get(restore_url(document)), client.post(restore_url(document))):
        assert answer.url == HOME
    document.refresh_from_db()
    assert document.deleted_at is not None
    changer = client_of(editor("changer", documents=files, files=("add", "change")))
    assert changer.get(restore_url(ours)).url == HOME
    assert changer.get(document_url("history", ours)).url == HOME


# All of it


def test_documents_of_others_and_unknown_ones_are_refused_alike(files):
    theirs = f.cleared_version("Their report", collection=collection("Theirs"))
    user = editor(
        documents=files, files=("add", "change", "delete"), models=("override_inspection",)
    )
    client = client_of(user)
    unknown = DocumentVersion(document_id=99999, number=1)
    for version in (theirs, unknown):
        document = ReviewDocument(pk=version.document_id)
        urls = [withdraw_url(version), withdraw_all_url(document), overrule_url(version)]
        for url in (*urls, restore_url(document)):
            for answer in (client.get(url), client.post(url, REASON)):
                assert answer.status_code == 302
                assert answer.url == HOME
                assert "Their report" not in said(answer)
    assert state(theirs) == VersionState.CLEARED


def test_chooser_alone_may_do_none_of_it(files, version):
    client = client_of(editor(documents=files, files=("choose",)))
    document = deleted(f.cleared_version("Gone", text="gone", collection=files))
    for url in (
        withdraw_url(version),
        withdraw_all_url(version.document),
        overrule_url(version),
        restore_url(document),
        document_url("delete", version),
        document_url("history", version),
        reverse(DELETED),
        reverse(f"{BASE}_index"),
    ):
        assert client.get(url).url == HOME


def test_anonymous_is_sent_to_the_login_page(version, client):
    for url in (withdraw_url(version), restore_url(version.document), reverse(DELETED)):
        assert client.get(url).url.startswith(reverse("wagtailadmin_login"))


def test_audit_log_says_in_words_what_happened_to_a_version(files, version):
    user = editor(documents=files)
    client = client_of(user)
    client.get(reverse("safeguarding_document_download", args=[version.pk]))
    text = history(client, version)
    assert "Version 1 was downloaded" in text
    assert "Version 1 was uploaded" in text
    assert "Version 1 changed from “Being inspected” to “Cleared”" in text
    entry = ModelLogEntry.objects.create(
        content_type=ModelLogEntry.objects.first().content_type,
        object_id=str(version.document_id),
        label="x",
        action="wagtail_safeguarding.version_state",
        data={"version": 1, "from": "of an older release", "to": "cleared"},
        timestamp=timezone.now(),
    )
    assert "of an older release" in entry.message


def test_withdrawn_file_is_read_only_by_who_may_change_the_document(files, version):
    reader = client_of(editor("reader", documents=files, files=("choose",)))
    changer = client_of(editor("changer", documents=files, files=("change",)))
    url = reverse("safeguarding_document_download", args=[version.pk])
    assert [client.get(url).status_code for client in (reader, changer)] == [200, 200]
    version.move(VersionState.WITHDRAWN, reason="Names a child.")
    assert [client.get(url).status_code for client in (reader, changer)] == [404, 200]


def test_right_to_overrule_opens_no_history_of_other_collections(files, version):
    version.move(VersionState.WITHDRAWN, reason="Names a child.")
    deleted(version)
    lead = editor("lead", documents=collection("Elsewhere"), models=("override_inspection",))
    report = reverse("wagtailadmin_reports:site_history")
    shown = client_of(f.superuser("overseer")).get(report).content.decode()
    assert version.document.title in shown
    assert version.document.title not in client_of(lead).get(report).content.decode()


def test_group_can_be_given_the_right_to_overrule():
    from wagtail import hooks

    offered = Permission.objects.none()
    for hook in hooks.get_hooks("register_permissions"):
        offered |= hook()
    assert offered.filter(codename="override_inspection").exists()
    assert not offered.filter(codename="delete_reviewdocument").exists(), "given by collection"


def test_number_of_queries_of_the_lists_does_not_grow(files):
    user = editor(documents=files, files=("add", "change", "delete"))

    def queries(name):
        client = client_of(user)
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    def add(count, start):
        for number in range(start, start + count):
            f.cleared_version(f"Report {number}", text=str(number), collection=files)
            deleted(f.cleared_version(f"Gone {number}", text=f"g{number}", collection=files))

    names = (f"{BASE}_index", DELETED)
    add(1, 0)
    few = [queries(name) for name in names]
    add(15, 1)
    assert [queries(name) for name in names] == few
