"""A cleaned copy is offered, made after a question, inspected like any file, and on record."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse
from wagtail.models import ReferenceIndex

from tests import factories as f
from tests.admin.people import client_of, collection, editor, said
from tests.inspection.files import readable_pdf
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.permissions import may_overrule
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.inspection.cleaning.removals import NotCleaned
from wagtail_safeguarding.publication.cleaned import replace_by_cleaned_copy

pytestmark = pytest.mark.django_db

HOME = "/admin/"
EDIT = "safeguarding_documents_modeladmin_edit"


def pdf(author="A. Writer", signed=False):
    with pikepdf.open(io.BytesIO(readable_pdf("What the review says"))) as file:
        if author:
            file.docinfo["/Author"] = author
        if signed:
            file.Root["/Perms"] = pikepdf.Dictionary()
        out = io.BytesIO()
        file.save(out)
        return out.getvalue()


@pytest.fixture
def files():
    return collection("Files")


@pytest.fixture
def uploader(files):
    return editor("uploader", documents=files, models=("override_inspection",))


def upload(files, uploader, data=None, document=None, name="report.pdf"):
    document = document or ReviewDocument(title="Our report", collection=files)
    return f.inspected(add_version(document, io.BytesIO(data or pdf()), name, user=uploader))


def clean_url(version):
    return reverse("safeguarding_version_clean", args=[version.document_id, version.number])


def edit_page(client, version):
    return client.get(reverse(EDIT, args=[version.document_id])).content.decode()


def versions():
    return DocumentVersion.objects.order_by("number")


def test_the_editor_is_told_what_is_left_out_and_then_makes_the_copy(files, uploader):
    version = upload(files, uploader)
    page = f.review(f.review_index(), versions=(version,))
    client = client_of(uploader)
    assert clean_url(version) in edit_page(client, version)
    question = client.get(clean_url(version)).content.decode()
    assert "Metadata: authors, programs, dates, paths (1)" in question
    assert versions().count() == 1, "looking changes nothing"

    response = client.post(clean_url(version))
    assert response.url == reverse(EDIT, args=[version.document_id])
    assert "“report.pdf” is version 2." in said(response)
    old, new = versions()
    assert (new.state, new.uploaded_by, new.cleaned_from) == ("inspecting", uploader, old)
    assert new.sha256 != old.sha256
    with new.open() as stored, pikepdf.open(stored) as made:
        assert "/Author" not in made.docinfo
    f.inspected(new)
    assert versions()[1].state == "cleared"
    to_versions = {"to_content_type": ContentType.objects.get_for_model(DocumentVersion)}
    uses = ReferenceIndex.objects.filter(**to_versions).values_list("object_id", flat=True)
    assert set(uses) <= {str(page.pk)}, "a copy is no use"
    assert page.get_named_versions() == [old.pk], "nothing public has changed"
    shown = edit_page(client, version)
    assert "A cleaned copy of version 1" in shown
    history = reverse("safeguarding_documents_modeladmin_history", args=[version.document_id])
    told = client.get(history).content.decode()
    assert "Version 2 is a cleaned copy of version 1, without: Metadata" in told


@pytest.mark.inspects
def test_the_copy_is_inspected_like_any_file(files, uploader):
    version = upload(files, uploader)
    codes = {finding["code"] for finding in version.inspection["findings"]}
    assert "pdf-author" in codes
    with TestCase.captureOnCommitCallbacks(execute=True):
        client_of(uploader).post(clean_url(version))
    new = versions()[1]
    assert new.inspection["sha256"] == new.sha256
    assert "pdf-author" not in {finding["code"] for finding in new.inspection["findings"]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pdf(author=""), "There is nothing to leave out"),
        (pdf(signed=True), "No cleaned copy can be made"),
        (b"%PDF-1.7\n", "No cleaned copy can be made"),
    ],
    ids=["clean", "signed", "damaged"],
)
def test_where_no_copy_can_be_made_nothing_is_asked_and_nothing_done(files, uploader, data, words):
    version, client = upload(files, uploader, data), client_of(uploader)
    question = client.get(clean_url(version)).content.decode()
    assert words in question
    assert "Yes, make the copy" not in question
    assert client.post(clean_url(version)).status_code == 200
    assert versions().count() == 1


def test_it_is_refused_without_the_right_to_the_document(files, uploader):
    version = upload(files, uploader)
    chooser = editor("chooser", documents=files, files=("choose",))
    stranger = editor("stranger", documents=collection("Theirs"))
    for user in (chooser, stranger):
        for answer in (
            client_of(user).get(clean_url(version)),
            client_of(user).post(clean_url(version)),
        ):
            assert answer.url == HOME
    assert versions().count() == 1


@pytest.mark.parametrize("state", ["uploaded", "inspecting", "withdrawn"])
def test_what_was_withdrawn_or_not_inspected_is_not_copied(files, uploader, state):
    version, client = upload(files, uploader), client_of(uploader)
    DocumentVersion.objects.filter(pk=version.pk).update(state=state)
    assert clean_url(version) not in edit_page(client, version)
    assert client.post(clean_url(version)).url == HOME
    assert versions().count() == 1


def test_malware_is_not_copied(files, uploader):
    version, client = upload(files, uploader), client_of(uploader)
    found = [{"code": "malware", "severity": "blocker", "message": "It is malware."}]
    report = {**version.inspection, "findings": found}
    DocumentVersion.objects.filter(pk=version.pk).update(state="blocked", inspection=report)
    assert client.post(clean_url(version)).url == HOME


def test_an_older_version_does_not_come_back(files, uploader):
    old = upload(files, uploader)
    new = upload(files, uploader, pdf("Another"), document=old.document)
    client = client_of(uploader)
    page = edit_page(client, old)
    assert clean_url(old) not in page
    assert clean_url(new) in page
    assert client.post(clean_url(old)).url == HOME


def test_a_newer_upload_meanwhile_wins(files, uploader, monkeypatch):
    from wagtail_safeguarding.publication import cleaned

    version = upload(files, uploader)
    real = cleaned.stored_file

    def meanwhile(*args):
        upload(files, uploader, pdf("Another"), document=version.document)
        return real(*args)

    monkeypatch.setattr(cleaned, "stored_file", meanwhile)
    with pytest.raises(NotCleaned):
        replace_by_cleaned_copy(version, user=uploader)
    assert [one.cleaned_from for one in versions()] == [None, None]


def test_altered_bytes_are_not_copied(files, uploader):
    version = upload(files, uploader)
    storage = get_document_storage()
    storage.delete(version.storage_key)
    storage.save(version.storage_key, io.BytesIO(pdf("Somebody else")))
    with pytest.raises(NotCleaned):
        replace_by_cleaned_copy(version, user=uploader)
    assert versions().count() == 1


def test_whoever_uploaded_the_source_does_not_overrule_the_copy(files, uploader):
    version = upload(files, uploader)
    cleaner = editor("cleaner", documents=files, models=("override_inspection",))
    lead = editor("lead", documents=files, models=("override_inspection",))
    copy = replace_by_cleaned_copy(version, user=cleaner).version
    assert [may_overrule(user, copy) for user in (uploader, cleaner, lead)] == [False, False, True]


def test_a_fault_leaves_neither_copy_nor_object(files, uploader, monkeypatch):
    from wagtail_safeguarding.publication import cleaned

    version = upload(files, uploader)
    stored = len(list(_keys()))

    def fail(*args, **kwargs):
        raise RuntimeError("the log is out of order")

    monkeypatch.setattr(cleaned, "log", fail)
    with pytest.raises(RuntimeError, match="out of order"):
        replace_by_cleaned_copy(version, user=uploader)
    assert versions().get().state == VersionState.CLEARED
    assert len(list(_keys())) == stored


def _keys():
    folders = ["versions"]
    while folders:
        folder = folders.pop()
        inner, names = get_document_storage().listdir(folder)
        folders += [f"{folder}/{name}" for name in inner]
        yield from names
