"""Every way that Wagtail publishes or closes a page opens or closes its files with it (P2).

Most tests step through a page's life and ask, as an anonymous visitor, after each step.
Opening of subtrees happens on commit, so the tests of those run real transactions.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    Locale,
    Page,
    PageViewRestriction,
    Site,
    Workflow,
    WorkflowTask,
)
from wagtail.test.utils.form_data import nested_form_data, streamfield

from tests import factories
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.register.models import Entry, Record

pytestmark = pytest.mark.django_db

LOGIN = {"restriction_type": PageViewRestriction.LOGIN}


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    """Run what waits for the commit, as a real transaction would, after each step."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def draft(index: Any, version: Any) -> PracticeReviewPage:
    return factories.review(index, versions=(version,), live=False)


@pytest.fixture
def live(index: Any, version: Any) -> PracticeReviewPage:
    return factories.review(index, versions=(version,))


# Opening


def test_upload_alone_opens_nothing(version: Any, is_public: Any) -> None:
    assert not is_public(version)


def test_draft_opens_nothing(draft: Any, version: Any, is_public: Any, record_of: Any) -> None:
    draft.save_revision()
    assert not is_public(version)
    assert record_of(draft) is None


def test_revision_publish(draft: Any, version: Any, is_public: Any, record_of: Any) -> None:
    draft.save_revision().publish()
    assert is_public(version)
    assert record_of(draft) == "public"


def test_live_flag_and_save(draft: Any, version: Any, is_public: Any) -> None:
    draft.live = True
    draft.save()
    assert is_public(version)


def test_editor_publishes_and_unpublishes(
    client: Any, draft: Any, version: Any, is_public: Any
) -> None:
    client.force_login(factories.superuser())
    draft.save_revision()
    data = nested_form_data(
        {
            "title": draft.title,
            "slug": draft.slug,
            "review_type": "learning-review",
            "review_date": "July 2019",
            "reference": "",
            "summary": '{"entityMap": {}, "blocks": []}',
            "further_information_heading": "",
            "outcome": "",
            "age_band": "",
            "documents": streamfield(
                [
                    (
                        "document",
                        {
                            "version": str(version.pk),
                            "title": "",
                            "role": "overview-report",
                            "language": "",
                            "date": "",
                            "description": "",
                        },
                    )
                ]
            ),
            **{
                name: streamfield([])
                for name in (
                    "subjects",
                    "body",
                    "learning_points",
                    "recommendations",
                    "related_reviews",
                    "related_documents",
                    "further_information",
                )
            },
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            "action-publish": "action-publish",
        }
    )
    for name in list(data):
        if name.startswith("comments-"):
            data[f"wagtail_admin_{name}"] = data[name]
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    response = client.post(url, data)
    assert response.status_code == 302, response.context["form"].errors
    assert is_public(version)
    draft.refresh_from_db()
    assert str(draft.review_date) == "2019-07"

    # The document's title is the page's own from now on: renaming publishes nothing.
    type(version.document).objects.update(title="Names a child")
    page = client.get(draft.url).content
    assert b"Overview report" in page
    assert b"Names a child" not in page

    client.post(reverse("wagtailadmin_pages:unpublish", args=[draft.pk]))
    assert not is_public(version)


def test_schedule_opens_at_its_hour_and_expiry_closes(
    draft: Any, version: Any, is_public: Any, record_of: Any
) -> None:
    draft.go_live_at = timezone.now() + dt.timedelta(hours=1)
    draft.expire_at = timezone.now() + dt.timedelta(hours=2)
    revision = draft.save_revision()
    revision.publish()
    assert not is_public(version)
    assert record_of(draft) is None

    past = timezone.now() - dt.timedelta(minutes=1)
    revision.refresh_from_db()
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert is_public(version)

    Page.objects.filter(pk=draft.pk).update(expire_at=past)
    call_command("publish_scheduled")
    assert not is_public(version)
    assert record_of(draft) == "archived"


