"""Which pages and documents a user of the admin may see here: Wagtail's own permissions."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.permissions import document_policy
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pagemodel import get_base_page_model


def _page_policy() -> Any:
    """The site's policy for pages. Wagtail 8 lets a site register one of its own."""
    try:
        from wagtail.permissions import policy_registry
    except ImportError:  # Wagtail 7.4
        return PagePermissionPolicy(get_base_page_model())
    return policy_registry.get_by_type(get_base_page_model())


def editable_pages(user: Any) -> Any:
    """A queryset of the base pages that ``user`` may edit."""
    return _page_policy().instances_user_has_permission_for(user, "change")


def may_edit_pages(user: Any) -> bool:
    """Whether there can be any page that ``user`` may edit or add."""
    return bool(_page_policy().user_has_any_permission(user, {"add", "change"}))


def may_edit_page(user: Any, page: Any) -> bool:
    return bool(editable_pages(user).filter(pk=page.pk).exists())


def may_read_version(user: Any, version: DocumentVersion) -> bool:
    """Whoever may put a file on a page may read it; so may whoever may replace it.

    A withdrawn file goes on no page any more, and may have been withdrawn for what it says:
    only who may change the document still reads it.
    """
    rights = ["change"] if version.state == VersionState.WITHDRAWN else ["change", "choose"]
    return version.document.deleted_at is None and bool(
        document_policy.user_has_any_permission_for_instance(user, rights, version.document)
    )


def may_edit_document(user: Any, document: ReviewDocument) -> bool:
    return document.deleted_at is None and bool(
        document_policy.user_has_permission_for_instance(user, "change", document)
    )


def may_delete_document(user: Any, document: ReviewDocument) -> bool:
    """Deleting is a right of its own: who may edit a document may not always make it vanish."""
    return document.deleted_at is None and bool(
        document_policy.user_has_permission_for_instance(user, "delete", document)
    )


def may_restore_document(user: Any, document: ReviewDocument) -> bool:
    """Whoever may delete a document may bring it back."""
    return document.deleted_at is not None and bool(
        document_policy.user_has_permission_for_instance(user, "delete", document)
    )


def may_see_history(user: Any, document: ReviewDocument) -> bool:
    return may_edit_document(user, document) or bool(
        document_policy.user_has_permission_for_instance(user, "delete", document)
    )


def deleted_documents(user: Any) -> Any:
    """The deleted documents that ``user`` may bring back."""
    found = document_policy.instances_user_has_permission_for(user, "delete")
    return found.exclude(deleted_at=None)
