"""Who may add, change, choose or delete review documents: Wagtail's collection permissions."""

from __future__ import annotations

from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from .models import ReviewDocument

document_policy = CollectionOwnershipPermissionPolicy(
    ReviewDocument, auth_model=ReviewDocument, owner_field_name="created_by"
)
