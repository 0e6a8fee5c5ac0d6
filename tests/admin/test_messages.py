"""What the editor is told after saving a page, and the panel in the page's editor."""

from __future__ import annotations

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from tests import factories as f
from tests.admin.people import client_of, said
from wagtail_safeguarding.admin.messages import warn_after_save
from wagtail_safeguarding.documents.states import VersionState

pytestmark = pytest.mark.django_db


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def save(client, page, version=None, title="Leaflet", headers=None, **data):
    """Save the page's form with one row in its list of documents."""
    form = querydict_from_html(client.get(edit(page)).content.decode(), form_id="page-edit-form")
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            form[f"{field.name}-count"] = "0"
    row = {"version": version.pk if version else "", "title": title}
    row.update(dict.fromkeys(("role", "language", "date", "description"), ""))
    form.update(nested_form_data({"documents": streamfield([("document", row)])}))
    form["documents-count"] = "1"
    form.update(data)
    return client.post(edit(page), form, headers=headers or {})


@pytest.fixture
def page():
    return f.review(f.review_index(), live=False)


def test_saving_says_what_to_look_at_again(page):
    response = save(client_of(f.superuser()), page)
    assert response.status_code == 302, response.context["form"].errors
    assert "Please look again: “Leaflet” has no file yet." in said(response)


def test_saving_says_what_keeps_it_from_being_published(page):
    version = f.cleared_version("Report")
    version.move(VersionState.WITHDRAWN)
    response = save(client_of(f.superuser()), page, version)
    assert "Not ready to publish: The file of “Report” was withdrawn." in said(response)


def test_saving_a_page_without_problems_says_nothing_of_them(page):
    response = save(client_of(f.superuser()), page, f.cleared_version("Report"))
    assert response.status_code == 302
    assert "look again" not in said(response)
    assert "Not ready" not in said(response)


def test_autosave_is_silent(page):
    response = save(client_of(f.superuser()), page, headers={"accept": "application/json"})
    assert "look again" not in said(response)


def test_panel_names_blockers_first(page):
    version = f.cleared_version("Report")
    page.documents.append(f.document_value(title="Leaflet"))
    page.documents.append(f.document_value(version))
    page.save_revision()
    version.move(VersionState.WITHDRAWN)
    text = client_of(f.superuser()).get(edit(page)).content.decode()
    assert "Before you publish" in text
    assert 0 < text.index("was withdrawn") < text.index("has no file yet")


def test_panel_is_absent_where_nothing_is_to_do(page):
    text = client_of(f.superuser()).get(edit(page)).content.decode()
    assert "Before you publish" not in text


def test_publishing_an_unready_page_shows_why_and_publishes_nothing(page):
    version = f.cleared_version("Report")
    version.move(VersionState.WITHDRAWN)
    response = save(client_of(f.superuser()), page, version, **{"action-publish": "action-publish"})
    assert response.status_code == 200
    assert "was withdrawn" in response.content.decode()
    assert not type(page).objects.get(pk=page.pk).live


def test_message_names_a_few_and_counts_the_rest(rf):
    page = f.review(f.review_index(), live=False)
    for number in range(5):
        page.documents.append(f.document_value(title=f"Leaflet {number}"))
    request = rf.get("/")
    request.session, request._messages = {}, CookieStorage(request)
    warn_after_save(request, page)
    (message,) = [str(message) for message in request._messages]
    assert "Leaflet 2" in message
    assert "Leaflet 3" not in message
    assert "And 2 more." in message


def test_pages_of_other_types_are_left_alone(rf):
    warn_after_save(rf.get("/"), f.home_page())
