"""Which pages an anonymous visitor can read at this moment, asked of Wagtail's own tables.

Live, under the root of a site, and without a view restriction on the page, on an ancestor,
or on what they are aliases of. Asked in SQL, so that a bulk ``update()`` that sends no
signal is seen too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from wagtail.models import CollectionViewRestriction, PageViewRestriction, Site

from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pagemodel import get_base_page_model

from .models import RecordDocument, RecordState

ALIAS_DEPTH = 3
"""How many aliases of aliases are followed. A page behind a longer chain is not visible."""


def visible_pages(lifted: Collection[int] = ()) -> Any:
    """A queryset of base pages that the public can read now.

    ``lifted``: keys of view restrictions that do not hold for the one who asks.
    """
    restrictions = PageViewRestriction.objects.exclude(pk__in=lifted)
    pages = get_base_page_model().objects.filter(live=True).filter(_under_a_site())
    return pages.exclude(_restricted(restrictions)).exclude(_alias_of_restricted(restrictions))


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


def _under_a_site() -> Exists:
    """The page is a site's root page or below it (or below a translation of that root)."""
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        roots = get_base_page_model().objects.filter(
            translation_key__in=Site.objects.values("root_page__translation_key")
        )
        return Exists(roots.alias(outer=_outer_path()).filter(**_inside("path")))
    return Exists(Site.objects.alias(outer=_outer_path()).filter(**_inside("root_page__path")))


def _restricted(restrictions: Any) -> Exists:
    """There is a restriction on the page or on an ancestor."""
    return Exists(restrictions.alias(outer=_outer_path()).filter(**_inside("page__path")))


def _alias_of_restricted(restrictions: Any) -> Exists:
    """The page or an ancestor is an alias of a restricted page, or of too long a chain.

    Wagtail asks for a restriction on the source itself; one on an ancestor of the source
    closes as well here, which is the safe side.
    """
    condition = Q(**{"__".join(["alias_of"] * (ALIAS_DEPTH + 1)) + "__isnull": False})
    for depth in range(1, ALIAS_DEPTH + 1):
        source_path = "__".join([*["alias_of"] * depth, "path"])
        closed = restrictions.alias(outer=_outer_path(source_path)).filter(**_inside("page__path"))
        condition |= Q(Exists(closed))
    aliases = get_base_page_model().objects.filter(alias_of__isnull=False)
    return Exists(aliases.alias(outer=_outer_path()).filter(**_inside("path")).filter(condition))


def not_restricted(queryset: QuerySet[Any], path: str = "document__collection__path") -> Any:
    """Without the rows whose document stands in a restricted collection, or below one."""
    restrictions = CollectionViewRestriction.objects.alias(outer=_outer_path(path))
    return queryset.exclude(Exists(restrictions.filter(**_inside("collection__path"))))


def open_links() -> QuerySet[RecordDocument]:
    """The register's links to files that may be read now: the one definition of "public".

    The register names the version, Wagtail shows the page, and the file itself is still
    cleared, not deleted and not in a restricted collection.
    """
    # Asked for each record's page by its key. As a list of all visible pages, SQLite would
    # work out the visibility of the whole site for every file.
    page = visible_pages().filter(pk=OuterRef("record__page_id"))
    links: QuerySet[RecordDocument] = not_restricted(
        RecordDocument.objects.filter(
            Exists(page),
            record__state=RecordState.PUBLIC,
            version__state=VersionState.CLEARED,
            version__document__deleted_at=None,
        ),
        "version__document__collection__path",
    )
    return links


def publicly_named(version_ids: Iterable[int]) -> set[int]:
    """Those of the versions that anybody may read now."""
    wanted = set(version_ids)
    if not wanted:
        return set()
    return set(open_links().filter(version__in=wanted).values_list("version_id", flat=True))
