"""Where the admin edits a chosen version: at its document."""

from __future__ import annotations

from typing import Any

from wagtail_safeguarding.documents.models import DocumentVersion

from .access import may_edit_document
from .modeladmin import document_edit_url


class DocumentVersionURLFinder:
    """For ``wagtail.admin.admin_url_finder``: the chooser's "Edit this document"."""

    def __init__(self, user: Any = None) -> None:
        self.user = user

    def get_edit_url(self, instance: DocumentVersion) -> str | None:
        if self.user is not None and not may_edit_document(self.user, instance.document):
            return None
        return document_edit_url(instance.document)
