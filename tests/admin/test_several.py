"""Several documents at once: each file is added or refused, and never lies anywhere else."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.storage import FileSystemStorage, Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry, UploadedFile

from tests import factories as f
from tests.admin.people import client_of, collection, editor
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.storage import get_document_storage

pytestmark = pytest.mark.django_db

URL = "safeguarding_several"
AJAX = {"x-requested-with": "XMLHttpRequest"}


def send(client, *files, **data):
    return client.post(reverse(URL), {"files[]": list(files), **data})


def edit(document):
    return reverse("safeguarding_several_edit", args=[document.pk])


def delete(document):
    return reverse("safeguarding_several_delete", args=[document.pk])


@pytest.fixture
def files():
    return collection("Files")


class Watched(Storage):
    """Stands in for the site's media storage: nothing of a review file may ever touch it."""

    def _refuse(self, *args, **kwargs):
        raise AssertionError("a review file touched the site's default storage")

    save = _save = open = _open = delete = exists = url = path = _refuse


@pytest.fixture(autouse=True)
def watched_media(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "tests.admin.test_several.Watched"},
    }


def test_each_file_becomes_a_document_with_its_first_version(files):
    user = editor(documents=files)
    client = client_of(user)
    for number in (1, 2):
        answer = send(client, f.uploaded_pdf(f"report-{number}.pdf"), title=f"report-{number}")
        assert answer.json()["success"], answer.json()
    one, two = ReviewDocument.objects.order_by("pk")
    assert [one.title, two.title] == ["report-1", "report-2"]
    assert (one.collection, one.created_by) == (files, user)
    version = one.versions.get()
    assert (version.number, version.uploaded_by, version.state) == (1, user, "inspecting")
    assert "The file is being inspected." in answer.json()["form"]
    assert get_document_storage().exists(version.storage_key)
    assert ModelLogEntry.objects.filter(action="wagtail.create", user=user).count() == 2


def test_answer_has_a_form_for_title_collection_and_language(files):
    inner = files.add_child(name="Inner")
    client = client_of(editor(documents=files))
    answer = send(client, f.uploaded_pdf(), collection=inner.pk)
    document = ReviewDocument.objects.get()
    assert document.collection == inner
    prefix = f"review-document-{document.pk}"
    form = answer.json()["form"]
    for name in ("title", "collection", "language"):
        assert f'name="{prefix}-{name}"' in form
    values = {"title": "Child M", "collection": files.pk, "language": "cy"}
    data = {f"{prefix}-{name}": value for name, value in values.items()}
    assert client.post(edit(document), data).json()["success"]
    document.refresh_from_db()
    assert (document.title, document.collection, document.language) == ("Child M", files, "cy")
    refused = client.post(edit(document), {**data, f"{prefix}-title": ""}).json()
    assert not refused["success"]
    assert "This field is required" in refused["form"]


def spreadsheet():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "The file is empty. Export"),
        ("figures.xlsx", spreadsheet(), "Hidden sheets"),
        ("program.pdf", b"MZ\x90\x00" + b"0" * 64, "not published"),
        ("report.docx", f.PDF, "its name ends in “docx”"),
        ("large.pdf", f.PDF + b"0" * (2 * 1024 * 1024), "The file is larger than 1 MB"),
        (f"{'n' * 300}.pdf", f.PDF, "The file name is longer than 200 characters"),
        ("<b>bold.pdf", f.PDF, "characters that hide or change"),
        ("x.<img src=x onerror=alert(1)>", f.PDF, "&lt;img"),
    ],
)
def test_bad_file_is_refused_in_words_and_stored_nowhere(files, settings, name, content, words):
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTES": 1024 * 1024}
    client = client_of(editor(documents=files))
    title = name.rpartition(".")[0]
    answer = send(client, SimpleUploadedFile(name, content), title=title).json()
    assert not answer["success"]
    assert words in answer["error_message"]
    assert "<" not in answer["error_message"], "Wagtail's script puts it in as HTML"
    assert not ReviewDocument.objects.exists()
    assert not DocumentVersion.objects.exists()
    assert not UploadedFile.objects.exists()


def test_file_for_another_collection_is_refused_and_stored_nowhere(files):
    theirs = collection("Theirs")
    client = client_of(editor(documents=files))
    for pk in (theirs.pk, 99999, "x", "\x00"):
        answer = send(client, f.uploaded_pdf(), collection=pk).json()
        assert not answer["success"]
        assert answer["error_message"].startswith("Collection: ")
        assert "Theirs" not in answer["error_message"]
    assert not ReviewDocument.objects.exists()
    assert not UploadedFile.objects.exists()


def test_collection_must_be_said_where_there_is_a_choice(files):
    files.add_child(name="Inner")
    answer = send(client_of(editor(documents=files)), f.uploaded_pdf())
    assert not answer.json()["success"]


