"""The draft that a token opens now, and the files of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from wagtail.models import Revision

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.permissions import document_policy
from wagtail_safeguarding.publication.door import SafeguardingPage
from wagtail_safeguarding.publication.reading import read_sources, ready_versions
from wagtail_safeguarding.register.models import Entry, Event
from wagtail_safeguarding.register.schema import PublicForm

from . import tokens
from .models import PreviewToken


def may_share(user: Any, page: Any) -> bool:
    """Whether ``user`` may lend out the drafts of ``page``: who may edit them, and only pages
    of this package."""
    return (
        isinstance(page, SafeguardingPage)
        and user.is_active
        and user.has_perm("wagtailadmin.access_admin")
        and bool(page.permissions_for_user(user).can_edit())  # type: ignore[attr-defined]
    )


@dataclass
class Draft:
    """One revision, as the holder of ``token`` may read it: never more than its issuer may."""

    token: PreviewToken
    page: Any
    revision: Any

    @cached_property
    def content(self) -> SafeguardingPage:
        content: SafeguardingPage = self.revision.as_object()
        return content

    @cached_property
    def versions(self) -> list[DocumentVersion]:
        """The files, newest version first: those that the draft names, that could be published,
        and that whoever issued the token may put on a page."""
        ready = set(ready_versions(self.content.get_named_versions()))
        readable = document_policy.instances_user_has_any_permission_for(
            self.token.created_by, ["change", "choose"]
        )
        return list(
            DocumentVersion.objects.filter(
                pk__in=ready - self.content.get_refused_versions(), document__in=readable
            )
            .select_related("document")
            .order_by("-number", "pk")
        )

    def get_version(self, document: uuid.UUID, filename: str) -> DocumentVersion | None:
        """The file at a document's address: of two versions the newer, as at the gate."""
        for version in self.versions:
            if version.document.uuid == document and version.public_name == filename:
                return version
        return None

    def get_form(self) -> PublicForm:
        """What the page would say to the public if this draft were published."""
        sources = read_sources([self.content], {version.pk: version for version in self.versions})
        return self.content.get_public_form(sources)


def open_draft(text: str) -> Draft | None:
    """The draft behind a token. None for each reason why there is none, told to nobody."""
    token = tokens.find(text)
    if token is None or token.created_by is None or _taken_down_since(token):
        return None
    revision = Revision.page_revisions.filter(
        pk=token.revision_id, object_id=str(token.page_id)
    ).first()
    page = revision.content_object if revision else None
    if page is None or not may_share(token.created_by, page):
        return None
    return Draft(token, page, revision)


def _taken_down_since(token: PreviewToken) -> bool:
    """A takedown closes what was lent out before it as well, and it stays closed."""
    taken_down = Entry.objects.filter(
        record__page_id=token.page_id,
        event__in=[Event.WITHDRAWN, Event.ARCHIVED],
        at__gte=token.created_at,
    )
    return taken_down.exists()
