"""The listing of reviews: what it shows, and what it keeps from other sections' editors."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Site

from tests import factories as f
from tests.admin.people import client_of, collection, editor
from wagtail_safeguarding.register.models import Record

pytestmark = pytest.mark.django_db

BASE = "safeguarding_reviews_safeguarding_pages_practicereviewpage_modeladmin"
INDEX = f"{BASE}_index"


@pytest.fixture
def sections():
    """Two sections with a review each, and an editor of the first."""
    first, second = f.review_index(slug="a"), f.review_index(slug="b", title="Others")
    ours = f.review(first, title="Ours", slug="ours", review_date="2019-07", live=False)
    theirs = f.review(second, title="Theirs", slug="theirs", review_date="2011", live=False)
    return editor(section=first), ours, theirs


def test_listing_says_type_date_and_state_as_people_write_them():
    page = f.review(f.review_index(), title="Child M", review_date="2019-07")
    text = client_of(f.superuser()).get(reverse(INDEX)).content.decode()
    assert "Child M" in text
    assert "July 2019" in text
    assert "2019-07<" not in text
    assert "Learning review" in text
    assert ">Live<" in text
    page.title = "Child M, changed"
    page.save_revision()
    assert "Live + draft" in client_of(f.superuser("b")).get(reverse(INDEX)).content.decode()


def test_listing_sorts_by_what_is_known_of_the_date():
    index = f.review_index()
    for title, date in (("Middle", "2018"), ("Oldest", "2008-05"), ("Newest", "2019-07")):
        f.review(index, title=title, slug=title.lower(), review_date=date)
    client = client_of(f.superuser())
    column = 2
    for order, wanted in (
        (str(column), ["Oldest", "Middle", "Newest"]),
        (f"-{column}", ["Newest", "Middle", "Oldest"]),
    ):
        rows = client.get(reverse(INDEX), {"o": order}).context["object_list"]
        assert [page.title for page in rows] == wanted


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"year": "2019"}, {"Ours"}),
        ({"year": "2018"}, {"Live one"}),
        ({"type": "serious-case-review"}, {"Live one"}),
        ({"state": "draft"}, {"Ours"}),
        ({"state": "live"}, {"Live one"}),
        ({"q": "R-77"}, {"Live one"}),
        ({"q": "ours"}, {"Ours"}),
        ({"q": "nothing"}, set()),
    ],
)
def test_filters_and_search(query, found):
    index = f.review_index()
    f.review(index, title="Ours", slug="ours", review_date="2019-07", live=False)
    f.review(
        index,
        title="Live one",
        slug="live",
        review_date="2018",
        review_type="serious-case-review",
        reference="R-77",
    )
    response = client_of(f.superuser()).get(reverse(INDEX), query)
    assert {page.title for page in response.context["object_list"]} == found


def test_editor_sees_only_the_own_section(sections):
    user, _ours, _theirs = sections
    client = client_of(user)
    for query in ({}, {"q": "theirs"}, {"year": "2011"}, {"state": "draft"}):
        text = client.get(reverse(INDEX), query).content.decode()
        assert "Theirs" not in text
    text = client.get(reverse(INDEX)).content.decode()
    assert "Ours" in text
    assert "2011" not in text, "the filters name years of hidden reviews"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_holds_only_the_own_section(sections, form):
    user, _ours, _theirs = sections
    response = client_of(user).get(reverse(INDEX), {"export": form})
    body = b"".join(response.streaming_content)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(body.decode())))
    else:
        sheet = load_workbook(io.BytesIO(body)).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [row[0] for row in rows[1:]] == ["Ours"]
    assert rows[1][2] == "2019-07"


def test_export_does_not_run_titles_as_formulas():
    f.review(f.review_index(), title='=HYPERLINK("x")', slug="x")
    response = client_of(f.superuser()).get(reverse(INDEX), {"export": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert rows[1][0] == '\'=HYPERLINK("x")'


def test_dossier_shows_documents_register_and_problems():
    version = f.cleared_version("Overview report")
    page = f.review(f.review_index(), title="Child M", versions=(version,), review_date="2019-07")
    page.documents.append(f.document_value(title="Later leaflet"))
    page.save_revision()
    response = client_of(f.superuser()).get(reverse(f"{BASE}_inspect", args=[page.pk]))
    text = response.content.decode()
    assert str(Record.objects.get(page_id=page.pk).uuid) in text
    for wanted in ("July 2019", "Overview report", "report.pdf", "public now", "no file yet"):
        assert wanted in text


def test_dossier_of_another_section_is_refused(sections):
    user, ours, theirs = sections
    client = client_of(user)
    assert client.get(reverse(f"{BASE}_inspect", args=[ours.pk])).status_code == 200
    refused = client.get(reverse(f"{BASE}_inspect", args=[theirs.pk]))
    assert refused.status_code == 302
    assert refused.url == reverse("wagtailadmin_home")


def test_edit_and_delete_lead_to_wagtails_own_views_which_refuse(sections):
    user, _ours, theirs = sections
    client = client_of(user)
    followed = client.get(reverse(f"{BASE}_edit", args=[theirs.pk]), follow=True)
    assert followed.redirect_chain[-1][0] == reverse("wagtailadmin_home")
    assert "Theirs" not in followed.content.decode()
    followed = client.post(reverse(f"{BASE}_delete", args=[theirs.pk]), follow=True)
    assert type(theirs).objects.filter(pk=theirs.pk).exists()


def test_menu_shows_an_item_only_to_those_who_may_use_it(sections):
    home = reverse("wagtailadmin_home")
    user, _ours, _theirs = sections
    documents = reverse("safeguarding_documents_modeladmin_index")
    terms = reverse("safeguarding_vocabularies_modeladmin_index")

    def menu(of):
        text = client_of(of).get(home).content.decode()
        return {url for url in (reverse(INDEX), documents, terms) if f'"{url}"' in text}

    assert menu(user) == {reverse(INDEX)}
    assert menu(editor("filer", documents=collection("Files"))) == {documents}
    assert menu(editor("words", models=("change_term",))) == {terms}
    assert menu(editor("nobody")) == set()
    assert menu(f.superuser()) == {reverse(INDEX), documents, terms}


def test_those_without_rights_are_refused(client):
    assert client.get(reverse(INDEX)).status_code == 302
    response = client_of(editor("nobody")).get(reverse(INDEX))
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize("name", ["owner__password__startswith", "title__contains", "nonsense"])
def test_only_the_listed_filters_are_answered(sections, name):
    user, _ours, _theirs = sections
    assert client_of(user).get(reverse(INDEX), {name: "m"}).status_code == 400


@pytest.mark.parametrize("query", [{}, {"export": "csv"}])
def test_number_of_queries_does_not_grow(sections, query):
    user, ours, _theirs = sections
    index = ours.get_parent().specific

    def queries():
        client = client_of(user)
        client.get(reverse(INDEX))
        Site.clear_site_root_paths_cache()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse(INDEX), query)
            if response.streaming:
                list(response.streaming_content)
            assert response.status_code == 200
        return len(captured)

    one = queries()
    for number in range(30):
        f.review(index, title=f"Review {number}", slug=f"r-{number}", live=bool(number % 2))
    assert queries() == one