def test_bulk_publish_and_bulk_unpublish(
    client: Any, draft: Any, version: Any, is_public: Any
) -> None:
    client.force_login(factories.superuser())
    draft.save_revision()
    for action, expected in (("publish", True), ("unpublish", False)):
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        data = {"include_descendants": ""}
        client.post(f"{url}?id={draft.pk}&next=/admin/", data)
        assert is_public(version) is expected


def test_workflow_approval(client: Any, draft: Any, version: Any, is_public: Any) -> None:
    user = factories.superuser()
    workflow = Workflow.objects.create(name="Four eyes")
    task = GroupApprovalTask.objects.create(name="Second pair of eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    draft.save_revision()
    state = workflow.start(draft, user)
    assert not is_public(version)
    state.current_task_state.specific.approve(user=user)
    assert is_public(version)


# Closing


def test_unpublish(live: Any, version: Any, is_public: Any, record_of: Any) -> None:
    assert is_public(version)
    live.unpublish()
    assert not is_public(version)
    assert record_of(live) == "withdrawn"


def test_unpublish_of_the_base_page(
    live: Any, version: Any, is_public: Any, record_of: Any
) -> None:
    Page.objects.get(pk=live.pk).unpublish()
    assert not is_public(version)
    assert record_of(live) == "withdrawn"


def test_update_that_sends_no_signal(live: Any, version: Any, is_public: Any) -> None:
    Page.objects.filter(pk=live.pk).update(live=False)
    assert not is_public(version)


def test_save_without_clean(live: Any, version: Any, is_public: Any) -> None:
    live.live = False
    live.save(clean=False)
    assert not is_public(version)


@pytest.mark.parametrize("restrict", ["page", "parent"])
def test_privacy_closes_and_its_end_opens(
    live: Any, version: Any, index: Any, is_public: Any, record_of: Any, commits: Any, restrict: str
) -> None:
    page = live if restrict == "page" else index
    with commits():
        restriction = PageViewRestriction.objects.create(page=page.page_ptr, **LOGIN)
    assert not is_public(version)
    assert record_of(live) == "withdrawn"
    with commits():
        restriction.delete()
    assert is_public(version)


def test_restriction_that_sends_no_signal(live: Any, version: Any, is_public: Any) -> None:
    PageViewRestriction.objects.bulk_create([PageViewRestriction(page=live.page_ptr, **LOGIN)])
    assert not is_public(version)


def test_move_below_a_private_page_and_back(
    live: Any, version: Any, index: Any, is_public: Any, record_of: Any, commits: Any
) -> None:
    private = factories.review_index(title="Private", slug="private")
    PageViewRestriction.objects.create(page=private.page_ptr, **LOGIN)
    with commits():
        live.move(private, pos="last-child")
    assert not is_public(version)
    assert record_of(live) == "withdrawn"
    with commits():
        live.refresh_from_db()
        index.refresh_from_db()
        live.move(index, pos="last-child")
    assert is_public(version)


@pytest.mark.parametrize("what", ["page", "ancestor", "queryset", "base"])
def test_delete(
    live: Any, version: Any, index: Any, is_public: Any, record_of: Any, what: str
) -> None:
    if what == "page":
        live.delete()
    elif what == "ancestor":
        index.delete()
    elif what == "queryset":
        Page.objects.filter(pk=live.pk).delete()
    else:
        Page.objects.get(pk=live.pk).delete()
    assert not is_public(version)
    assert record_of(live) == "withdrawn"


def test_page_outside_every_site(live: Any, version: Any, is_public: Any, commits: Any) -> None:
    site = Site.objects.get(is_default_site=True)
    root = site.root_page
    with commits():
        site.delete()
    assert not is_public(version)
    with commits():
        Site.objects.create(hostname="new.example", root_page=root, is_default_site=True)
    assert is_public(version)


def test_restricted_collection_closes(index: Any, is_public: Any, commits: Any) -> None:
    collection = Collection.get_first_root_node().add_child(name="Held back")
    held = factories.cleared_version("Held back", collection=collection)
    factories.review(index, versions=(held,), title="SCR Child T")
    assert is_public(held)
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert not is_public(held)
    with commits():
        restriction.delete()
    assert is_public(held)


def test_withdrawn_file_is_gone_with_its_reason(client: Any, live: Any, version: Any) -> None:
    version.move(VersionState.WITHDRAWN, reason="It named a school.")
    response = client.get(version.get_url())
    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "It named a school."


def test_deleted_document_is_closed(live: Any, version: Any, is_public: Any) -> None:
    type(version.document).objects.filter(pk=version.document_id).update(deleted_at=timezone.now())
    assert not is_public(version)


# Drafts of live pages, and what a page names


def test_draft_of_a_live_page_changes_nothing(
    live: Any, version: Any, is_public: Any, record_of: Any
) -> None:
    other = factories.cleared_version("Unredacted")
    live.documents = [factories.document_value(other)]
    live.title = "Real name"
    live.save_revision()
    assert is_public(version)
    assert not is_public(other)
    record = Record.objects.get(page_id=live.pk)
    assert b"Real name" not in bytes(record.payload)
    assert Entry.objects.filter(record=record).count() == 1


def test_dropping_a_file_from_a_revision_closes_it(live: Any, version: Any, is_public: Any) -> None:
    live.documents = []
    revision = live.save_revision()
    assert is_public(version)
    revision.publish()
    assert not is_public(version)


def test_revert_opens_what_the_old_revision_named(live: Any, version: Any, is_public: Any) -> None:
    old = live.save_revision()
    live.documents = []
    live.save_revision().publish()
    assert not is_public(version)
    old.as_object().save_revision(previous_revision=old).publish(previous_revision=old)
    assert is_public(version)


def test_two_pages_share_a_file(live: Any, version: Any, index: Any, is_public: Any) -> None:
    second = factories.review(index, versions=(version,), title="SCR Child W")
    live.unpublish()
    assert is_public(version)
    second.unpublish()
    assert not is_public(version)


def test_draft_that_names_a_public_file_of_another_page_leaves_it_alone(
    live: Any, version: Any, index: Any, is_public: Any
) -> None:
    second = factories.review(index, versions=(version,), title="SCR Child W", live=False)
    second.delete()
    assert is_public(version)


def test_file_in_the_body_and_in_related_documents(index: Any, is_public: Any) -> None:
    in_body, related = factories.cleared_version("In body"), factories.cleared_version("Related")
    page = factories.review(
        index,
        live=False,
        body=[factories.document_value(in_body)],
        related_documents=[factories.document_value(related)],
    )
    assert not is_public(in_body)
    assert not is_public(related)
    page.save_revision().publish()
    assert is_public(in_body)
    assert is_public(related)


# Copies, aliases, translations


def test_copy_kept_live_opens_for_itself(live: Any, version: Any, is_public: Any) -> None:
    copy = live.copy(update_attrs={"slug": "copy", "title": "Copy"})
    live.unpublish()
    assert is_public(version)
    copy.unpublish()
    assert not is_public(version)


def test_draft_copy_opens_nothing(draft: Any, version: Any, is_public: Any) -> None:
    draft.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False)
    assert not is_public(version)


