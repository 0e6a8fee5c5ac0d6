"""Users of the admin: editors with rights to one section of pages and one collection."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils.html import strip_tags
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission


def collection(name: str) -> Collection:
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    return root.add_child(name=name)


def editor(
    name: str = "editor",
    section: Any = None,
    documents: Collection | None = None,
    *,
    pages: tuple[str, ...] = ("add", "change", "publish"),
    files: tuple[str, ...] = ("add", "change", "choose"),
    models: tuple[str, ...] = (),
) -> Any:
    """An editor of the pages below ``section`` and of the files in ``documents``."""
    group = Group.objects.create(name=f"group of {name}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    group.permissions.add(*Permission.objects.filter(codename__in=models))
    if section is not None:
        for action in pages:
            GroupPagePermission.objects.create(
                group=group,
                page=section,
                permission=Permission.objects.get(
                    codename=f"{action}_page", content_type__app_label="wagtailcore"
                ),
            )
    if documents is not None:
        for action in files:
            GroupCollectionPermission.objects.create(
                group=group,
                collection=documents,
                permission=Permission.objects.get(codename=f"{action}_reviewdocument"),
            )
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "password")
    user.groups.add(group)
    return user


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(response: Any) -> str:
    """The messages that wait for the editor, as one text."""
    from django.contrib.messages import get_messages

    return "\n".join(strip_tags(str(message)) for message in get_messages(response.wsgi_request))
