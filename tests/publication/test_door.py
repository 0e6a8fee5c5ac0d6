"""What is not ready does not go through the door, whoever pushes (P2, P5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import CollectionViewRestriction, Page, PageLogEntry, PageViewRestriction

from tests import factories
from wagtail_safeguarding.content import inspected
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.inspection.identifiers import find_identifiers
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication import door, owners, signals
from wagtail_safeguarding.publication.readiness import Level, NotReady
from wagtail_safeguarding.register.models import AppendOnly, Entry, Record
from wagtail_safeguarding.vocabularies.defaults import NEVER_PUBLISHED_ROLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked() -> DocumentVersion:
    version = factories.cleared_version("Unredacted report", text="blocked")
    version.move(VersionState.INSPECTING)
    version.move(VersionState.BLOCKED)
    return version


@pytest.fixture
def unready(index: Any, blocked: Any) -> PracticeReviewPage:
    owner = factories.superuser("owner")
    page = factories.review(index, versions=(blocked,), live=False, owner=owner)
    page.save_revision()
    return page


def is_live(page: Any) -> bool:
    return bool(Page.objects.get(pk=page.pk).live)


def test_publishing_an_unready_page_is_refused_by_name(
    unready: Any, blocked: Any, is_public: Any, record_of: Any
) -> None:
    with pytest.raises(NotReady, match=r"Learning Review Child M.*Unredacted report"):
        unready.get_latest_revision().publish()
    assert not is_live(unready)
    assert not is_public(blocked)
    assert record_of(unready) is None


def test_saving_an_unready_page_live_is_refused(unready: Any, blocked: Any, is_public: Any) -> None:
    unready.live = True
    with pytest.raises(NotReady):
        unready.save()
    assert not is_live(unready)
    assert not is_public(blocked)


def test_what_a_site_writes_while_the_page_is_saved_is_judged_too(index: Any) -> None:
    page = factories.review(index, live=False)
    revision = page.save_revision()

    def add(sender: Any, instance: Any, **kwargs: Any) -> None:
        instance.summary = "<p>NHS number 943 476 5919</p>"

    pre_save.connect(add, sender=PracticeReviewPage)
    try:
        with pytest.raises(NotReady, match="94•"):
            revision.publish()
    finally:
        pre_save.disconnect(add, sender=PracticeReviewPage)
    assert not is_live(page)


def test_text_is_judged_once_for_a_publication(index: Any, monkeypatch: Any) -> None:
    page = factories.review(index)
    page.title = "Another title"
    revision = page.save_revision()
    judged = []
    monkeypatch.setattr(
        inspected, "find_identifiers", lambda texts: judged.append(texts) or find_identifiers(texts)
    )
    revision.publish()
    assert len(judged) == 1


def test_publishing_asks_as_much_for_many_files_as_for_one(index: Any) -> None:
    def asked(count: int) -> int:
        versions = [factories.cleared_version(f"Report {n} of {count}") for n in range(count)]
        page = factories.review(index, title=f"With {count}", versions=tuple(versions))
        page.save_revision().publish()
        page.title = f"With {count} files"
        revision = page.save_revision()
        with CaptureQueriesContext(connection) as captured:
            revision.publish()
        return len(captured)

    assert asked(12) == asked(1) <= 110


def test_a_page_that_stands_as_before_moves_no_other(index: Any, monkeypatch: Any) -> None:
    page = factories.review(index)
    looked_for = []
    monkeypatch.setattr(signals, "refresh", lambda path, **kwargs: looked_for.append(path))
    page.title = "Another title"
    page.save_revision().publish()
    assert looked_for == []
    page.refresh_from_db()
    page.unpublish()
    assert looked_for == [page.path]


def test_saving_without_clean_falls_back_to_a_draft(unready: Any, is_public: Any) -> None:
    """Wagtail copies subtrees so; an exception would leave the tree corrupt."""
    unready.live = True
    unready.save(clean=False)
    assert not is_live(unready)
    assert not unready.live


def test_recursive_copy_of_a_live_section_with_an_unready_page_keeps_the_tree(
    index: Any, version: Any, is_public: Any
) -> None:
    page = factories.review(index, versions=(version,))
    version.move(VersionState.INSPECTING)
    copy = index.copy(recursive=True, update_attrs={"slug": "copy", "title": "Copy"})
    (child,) = copy.get_children()
    assert not child.live
    assert Page.find_problems() == ([], [], [], [], [])
    assert is_live(page)
    assert not is_public(version)


def test_a_bad_page_neither_stops_the_queue_nor_loses_its_schedule(
    index: Any, unready: Any, version: Any, blocked: Any, is_public: Any
) -> None:
    ready = factories.review(index, versions=(version,), title="SCR Child W", live=False)
    past = timezone.now() - dt.timedelta(minutes=5)
    for page, delay in ((unready, 0), (ready, 1)):
        revision = page.save_revision()
        revision.approved_go_live_at = past + dt.timedelta(minutes=delay)
        revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
        revision.save()
    call_command("publish_scheduled")
    assert is_public(version)
    assert not is_live(unready)
    kept = unready.get_latest_revision()
    assert kept.approved_go_live_at == past
    assert PageLogEntry.objects.filter(
        page_id=unready.pk, action="wagtail_safeguarding.not_published"
    ).exists()
    assert [message.to for message in mail.outbox] == [["owner@example.org"]]
    assert "Unredacted report" in mail.outbox[0].body

    blocked.move(VersionState.INSPECTING)
    blocked.move(VersionState.CLEARED)
    call_command("publish_scheduled")
    assert is_live(unready)
    assert is_public(blocked)


def test_refusal_of_a_schedule_is_told_once_for_the_same_reasons(
    unready: Any, blocked: Any, version: Any
) -> None:
    revision = unready.save_revision()
    revision.approved_go_live_at = timezone.now() - dt.timedelta(minutes=5)
    revision.save()
    refused = PageLogEntry.objects.filter(
        page_id=unready.pk, action="wagtail_safeguarding.not_published"
    )
    for _run in range(3):
        call_command("publish_scheduled")
    assert (len(mail.outbox), refused.count()) == (1, 1)

    blocked.move(VersionState.WITHDRAWN)
    for _run in range(2):
        call_command("publish_scheduled")
    assert (len(mail.outbox), refused.count()) == (2, 2)
    assert "withdrawn" in mail.outbox[1].body


def test_file_in_a_private_collection_is_a_warning(
    index: Any, version: Any, is_public: Any
) -> None:
    page = factories.review(index, versions=(version,))
    assert page.get_problems() == []
    collection = version.document.collection
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="login"
    )
    (problem,) = page.get_problems()
    assert (problem.code, problem.level) == ("collection-private", Level.WARNING)
    assert version.document.title in problem.message
    assert not is_public(version)
    restriction.delete()
    assert page.get_problems() == []


def test_mail_that_fails_does_not_hold_up_the_queue(
    index: Any, unready: Any, version: Any, is_public: Any, monkeypatch: Any
) -> None:
    ready = factories.review(index, versions=(version,), title="SCR Child W", live=False)
    past = timezone.now() - dt.timedelta(minutes=5)
    for page, delay in ((unready, 0), (ready, 1)):
        revision = page.save_revision()
        revision.approved_go_live_at = past + dt.timedelta(minutes=delay)
        revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
        revision.save()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no mail today")

    monkeypatch.setattr(owners, "send_mail", fail)
    call_command("publish_scheduled")
    assert is_public(version)


def test_scheduling_an_unready_page_is_refused_when_it_is_scheduled(unready: Any) -> None:
    unready.go_live_at = timezone.now() + dt.timedelta(days=1)
    with pytest.raises(NotReady):
        unready.save_revision().publish()


def test_draft_may_name_an_unready_file(unready: Any) -> None:
    unready.title = "Still a draft"
    unready.save_revision()
    unready.save()
    assert not is_live(unready)


def test_harmless_save_of_a_live_page_passes_though_its_file_was_withdrawn(
    index: Any, version: Any, is_public: Any
) -> None:
    page = factories.review(index, versions=(version,))
    version.move(VersionState.WITHDRAWN, reason="x")
    page.save_revision()
    assert is_live(page)
    page.show_in_menus = True
    page.save(update_fields=["show_in_menus"])
    assert is_live(page)


def test_management_review_is_never_published(index: Any, version: Any, is_public: Any) -> None:
    value = factories.document_value(version, role="individual-management-review")
    page = factories.review(index, documents=[value], live=False)
    with pytest.raises(NotReady, match="individual management review"):
        page.save_revision().publish()
    assert not is_public(version)


def test_page_without_type_stays_a_draft(index: Any) -> None:
    page = factories.review(index, review_type="", live=False)
    page.save_revision(clean=False)
    with pytest.raises(Exception, match="Type of review"):
        page.get_latest_revision().publish()
    assert not is_live(page)


def test_bare_legacy_item_can_be_published(index: Any) -> None:
    page = factories.review(index, title="SCR Child S, 2008", live=False)
    page.save_revision().publish()
    assert is_live(page)


# Faults: the old state or the new one


def test_fault_while_projecting_leaves_the_page_a_draft(
    index: Any, version: Any, is_public: Any, record_of: Any, monkeypatch: Any
) -> None:
    page = factories.review(index, versions=(version,), live=False)
    revision = page.save_revision()

    def fail(projections: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(door, "open_records", fail)
    with pytest.raises(DatabaseError):
        revision.publish()
    assert not is_live(page)
    assert not is_public(version)
    assert record_of(page) is None


def test_fault_while_closing_still_closes_the_bytes(
    index: Any, version: Any, is_public: Any, monkeypatch: Any
) -> None:
    page = factories.review(index, versions=(version,))

    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(door, "close_records", fail)
    with pytest.raises(DatabaseError):
        page.unpublish()
    # Rolled back whole: the page is live and so is its file.
    assert is_live(page) is is_public(version) is True


# The register's own promises


def test_takedown_erases_and_keeps_the_hashes(index: Any, version: Any) -> None:
    page = factories.review(index, versions=(version,), title="SCR Child Q")
    record = Record.objects.get(page_id=page.pk)
    digest = record.etag
    uuid = record.uuid
    page.unpublish()
    record.refresh_from_db()
    assert (record.title, bytes(record.payload)) == ("", b"")
    published, withdrawn = Entry.objects.filter(record=record)
    assert published.event == "published"
    assert withdrawn.event == "withdrawn"
    for entry in (published, withdrawn):
        assert entry.payload_hash == digest
        assert entry.document_hashes == [version.sha256]
    page.save_revision().publish()
    record.refresh_from_db()
    assert record.uuid == uuid
    assert record.state == "public"


def test_tombstone_outlives_its_page_and_is_not_reopened(index: Any, version: Any) -> None:
    page = factories.review(index, versions=(version,))
    page_id = page.pk
    page.delete()
    record = Record.objects.get(page_id=page_id)
    assert record.page_deleted
    door.project_all([page_id])
    record.refresh_from_db()
    assert record.state == "withdrawn"


def test_log_is_append_only(index: Any) -> None:
    factories.review(index)
    entry = Entry.objects.latest("pk")
    with pytest.raises(AppendOnly):
        entry.save()
    with pytest.raises(AppendOnly):
        entry.delete()


def test_saving_again_writes_no_entry(index: Any, version: Any) -> None:
    page = factories.review(index, versions=(version,))
    before = Entry.objects.count()
    page.save()
    page.save_revision()
    page.save_revision().publish()
    assert Entry.objects.count() == before
    page.reference = "MV-2026-01"
    page.save_revision().publish()
    assert [e.event for e in Entry.objects.all()[before:]] == ["updated"]


# What could slip by between judging and writing


@pytest.mark.parametrize("what", ["text", "role", "file"])
def test_blocks_that_a_site_changes_in_place_are_judged_as_they_are_stored(
    index: Any, version: Any, blocked: Any, what: str
) -> None:
    change = {
        "text": {"title": "NHS number 943 476 5919"},
        "role": {"role": sorted(NEVER_PUBLISHED_ROLES)[0]},
        "file": {"version": blocked.pk},
    }[what]
    row = factories.document_value(version, title="A title")
    page = factories.review(index, live=False, documents=[row])
    revision = page.save_revision()

    def add(sender: Any, instance: Any, **kwargs: Any) -> None:
        instance.documents.raw_data[0]["value"].update(change)

    pre_save.connect(add, sender=PracticeReviewPage)
    try:
        with pytest.raises(NotReady):
            revision.publish()
    finally:
        pre_save.disconnect(add, sender=PracticeReviewPage)
    assert not is_live(page)


def test_the_live_revision_is_judged_whole_when_it_is_published_again(index: Any) -> None:
    page = factories.review(index)
    revision = page.save_revision()
    revision.publish()
    bad = "<p>NHS number 943 476 5919</p>"
    PracticeReviewPage.objects.filter(pk=page.pk).update(summary=bad)
    revision.content = {**revision.content, "summary": bad}
    revision.save()
    with pytest.raises(NotReady):
        revision.publish()


def test_fields_that_are_not_saved_are_not_judged(index: Any) -> None:
    page = PracticeReviewPage.objects.get(pk=factories.review(index).pk)
    page.summary = "<p>NHS number 943 476 5919</p>"
    page.title = "Another title"
    page.save(update_fields=["title"])
    page.title = "NHS number 943 476 5870"
    with pytest.raises(NotReady):
        page.save(update_fields=["title"])


def test_a_page_whose_standing_a_site_changes_while_it_is_saved_closes_what_is_below(
    index: Any, record_of: Any
) -> None:
    below = factories.review(index)
    private = factories.review_index(title="Private", slug="private")
    PageViewRestriction.objects.create(page=private.page_ptr, restriction_type="login")
    above = type(index).objects.get(pk=index.pk)

    def hide(sender: Any, instance: Any, **kwargs: Any) -> None:
        instance.alias_of_id = private.pk

    pre_save.connect(hide, sender=type(above))
    try:
        above.save()
    finally:
        pre_save.disconnect(hide, sender=type(above))
    assert record_of(below) == "withdrawn"


def test_a_page_saved_through_a_parent_class_says_what_its_own_class_says(
    index: Any, monkeypatch: Any
) -> None:
    page = factories.review(index, summary="<p>Public words</p>")

    class Special:  # no model: every test after this one would have it
        objects = PracticeReviewPage.objects

    def specific(self: Any) -> Any:
        found = PracticeReviewPage.objects.get(pk=self.pk)
        own = found.get_public_form
        found.get_public_form = lambda sources: own(sources).model_copy(
            update={"summary": "Withheld"}
        )
        return found

    monkeypatch.setattr(PracticeReviewPage, "specific_class", Special)
    monkeypatch.setattr(PracticeReviewPage, "specific", property(specific))
    page.title = "Another title"
    page.save()
    payload = bytes(Record.objects.get(page_id=page.pk).payload)
    assert b"Withheld" in payload
    assert b"Public words" not in payload