def test_recursive_copy_of_a_private_section(
    live: Any, version: Any, index: Any, is_public: Any, commits: Any
) -> None:
    PageViewRestriction.objects.create(page=index.page_ptr, **LOGIN)
    assert not is_public(version)
    with commits():
        index.copy(recursive=True, update_attrs={"slug": "copy", "title": "Copy"})
    assert not is_public(version)


def test_alias_follows_its_source(live: Any, version: Any, is_public: Any, record_of: Any) -> None:
    home = factories.home_page()
    alias = live.create_alias(parent=home, update_slug="alias")
    assert record_of(alias) == "public"
    live.unpublish()
    assert not is_public(version)
    assert record_of(alias) == "withdrawn"


def test_alias_takes_over_what_its_source_publishes(
    live: Any, version: Any, is_public: Any, record_of: Any
) -> None:
    alias = live.create_alias(parent=factories.home_page(), update_slug="alias")
    other = factories.cleared_version("Second report", name="second.pdf")
    live.documents = [factories.document_value(other)]
    revision = live.save_revision()
    assert not is_public(other)
    revision.publish()
    assert is_public(other)
    assert not is_public(version)
    records = Record.objects.filter(page_id__in=[live.pk, alias.pk])
    assert [list(record.versions.all()) for record in records] == [[other], [other]]
    assert records.get(page_id=alias.pk).alias_of == live.pk


