"""An editor in a real browser: publishes a review with its report, uploads several files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection, Locale, Page

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
    """The trees are flushed after each transactional test, so they are made again."""
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    if Page.get_first_root_node() is None:
        Locale.objects.get_or_create(language_code="en-gb")
        Page.add_root(instance=Page(title="Root", slug="root"))
    load_default_terms()
    return f.review_index()


@pytest.fixture
def faults(page: BrowserPage) -> list[str]:
    """What goes wrong in the page's own scripts."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def log_in(page: BrowserPage, server: str, name: str = "ellen") -> None:
    page.goto(server + reverse("wagtailadmin_login"))
    page.set_default_timeout(15_000)
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill("password")
    page.locator("form [type=submit]").click()
    page.wait_for_url(server + reverse("wagtailadmin_home"))


def test_editor_publishes_a_review_with_an_uploaded_report(
    page: BrowserPage, live_server, index, client, faults
):
    from playwright.sync_api import expect  # only where the services say that it is there

    editor("ellen", section=index, documents=collection("Reviews"))
    log_in(page, live_server.url)
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


def test_editor_uploads_several_files_and_sees_what_became_of_each(
    page: BrowserPage, live_server, index, faults
):
    from playwright.sync_api import expect

    reviews = collection("Reviews")
    reviews.add_child(name="Protocols")
    editor("ellen", section=index, documents=reviews)
    log_in(page, live_server.url)
    page.goto(live_server.url + reverse("safeguarding_documents_modeladmin_index"))
    page.get_by_role("link", name="Add several").click()
    expect(page.get_by_text("Drag and drop review documents")).to_be_visible()

    pdf = {"mimeType": "application/pdf"}
    page.get_by_label("Files", exact=True).set_input_files(
        [
            {**pdf, "name": "overview.pdf", "buffer": f.pdf_bytes("overview")},
            {**pdf, "name": "program.pdf", "buffer": b"MZ not a report"},
            {**pdf, "name": "leaflet.pdf", "buffer": f.pdf_bytes("leaflet")},
        ]
    )
    files = page.locator("#upload-list > li")
    expect(files).to_have_count(3)
    for item, done in zip(files.all(), ("success", "failure", "success"), strict=True):
        expect(item).to_have_class(re.compile(f"upload-{done}"))
        expect(item.locator(".bar")).to_have_text("100%")
    bad = files.filter(has_text="program.pdf")
    expect(bad).to_contain_text("This file was not uploaded.")
    expect(bad).to_contain_text("Files of this kind are not published")

    good = files.filter(has_text="overview.pdf")
    expect(good.get_by_label("Title")).to_have_value("overview")
    good.get_by_label("Title").fill("Overview report, Child M")
    good.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Document updated.").first).to_be_visible()
    expect(files).to_have_count(2)

    titles = DocumentVersion.objects.order_by("pk").values_list("document__title", flat=True)
    assert list(titles) == ["Overview report, Child M", "leaflet"]
    assert not faults


def test_editor_is_warned_of_an_ordinary_document_at_its_field_and_in_the_report(
    page: BrowserPage, live_server, index, faults
):
    from playwright.sync_api import expect

    document = Document(title="Ordinary leaflet")
    document.file.save("leaflet.pdf", ContentFile(f.PDF))
    summary = f'<p>See the <a href="http://localhost{document.url}">leaflet</a>.</p>'
    review = f.review(index, title="Child M", summary=summary, live=False)
    editor("ellen", section=index)
    log_in(page, live_server.url)
    page.goto(live_server.url + reverse("wagtailadmin_home"))
    page.get_by_role("button", name="Reports").click()
    page.get_by_role("link", name="Unprotected links").click()
    row = page.get_by_role("row", name="Child M")
    expect(row).to_contain_text("Summary")
    expect(row.get_by_role("link", name="Ordinary leaflet")).to_be_visible()
    row.get_by_role("link", name="Child M").click()
    page.wait_for_url(live_server.url + reverse("wagtailadmin_pages:edit", args=[review.pk]))

    field = page.locator("[data-contentpath=summary]")
    expect(field.get_by_text("anybody can read it from the moment it is uploaded")).to_be_visible()
    expect(page.locator("#panel-child-content-before_you_publish-section")).to_contain_text(
        "Ordinary leaflet"
    )
    assert not faults


def test_editor_withdraws_a_published_file_and_readers_are_told_why(
    page: BrowserPage, live_server, index, client, faults
):
    from playwright.sync_api import expect

    files = collection("Reviews")
    version = f.cleared_version("Overview report", collection=files)
    f.review(index, title="Child M", versions=(version,))
    assert client.get(version.get_url()).status_code == 200
    editor("ellen", section=index, documents=files)
    log_in(page, live_server.url)
    page.goto(live_server.url + reverse("safeguarding_documents_modeladmin_index"))
    page.get_by_role("link", name="Overview report").click()
    uses = page.get_by_role("table", name="What a new file changes, and when")
    expect(uses.get_by_role("row", name="Child M")).to_contain_text("Version 1")

    page.get_by_role("link", name="Withdraw").click()
    expect(page.get_by_text("It closes at once on these published pages:")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Child M")
    page.get_by_label("Reason").fill("A page was missing.")
    page.get_by_role("button", name="Yes, withdraw").click()
    expect(page.locator(".messages")).to_contain_text("withdrawn and closed to the public")
    expect(page.locator("main")).to_contain_text("Reason: A page was missing.")
    answer = client.get(version.get_url())
    assert answer.status_code == 410
    assert b"A page was missing." in answer.content
    assert not faults


def test_editor_shares_a_draft_and_ends_it(page: BrowserPage, live_server, index, client, faults):
    from playwright.sync_api import expect

    files = collection("Reviews")
    version = f.cleared_version("Overview report", collection=files)
    review = f.review(index, title="Child M", versions=(version,), live=False)
    ellen = editor("ellen", section=index, documents=files)
    review.save_revision(user=ellen)
    log_in(page, live_server.url)
    page.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[review.pk]))
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Share preview of this draft").click()
    page.get_by_label("How long").select_option("8 hours")
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Address of the draft").input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the address").click()
    assert page.evaluate("navigator.clipboard.readText()") == address
    draft = client.get(address).json()
    assert draft["page"]["title"] == "Child M"
    assert client.get(draft["files"][0]["url"]).status_code == 200

    shared = page.get_by_role("table", name="Addresses that work now")
    expect(shared.get_by_role("row", name="ellen")).to_contain_text("Not yet")
    shared.get_by_role("button", name="End now").click()
    expect(page.locator(".messages")).to_contain_text("does not work any more")
    expect(page.locator("main")).not_to_contain_text(address)
    assert client.get(address).status_code == 404
    assert client.get(draft["files"][0]["url"]).status_code == 404
    assert not faults
