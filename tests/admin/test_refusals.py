"""Bulk publishing and workflow approval of a page that is not ready: a message, by name."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowTask,
)
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from tests import factories as f
from tests.admin.people import client_of, editor, said
from wagtail_safeguarding.documents.states import VersionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    return f.review_index(live=False)


def unready(index, title="Not ready", slug="unready"):
    version = f.cleared_version("Withdrawn report", text=title)
    version.move(VersionState.WITHDRAWN)
    return f.review(index, title=title, slug=slug, versions=(version,), live=False)


def bulk_publish(*pages, user=None, action="publish", **data):
    ids = "&".join(f"id={page.pk}" for page in pages)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client = client_of(user or f.superuser())
    return client.post(f"{url}?{ids}&next={reverse('wagtailadmin_home')}", data)


def states(*pages):
    return [type(page).objects.get(pk=page.pk).live for page in pages]


def test_bulk_publish_publishes_what_is_ready(index):
    one, two = (f.review(index, slug=slug, live=False) for slug in ("one", "two"))
    assert bulk_publish(one, two).status_code == 302
    assert states(one, two) == [True, True]


def test_unready_page_refuses_the_batch_whole_by_name(index):
    ready = f.review(index, title="Ready", slug="ready", live=False)
    bad = unready(index)
    response = bulk_publish(ready, bad)
    assert response.status_code == 302
    assert "“Not ready” cannot be published" in said(response)
    assert "was withdrawn" in said(response)
    assert states(ready, bad) == [False, False]


def test_unready_descendant_refuses_the_batch_only_where_descendants_are_published(index):
    bad = unready(index)
    response = bulk_publish(index, include_descendants="on")
    assert "“Not ready” cannot be published" in said(response)
    assert states(index, bad) == [False, False]
    bulk_publish(index, user=f.superuser("other"))
    assert states(index, bad) == [True, False]


def test_draft_that_lacks_a_required_field_is_a_message_too(index):
    page = f.review(index, title="No type", live=False)
    page.review_type = ""
    page.save_revision(clean=False)
    response = bulk_publish(page)
    assert response.status_code == 302
    assert "“No type” cannot be published" in said(response)
    assert "Type of review" in said(response)
    assert states(page) == [False]


def test_pages_of_other_types_and_other_actions_are_left_alone(index):
    plain = f.home_page().add_child(instance=Page(title="Plain", slug="plain", live=False))
    bulk_publish(plain)
    assert states(plain) == [True]
    live = f.review(index, title="Live", slug="live")
    bad = unready(index)
    response = bulk_publish(live, bad, user=f.superuser("other"), action="unpublish")
    assert "cannot be published" not in said(response)
    assert states(live, bad) == [False, False]


def test_descendants_that_the_user_may_not_publish_do_not_refuse_the_batch(index):
    bad = unready(index)
    user = editor("publisher", section=index)
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
    response = bulk_publish(index, user=user, include_descendants="on")
    assert "cannot be published" not in said(response)
    assert states(index, bad) == [False, False]


@pytest.fixture
def moderated(index):
    """An unready page that waits for approval."""
    task = GroupApprovalTask.objects.create(name="Safeguarding lead")
    task.groups.add(Group.objects.create(name="Leads"))
    workflow = Workflow.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    page = unready(index)
    user = f.superuser()
    page.save_revision(user=user)
    workflow.start(page, user)
    return page, client_of(user)


def still_waits(page):
    fresh = type(page).objects.get(pk=page.pk)
    state = fresh.current_workflow_state
    return (
        not fresh.live
        and state.status == "in_progress"
        and (state.current_task_state.status == "in_progress")
    )


@pytest.mark.parametrize("dialogue", [True, False])
def test_approval_of_an_unready_page_is_a_message_and_the_page_waits(moderated, dialogue):
    page, client = moderated
    state = page.current_workflow_state.current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    headers = {"x-requested-with": "XMLHttpRequest"} if dialogue else {}
    home = reverse("wagtailadmin_home")
    response = client.post(url, {"next": home, "comment": ""}, headers=headers)
    if dialogue:
        # All that Wagtail's dialogue understands is where to go on; the message waits there.
        assert response.status_code == 200
        assert json.loads(response.content) == {"step": "success", "redirect": home}
    else:
        assert response.status_code == 302
        assert response.url == home
    assert "“Not ready” cannot be published" in client.get(home).content.decode()
    assert still_waits(page)


def test_approval_in_the_editor_is_a_message_and_the_page_waits(moderated):
    page, client = moderated
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    version = page.get_named_versions()[0]
    empty = {"title": "", "role": "", "language": "", "date": "", "description": ""}
    data = querydict_from_html(client.get(url).content.decode(), form_id="page-edit-form")
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            data[f"{field.name}-count"] = "0"
    documents = streamfield([("document", {"version": version, **empty})])
    data.update(nested_form_data({"documents": documents}))
    data["documents-count"] = "1"
    data["action-workflow-action"] = "true"
    data["workflow-action-name"] = "approve"
    response = client.post(url, data)
    text = client.get(response.url).content if response.status_code == 302 else response.content
    assert "was withdrawn" in text.decode()
    assert still_waits(page)
