"""Replacing a file: a new version, drafts of the pages that use it, nothing public changed."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from tests import factories as f
from tests.admin.people import editor
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.upload import UploadRefused
from wagtail_safeguarding.publication import replacement
from wagtail_safeguarding.publication.replacement import Skip, find_uses, replace_file
from wagtail_safeguarding.register.models import Entry

pytestmark = pytest.mark.django_db


def replace(document, user=None, name="second.pdf", text="second"):
    done = replace_file(document, io.BytesIO(f.pdf_bytes(text)), name, user=user)
    f.inspected(done.version)
    return done


def latest(page):
    """The latest draft, as the editor would open it now."""
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def body(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_public_file_is_unchanged_until_the_page_is_published(client):
    old = f.cleared_version(name="first.pdf", text="first")
    page = f.review(f.review_index(), versions=(old,))
    entries = Entry.objects.count()
    done = replace(old.document)
    assert [use.page.pk for use in done.drafted] == [page.pk]

    assert body(client.get(old.get_url())) == f.pdf_bytes("first")
    assert client.get(done.version.get_url())["Location"] == old.get_url()
    assert Entry.objects.count() == entries, "the register is untouched"
    page.refresh_from_db()
    assert page.get_named_versions() == [old.pk]
    assert page.has_unpublished_changes

    page.get_latest_revision().publish()
    assert body(client.get(done.version.get_url())) == f.pdf_bytes("second")
    moved = client.get(old.get_url())
    assert moved.status_code == 301
    assert moved["Location"] == done.version.get_url()


def test_highest_of_two_public_versions_is_served(client):
    old = f.cleared_version(name="first.pdf", text="first")
    index = f.review_index()
    one = f.review(index, slug="one", versions=(old,))
    two = f.review(index, slug="two", versions=(old,))
    new = replace(old.document).version
    two.refresh_from_db()
    two.get_latest_revision().publish()
    one.refresh_from_db()
    assert one.get_named_versions() == [old.pk]
    assert body(client.get(new.get_url())) == f.pdf_bytes("second")
    two.refresh_from_db()
    two.unpublish()
    assert body(client.get(old.get_url())) == f.pdf_bytes("first")


def test_what_an_earlier_draft_says_is_kept():
    old = f.cleared_version(text="first")
    page = f.review(f.review_index(), versions=(old,))
    page.title = "Edited title"
    page.save_revision()
    done = replace(old.document)
    draft = latest(page)
    assert draft.title == "Edited title"
    assert draft.get_named_versions() == [done.version.pk]


def test_file_that_only_a_draft_names_is_replaced():
    old = f.cleared_version(text="first")
    page = f.review(f.review_index())
    page.documents.append(f.document_value(old))
    page.save_revision()
    done = replace(old.document)
    assert latest(page).get_named_versions() == [done.version.pk]
    page.refresh_from_db()
    assert page.get_named_versions() == []


def test_other_documents_of_the_page_are_untouched():
    old, other = f.cleared_version(text="first"), f.cleared_version("Other", text="other")
    page = f.review(f.review_index(), versions=(other, old))
    untouched = f.review(f.review_index(slug="b"), versions=(other,))
    done = replace(old.document)
    draft = latest(page)
    assert draft.get_named_versions() == [other.pk, done.version.pk]
    untouched.refresh_from_db()
    assert untouched.latest_revision is None


def test_only_pages_the_user_may_edit_get_a_draft():
    old = f.cleared_version(text="first")
    mine, theirs = f.review_index(slug="a"), f.review_index(slug="b")
    page = f.review(mine, versions=(old,))
    other = f.review(theirs, versions=(old,))
    hidden = f.review(theirs, slug="hidden", versions=(old,), live=False)
    done = replace(old.document, user=editor(section=mine))
    assert [use.page.pk for use in done.drafted] == [page.pk]
    assert {use.page.pk: (use.skip, use.named) for use in done.skipped} == {
        other.pk: (Skip.NOT_YOURS, True),
        hidden.pk: (Skip.NOT_YOURS, False),
    }
    other.refresh_from_db()
    assert not other.has_unpublished_changes


def test_locked_pages_and_aliases_are_skipped():
    old = f.cleared_version(text="first")
    index = f.review_index()
    page = f.review(index, versions=(old,))
    alias = page.create_alias(update_slug="alias")
    page.locked = True
    page.save()
    done = replace(old.document)
    assert not done.drafted
    assert {use.page.pk: use.skip for use in done.skipped} == {
        page.pk: Skip.LOCKED,
        alias.pk: Skip.ALIAS,
    }


def test_uses_are_known_before_the_replacement():
    old = f.cleared_version(text="first")
    page = f.review(f.review_index(), versions=(old,))
    f.review(f.review_index(slug="b"))
    assert [use.page.pk for use in find_uses(old.document)] == [page.pk]


def test_refused_file_changes_nothing():
    old = f.cleared_version(text="first")
    page = f.review(f.review_index(), versions=(old,))
    with pytest.raises(UploadRefused):
        replace_file(old.document, io.BytesIO(b"MZ nothing"), "second.pdf")
    assert old.document.versions.count() == 1
    assert page.get_latest_revision() is None


def test_fault_leaves_neither_version_nor_draft_nor_object(monkeypatch):
    old = f.cleared_version(text="first")
    index = f.review_index()
    one = f.review(index, slug="one", versions=(old,))
    f.review(index, slug="two", versions=(old,))
    stored = []
    storage = get_document_storage()
    write = replacement._write_draft

    def fails_second(draft, version, user):
        stored.append(version.storage_key)
        if len(stored) == 2:
            raise RuntimeError("the database went away")
        write(draft, version, user)

    monkeypatch.setattr(replacement, "_write_draft", fails_second)
    with pytest.raises(RuntimeError):
        replace(old.document)
    assert old.document.versions.count() == 1
    assert not Page.objects.get(pk=one.pk).has_unpublished_changes
    assert not storage.exists(stored[0])


def test_other_peoples_drafts_cost_no_query_each():
    version = f.cleared_version()
    index = f.review_index()
    using = f.review(index, live=False, slug="using")
    using.documents = [f.document_value(version)]
    using.save_revision()

    def add(number):
        for one in range(number):
            f.review(index, live=False, slug=f"other-{one}-{number}").save_revision()

    add(3)
    find_uses(version.document)  # content types are known from now on
    with CaptureQueriesContext(connection) as few:
        (use,) = find_uses(version.document)
    assert use.page.pk == using.pk
    add(12)
    with CaptureQueriesContext(connection) as many:
        assert len(find_uses(version.document)) == 1
    assert len(many) == len(few)
