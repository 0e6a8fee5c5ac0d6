"""Documents in the admin: listing, upload, replacement, history, download and deletion."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import querydict_from_html

from tests import factories as f
from tests.admin.people import client_of, collection, editor, said
from wagtail_safeguarding.admin.document_views import DOWNLOADED
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.storage import S3DocumentStorage
from wagtail_safeguarding.gate import delivery

pytestmark = pytest.mark.django_db

BASE = "safeguarding_documents_modeladmin"
INDEX, CREATE = f"{BASE}_index", f"{BASE}_create"


def edit(document):
    return reverse(f"{BASE}_edit", args=[document.pk])


def delete(document):
    return reverse(f"{BASE}_delete", args=[document.pk])


def download(version):
    return reverse("safeguarding_document_download", args=[version.pk])


@pytest.fixture
def folders():
    """A document in each of two collections, and an editor of the first."""
    first, second = collection("Ours"), collection("Theirs")
    ours = f.cleared_version("Our report", "ours.pdf", collection=first)
    theirs = f.cleared_version("Their report", "theirs.pdf", collection=second)
    files = ("add", "change", "choose", "delete")
    return editor(documents=first, files=files), ours, theirs


def fields(**values):
    return {"title": "Report", "language": "en", **values}


def test_listing_shows_the_newest_version_and_its_use(folders):
    user, ours, _theirs = folders
    newer = f.cleared_version(name="newer.pdf", text="newer", document=ours.document)
    index = f.review_index()
    f.review(index, slug="one", versions=(newer,))
    f.review(index, slug="two", versions=(ours, newer))
    row = client_of(user).get(reverse(INDEX)).context["object_list"].get()
    assert (row.latest_number, row.latest_state, row.used_on) == (2, "cleared", 2)
    text = client_of(user).get(reverse(INDEX)).content.decode()
    for wanted in ("Our report", "Ours", "Cleared", "PDF"):
        assert wanted in text


def test_editor_sees_only_the_own_collection(folders):
    user, ours, theirs = folders
    client = client_of(user)
    for query in ({}, {"q": "report"}, {"collection": theirs.document.collection_id}):
        assert "Their report" not in client.get(reverse(INDEX), query).content.decode()
    assert "Our report" in client.get(reverse(INDEX)).content.decode()
    for url in (edit(theirs.document), delete(theirs.document)):
        for answer in (client.get(url), client.post(url, fields())):
            assert answer.status_code == 302
            assert answer.url == reverse("wagtailadmin_home")
    history = client.get(reverse(f"{BASE}_history", args=[theirs.document.pk]))
    assert history.status_code == 302
    assert client.get(edit(ours.document)).status_code == 200
    theirs.document.refresh_from_db()
    assert theirs.document.title == "Their report"
    assert theirs.document.deleted_at is None


@pytest.mark.parametrize(
    ("query", "found"),
    [({"state": "cleared"}, 2), ({"state": "blocked"}, 0), ({"q": "theirs.pdf"}, 1)],
)
def test_filters_and_search(folders, query, found):
    response = client_of(f.superuser()).get(reverse(INDEX), query)
    assert len(response.context["object_list"]) == found


def test_filter_by_collection(folders):
    _user, ours, _theirs = folders
    query = {"collection": ours.document.collection_id}
    response = client_of(f.superuser()).get(reverse(INDEX), query)
    assert [row.title for row in response.context["object_list"]] == ["Our report"]


def test_number_of_queries_does_not_grow(folders):
    user, ours, _theirs = folders
    index = f.review_index()

    def queries():
        client = client_of(user)
        client.get(reverse(INDEX))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(INDEX)).status_code == 200
        return len(captured)

    one = queries()
    for number in range(30):
        version = f.cleared_version(
            f"Report {number}", text=str(number), collection=ours.document.collection
        )
        f.review(index, slug=f"r-{number}", versions=(version,))
    assert queries() == one


def test_upload_makes_a_document_with_its_first_version(folders):
    user, ours, _theirs = folders
    response = client_of(user).post(
        reverse(CREATE),
        fields(title="Child M", file=f.uploaded_pdf("m.pdf"), publication_date="July 2019"),
    )
    assert response.status_code == 302, response.context["form"].errors
    document = ReviewDocument.objects.get(title="Child M")
    assert document.collection == ours.document.collection
    assert document.created_by == user
    assert str(document.publication_date) == "2019-07"
    assert [(v.number, v.uploaded_by) for v in document.versions.all()] == [(1, user)]


def test_upload_needs_the_right_to_add():
    files = collection("Files")
    client = client_of(editor("chooser", documents=files, files=("choose",)))
    for answer in (
        client.get(reverse(CREATE)),
        client.post(reverse(CREATE), fields(file=f.uploaded_pdf())),
    ):
        assert answer.status_code == 302
        assert answer.url == reverse("wagtailadmin_home")
    assert not ReviewDocument.objects.exists()


def test_upload_into_another_collection_is_refused(folders):
    _user, ours, theirs = folders
    third = collection("Third")
    user = editor("two", documents=third)
    group = user.groups.get()
    for action in ("add", "change"):
        group.collection_permissions.create(
            collection=ours.document.collection,
            permission=group.collection_permissions.get(
                permission__codename=f"{action}_reviewdocument"
            ).permission,
        )
    response = client_of(user).post(
        reverse(CREATE),
        fields(collection=theirs.document.collection_id, file=f.uploaded_pdf()),
    )
    assert response.status_code == 200
    assert "collection" in response.context["form"].errors


BAD_FILES = {
    "empty": (b"", "empty.pdf", "The file is empty"),
    "executable": (b"MZ\x90\x00" + b"0" * 64, "report.pdf", "not published"),
    "text": (b"just words", "report.pdf", "not a type that can be recognised"),
    "wrong extension": (f.PDF, "report.docx", "its name ends in"),
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_bad_file_is_refused_in_plain_words(folders, bad):
    user, ours, _theirs = folders
    content, name, words = BAD_FILES[bad]
    before = DocumentVersion.objects.count()
    for url in (reverse(CREATE), edit(ours.document)):
        response = client_of(user).post(
            url, fields(title="X", file=SimpleUploadedFile(name, content))
        )
        assert response.status_code == 200
        assert words in response.content.decode()
    assert DocumentVersion.objects.count() == before
    ours.document.refresh_from_db()
    assert ours.document.title == "Our report"


def test_replacing_the_file_shows_which_pages_get_a_draft(folders):
    _user, ours, _theirs = folders
    section = f.review_index()
    page = f.review(section, title="Child M review", versions=(ours,))
    user = editor("both", section=section, documents=ours.document.collection)
    client = client_of(user)
    shown = client.get(edit(ours.document)).content.decode()
    for words in ("What a new file changes, and when", "Child M review", "Version 1"):
        assert words in shown
    assert "Gets a draft with the new file" in shown
    assert "When you, or another publisher, publish that draft" in shown
    response = client.post(
        edit(ours.document),
        fields(title="Our report", file=f.uploaded_pdf("second.pdf", "second")),
    )
    assert response.status_code == 302, response.context["form"].errors
    assert "Version 2 is in new drafts of: “Child M review”. Publish them" in said(response)
    assert "Until pages are published with it, readers get version 1." in said(response)
    answer = client.get(response.url).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in answer.split("<h1")[0]
    page.refresh_from_db()
    assert page.has_unpublished_changes
    assert page.get_named_versions() == [ours.pk]


def test_replacing_the_file_says_which_pages_keep_the_older_one(folders):
    user, ours, _theirs = folders
    f.review(f.review_index(), title="Public elsewhere", versions=(ours,))
    f.review(f.review_index(slug="b"), title="Secret draft", versions=(ours,), live=False)
    response = client_of(user).post(
        edit(ours.document), fields(title="Our report", file=f.uploaded_pdf("2.pdf", "second"))
    )
    assert (
        "Still with the older file: “Public elsewhere” (you may not edit it), "
        "1 page that you may not see." in said(response)
    )
    shown = client_of(user).get(delete(ours.document)).content.decode()
    assert "It is used on: “Public elsewhere”" in shown
    assert "Secret draft" not in shown
    assert "Secret draft" not in client_of(user).get(response.url).content.decode()


def test_page_edit_does_not_tell_titles_of_drafts_elsewhere(folders):
    user, ours, _theirs = folders
    f.review(f.review_index(), title="Secret draft", versions=(ours,), live=False)
    text = client_of(user).get(edit(ours.document)).content.decode()
    assert "Secret draft" not in text
    assert "1 page that you may not see" in text


def test_editing_metadata_makes_no_version(folders):
    user, ours, _theirs = folders
    response = client_of(user).post(edit(ours.document), fields(title="New title", licence="OGL"))
    assert response.status_code == 302
    ours.document.refresh_from_db()
    assert (ours.document.title, ours.document.licence) == ("New title", "OGL")
    assert ours.document.versions.count() == 1


def test_history_of_versions_names_who_when_and_hash(folders):
    user, ours, _theirs = folders
    text = client_of(user).get(edit(ours.document)).content.decode()
    for wanted in ("ours.pdf", ours.sha256[:32], ours.sha256[32:], download(ours), "Cleared"):
        assert wanted in text
    assert "public now" not in text
    f.review(f.review_index(), versions=(ours,))
    assert "public now" in client_of(user).get(edit(ours.document)).content.decode()


def test_download_gives_the_bytes_and_is_on_record(folders):
    user, ours, _theirs = folders
    response = client_of(user).get(download(ours))
    assert b"".join(response.streaming_content) == f.pdf_bytes("Our report")
    assert response["Content-Disposition"].startswith("attachment; ")
    assert "no-store" in response["Cache-Control"]
    entry = ModelLogEntry.objects.get(action="wagtail_safeguarding.version_downloaded")
    assert (entry.user, entry.data["sha256"]) == (user, ours.sha256)


def test_download_without_the_right_is_the_404_of_an_unknown_file(folders, client):
    user, ours, theirs = folders
    assert client.get(download(ours)).status_code == 302, "anonymous: to the log-in page"
    mine = client_of(user)
    refused = mine.get(download(theirs))
    unknown = mine.get(reverse("safeguarding_document_download", args=[99999]))
    assert refused.status_code == unknown.status_code == 404
    assert client_of(editor("nobody")).get(download(ours)).status_code == 404
    assert not ModelLogEntry.objects.filter(
        action="wagtail_safeguarding.version_downloaded"
    ).exists()
    chooser = editor("c", documents=ours.document.collection, files=("choose",))
    assert client_of(chooser).get(download(ours)).status_code == 200


def test_deletion_hides_and_keeps_the_file(folders):
    user, ours, _theirs = folders
    client = client_of(user)
    assert "Delete this document" in client.get(delete(ours.document)).content.decode()
    assert client.post(delete(ours.document)).status_code == 302
    ours.document.refresh_from_db()
    assert ours.document.deleted_at is not None
    assert ours.open().read() == f.pdf_bytes("Our report")
    assert client.get(edit(ours.document)).url == reverse("wagtailadmin_home")
    assert client.get(download(ours)).status_code == 404
    assert not client.get(reverse(INDEX)).context["object_list"]


def test_public_document_is_not_deleted(folders, client):
    user, ours, _theirs = folders
    page = f.review(f.review_index(), versions=(ours,))
    response = client_of(user).post(delete(ours.document))
    assert "is public" in said(response)
    ours.document.refresh_from_db()
    assert ours.document.deleted_at is None
    assert client.get(ours.get_url()).status_code == 200
    page.unpublish()
    client_of(user).post(delete(ours.document))
    ours.document.refresh_from_db()
    assert ours.document.deleted_at is not None


def test_group_form_gives_rights_per_collection(folders):
    _user, ours, _theirs = folders
    user = editor("plain")
    group = user.groups.get()
    client = client_of(f.superuser())
    url = reverse("wagtailusers_groups:edit", args=[group.pk])
    text = client.get(url).content.decode()
    assert "Review document permissions" in text
    assert "Edit, replace and withdraw any review document" in text
    assert "Delete and restore any review document" in text
    assert "Can overrule the inspection" in text
    assert client_of(user).get(edit(ours.document)).status_code == 302

    data = querydict_from_html(text, form_index=0)
    rights = Permission.objects.filter(codename="change_reviewdocument")
    prefix = "reviewdocument_permissions"
    data[f"{prefix}-TOTAL_FORMS"] = "1"
    data[f"{prefix}-0-collection"] = str(ours.document.collection_id)
    data.setlist(f"{prefix}-0-permissions", [str(right.pk) for right in rights])
    response = client.post(url, data)
    assert response.status_code == 302
    assert client_of(user).get(edit(ours.document)).status_code == 200


def test_collection_with_review_documents_is_not_deleted(folders):
    _user, ours, _theirs = folders
    client = client_of(f.superuser())
    url = reverse("wagtailadmin_collections:delete", args=[ours.document.collection_id])
    assert "1 review document" in client.get(url).content.decode()
    client.post(url)
    assert ReviewDocument.objects.filter(pk=ours.document.pk).exists()
    empty = collection("Empty")
    client.post(reverse("wagtailadmin_collections:delete", args=[empty.pk]))
    assert not type(empty).objects.filter(pk=empty.pk).exists()
    ReviewDocument.objects.filter(pk=ours.document.pk).update(deleted_at=ours.uploaded_at)
    client.post(url)
    assert ReviewDocument.objects.filter(pk=ours.document.pk).exists()


def test_download_from_a_bucket_is_a_short_lived_signed_address(folders, monkeypatch):
    user, ours, _theirs = folders
    bucket = S3DocumentStorage(
        bucket_name="private", access_key="key", secret_key="secret", region_name="eu-west-2"
    )
    monkeypatch.setattr(delivery, "get_document_storage", lambda: bucket)
    response = client_of(user).get(download(ours))
    assert response.status_code == 302
    asked = parse_qs(urlsplit(response.url).query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["response-content-disposition"][0].startswith("attachment; ")
    assert ModelLogEntry.objects.filter(action=DOWNLOADED).count() == 1
