"""Unprotected links in the admin: at the field, in the panel, after saving, in the report."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.documents.models import Document
from wagtail.models import Page

from tests import factories as f
from tests.admin.people import client_of, editor
from wagtail_safeguarding.admin import unprotected
from wagtail_safeguarding.admin.messages import warn_after_save

pytestmark = pytest.mark.django_db

REPORT = "safeguarding_unprotected_links"


def ordinary(title="Ordinary leaflet"):
    document = Document(title=title)
    document.file.save("leaflet.pdf", ContentFile(b"%PDF-1.7\n"))
    return document


def link_to(document):
    return f'<p><a linktype="document" id="{document.pk}">Leaflet</a></p>'


@pytest.fixture
def index():
    return f.review_index()


def rows(client, **query):
    response = client.get(reverse(REPORT), query)
    assert response.status_code == 200
    return [
        (row.title, row.field, row.document_title, row.state)
        for row in response.context["object_list"]
    ]


# The editor


def edit_page(page, client=None):
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return (client or client_of(f.superuser())).get(url).content.decode()


WORDS = "“Ordinary leaflet” is an ordinary document"


def warned_fields(text):
    """The names of the fields that have the warning in them."""
    fields = BeautifulSoup(text, "html.parser").select("[data-field][data-contentpath]")
    return [field["data-contentpath"] for field in fields if WORDS in field.text]


def test_editor_shows_the_warning_in_the_panel_and_at_the_field(index):
    page = f.review(index, summary=link_to(ordinary()))
    text = edit_page(page)
    assert warned_fields(text) == ["summary"]
    assert text.count(WORDS) == 2


def test_warning_stands_at_a_streamfield_and_at_a_field_of_the_sites_own(index):
    from tests.council.models import CouncilReview

    document = ordinary()
    page = f.home_page().add_child(
        instance=CouncilReview(
            title="Audit",
            review_type="learning-review",
            standfirst=f"See http://localhost/documents/{document.pk}/{document.filename}",
            body=[("paragraph", link_to(document))],
        )
    )
    text = edit_page(page)
    assert sorted(warned_fields(text)) == ["body", "standfirst"]


def test_editor_of_a_page_without_such_links_shows_no_warning(index):
    page = f.review(index, summary="<p>Nothing.</p>")
    assert "ordinary document" not in edit_page(page)


def test_form_with_an_error_still_warns(index):
    from wagtail.test.utils.form_data import querydict_from_html

    # Our own rich text offers no link to a document, and Wagtail's editor drops such a link
    # when it opens the text. A web address stays.
    summary = f'<p><a href="http://localhost{ordinary().url}">Leaflet</a></p>'
    page = f.review(index, summary=summary, live=False)
    client = client_of(f.superuser())
    data = querydict_from_html(edit_page(page, client), form_id="page-edit-form")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    for field in ("body", "documents", "subjects", "learning_points", "recommendations"):
        data[f"{field}-count"] = "0"
    for field in ("related_reviews", "related_documents", "further_information"):
        data[f"{field}-count"] = "0"
    text = client.post(url, {**data.dict(), "title": ""}).content.decode()
    assert "could not be saved" in text
    assert warned_fields(text) == ["summary"]


def test_message_after_saving_names_the_document(index, rf):
    from django.contrib.messages.storage.fallback import FallbackStorage

    page = f.review(index, summary=link_to(ordinary()))
    request = rf.get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    warn_after_save(request, page)
    (message,) = request._messages
    assert f"Please look again: {WORDS}" in str(message)


# The report


def test_report_names_page_field_document_and_state(index):
    leaflet, policy = ordinary(), ordinary("Policy")
    live = f.review(index, title="Live", slug="a", summary=link_to(leaflet))
    f.review(index, title="Only a draft", slug="b", summary=link_to(leaflet), live=False)
    changed = f.review(index, title="Changed", slug="c", summary=link_to(leaflet))
    changed.summary = link_to(policy)
    changed.save_revision()
    same = f.review(index, title="Same in both", slug="d", summary=link_to(leaflet))
    same.save_revision()
    f.review(index, title="Clean", slug="e")
    client = client_of(f.superuser())
    assert rows(client) == [
        ("Changed", "Summary", "Ordinary leaflet", "Live"),
        ("Changed", "Summary", "Policy", "Draft"),
        ("Live", "Summary", "Ordinary leaflet", "Live"),
        ("Only a draft", "Summary", "Ordinary leaflet", "Draft"),
        ("Same in both", "Summary", "Ordinary leaflet", "Live and draft"),
    ]
    text = client.get(reverse(REPORT)).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[live.pk]) in text
    assert reverse("wagtaildocs:edit", args=[leaflet.pk]) in text
    assert "no unprotected links" not in text


def test_report_without_rows_says_so():
    text = client_of(f.superuser()).get(reverse(REPORT)).content.decode()
    assert "There are no unprotected links to display" in text


def test_report_holds_only_pages_that_the_user_may_edit(index):
    other = f.review_index(slug="other")
    f.review(index, title="Ours", summary=link_to(ordinary()))
    f.review(other, title="Theirs", summary=link_to(ordinary("Theirs")))
    client = client_of(editor(section=index))
    assert [row[0] for row in rows(client)] == ["Ours"]
    for export in ("csv", "xlsx"):
        response = client.get(reverse(REPORT), {"export": export})
        assert b"Theirs" not in b"".join(response.streaming_content)
    text = client.get(reverse(REPORT)).content.decode()
    assert "Theirs" not in text
    leaflet = Document.objects.get(title="Ordinary leaflet")
    assert reverse("wagtaildocs:edit", args=[leaflet.pk]) not in text
    assert leaflet.url in text


def test_report_and_its_menu_entry_need_a_right_to_pages(index, client):
    home = reverse("wagtailadmin_home")
    url = reverse(REPORT)
    nobody = client_of(editor("nobody"))
    for address in (url, reverse(f"{REPORT}_results")):
        assert nobody.get(address).url == home
        assert client.get(address).url.startswith(reverse("wagtailadmin_login"))
    assert url not in nobody.get(home).content.decode()
    ours = client_of(editor(section=index))
    assert url in ours.get(home).content.decode()
    assert ours.get(reverse(f"{REPORT}_results")).status_code == 200


def test_exports_quote_formulas(index):
    f.review(index, title="=HYPERLINK(1)", summary=link_to(ordinary("+cmd")))
    client = client_of(f.superuser())
    csv = b"".join(client.get(reverse(REPORT), {"export": "csv"}).streaming_content).decode()
    assert csv.splitlines()[0] == "Page,Field,Document,Address,State"
    assert csv.splitlines()[1].startswith("'=HYPERLINK(1),Summary,'+cmd,/documents/")
    xlsx = b"".join(client.get(reverse(REPORT), {"export": "xlsx"}).streaming_content)
    cells = list(load_workbook(io.BytesIO(xlsx)).active.values)
    assert cells[1][0] == "'=HYPERLINK(1)"


def test_number_of_queries_does_not_grow_with_the_pages(index, monkeypatch):
    client = client_of(f.superuser())
    document = ordinary()

    def add(count, start):
        for number in range(start, start + count):
            page = f.review(index, slug=f"r-{number}", summary=link_to(document))
            page.body = [("paragraph", link_to(document))]
            page.save_revision()

    def queries():
        client.get(reverse(REPORT))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(REPORT)).status_code == 200
        return len(captured)

    add(2, 0)
    few = queries()
    add(20, 2)
    assert queries() == few
    # A full chunk more costs the queries of a chunk, however many pages are in it.
    monkeypatch.setattr(unprotected, "CHUNK", 11)
    assert queries() <= few + 5


def test_draft_row_without_any_revision_is_read_from_the_row(index):
    page = f.review(index, title="Imported", summary=link_to(ordinary()), live=False)
    Page.objects.filter(pk=page.pk).update(latest_revision=None)
    assert [row[3] for row in rows(client_of(f.superuser()))] == ["Draft"]
