"""Which file answers at a document's address now.

The question is ``register.visibility.open_links``, the one definition of "public". Django
would put it together anew for every request, which costs many times what the database
needs to answer it, so it is put together once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connections, router
from django.db.models import OuterRef, Subquery, UUIDField

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.models import RecordDocument
from wagtail_safeguarding.register.visibility import not_restricted, open_links

FIELDS = (
    "id",
    "document_id",
    "number",
    "file_name",
    "storage_key",
    "sha256",
    "size",
    "media_type",
    "state",
)
"""What the gate needs of a version: texts and numbers, which need no conversion."""

_ANY = uuid.UUID("7ad07e5e-0000-4000-8000-000000000000")
"""Stands in the prepared statement where the document's UUID will be."""


@dataclass(frozen=True)
class Public:
    """The newest version of a document that anybody may read now, and a page that names it."""

    version: DocumentVersion
    page_id: int
    page_path: str
    """The page's path in Wagtail's tree of addresses (``Page.url_path``)."""

    @property
    def page_url(self) -> str | None:
        page = get_base_page_model()(id=self.page_id, url_path=self.page_path)
        url: str | None = page.get_full_url()
        return url


def public_version(document: uuid.UUID) -> Public | None:
    """What is public of ``document``; None for one that is unknown, too. One query."""
    using = router.db_for_read(RecordDocument)
    connection = connections[using]
    sql, parameters = _statement(using, bool(getattr(settings, "WAGTAIL_I18N_ENABLED", False)))
    wanted = UUIDField().get_db_prep_value(document, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted if value is _ANY else value for value in parameters])
        row = cursor.fetchone()
    if row is None:
        return None
    *values, page_id, page_path = row
    return Public(DocumentVersion.from_db(using, FIELDS, values), page_id, page_path)


def withdrawn_version(document: uuid.UUID) -> DocumentVersion | None:
    """Where nothing is public of ``document``: the last version that was, if it was withdrawn."""
    public_once = DocumentVersion.objects.filter(
        document__uuid=document, entries__isnull=False
    ).order_by("-number")
    last: DocumentVersion | None = not_restricted(public_once).first()
    return last if last is not None and last.state == VersionState.WITHDRAWN else None


@cache
def _statement(using: str, languages: bool) -> tuple[str, tuple[Any, ...]]:
    """The SQL and its parameters, with ``_ANY`` where the document goes.

    ``languages`` is only part of the key: the setting changes what ``visible_pages`` asks.
    """
    page = get_base_page_model().objects.filter(pk=OuterRef("record__page_id"))
    links = (
        open_links()
        .using(using)
        .filter(version__document__uuid=_ANY)
        # Where several pages name the version, the one that was public first.
        .order_by("-version__number", "record__first_public_at", "pk")
        .values_list(
            *(f"version__{name}" for name in FIELDS),
            "record__page_id",
            Subquery(page.values("url_path")[:1]),
        )[:1]
    )
    sql, parameters = links.query.get_compiler(using).as_sql()
    marker = UUIDField().get_db_prep_value(_ANY, connections[using])
    found = tuple(_ANY if value == marker else value for value in parameters)
    if found.count(_ANY) != 1:
        raise RuntimeError("The statement has no one place for a document.")
    return sql, found
