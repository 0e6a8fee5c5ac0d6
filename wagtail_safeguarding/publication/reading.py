"""Read what pages are to say in public: from the database, in as many queries for a batch as for
one page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import router
from django.db.models import OuterRef, Subquery
from wagtail.models import Locale

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.pagemodel import base_page_label, get_base_page_model
from wagtail_safeguarding.register.addresses import Addresses, builds_its_own
from wagtail_safeguarding.register.models import Record, RecordState, SiteNotice
from wagtail_safeguarding.register.projection import Projection, read_payload
from wagtail_safeguarding.register.sources import PublicPage, Sources, Standing
from wagtail_safeguarding.register.visibility import unrestricted_versions, visible_pages
from wagtail_safeguarding.statements import Statement, by_keys, text_marks
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.models import Term

from .readiness import judge_version

if TYPE_CHECKING:
    from .door import SafeguardingPage

STEP = 4
"""Characters of a page's path for each level of the tree (treebeard's ``steplen``)."""


def projections_of(pages: Iterable[SafeguardingPage]) -> dict[int, Projection]:
    """What the register has to say of each of these pages. They must be visible to the public."""
    pages = list(pages)
    named = {page.pk: set(page.get_named_versions()) for page in pages}
    ready = ready_versions(pk for pks in named.values() for pk in pks)
    addresses = Addresses()
    sources = read_sources(pages, ready, addresses)
    found = {}
    for page in pages:
        refused = page.get_refused_versions()
        opened = {pk: ready[pk] for pk in named[page.pk] - refused if pk in ready}
        form = page.get_public_form(replace(sources, versions=opened))
        found[page.pk] = Projection(
            page_id=page.pk,
            form=form,
            version_ids=frozenset(opened),
            alias_of=page.alias_of_id,
            lines_from=sources.standing.get(page.pk, Standing()).lines_from,
            address=_address(page, addresses),
            site_id=addresses.site_id(page.url_path),
        )
    return found


def _address(page: SafeguardingPage, addresses: Addresses) -> str:
    own: str | None = page.get_full_url() if builds_its_own(page) else None
    return own or addresses.url(page.url_path) or ""


def ready_versions(pks: Iterable[int]) -> dict[int, DocumentVersion]:
    """Those of the versions that may be public, with their documents."""
    wanted = set(pks)
    if not wanted:
        return {}
    shown = unrestricted_versions(wanted)
    # What was found in a file is no part of what is public of it, and may be long.
    versions = DocumentVersion.objects.select_related("document").defer("inspection")
    found = versions.in_bulk(list(wanted))
    return {pk: v for pk, v in found.items() if pk in shown and not judge_version(v)}


def read_sources(
    pages: Iterable[SafeguardingPage],
    versions: dict[int, DocumentVersion],
    addresses: Addresses | None = None,
) -> Sources:
    """All that the public forms of these pages need, files only of ``versions``."""
    pages = list(pages)
    addresses = addresses or Addresses()
    languages: dict[int, str] = dict(_locales(router.db_for_read(Locale)).ask())
    return Sources(
        versions=versions,
        pages=_public_pages({pk for page in pages for pk in page.get_named_pages()}, addresses),
        standing=_standing(pages, addresses),
        translations=_translations(pages, languages),
        languages=languages,
        jurisdictions=dict(_review_types(router.db_for_read(Term)).ask()),
    )


@cache
def _locales(using: str) -> Statement:
    return Statement.of(Locale.objects.values_list("pk", "language_code"), using)


@cache
def _review_types(using: str) -> Statement:
    types = Term.objects.filter(scheme=Scheme.REVIEW_TYPE)
    return Statement.of(types.values_list("key", "jurisdiction"), using)


@cache
def _publishers(using: str) -> Statement:
    return Statement.of(SiteNotice.objects.values_list("site_id", "publisher"), using)


@cache
def _indexes_at(using: str, of: str, size: int) -> Statement:
    paths = text_marks(size)
    pages = get_base_page_model().objects.order_by()
    path = pages.filter(pk=OuterRef("page_id")).values("path")
    here = pages.filter(path__in=paths)
    indexes = Record.objects.filter(
        kind="index",
        state=RecordState.PUBLIC,
        page_deleted=False,
        page_id__in=here.values("pk"),
    )
    return Statement.of(indexes.values_list("page_id", Subquery(path), "payload"), using, paths)


def _public_pages(pks: set[int], addresses: Addresses) -> dict[int, PublicPage]:
    if not pks:
        return {}
    visible = dict(visible_pages().filter(pk__in=pks).values_list("pk", "url_path"))
    # A record's address is as its page builds it.
    records = {
        page_id: (address or None, str(uuid))
        for page_id, uuid, address in Record.objects.filter(
            page_id__in=visible, page_deleted=False, state=RecordState.PUBLIC
        ).values_list("page_id", "uuid", "address")
    }
    return {
        pk: PublicPage(*records.get(pk, (addresses.url(path), None)))
        for pk, path in visible.items()
    }


def _standing(pages: list[SafeguardingPage], addresses: Addresses) -> dict[int, Standing]:
    """Publisher and emergency lines: of the nearest public index at or above that has its own,
    else of the site."""
    paths = {page.path[:end] for page in pages for end in range(STEP, len(page.path) + 1, STEP)}
    own = {}
    indexes = partial(_indexes_at, router.db_for_read(Record), base_page_label())
    for page_id, path, payload in by_keys(indexes, paths, none=""):
        form = read_payload(payload)
        lines = form.get("own_emergency_lines")
        own[path] = Standing(form.get("own_publisher", ""), page_id if lines else None)
    of_site = dict(_publishers(router.db_for_read(SiteNotice)).ask())
    found = {}
    for page in pages:
        # Of the page itself, its record may say something older.
        itself = Standing(
            getattr(page, "publisher", ""),
            page.pk if getattr(page, "emergency_lines", None) else None,
        )
        above_it = [path for path in own if page.path.startswith(path) and path != page.path]
        nearest = [itself, *(own[path] for path in sorted(above_it, key=len, reverse=True))]
        of_its_site = of_site.get(addresses.site_id(page.url_path) or 0, "")
        found[page.pk] = Standing(
            publisher=next((one.publisher for one in nearest if one.publisher), of_its_site),
            lines_from=next((one.lines_from for one in nearest if one.lines_from), None),
        )
    return found


def _translations(
    pages: list[SafeguardingPage], languages: dict[int, str]
) -> dict[int, list[tuple[str, str]]]:
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return {}
    keys = {page.translation_key for page in pages}
    others: Any = visible_pages().filter(translation_key__in=keys, alias_of=None)
    rows = list(others.values_list("pk", "translation_key", "locale_id"))
    records = dict(
        Record.objects.filter(
            page_id__in=[pk for pk, _key, _locale in rows],
            page_deleted=False,
            state=RecordState.PUBLIC,
        ).values_list("page_id", "uuid")
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for page in pages:
        found[page.pk] = sorted(
            (languages[locale], str(records[pk]))
            for pk, key, locale in rows
            if key == page.translation_key and pk != page.pk and pk in records
        )
    return found
