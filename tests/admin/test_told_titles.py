"""No form tells the title of a document that its user has no right to, valid or not."""

from __future__ import annotations

import uuid

import pytest
from django import forms
from django.urls import reverse
from wagtail.log_actions import LogContext

from tests import factories as f
from tests.admin.forms import review_form, rich_text
from tests.admin.people import client_of, collection, editor
from wagtail_safeguarding.content.documents import DocumentBlock
from wagtail_safeguarding.documents.chooser import DocumentVersionChooserBlock, viewset
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState

pytestmark = pytest.mark.django_db

SECRET = "Unredacted report on Child S"
INVALID = {
    "title": "x" * 300,
    "role": "no-such-role",
    "language": "x" * 300,
    "date": "the day before yesterday",
}


@pytest.fixture
def index():
    return f.review_index()


@pytest.fixture
def secret():
    return f.cleared_version(SECRET, collection=collection("Secret"))


def with_row(version, field="documents", **values):
    form = review_form([(version.pk, "")])
    row = {"version": version.pk, **values}
    form.update({f"documents-0-value-{name}": str(value) for name, value in row.items()})
    if field == "documents":
        return form
    return {
        key.replace("documents-", f"{field}-") if key.startswith("documents-") else key: value
        for key, value in form.items()
        if not key.startswith(f"{field}-")
    } | {"documents-count": "0"}


def address_of(index, where):
    if where == "add":
        return reverse(
            "wagtailadmin_pages:add", args=["safeguarding_pages", "practicereviewpage", index.pk]
        )
    page = f.review(index, slug=f"r{uuid.uuid4().hex[:8]}", live=False)
    page.save_revision()
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def refused_without_a_word(response):
    assert SECRET not in response.content.decode()
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize("where", ["edit", "add"])
@pytest.mark.parametrize("field", ["documents", "related_documents"])
@pytest.mark.parametrize("invalid", INVALID)
def test_invalid_row_tells_no_title(index, secret, where, field, invalid):
    client = client_of(editor(section=index))
    data = with_row(secret, field, **{invalid: INVALID[invalid]})
    refused_without_a_word(client.post(address_of(index, where), data))


@pytest.mark.parametrize("where", ["edit", "add"])
def test_page_that_is_invalid_elsewhere_tells_no_title(index, secret, where):
    client = client_of(editor(section=index))
    data = {**with_row(secret), "title": "", "review_date": "soon"}
    refused_without_a_word(client.post(address_of(index, where), data))


def test_withdrawn_and_deleted_documents_are_not_told_either(index, secret):
    secret.move(VersionState.WITHDRAWN)
    secret.document.deleted_at = secret.uploaded_at
    secret.document.save()
    client = client_of(editor(section=index))
    data = with_row(secret, title="x" * 300)
    refused_without_a_word(client.post(address_of(index, "edit"), data))


def test_preview_and_autosave_tell_no_title(index, secret):
    client = client_of(editor(section=index))
    data = with_row(secret, title="x" * 300)
    url = address_of(index, "edit")
    pk = url.rstrip("/").split("/")[-2]
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[pk])
    refused_without_a_word(client.post(preview, data))
    assert SECRET not in client.get(preview).content.decode()
    answer = client.post(url, data, headers={"accept": "application/json"})
    assert SECRET not in answer.content.decode()


def test_rows_within_the_sections_of_a_collection_tell_no_title(index, secret):
    home = index.get_parent()
    client = client_of(editor(section=home))
    url = reverse(
        "wagtailadmin_pages:add",
        args=["safeguarding_pages", "documentcollectionpage", home.pk],
    )
    row = "sections-0-value-documents"
    data = {
        "title": "Protocols",
        "slug": "protocols",
        "introduction": rich_text(""),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "further_information-count": "0",
        "body-count": "0",
        "sections-count": "1",
        "sections-0-deleted": "",
        "sections-0-order": "0",
        "sections-0-type": "section",
        "sections-0-id": "",
        "sections-0-value-heading": "x" * 300,
        "sections-0-value-introduction": rich_text(""),
        f"{row}-count": "1",
        f"{row}-0-deleted": "",
        f"{row}-0-order": "0",
        f"{row}-0-type": "document",
        f"{row}-0-id": "",
        f"{row}-0-value-version": str(secret.pk),
        f"{row}-0-value-title": "",
        f"{row}-0-value-role": "",
        f"{row}-0-value-language": "",
        f"{row}-0-value-date": "",
        f"{row}-0-value-description": "",
    }
    refused_without_a_word(client.post(url, data))


def test_what_the_page_names_already_is_shown_with_its_title(index, secret):
    page = f.review(index, versions=(secret,), live=False)
    page.save_revision()
    client = client_of(editor(section=index))
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert SECRET in client.get(url).content.decode()
    response = client.post(url, with_row(secret, title="x" * 300))
    assert response.status_code == 200
    assert SECRET in response.content.decode()


@pytest.mark.parametrize("nonsense", ["abc", "9" * 40, "-1", "1.5"])
def test_nonsense_chooses_no_version(index, nonsense):
    client = client_of(editor(section=index))
    url = address_of(index, "edit")
    assert client.post(url, review_form([(nonsense, "To be supplied")])).status_code == 302
    assert client.post(url, review_form([(nonsense, "x" * 300)])).status_code == 200
    with LogContext(user=f.superuser()):
        assert "may not see" not in str(SitesForm({"version": nonsense})["version"])


class SitesForm(forms.Form):
    """A form of a site's own, such as a snippet's, with our chooser."""

    version = forms.ModelChoiceField(DocumentVersion.objects.all(), widget=viewset.widget_class())


def test_chooser_in_another_form_tells_only_what_its_user_may_see(secret):
    reader = editor("reader", documents=secret.document.collection, files=("choose",))
    for user, told in ((editor("stranger"), False), (reader, True), (f.superuser(), True)):
        with LogContext(user=user):
            shown = str(SitesForm({"version": secret.pk})["version"])
            state = DocumentVersionChooserBlock().get_form_state(secret)
        assert (SECRET in shown) is told
        assert (SECRET in str(state)) is told
        assert str(secret.pk) in shown, "the value is kept"


def test_row_in_another_form_takes_over_no_title_that_its_user_may_not_see(secret):
    block = DocumentBlock()
    value = block.to_python({"version": secret.pk, "title": ""})
    with LogContext(user=editor("stranger")):
        assert not block.clean(value)["title"]
    with LogContext(user=f.superuser()):
        assert block.clean(value)["title"] == SECRET
    assert block.clean(value)["title"] == SECRET, "a program's own"
