"""The chooser of the page editor: choose, search, upload; only what the user may use."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as f
from tests.admin.people import client_of, collection, editor
from tests.admin.test_documents import BAD_FILES
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState

pytestmark = pytest.mark.django_db

NAME = "safeguarding_document_chooser"
CHOOSE, RESULTS, CREATE = (
    reverse(f"{NAME}:{view}") for view in ("choose", "choose_results", "create")
)


def chosen(*versions):
    if len(versions) == 1:
        return reverse(f"{NAME}:chosen", args=[versions[0].pk])
    ids = "&".join(f"id={version.pk}" for version in versions)
    return f"{reverse(f'{NAME}:chosen_multiple')}?{ids}"


def upload(client, file, **values):
    data = {f"review-document-{name}": value for name, value in values.items()}
    return client.post(CREATE, {"review-document-file": file, **data})


@pytest.fixture
def folders():
    first, second = collection("Ours"), collection("Theirs")
    ours = f.cleared_version("Our report", "ours.pdf", collection=first)
    theirs = f.cleared_version("Their report", "theirs.pdf", collection=second)
    return editor(documents=first), ours, theirs


def test_offers_the_newest_versions_and_an_upload(folders):
    user, ours, _theirs = folders
    f.cleared_version(name="newer.pdf", text="newer", document=ours.document)
    shown = json.loads(client_of(user).get(CHOOSE).content)["html"]
    assert "newer.pdf" in shown
    assert "ours.pdf" not in shown
    assert 'name="review-document-file"' in shown
    assert 'id="id_title"' not in shown, "would clash with the title of the page being edited"


def test_shows_nothing_of_other_collections(folders):
    user, _ours, theirs = folders
    client = client_of(user)
    for url in (CHOOSE, RESULTS):
        for query in ({}, {"q": "their"}, {"collection_id": theirs.document.collection_id}):
            assert "Their report" not in client.get(url, query).content.decode()
            assert "theirs.pdf" not in client.get(url, query).content.decode()
    assert "Theirs" not in client.get(CHOOSE).content.decode(), "names a hidden collection"


def test_searches_and_filters(folders):
    _user, ours, _theirs = folders
    client = client_of(f.superuser())
    for query in (
        {"q": "ours.pdf"},
        {"q": "our rep"},
        {"collection_id": ours.document.collection_id},
    ):
        text = client.get(RESULTS, query).content.decode()
        assert "Our report" in text
        assert "Their report" not in text
    assert "Our report" not in client.get(RESULTS, {"q": "zebra"}).content.decode()


def test_filters_by_language_and_state(folders):
    user, ours, theirs = folders
    welsh = f.cleared_version("Adroddiad", text="cy", collection=ours.document.collection)
    type(welsh.document).objects.filter(pk=welsh.document_id).update(language="cy")
    type(theirs.document).objects.filter(pk=theirs.document_id).update(language="pl")
    blocked = f.cleared_version("Blocked", text="b", collection=ours.document.collection)
    DocumentVersion.objects.filter(pk=blocked.pk).update(state=VersionState.BLOCKED)
    client = client_of(user)
    for query, wanted in (
        ({"language": "cy"}, {"Adroddiad"}),
        ({"state": "blocked"}, {"Blocked"}),
        ({"language": "en", "state": "cleared"}, {"Our report"}),
        ({"language": "pl"}, {"Adroddiad", "Blocked", "Our report"}),
        ({"state": "withdrawn"}, {"Adroddiad", "Blocked", "Our report"}),
    ):
        text = client.get(RESULTS, query).content.decode()
        titles = {title for title in ("Adroddiad", "Blocked", "Our report") if title in text}
        assert titles == wanted, query
        assert "Their report" not in text
    form = json.loads(client.get(CHOOSE).content)["html"]
    assert '<option value="cy">' in form
    assert '<option value="pl">' not in form, "tells of a hidden document"
    assert 'value="withdrawn"' not in form
    assert form.count("data-chooser-modal-search-filter") == 3


def test_number_of_queries_does_not_grow(folders):
    user, ours, _theirs = folders
    client = client_of(user)

    def queries(url, query):
        client.get(url, query)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url, query).status_code == 200
        return len(captured)

    asked = [(CHOOSE, {}), (RESULTS, {"q": "report"}), (RESULTS, {"state": "cleared"})]
    few = [queries(*request) for request in asked]
    for number in range(45):
        f.cleared_version(f"Report {number}", text=str(number), collection=ours.document.collection)
    assert [queries(*request) for request in asked] == few


def test_chosen_says_what_and_where_to_edit(folders):
    user, ours, _theirs = folders
    result = json.loads(client_of(user).get(chosen(ours)).content)["result"]
    assert result["id"] == str(ours.pk)
    assert result["edit_url"] == reverse(
        "safeguarding_documents_modeladmin_edit", args=[ours.document.pk]
    )
    only_choose = editor("c", documents=ours.document.collection, files=("choose",))
    result = json.loads(client_of(only_choose).get(chosen(ours)).content)["result"]
    assert result["edit_url"] is None


def test_many_are_chosen_at_once(folders):
    user, ours, _theirs = folders
    other = f.cleared_version("Another", text="b", collection=ours.document.collection)
    result = json.loads(client_of(user).get(chosen(ours, other)).content)["result"]
    assert {row["id"] for row in result} == {str(ours.pk), str(other.pk)}


def test_what_may_not_be_chosen_is_refused(folders):
    user, ours, theirs = folders
    client = client_of(user)
    for version in (theirs, DocumentVersion(pk=99999)):
        answer = client.get(chosen(version), headers={"x-requested-with": "XMLHttpRequest"})
        assert answer.status_code == 403
    result = json.loads(client.get(chosen(ours, theirs)).content)["result"]
    assert [row["id"] for row in result] == [str(ours.pk)]
    nobody = client_of(editor("nobody"))
    assert "Our report" not in nobody.get(CHOOSE).content.decode()
    assert 'name="review-document-file"' not in nobody.get(CHOOSE).content.decode()


def test_upload_is_chosen_at_once(folders):
    user, ours, _theirs = folders
    response = upload(
        client_of(user),
        f.uploaded_pdf("m.pdf"),
        title="Child M",
        collection=ours.document.collection_id,
    )
    answer = json.loads(response.content)
    assert answer["step"] == "chosen"
    version = DocumentVersion.objects.get(pk=answer["result"]["id"])
    assert (version.document.title, version.uploaded_by) == ("Child M", user)
    assert version.document.collection == ours.document.collection


def test_upload_without_the_right_is_refused(folders):
    user, ours, theirs = folders
    response = upload(
        client_of(user), f.uploaded_pdf(), title="X", collection=theirs.document.collection_id
    )
    assert json.loads(response.content)["step"] == "reshow_creation_form"
    only_choose = editor("c", documents=ours.document.collection, files=("choose",))
    response = upload(
        client_of(only_choose),
        f.uploaded_pdf(),
        title="X",
        collection=ours.document.collection_id,
    )
    assert response.status_code == 302
    assert not DocumentVersion.objects.filter(document__title="X").exists()


@pytest.mark.parametrize("bad", BAD_FILES)
def test_bad_file_is_refused_in_plain_words(folders, bad):
    user, ours, _theirs = folders
    content, name, words = BAD_FILES[bad]
    response = upload(
        client_of(user),
        SimpleUploadedFile(name, content),
        title="X",
        collection=ours.document.collection_id,
    )
    answer = json.loads(response.content)
    assert answer["step"] == "reshow_creation_form"
    assert words in answer["htmlFragment"]
    assert not DocumentVersion.objects.filter(document__title="X").exists()


def test_spreadsheet_is_refused_with_advice(folders):
    import io
    import zipfile

    user, ours, _theirs = folders
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    response = upload(
        client_of(user),
        SimpleUploadedFile("figures.xlsx", buffer.getvalue()),
        title="X",
        collection=ours.document.collection_id,
    )
    assert "Hidden sheets" in json.loads(response.content)["htmlFragment"]


def test_deleted_documents_are_not_offered(folders):
    user, ours, _theirs = folders
    document = ours.document
    document.deleted_at = ours.uploaded_at
    document.save()
    client = client_of(user)
    assert "Our report" not in client.get(CHOOSE).content.decode()
    answer = client.get(chosen(ours), headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == 403


def test_withdrawn_files_are_not_offered(folders):
    user, ours, _theirs = folders
    ours.move(VersionState.WITHDRAWN)
    client = client_of(user)
    assert "Our report" not in client.get(CHOOSE).content.decode()
    answer = client.get(chosen(ours), headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == 403