@pytest.mark.parametrize("sent", ["none", "two", "other name"])
def test_request_without_exactly_one_file_is_a_bad_request(files, sent):
    client = client_of(editor(documents=files))
    data = {
        "none": {},
        "two": {"files[]": [f.uploaded_pdf("a.pdf"), f.uploaded_pdf("b.pdf")]},
        "other name": {"file": f.uploaded_pdf()},
    }[sent]
    assert client.post(reverse(URL), data).status_code == 400
    assert not ReviewDocument.objects.exists()


def test_no_other_way_of_uploading_touches_the_media_storage(files):
    """One new document, a replaced file and the chooser, under the same watch."""
    client = client_of(editor(documents=files))
    base = "safeguarding_documents_modeladmin"
    new = {"title": "New", "language": "en", "file": f.uploaded_pdf()}
    assert client.post(reverse(f"{base}_create"), new).status_code == 302
    document = ReviewDocument.objects.get()
    again = {**new, "file": f.uploaded_pdf("b.pdf", "b")}
    assert client.post(reverse(f"{base}_edit", args=[document.pk]), again).status_code == 302
    chosen = {"title": "Chosen", "collection": files.pk, "file": f.uploaded_pdf("c.pdf", "c")}
    data = {f"review-document-{name}": value for name, value in chosen.items()}
    create = reverse("safeguarding_document_chooser:create")
    assert client.post(create, data).json()["step"] == "chosen"
    for version in DocumentVersion.objects.all():
        client.get(reverse("safeguarding_document_download", args=[version.pk]))
        assert get_document_storage().exists(version.storage_key)
    assert DocumentVersion.objects.count() == 3


def test_storage_that_fails_leaves_nothing(files, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    client = client_of(editor(documents=files))
    client.raise_request_exception = False
    assert send(client, f.uploaded_pdf()).status_code == 500
    assert not ReviewDocument.objects.exists()
    assert not UploadedFile.objects.exists()


def test_page_and_its_button_need_the_right_to_add(files, client):
    text = client_of(editor(documents=files)).get(reverse(URL)).content.decode()
    assert "Drag and drop review documents" in text
    assert 'name="collection"' not in text, "there is no choice"
    files.add_child(name="Inner")
    text = client_of(editor("two", documents=files)).get(reverse(URL)).content.decode()
    assert 'name="collection"' in text

    index = reverse("safeguarding_documents_modeladmin_index")
    changer = client_of(editor("changer", documents=files, files=("change",)))
    assert reverse(URL) not in changer.get(index).content.decode()
    assert reverse(URL) in client_of(f.superuser()).get(index).content.decode()
    for answer in (changer.get(reverse(URL)), send(changer, f.uploaded_pdf())):
        assert answer.status_code == 302
        assert answer.url == reverse("wagtailadmin_home")
    assert send(client, f.uploaded_pdf()).url.startswith(reverse("wagtailadmin_login"))
    assert not ReviewDocument.objects.exists()


def test_documents_of_others_deleted_and_unknown_ones_are_refused_alike(files):
    theirs = f.cleared_version("Their report", collection=collection("Theirs")).document
    gone = f.cleared_version("Gone", collection=files).document
    ReviewDocument.objects.filter(pk=gone.pk).update(deleted_at="2020-01-01T00:00:00Z")
    unknown = ReviewDocument(pk=99999)
    client = client_of(editor(documents=files, files=("add", "change", "choose", "delete")))
    for document in (theirs, gone, unknown):
        for url in (edit(document), delete(document)):
            data = {f"review-document-{document.pk}-title": "Mine now"}
            answer = client.post(url, data, headers=AJAX)
            assert answer.status_code == 403
            assert b"Their report" not in answer.content
    for url in (edit(theirs), delete(theirs)):
        assert client.get(url).status_code == 405
    theirs.refresh_from_db()
    assert (theirs.title, theirs.deleted_at) == ("Their report", None)


def test_deleting_at_once_needs_the_right_to_delete(files):
    plain = client_of(editor(documents=files))
    answer = send(plain, f.uploaded_pdf())
    first = ReviewDocument.objects.get()
    assert delete(first) not in answer.json()["form"]
    assert plain.post(delete(first), headers=AJAX).status_code == 403

    allowed = client_of(editor("two", documents=files, files=("add", "delete")))
    answer = send(allowed, f.uploaded_pdf(text="second"))
    second = ReviewDocument.objects.exclude(pk=first.pk).get()
    assert delete(second) in answer.json()["form"]
    assert allowed.post(delete(second)).json()["success"]
    second.refresh_from_db()
    assert second.deleted_at is not None
    assert second.versions.get().open().read() == f.pdf_bytes("second")


def test_public_document_is_not_deleted_here_either(files):
    version = f.cleared_version(collection=files)
    f.review(f.review_index(), versions=(version,))
    client = client_of(f.superuser())
    assert client.post(delete(version.document)).status_code == 409
    version.document.refresh_from_db()
    assert version.document.deleted_at is None
