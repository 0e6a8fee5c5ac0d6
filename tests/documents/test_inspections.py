"""Inspection as a task: what is on record is closed until its very bytes were inspected (P5)."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, PageLogEntry, Workflow, WorkflowTask

from tests import factories
from tests.inspection.files import readable_pdf
from wagtail_safeguarding.documents import inspections
from wagtail_safeguarding.documents.inspections import inspect_version, inspect_waiting
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.publication.readiness import NotReady

pytestmark = pytest.mark.django_db

SAYS = "The file of “Child E” is being inspected."


def uploaded(title: str = "Child E", data: bytes = b"") -> DocumentVersion:
    """On record, and no task has run: this test is inside of a transaction."""
    data = data or readable_pdf(title)
    return add_version(ReviewDocument(title=title), io.BytesIO(data), "report.pdf")


def put(version: DocumentVersion, data: bytes) -> None:
    storage = get_document_storage()
    storage.delete(version.storage_key)
    storage.save(version.storage_key, io.BytesIO(data))


def state(version: DocumentVersion) -> str:
    return str(DocumentVersion.objects.values_list("state", flat=True).get(pk=version.pk))


# The task


@pytest.mark.inspects
def test_an_upload_is_closed_until_its_task_has_cleared_it() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        version = uploaded()
        assert (version.state, version.inspection) == ("inspecting", None)
    found = DocumentVersion.objects.get()
    assert (found.state, found.pages) == ("cleared", 1)
    assert found.inspection["sha256"] == found.sha256


@pytest.mark.inspects
def test_the_task_blocks_what_cannot_be_read() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        version = uploaded(data=b"%PDF-1.7\nnothing else")
    assert state(version) == "blocked"


def test_bytes_that_were_altered_before_the_task_ran_are_blocked() -> None:
    version = uploaded()
    put(version, factories.pdf_bytes("somebody else's"))
    inspect_waiting(version.pk)
    assert state(version) == "blocked"


@pytest.mark.parametrize("fault", ["task", "backend"])
def test_a_fault_of_the_task_leaves_the_upload_closed(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = mock.Mock(side_effect=RuntimeError)
    if fault == "task":
        monkeypatch.setattr(inspections, "inspect_waiting", fails)
    else:
        monkeypatch.setattr(inspections, "inspect_stored", mock.Mock(enqueue=fails))
    with TestCase.captureOnCommitCallbacks(execute=True):
        version = uploaded()
    fails.assert_called_once_with(version.pk)
    assert state(version) == "inspecting"


@pytest.mark.parametrize("result", ["cleared", "blocked", "withdrawn"])
def test_a_version_that_has_a_result_is_not_inspected_again(result: str) -> None:
    version = uploaded()
    version.move(VersionState(result))
    get_document_storage().delete(version.storage_key)
    assert inspect_waiting(version.pk) is None
    assert state(version) == result


def test_a_withdrawal_while_a_file_is_inspected_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    version = uploaded()
    real = inspections.inspect_file

    def withdraw(*args: Any, **kwargs: Any) -> Any:
        DocumentVersion.objects.get().move(VersionState.WITHDRAWN, reason="Names a child")
        return real(*args, **kwargs)

    monkeypatch.setattr(inspections, "inspect_file", withdraw)
    assert inspect_waiting(version.pk) is None
    assert state(version) == "withdrawn"


# No route publishes what is not inspected


@pytest.fixture
def draft() -> Any:
    page = factories.review(factories.review_index(), versions=(uploaded(),), live=False)
    page.save_revision()
    return page


def is_live(page: Any) -> bool:
    return bool(type(page).objects.get(pk=page.pk).live)


def status(page: Any, client: Any) -> int:
    version = DocumentVersion.objects.get(pk=page.get_named_versions()[0])
    return int(client.get(version.get_url()).status_code)


def test_publishing_is_refused_and_says_so(draft: Any, client: Any) -> None:
    with pytest.raises(NotReady, match=SAYS):
        draft.get_latest_revision().publish()
    assert not is_live(draft)
    assert status(draft, client) == 404
    inspect_waiting(draft.get_named_versions()[0])
    draft.get_latest_revision().publish()
    assert status(draft, client) == 200


def test_saving_as_live_is_refused_or_falls_back(draft: Any, client: Any) -> None:
    draft.live = True
    with pytest.raises(NotReady, match=SAYS):
        draft.save()
    draft.save(clean=False)
    assert not is_live(draft)
    assert status(draft, client) == 404


def test_a_schedule_waits_for_the_inspection(draft: Any, client: Any) -> None:
    revision = draft.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - dt.timedelta(minutes=5)
    revision.save()
    call_command("publish_scheduled")
    assert not is_live(draft)
    refused = PageLogEntry.objects.get(action="wagtail_safeguarding.not_published")
    assert SAYS in refused.data["reasons"][0]
    inspect_waiting(draft.get_named_versions()[0])
    call_command("publish_scheduled")
    assert is_live(draft)
    assert status(draft, client) == 200


def test_bulk_publication_is_refused_and_says_so(draft: Any, client: Any) -> None:
    client.force_login(factories.superuser())
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    data = {"include_descendants": ""}
    response = client.post(f"{url}?id={draft.pk}&next=/admin/", data, follow=True)
    assert SAYS in response.content.decode()
    assert not is_live(draft)


def test_approval_in_a_workflow_is_refused(draft: Any) -> None:
    user = factories.superuser()
    workflow = Workflow.objects.create(name="Four eyes")
    task = GroupApprovalTask.objects.create(name="Second pair of eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    started = workflow.start(draft, user)
    with pytest.raises(NotReady, match=SAYS):
        started.current_task_state.specific.approve(user=user)
    assert not is_live(draft)


def test_the_editor_is_told(draft: Any, client: Any) -> None:
    client.force_login(factories.superuser())
    page = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert SAYS in page
    version = DocumentVersion.objects.get()
    url = reverse("safeguarding_documents_modeladmin_edit", args=[version.document_id])
    assert "Being inspected" in client.get(url).content.decode()


def test_a_live_page_closes_while_its_file_is_inspected_again(client: Any) -> None:
    version = factories.cleared_version()
    factories.review(factories.review_index(), versions=(version,))
    assert client.get(version.get_url()).status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        version.move(VersionState.INSPECTING)
    assert client.get(version.get_url()).status_code == 404
    with TestCase.captureOnCommitCallbacks(execute=True):
        inspect_version(version)
    assert client.get(version.get_url()).status_code == 200


# manage.py documents inspect


def run(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("documents", "inspect", *arguments, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(str(ended.code))
    return out.getvalue(), 0


@pytest.mark.inspects
def test_the_command_takes_up_what_was_left() -> None:
    good, bad, missing = uploaded("One"), uploaded("Two", b"%PDF-1.7\n"), uploaded("Three")
    begun = uploaded("Four")
    DocumentVersion.objects.filter(pk=begun.pk).update(state=VersionState.UPLOADED)
    get_document_storage().delete(missing.storage_key)
    said, ended = run("--grace", "0")
    assert said.splitlines() == [
        f"cleared             {good.document.uuid} version 1",
        f"blocked             {bad.document.uuid} version 1",
        f"missing             {missing.document.uuid} version 1",
        f"cleared             {begun.document.uuid} version 1",
        "2 cleared, 1 blocked, 1 missing.",
    ]
    assert ended == 1
    assert [state(version) for version in (good, bad, missing, begun)] == [
        "cleared",
        "blocked",
        "inspecting",
        "cleared",
    ]
    put(missing, readable_pdf("Three"))
    assert run("--grace", "0")[1] == 0
    assert run("--grace", "0") == ("nothing to do.\n", 0)


def test_the_command_leaves_alone_what_may_be_under_way() -> None:
    version = uploaded()
    assert run() == ("nothing to do.\n", 0)
    assert state(version) == "inspecting"


@pytest.mark.parametrize("grace", ["-1", "99999", "nan"])
def test_a_grace_that_makes_no_sense_is_refused(grace: str) -> None:
    with pytest.raises(CommandError, match="--grace") as caught:
        run("--grace", grace)
    assert caught.value.returncode == 2


def test_a_storage_that_is_away_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    version = uploaded()
    broken = mock.Mock(open=mock.Mock(side_effect=OSError("away")))
    monkeypatch.setattr(inspections, "get_document_storage", lambda: broken)
    with pytest.raises(CommandError) as caught:
        run("--grace", "0")
    assert caught.value.returncode == 2
    assert state(version) == "inspecting"
