"""Which pages an anonymous visitor can read at this moment, asked of Wagtail's own tables.

Live, under the root of a site, and without a view restriction on the page, on an ancestor,
or on what they are aliases of. Asked in SQL, so that a bulk ``update()`` that sends no
signal is seen too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache, lru_cache, partial, reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import router
from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from wagtail.models import CollectionViewRestriction, PageViewRestriction, Site

from wagtail_safeguarding.conf import read_once
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pagemodel import base_page_label, get_base_page_model
from wagtail_safeguarding.statements import Statement, by_keys, marks

from .models import RecordDocument, RecordState

ALIAS_DEPTH = 3
"""How many aliases of aliases are followed. A page behind a longer chain is not visible."""


def visible_pages(lifted: Collection[int] = ()) -> Any:
    """A queryset of base pages that the public can read now.

    ``lifted``: keys of view restrictions that do not hold for the one who asks.
    """
    return _visible_pages(tree(), frozenset(lifted)).all()


def visible_among(page_ids: Iterable[int]) -> set[int]:
    """Those of the pages that the public can read now."""
    using = router.db_for_read(get_base_page_model())
    return {pk for (pk,) in by_keys(partial(_visible_by_keys, using, tree()), page_ids)}


@cache
def _visible_by_keys(using: str, of: Any, size: int) -> Statement:
    keys = marks(size)
    return Statement.of(visible_pages().filter(pk__in=keys).values_list("pk"), using, keys)


@read_once
def tree() -> tuple[str, bool]:
    """What changes the question: part of the key of whatever keeps it."""
    return base_page_label(), bool(getattr(settings, "WAGTAIL_I18N_ENABLED", False))


@lru_cache(maxsize=16)
def _visible_pages(of: tuple[str, bool], lifted: frozenset[int]) -> Any:
    """Put together once: that takes Django longer than a database needs to answer."""
    restrictions = PageViewRestriction.objects.exclude(pk__in=lifted)
    pages = get_base_page_model().objects.filter(live=True).filter(_under_a_site())
    return pages.exclude(_restricted(restrictions, "path")).exclude(
        _alias_of_restricted(restrictions)
    )


def behind_restricted_sources() -> Any:
    """The pages that only the source of an alias closes: Wagtail's API sends them to anybody."""
    return get_base_page_model().objects.filter(
        _alias_of_restricted(PageViewRestriction.objects.all())
    )


def _inside(path: str) -> dict[str, Any]:
    """Filter arguments: the outer page is the row's page (at ``path``) or below it."""
    return {"outer__startswith": F(path)}


def _outer_path(reference: str = "path") -> Any:
    return ExpressionWrapper(OuterRef(reference), output_field=CharField())


def _path_of(reference: str) -> Subquery:
    """The path of the page that a row names.

    Not by a join: a database that has never counted its rows (SQLite, until somebody runs ANALYZE)
    may then go through all pages for each page asked for, and not through the few rows that name
    one.
    """
    page = get_base_page_model().objects.filter(pk=OuterRef(reference))
    return Subquery(page.order_by().values("path")[:1])


def _under_a_site() -> Exists:
    """The page is a site's root page or below it (or below a translation of that root)."""
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        roots = get_base_page_model().objects.filter(
            translation_key__in=Site.objects.values("root_page__translation_key")
        )
        return Exists(roots.alias(outer=_outer_path()).filter(**_inside("path")))
    sites = Site.objects.alias(outer=_outer_path(), root=_path_of("root_page_id"))
    return Exists(sites.filter(**_inside("root")))


def _restricted(restrictions: Any, *paths: str) -> Exists:
    """One of the restrictions is on a page at one of ``paths`` or on an ancestor."""
    outer = {f"outer_{number}": _outer_path(path) for number, path in enumerate(paths)}
    found = restrictions.alias(restricted=_path_of("page_id"), **outer)
    return Exists(
        found.filter(reduce(or_, (Q(**{f"{name}__startswith": F("restricted")}) for name in outer)))
    )


def _alias_of_restricted(restrictions: Any) -> Exists:
    """The page or an ancestor is an alias of a restricted page, or of too long a chain.

    Wagtail asks for a restriction on the source itself; one on an ancestor of the source
    closes as well here, which is the safe side.
    """
    # Found once for all pages asked for.
    aliases = get_base_page_model().objects.filter(
        pk__in=_closed_aliases(restrictions).values("pk")
    )
    return Exists(aliases.alias(outer=_outer_path()).filter(**_inside("path")))