def test_alias_of_an_alias_of_a_restricted_page_stays_closed(
    live: Any, version: Any, is_public: Any, commits: Any
) -> None:
    home = factories.home_page()
    with commits():
        first = live.create_alias(parent=home, update_slug="first")
        first.create_alias(parent=home, update_slug="second")
    with commits():
        PageViewRestriction.objects.create(page=live.page_ptr, **LOGIN)
    assert not is_public(version)


def test_recursive_alias_of_a_restricted_section_stays_closed(
    live: Any, version: Any, index: Any, is_public: Any, commits: Any
) -> None:
    home = factories.home_page()
    with commits():
        index.create_alias(recursive=True, parent=home, update_slug="mirror")
    assert is_public(version)
    with commits():
        PageViewRestriction.objects.create(page=index.page_ptr, **LOGIN)
    assert not is_public(version)


def test_converted_alias_lives_on_its_own(
    live: Any, version: Any, is_public: Any, commits: Any
) -> None:
    alias = live.create_alias(parent=factories.home_page(), update_slug="alias")
    ConvertAliasPageAction(alias).execute(skip_permission_checks=True)
    live.unpublish()
    assert is_public(version)
    PracticeReviewPage.objects.get(pk=alias.pk).unpublish()
    assert not is_public(version)


def test_new_slug_of_a_parent_moves_nothing_out_of_sight(
    live: Any, version: Any, index: Any, is_public: Any, commits: Any, client: Any
) -> None:
    with commits():
        index.slug = "renamed"
        index.save()
    assert is_public(version)
    live.refresh_from_db()
    assert client.get(live.url).status_code == 200


def test_locale_with_pages_cannot_be_deleted(
    live: Any, version: Any, is_public: Any, settings: Any, commits: Any
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    welsh = Locale.objects.create(language_code="cy")
    with commits():
        live.copy_for_translation(welsh, copy_parents=True, alias=True)
    with pytest.raises(ProtectedError):
        welsh.delete()
    assert is_public(version)


def test_privacy_view_of_the_admin(client: Any, live: Any, version: Any, is_public: Any) -> None:
    client.force_login(factories.superuser())
    url = reverse("wagtailadmin_pages:set_privacy", args=[live.pk])
    response = client.post(url, {"restriction_type": "login", "password": ""})
    assert response.status_code == 200
    assert not is_public(version)


def test_translation_copy_is_a_draft(
    live: Any, settings: Any, version: Any, record_of: Any
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    welsh = Locale.objects.create(language_code="cy")
    copy = live.copy_for_translation(welsh, copy_parents=True)
    assert not copy.live
    assert record_of(copy) is None


def test_tree_sync_alias_in_another_locale_is_public_with_its_source(
    live: Any, settings: Any, version: Any, is_public: Any, record_of: Any, commits: Any
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    welsh = Locale.objects.create(language_code="cy")
    with commits():
        alias = live.copy_for_translation(welsh, copy_parents=True, alias=True)
    assert alias.live
    live.unpublish()
    assert not is_public(version)


# What the API tells of all this


def test_api_v2_names_only_what_is_public(
    client: Any, draft: Any, version: Any, is_public: Any
) -> None:
    draft.save_revision()
    url = "/api/v2/pages/?fields=*"
    assert version.document.title.encode() not in client.get(url).content
    draft.get_latest_revision().publish()
    (document,) = client.get(f"/api/v2/pages/{draft.pk}/").json()["documents"]
    assert document["sha256"] == version.sha256
    assert client.get(document["url"]).status_code == 200
    version.move(VersionState.WITHDRAWN, reason="x")
    (document,) = client.get(f"/api/v2/pages/{draft.pk}/").json()["documents"]
    assert document["status"] == "not available"
    assert {document[name] for name in ("url", "sha256", "bytes", "id", "file_name")} == {None}
    PracticeReviewPage.objects.get(pk=draft.pk).unpublish()
    assert client.get(f"/api/v2/pages/{draft.pk}/").status_code == 404
