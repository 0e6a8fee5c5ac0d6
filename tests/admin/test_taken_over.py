"""What a page says of a document is published with the page, and not edited past it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories as f
from tests.admin.forms import review_form
from tests.admin.people import client_of
from wagtail_safeguarding.dates import PartialDate

pytestmark = pytest.mark.django_db


def said(page):
    (row,) = type(page).objects.get(pk=page.pk).get_rows("documents")
    return row.title, row.language, row.audience, str(row.date)


@pytest.fixture
def document():
    document = f.cleared_version("Overview report").document
    document.language = "cy"
    document.audience = ["police"]
    document.publication_date = PartialDate.parse("2019-07")
    document.save()
    return document


def published(document, **row):
    page = f.review(f.review_index(), live=False)
    page.save_revision()
    data = review_form([(document.latest_version.pk, "")], **{"action-publish": "1"})
    data.update({f"documents-0-value-{name}": value for name, value in row.items()})
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client_of(f.superuser()).post(url, data).status_code == 302
    return page


def test_editing_a_document_changes_no_published_page(document):
    page = published(document)
    taken = ("Overview report", "cy", ["police"], "2019-07")
    assert said(page) == taken

    document.title = "Working title with a name"
    document.language = "en"
    document.audience = []
    document.publication_date = PartialDate.parse("2001")
    document.save()
    assert said(page) == taken


def test_the_rows_own_words_are_kept(document):
    own = {"title": "Mine", "language": "pl", "audience": "health", "date": "2020"}
    page = published(document, **own)
    assert said(page) == ("Mine", "pl", ["health"], "2020")
