"""What most tests need: a small site, files, documents and pages, named by what they are."""

from __future__ import annotations

import io
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Collection, Locale, Page, Site

from wagtail_safeguarding.documents.inspections import inspect_waiting
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.pages.models import PracticeReviewPage, ReviewIndexPage

PDF = b"%PDF-1.7\n%%EOF\n"


def pdf_bytes(text: str = "") -> bytes:
    """Bytes that are told to be a PDF, different for each text."""
    return PDF + b"% " + text.encode() + b"\n"


def uploaded_pdf(name: str = "report.pdf", text: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes(text), content_type="application/pdf")


def cleared_version(
    title: str = "Overview report",
    name: str = "report.pdf",
    text: str = "",
    document: ReviewDocument | None = None,
    collection: Collection | None = None,
) -> DocumentVersion:
    """A version that passed inspection, of a new document or of ``document``."""
    if document is None:
        document = ReviewDocument(title=title)
        if collection is not None:
            document.collection = collection
    return inspected(add_version(document, io.BytesIO(pdf_bytes(text or title)), name))


def inspected(version: DocumentVersion) -> DocumentVersion:
    """The version as the task leaves it, which no test sees run in its own transaction."""
    inspect_waiting(version.pk)
    version.refresh_from_db()
    return version


def home_page() -> Page:
    """The root page of the default site, made where the test database has none."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None:
        return site.root_page
    # An earlier test that ran real transactions has flushed what migrations put there, and Wagtail
    # may remember the site that it had.
    Site.clear_site_root_paths_cache()
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    root = Page.get_first_root_node()
    if root is None:
        Locale.objects.get_or_create(language_code="en-gb")
        root = Page.add_root(instance=Page(title="Root", slug="root"))
    home = root.add_child(instance=Page(title="Home", slug="home-page"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


def review_index(parent: Page | None = None, **values: Any) -> ReviewIndexPage:
    values = {"title": "Practice reviews", "slug": "reviews", **values}
    return (parent or home_page()).add_child(instance=ReviewIndexPage(**values))


def document_value(version: DocumentVersion | None = None, **values: Any) -> tuple[str, Any]:
    return ("document", {"version": version, "title": "", **values})


def review(
    parent: Page | None = None,
    *,
    versions: tuple[DocumentVersion, ...] = (),
    live: bool = True,
    **values: Any,
) -> PracticeReviewPage:
    """A practice review, live unless said otherwise, naming ``versions``."""
    values = {
        "title": "Learning Review Child M",
        "review_type": "learning-review",
        "documents": [document_value(version) for version in versions],
        **values,
    }
    page = PracticeReviewPage(live=live, has_unpublished_changes=not live, **values)
    return (parent or home_page()).add_child(instance=page)


def superuser(name: str = "admin") -> Any:
    return get_user_model().objects.create_superuser(name, f"{name}@example.org", "password")
