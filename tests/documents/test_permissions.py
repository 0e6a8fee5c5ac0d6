"""Collection permissions: each right by itself, and deleting is not part of changing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group, Permission
from wagtail.models import Collection, GroupCollectionPermission

from tests import factories
from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.documents.permissions import document_policy

pytestmark = pytest.mark.django_db

ACTIONS = ("add", "change", "delete", "choose")


@pytest.fixture
def collections() -> Any:
    root = Collection.get_first_root_node()
    return root.add_child(name="Ours"), root.add_child(name="Theirs")


def person(collection: Collection, *actions: str) -> Any:
    user = get_user_model().objects.create_user("-".join(actions) or "nobody")
    group = Group.objects.create(name=user.username)
    user.groups.add(group)
    for action in actions:
        GroupCollectionPermission.objects.create(
            group=group,
            collection=collection,
            permission=Permission.objects.get(codename=f"{action}_reviewdocument"),
        )
    return user


@pytest.mark.parametrize("given", ACTIONS)
def test_a_right_grants_itself_in_its_collection_and_nothing_else(
    collections: Any, given: str
) -> None:
    ours, theirs = (
        factories.cleared_version(name, collection=collection).document
        for name, collection in zip(("Ours", "Theirs"), collections, strict=True)
    )
    user = person(collections[0], given)
    for action in ACTIONS:
        granted = action == given
        assert document_policy.user_has_permission_for_instance(user, action, ours) is granted
        assert not document_policy.user_has_permission_for_instance(user, action, theirs)
        if action == "add":
            continue
        found = document_policy.instances_user_has_permission_for(user, action)
        assert list(found) == ([ours] if granted else [])
        people = document_policy.users_with_permission_for_instance(action, ours)
        assert (user in people) is granted
        assert user not in document_policy.users_with_permission_for_instance(action, theirs)
        places = document_policy.collections_user_has_permission_for(user, action)
        # Who may add may change what they added, so the place counts for "change".
        place = granted or (given, action) == ("add", "change")
        assert list(places) == ([collections[0]] if place else [])
        assert (user in document_policy.users_with_permission(action)) is place
        assert document_policy.user_has_permission(user, action) is place


def test_who_added_a_document_may_change_it_and_not_delete_it(collections: Any) -> None:
    user = person(collections[0], "add")
    own = ReviewDocument.objects.create(title="Own", collection=collections[0], created_by=user)
    assert document_policy.user_has_permission_for_instance(user, "change", own)
    assert not document_policy.user_has_permission_for_instance(user, "delete", own)
    assert not document_policy.instances_user_has_permission_for(user, "delete").exists()


def test_several_actions_are_joined(collections: Any) -> None:
    document = factories.cleared_version("Ours", collection=collections[0]).document
    user = person(collections[0], "delete")
    assert document_policy.user_has_any_permission(user, ["change", "delete"])
    assert list(
        document_policy.instances_user_has_any_permission_for(user, ["change", "delete"])
    ) == [document]


def test_nobody_and_everybody(collections: Any) -> None:
    document = factories.cleared_version("Ours", collection=collections[0]).document
    anonymous, admin = AnonymousUser(), factories.superuser()
    for action in ("change", "delete", "choose"):
        assert not document_policy.instances_user_has_permission_for(anonymous, action).exists()
        assert not document_policy.collections_user_has_permission_for(anonymous, action).exists()
        assert list(document_policy.instances_user_has_permission_for(admin, action)) == [document]
        assert document_policy.user_has_permission_for_instance(admin, action, document)
