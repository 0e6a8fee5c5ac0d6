"""Before a file is replaced: what readers get from each page, what changes, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.models import CollectionViewRestriction

from tests import factories as f
from tests.admin.people import client_of, collection, editor, said
from wagtail_safeguarding.admin.uses import use_rows
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.publication import replacement
from wagtail_safeguarding.publication.replacement import find_uses, replace_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    return f.review_index()


@pytest.fixture
def version():
    return f.cleared_version("Our report", collection=collection("Files"))


def rows(version, user):
    document = version.document
    found = use_rows(document, find_uses(document, user=user), user)
    return {row.title: (row.public, row.change, row.when) for row in found}


def soon():
    return timezone.now() + timedelta(days=2)


def words(moment):
    return date_format(localtime(moment), "DATETIME_FORMAT")


def test_page_that_the_editor_publishes(section, version):
    f.review(section, title="Live", slug="a", versions=(version,))
    f.review(section, title="Draft", slug="b", versions=(version,), live=False)
    gets = "Gets a draft with the new file"
    when = "When you, or another publisher, publish that draft"
    user = editor(section=section)
    assert rows(version, user) == {
        "Live": ("version 1", gets, when),
        "Draft": ("nothing", gets, when),
    }


def test_file_of_a_private_collection_stays_closed(section, version):
    f.review(section, title="Live", versions=(version,))
    private = version.document.collection
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    public, _change, when = rows(version, editor(section=section))["Live"]
    assert public == "nothing"
    assert when.endswith(
        "publish that draft. The file stays closed while its collection is private."
    )


def test_page_that_somebody_else_publishes(section, version):
    f.review(section, title="Live", versions=(version,))
    user = editor(section=section, pages=("add", "change"))
    assert rows(version, user)["Live"][2] == (
        "When somebody who may publish the page publishes that draft"
    )


def test_date_before_which_a_page_is_not_published(section, version):
    moment = soon()
    page = f.review(section, title="Later", versions=(version,), live=False)
    page.go_live_at = moment
    page.save_revision()
    assert rows(version, editor(section=section))["Later"][2].endswith(
        f"publish that draft (not before {words(moment)})"
    )


def test_scheduled_page_keeps_its_file_until_somebody_acts(section, version):
    moment = soon()
    page = f.review(section, title="Scheduled", versions=(version,), live=False)
    page.go_live_at = moment
    page.save_revision().publish()
    user = editor(section=section, documents=version.document.collection)
    public, change, when = rows(version, user)["Scheduled"]
    assert (public, change) == ("nothing", "Keeps its file (scheduled)")
    assert f"Not with the schedule of {words(moment)}: it publishes its own file." in when
    # What was said is what happens.
    done = replace_file(version.document, f.uploaded_pdf("b.pdf", "b"), "b.pdf", user=user)
    assert not done.drafted
    scheduled = type(page).objects.get(pk=page.pk).get_scheduled_revision_as_object()
    assert scheduled.get_named_versions() == [version.pk]


def test_locked_page_alias_and_page_of_others(section, version):
    locked = f.review(section, title="Locked", slug="a", versions=(version,))
    locked.locked, locked.locked_by, locked.locked_at = True, f.superuser(), timezone.now()
    locked.save()
    source = f.review(section, title="Source", slug="b", versions=(version,))
    source.create_alias(parent=section, update_slug="alias")
    f.review(f.review_index(slug="c"), title="Elsewhere", versions=(version,))
    f.review(f.review_index(slug="d"), title="Secret", versions=(version,), live=False)
    user = editor(section=section)
    found = rows(version, user)
    assert found["Locked"][1] == "Keeps its file (locked or scheduled)"
    assert found["Elsewhere"] == (
        "version 1",
        "Keeps its file (you may not edit it)",
        "When somebody who may edit the page chooses the new file and publishes it",
    )
    assert found["1 page that you may not see"][0] == "–"
    assert "Secret" not in found
    aliases = [
        row
        for row in use_rows(version.document, find_uses(version.document, user=user), user)
        if "follows another page" in row.change
    ]
    assert [row.when for row in aliases] == ["With the page that it follows"]


def replaced(client, version, file):
    url = reverse("safeguarding_documents_modeladmin_edit", args=[version.document_id])
    return client.post(url, {"title": "Our report", "language": "en", "file": file})


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (VersionState.INSPECTING, "The file is being inspected. Pages can be published with it"),
        (VersionState.BLOCKED, "The inspection blocked this file. No page can be published"),
        (VersionState.CLEARED, ""),
    ],
)
def test_the_editor_is_told_what_the_inspection_said(section, version, monkeypatch, state, words):
    record_version = replacement.record_version

    def as_the_task_leaves_it(*args, **kwargs):
        added = record_version(*args, **kwargs)
        DocumentVersion.objects.filter(pk=added.pk).update(state=state)
        return added

    monkeypatch.setattr(replacement, "record_version", as_the_task_leaves_it)
    f.review(section, title="Live", versions=(version,))
    client = client_of(editor(section=section, documents=version.document.collection))
    told = said(replaced(client, version, f.uploaded_pdf("b.pdf", "b")))
    assert words in told
    assert ("inspect" in told) is bool(words)
    assert "Until pages are published with it, readers get version 1." in told


def test_unused_document_says_so(version):
    client = client_of(editor(documents=version.document.collection))
    url = reverse("safeguarding_documents_modeladmin_edit", args=[version.document_id])
    assert "No page uses this document yet." in client.get(url).content.decode()


def test_alias_elsewhere_of_a_draft_is_not_told(section, version):
    secret = f.review_index(slug="d")
    source = f.review(secret, title="Secret draft", versions=(version,), live=False)
    source.create_alias(parent=secret, update_slug="alias")
    client = client_of(editor(section=section, documents=version.document.collection))
    url = reverse("safeguarding_documents_modeladmin_edit", args=[version.document_id])
    assert "Secret draft" not in client.get(url).content.decode()
    data = {"title": "Our report", "language": "en", "file": f.uploaded_pdf("b.pdf", "b")}
    response = client.post(url, data)
    assert "Still with the older file: 2 pages that you may not see." in said(response)
    assert "Secret draft" not in client.get(response.url).content.decode()
