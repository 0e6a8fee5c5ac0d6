"""Who may add, change, choose or delete review documents: Wagtail's collection permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Q
from wagtail.log_actions import get_active_log_context
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from .models import DocumentVersion, ReviewDocument


class ReviewDocumentPermissionPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's rules, except that deleting (and restoring) is a right of its own.

    Wagtail lets whoever may change a document delete it, and whoever added it too. A
    review document may be evidence; who may make it disappear is for a site to say.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action == "delete":
            return bool(self._check_perm(user, ["delete"]))
        return bool(super().user_has_permission(user, action))

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        found = super().users_with_any_permission(_others(actions))
        return _either(found, self._users_with_perm(["delete"])) if "delete" in actions else found

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        if "delete" in actions and self._check_perm(
            user, ["delete"], collection=instance.collection
        ):
            return True
        return bool(super().user_has_any_permission_for_instance(user, _others(actions), instance))

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Any) -> Any:
        found = super().users_with_any_permission_for_instance(_others(actions), instance)
        if "delete" not in actions:
            return found
        return _either(found, self._users_with_perm(["delete"], collection=instance.collection))

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        found = super().instances_user_has_any_permission_for(user, _others(actions))
        if "delete" not in actions or not user.is_authenticated:
            return found
        collections = self._collections_with_perm(user, ["delete"])
        return _either(found, self.model._default_manager.filter(collection__in=collections))

    def collections_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        found = super().collections_user_has_any_permission_for(user, _others(actions))
        if "delete" not in actions or not user.is_authenticated:
            return found
        return _either(found, self._collections_with_perm(user, ["delete"]))


def _others(actions: Iterable[str]) -> set[str]:
    return set(actions) - {"delete"}


def _either(one: Any, other: Any) -> Any:
    """Rows of either queryset; "|" itself refuses where only one of them is distinct."""
    return one.model._default_manager.filter(
        Q(pk__in=one.values("pk")) | Q(pk__in=other.values("pk"))
    )


document_policy = ReviewDocumentPermissionPolicy(
    ReviewDocument, auth_model=ReviewDocument, owner_field_name="created_by"
)


def may_overrule(user: Any, version: DocumentVersion) -> bool:
    """Whether ``user`` may clear a blocked version: with the right, and not their own upload,
    nor a cleaned copy of it."""
    if not user.has_perm("wagtail_safeguarding.override_inspection"):
        return False
    source: DocumentVersion | None = version
    while source is not None:
        if source.uploaded_by_id in (None, user.pk):
            return False
        source = source.cleaned_from
    return True


_told: ContextVar[frozenset[int]] = ContextVar("safeguarding_told_versions")


@contextmanager
def telling(pks: Iterable[int]) -> Iterator[None]:
    """While this lasts, the titles of these versions may be told: the page names them."""
    token = _told.set(frozenset(pks))
    try:
        yield
    finally:
        _told.reset(token)


def admin_user() -> Any:
    """The user whom Wagtail's admin serves right now; None outside of it."""
    return get_active_log_context().user


def may_tell(user: Any, version: DocumentVersion) -> bool:
    """Whether ``user`` may be told the title of ``version``: it stands on the page that they
    are editing, or they have a right to the document."""
    if version.pk in _told.get(frozenset()):
        return True
    return user is not None and bool(
        document_policy.user_has_any_permission_for_instance(
            user, ["change", "choose", "delete"], version.document
        )
    )
