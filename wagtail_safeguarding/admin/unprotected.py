"""The report of links that lead past the gate: which pages, in which field, to which file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Revision

from wagtail_safeguarding.content.unprotected import (
    LinkFinder,
    Reference,
    Unprotected,
    field_label,
    values_of,
)
from wagtail_safeguarding.publication.door import safeguarding_models

from .access import editable_pages, may_edit_pages
from .spreadsheets import QuotedExportMixin

CHUNK = 100
"""Pages that are read at a time."""


@dataclass(frozen=True)
class Row:
    """One page and one file that it leads to past the gate."""

    page: Any
    link: Unprotected
    live: bool
    """Whether the published page has the link."""
    draft: bool
    """Whether what is still to be published has it."""

    @property
    def title(self) -> str:
        return str(self.page.get_admin_display_title())

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    @property
    def field(self) -> str:
        return field_label(type(self.page), self.link.field)

    @property
    def document_title(self) -> str:
        return self.link.title

    @property
    def document_url(self) -> str | None:
        document = self.link.document
        return str(document.url) if document is not None else None

    @property
    def state(self) -> str:
        if self.live and self.draft:
            return _("Live and draft")
        return _("Live") if self.live else _("Draft")


def unprotected_rows(user: Any) -> Iterator[Row]:
    """The rows of the pages that ``user`` may edit.

    Every such page is read, a hundred at a time: what only a draft says stands in no index.
    Each hundred takes one query for the pages, one for their drafts and three for the files
    they lead to, and one for each page and child relation that a site has added.
    """
    finder = LinkFinder()
    for model in safeguarding_models():
        pages = (
            model._default_manager.filter(
                pk__in=editable_pages(user).values("pk"),
                # A site may derive one page type from another; each page is read as its own.
                content_type=ContentType.objects.get_for_model(model),
            )
            .order_by("pk")
            .iterator(chunk_size=CHUNK)
        )
        while chunk := list(islice(pages, CHUNK)):
            yield from _rows(chunk, finder)


def _rows(pages: list[Any], finder: LinkFinder) -> Iterator[Row]:
    changed = [p.latest_revision_id for p in pages if p.has_unpublished_changes]
    drafts = dict(Revision.objects.filter(pk__in=changed).values_list("pk", "content"))
    live: dict[int, list[Reference]] = {}
    draft: dict[int, list[Reference]] = {}
    for page in pages:
        stored = finder.find(type(page), values_of(page))
        changes = drafts.get(page.latest_revision_id)
        live[page.pk] = stored if page.live else []
        if changes is not None:
            draft[page.pk] = finder.find(type(page), changes)
        else:
            draft[page.pk] = [] if page.live else stored
    found = finder.look_up({r for side in (live, draft) for refs in side.values() for r in refs})
    for page in pages:
        public, planned = (_links(side[page.pk], found) for side in (live, draft))
        for link in dict.fromkeys([*public, *planned]):
            yield Row(page, link, live=link in public, draft=link in planned)


def _links(
    references: Iterable[Reference], found: dict[Reference, Unprotected]
) -> list[Unprotected]:
    return [found[reference] for reference in references if reference in found]


class UnprotectedLinksView(QuotedExportMixin, ReportView):
    page_title = gettext_lazy("Unprotected links")
    header_icon = "warning"
    index_url_name = "safeguarding_unprotected_links"
    index_results_url_name = "safeguarding_unprotected_links_results"
    verbose_name_plural = gettext_lazy("unprotected links")
    export_filename = "unprotected-links"
    list_export = ["title", "field", "document_title", "document_url", "state"]
    export_headings = {
        "title": gettext_lazy("Page"),
        "field": gettext_lazy("Field"),
        "document_title": gettext_lazy("Document"),
        "document_url": gettext_lazy("Address"),
        "state": gettext_lazy("State"),
    }

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not may_edit_pages(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def columns(self) -> list[Column]:
        finder = AdminURLFinder(self.request.user)

        def document_url(row: Row) -> str | None:
            """Where the user may edit the document, else the file itself."""
            edit_url = finder.get_edit_url(row.link.document) if row.link.document else None
            return edit_url or row.document_url

        return [
            TitleColumn("title", label=_("Page"), get_url=lambda row: row.edit_url),
            Column("field", label=_("Field")),
            TitleColumn("document_title", label=_("Document"), get_url=document_url),
            Column("state", label=_("State")),
        ]

    def get_queryset(self) -> list[Row]:
        rows = unprotected_rows(self.request.user)
        return sorted(rows, key=lambda row: (row.title.casefold(), row.page.pk))


class UnprotectedLinksMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Unprotected links"),
            reverse("safeguarding_unprotected_links"),
            name="unprotected-links",
            icon_name="warning",
            order=1200,
        )

    def is_shown(self, request: Any) -> bool:
        return may_edit_pages(request.user)
