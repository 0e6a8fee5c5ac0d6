"""What an outsider found when the door was attacked. Each was a leak, a 500 or a stopped queue."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    CollectionViewRestriction,
    GroupApprovalTask,
    Page,
    Workflow,
    WorkflowTask,
)

from tests import factories
from tests.admin.forms import review_form
from tests.admin.people import client_of, collection, editor
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication.door import project_all
from wagtail_safeguarding.register.models import Entry, Record
from wagtail_safeguarding.register.visibility import open_links

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("action", [{"action-publish": "1"}, {}], ids=["publish", "draft"])
def test_a_file_of_another_team_cannot_be_named_by_its_number(
    index: Any, is_public: Any, action: Any
) -> None:
    foreign, own = collection("Other team"), collection("Own team")
    version = factories.cleared_version("Unpublished report", collection=foreign)
    client = client_of(editor("low", section=index, documents=own))
    url = reverse(
        "wagtailadmin_pages:add", args=["safeguarding_pages", "practicereviewpage", index.pk]
    )
    response = client.post(url, review_form([(version.pk, "")], **action), follow=True)
    assert not is_public(version)
    assert b"Unpublished report" not in response.content
    assert not PracticeReviewPage.objects.filter(slug="mine").exists()


def test_a_file_of_ones_own_team_can_be_named(index: Any, is_public: Any) -> None:
    own = collection("Own team")
    version = factories.cleared_version("Own report", collection=own)
    client = client_of(editor("low", section=index, documents=own))
    url = reverse(
        "wagtailadmin_pages:add", args=["safeguarding_pages", "practicereviewpage", index.pk]
    )
    client.post(url, review_form([(version.pk, "")], **{"action-publish": "1"}))
    assert is_public(version)


def test_a_page_keeps_the_file_that_somebody_else_chose(index: Any, is_public: Any) -> None:
    foreign, own = collection("Other team"), collection("Own team")
    version = factories.cleared_version("Their report", collection=foreign)
    page = factories.review(index, versions=(version,), title="Mine", slug="mine")
    page.save_revision()
    client = client_of(editor("low", section=index, documents=own))
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.post(url, review_form([(version.pk, "")], **{"action-publish": "1", "reference": "X"}))
    page.refresh_from_db()
    assert page.reference == "X"
    assert is_public(version)


def test_restricted_collection_keeps_a_file_out_of_the_register(
    index: Any, is_public: Any, django_capture_on_commit_callbacks: Any
) -> None:
    held = collection("Held back")
    restriction = CollectionViewRestriction.objects.create(
        collection=held, restriction_type=CollectionViewRestriction.LOGIN
    )
    version = factories.cleared_version("Secret document", collection=held)
    page = factories.review(index, live=False, versions=(version,))
    page.save_revision().publish()
    record = Record.objects.get(page_id=page.pk)
    assert b"Secret document" not in bytes(record.payload)
    assert version.sha256.encode() not in bytes(record.payload)
    assert not Entry.objects.filter(versions=version).exists()
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert is_public(version)
    with django_capture_on_commit_callbacks(execute=True):
        CollectionViewRestriction.objects.create(
            collection=held, restriction_type=CollectionViewRestriction.LOGIN
        )
    assert not is_public(version)
    assert not Record.objects.get(page_id=page.pk).versions.exists()
    version.move(VersionState.WITHDRAWN, reason="It names somebody.")
    assert not is_public(version)  # not even a 410


def test_withdrawal_takes_the_file_out_of_the_register(index: Any, version: Any) -> None:
    page = factories.review(index, versions=(version,))
    version.move(VersionState.WITHDRAWN, reason="x")
    record = Record.objects.get(page_id=page.pk)
    assert not record.versions.exists()
    assert version.sha256.encode() not in bytes(record.payload)
    assert [entry.event for entry in record.entries.all()] == ["published", "updated"]


@pytest.mark.parametrize("trouble", ["slug", "term", "fault"])
def test_an_invalid_page_neither_stops_the_queue_nor_loses_its_schedule(
    index: Any, version: Any, is_public: Any, trouble: str, monkeypatch: Any
) -> None:
    page = factories.review(index, title="A", slug="a")
    queued = factories.review(index, title="B", slug="b", versions=(version,), live=False)
    page.save_revision().publish()
    page = PracticeReviewPage.objects.get(pk=page.pk)
    hour = timezone.now() + dt.timedelta(hours=1)
    page.reference = "changed"
    page.slug = "wanted"
    page.go_live_at = hour
    page.save_revision().publish()
    queued.go_live_at = hour + dt.timedelta(minutes=5)
    queued.save_revision().publish()
    if trouble == "slug":
        factories.review(index, title="C", slug="wanted")
    elif trouble == "term":
        revision = page.get_latest_revision()
        revision.content["review_type"] = "gone"
        revision.save()
    else:
        broken = PracticeReviewPage.get_public_form

        def fail(self: Any, open_versions: set[int]) -> Any:
            if self.pk == page.pk:
                raise RuntimeError("broken")
            return broken(self, open_versions)

        monkeypatch.setattr(PracticeReviewPage, "get_public_form", fail)
    with mock.patch("django.utils.timezone.now", return_value=hour + dt.timedelta(hours=1)):
        call_command("publish_scheduled")
    assert is_public(version)
    assert PracticeReviewPage.objects.get(pk=page.pk).reference == ""
    assert page.get_latest_revision().approved_go_live_at == hour


def test_management_review_stays_closed_when_the_base_page_is_saved_live(
    index: Any, version: Any, is_public: Any
) -> None:
    value = factories.document_value(version, role="individual-management-review")
    page = factories.review(index, documents=[value], live=False)
    base = Page.objects.get(pk=page.pk)
    base.live = True
    base.save()
    project_all([base.pk])
    assert not is_public(version)


def test_workflow_approval_of_an_incomplete_page_is_a_message(index: Any, client: Any) -> None:
    user = factories.superuser()
    client.force_login(user)
    page = factories.review(index, live=False)
    page.save_revision()
    workflow = Workflow.objects.create(name="Four eyes")
    task = GroupApprovalTask.objects.create(name="Approve")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    state = workflow.start(page, user)
    page.review_type = ""
    page.save_revision(clean=False)
    url = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[page.pk, "approve", state.current_task_state.pk],
    )
    response = client.post(url, {"comment": ""}, follow=True)
    assert response.status_code == 200
    assert b"cannot be published" in response.content
    page.refresh_from_db()
    assert not page.live
    state.refresh_from_db()
    assert state.status == "in_progress"


def test_the_gate_asks_for_one_page_and_not_for_the_whole_site(version: Any) -> None:
    """As a list of every visible page, the answer took seconds on a large SQLite site."""
    query = str(open_links().filter(version=version).query)
    assert 'page_id" IN (SELECT' not in query
    assert query.count(" IN (SELECT") == 1, "the few aliases of restricted pages"


@pytest.mark.parametrize(
    "damage",
    [
        {"version": "abc"},
        {"version": [1]},
        {"version": True},
        {"version": "9" * 40},
        {"audience": None, "date": 5},
        {"audience": "police", "date": "2019-99"},
    ],
    ids=str,
)
def test_damaged_content_takes_nothing_down(index: Any, client: Any, damage: Any) -> None:
    page = factories.review(index)
    raw = [{"type": "document", "value": {"title": "Kept", **damage}, "id": "1"}]
    field = PracticeReviewPage._meta.get_field("documents")
    value = field.stream_block.to_python(raw)
    PracticeReviewPage.objects.filter(pk=page.pk).update(documents=value)
    for url in (
        page.url,
        index.url,
        f"/api/v2/pages/{page.pk}/",
        "/api/v2/pages/?type=safeguarding_pages.PracticeReviewPage&fields=*",
    ):
        response = client.get(url)
        assert response.status_code == 200, url
        if url != index.url:
            assert b"Kept" in response.content


def test_save_takes_its_arguments_as_wagtails_does(index: Any) -> None:
    page = factories.review(index)
    page.save(True, factories.superuser(), "wagtail.edit")


def test_anonymous_nul_is_no_server_error() -> None:
    assert Client().post("/%00/comments/").status_code in {400, 404}