def _closed_aliases(restrictions: Any) -> Any:
    """The aliases of restricted pages, and those of too long a chain.

    Looked for only where there is a restriction at all. "> 0" finds aliases by the index, where
    SQLite does not for "IS NOT NULL".
    """
    too_long = Q(**{"__".join(["alias_of"] * (ALIAS_DEPTH + 1)) + "__isnull": False})
    sources = ["__".join([*["alias_of"] * depth, "path"]) for depth in range(1, ALIAS_DEPTH + 1)]
    aliases = get_base_page_model().objects.order_by().filter(alias_of__gt=0)
    return aliases.filter(Exists(restrictions), too_long | Q(_restricted(restrictions, *sources)))


def roots_and_closed() -> tuple[Any, Any, Any]:
    """What :func:`visible_pages` goes by, for whoever asks it of many pages one by one: rows with
    the path (``at``) of each root of a site and of each page with a restriction; and, needed only
    where there are restrictions, the closed aliases.

    A live page is visible at or below a root, and neither at nor below what is closed.
    """
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        roots = get_base_page_model().objects.filter(
            translation_key__in=Site.objects.values("root_page__translation_key")
        )
        roots = roots.order_by().annotate(at=F("path"))
    else:
        roots = Site.objects.order_by().annotate(at=_path_of("root_page_id"))
    restrictions = PageViewRestriction.objects.order_by()
    closed = restrictions.annotate(at=_path_of("page_id"))
    return roots, closed, _closed_aliases(restrictions)


def not_restricted(queryset: QuerySet[Any], path: str = "document__collection__path") -> Any:
    """Without the rows whose document stands in a restricted collection, or below one."""
    return queryset.exclude(_in_restricted_collection(path))


def _in_restricted_collection(path: str) -> Exists:
    restrictions = CollectionViewRestriction.objects.alias(outer=_outer_path(path))
    return Exists(restrictions.filter(**_inside("collection__path")))


_FILE_IS_PUBLIC = Q(
    record__state=RecordState.PUBLIC,
    version__state=VersionState.CLEARED,
    version__document__deleted_at=None,
)
_COLLECTION = "version__document__collection__path"


def open_links() -> QuerySet[RecordDocument]:
    """The register's links to files that may be read now: the one definition of "public".

    The register names the version, Wagtail shows the page, and the file itself is still
    cleared, not deleted and not in a restricted collection.
    """
    return _open_links(tree()).all()  # type: ignore[no-any-return]


@lru_cache(maxsize=4)
def _open_links(of: tuple[str, bool]) -> Any:
    # Asked for each record's page by its key. As a list of all visible pages, SQLite would
    # work out the visibility of the whole site for every file.
    page = visible_pages().filter(pk=OuterRef("record__page_id"))
    return not_restricted(RecordDocument.objects.filter(Exists(page), _FILE_IS_PUBLIC), _COLLECTION)


def to_be_closed(page_ids: Iterable[int]) -> set[int]:
    """Those of the pages that the public cannot read now, or whose records name a file that it
    cannot."""
    pages = set(page_ids)
    of_files = partial(_naming_closed_files, router.db_for_read(RecordDocument))
    return pages - visible_among(pages) | {pk for (pk,) in by_keys(of_files, pages)}


@cache
def _naming_closed_files(using: str, size: int) -> Statement:
    keys = marks(size)
    links = RecordDocument.objects.filter(record__page_id__in=keys, record__page_deleted=False)
    closed = links.filter(~_FILE_IS_PUBLIC | _in_restricted_collection(_COLLECTION))
    return Statement.of(closed.values_list("record__page_id").distinct(), using, keys)


def unrestricted_versions(version_ids: Iterable[int]) -> set[int]:
    """Those of the versions, which exist, whose document stands in no restricted collection, nor
    below one."""
    using = router.db_for_read(DocumentVersion)
    closed = tuple(path for (path,) in _restricted_collections(using).ask())
    if not closed:
        return set(version_ids)
    found = by_keys(partial(_collections_by_versions, using), version_ids)
    return {pk for pk, path in found if not path.startswith(closed)}


@cache
def _restricted_collections(using: str) -> Statement:
    restrictions = CollectionViewRestriction.objects.order_by()
    return Statement.of(restrictions.values_list("collection__path"), using)


@cache
def _collections_by_versions(using: str, size: int) -> Statement:
    keys = marks(size)
    versions = DocumentVersion.objects.order_by().filter(pk__in=keys)
    return Statement.of(versions.values_list("pk", "document__collection__path"), using, keys)


def publicly_named(version_ids: Iterable[int]) -> set[int]:
    """Those of the versions that anybody may read now."""
    wanted = set(version_ids)
    if not wanted:
        return set()
    return set(open_links().filter(version__in=wanted).values_list("version_id", flat=True))
