"""An editor in a real browser: writes a review, uploads its report and publishes both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from wagtail.models import Locale, Page

from tests import factories as f
from tests.admin.people import collection, editor
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.vocabularies.load import load_default_terms

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def index():
    """The tree is flushed after each transactional test, so it is made again."""
    if Page.get_first_root_node() is None:
        Locale.objects.get_or_create(language_code="en-gb")
        Page.add_root(instance=Page(title="Root", slug="root"))
    load_default_terms()
    return f.review_index()


def test_editor_publishes_a_review_with_an_uploaded_report(
    page: BrowserPage, live_server, index, client
):
    from playwright.sync_api import expect  # only where the services say that it is there

    editor("ellen", section=index, documents=collection("Reviews"))
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.goto(live_server.url + reverse("wagtailadmin_login"))
    page.set_default_timeout(15_000)
    page.locator("[name=username]").fill("ellen")
    page.locator("[name=password]").fill("password")
    page.locator("form [type=submit]").click()
    expect(page).to_have_url(live_server.url + reverse("wagtailadmin_home"))

    where = ["safeguarding_pages", "practicereviewpage", index.pk]
    page.goto(live_server.url + reverse("wagtailadmin_pages:add", args=where))
    page.get_by_placeholder("Page title").fill("Learning review: Child M")
    page.get_by_label("Type of review").select_option("learning-review")
    page.get_by_label("Date of the review").fill("July 2019")

    documents = page.locator("#panel-child-content-documents-section")
    documents.locator("button.c-sf-add-button").first.click()
    documents.get_by_role("button", name="Choose a review document").click()
    dialogue = page.locator(".modal-content")
    dialogue.get_by_role("tab", name="Upload").click()
    bad = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a report"}
    dialogue.get_by_label("File").set_input_files(bad)
    dialogue.get_by_label("Title").fill("Overview report")
    dialogue.get_by_role("button", name="Upload").click()
    expect(dialogue).to_contain_text("Files of this kind are not published")
    good = {**bad, "buffer": f.pdf_bytes("overview")}
    dialogue.get_by_label("File").set_input_files(good)
    dialogue.get_by_label("Title").fill("Overview report")
    dialogue.get_by_role("button", name="Upload").click()
    expect(documents).to_contain_text("Overview report (version 1)")
    version = DocumentVersion.objects.get()
    assert client.get(version.get_url()).status_code == 404

    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text(re.compile("published", re.IGNORECASE))

    review = PracticeReviewPage.objects.get()
    assert review.live
    assert str(review.review_date) == "2019-07"
    assert review.get_named_versions() == [version.pk]
    answer = client.get(version.get_url())
    assert b"".join(answer.streaming_content) == f.pdf_bytes("overview")
    assert not faults
