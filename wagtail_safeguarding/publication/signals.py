"""Whatever else moves a page: expiry, move, privacy, deletion, of *any* page class.

Wagtail's expiry, bulk unpublish and move save the base ``Page``, so the ``save()`` of our
mixin never runs there. Closing happens at once, inside the caller's transaction; opening
last, after commit: a fault in between leaves things closed.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument, version_moved
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register import due
from wagtail_safeguarding.register.clock import surroundings_changed
from wagtail_safeguarding.register.models import Due, Record, RecordState
from wagtail_safeguarding.register.projection import close_records
from wagtail_safeguarding.register.visibility import ALIAS_DEPTH, visible_pages
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.models import Term

from . import refresh as refreshing
from .door import SafeguardingPage, close, project_all, safeguarding_models, standing_of
from .reading import ready_versions
from .restricted import forget_lists

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect the receivers. Called once, from ``AppConfig.ready()``."""
    post_save.connect(page_saved, dispatch_uid="safeguarding_page_saved")
    post_save.connect(
        document_saved, sender=ReviewDocument, dispatch_uid="safeguarding_document_saved"
    )
    version_moved.connect(version_changed, dispatch_uid="safeguarding_version_moved")
    post_delete.connect(page_gone, dispatch_uid="safeguarding_page_gone")
    pre_delete.connect(page_deleted, dispatch_uid="safeguarding_page_deleted")
    post_page_move.connect(page_moved, dispatch_uid="safeguarding_page_moved")
    page_slug_changed.connect(page_moved, dispatch_uid="safeguarding_slug_changed")
    for shown in (page_published, page_unpublished):
        shown.connect(page_shown, dispatch_uid=f"safeguarding_shown_{id(shown)}")
    refreshing.connect()
    for signal in (post_save, post_delete):
        signal.connect(
            restriction_changed,
            sender=PageViewRestriction,
            dispatch_uid=f"safeguarding_restriction_{id(signal)}",
        )
        signal.connect(
            collection_restriction_changed,
            sender=CollectionViewRestriction,
            dispatch_uid=f"safeguarding_collection_{id(signal)}",
        )
        signal.connect(site_changed, sender=Site, dispatch_uid=f"safeguarding_site_{id(signal)}")
        signal.connect(term_changed, sender=Term, dispatch_uid=f"safeguarding_term_{id(signal)}")


STANDING = frozenset({"live", "path", "alias_of", "alias_of_id", "translation_key"})
"""Fields by which Wagtail shows pages; see ``door.standing_of``."""


def page_saved(
    sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    if raw or not isinstance(instance, get_base_page_model()):
        return
    if update_fields is not None and STANDING.isdisjoint(update_fields):
        return
    # A page type of ours projects itself at the end of its own save().
    if isinstance(instance, SafeguardingPage):
        if instance.stood_before != standing_of(instance):
            refresh(instance.path, projects_itself=instance.pk)
    else:
        refresh(instance.path)


def page_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, get_base_page_model()):
        close_records([instance.pk], deleted=True)
        # Now, since afterwards nobody knows what named it.
        naming = refreshing.referrers_of(instance)
        if naming:
            transaction.on_commit(partial(project_all, naming), robust=True)


def page_gone(sender: Any, instance: Any, **kwargs: Any) -> None:
    # Of the rows of a page, the base's goes last.
    if type(instance) is get_base_page_model():
        forget_lists(instance.translation_key)


def page_moved(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Its address and those of the pages below it are others now."""
    due.put(Due.What.SUBTREE, instance.path)
    if not isinstance(instance, SafeguardingPage):
        due.put(Due.What.REFERRERS, instance.path)


def page_shown(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page of another kind can be seen now, or no more: whoever links to it, says so."""
    if not isinstance(instance, SafeguardingPage):
        due.put(Due.What.REFERRERS, instance.path)


def term_changed(sender: Any, instance: Term, **kwargs: Any) -> None:
    surroundings_changed()
    if instance.scheme == Scheme.REVIEW_TYPE:
        due.put(Due.What.SUBTREE, "")  # its jurisdiction stands in the records


def restriction_changed(sender: Any, instance: PageViewRestriction, **kwargs: Any) -> None:
    path = get_base_page_model().objects.filter(pk=instance.page_id).values_list("path", flat=True)
    for found in path:
        refresh(found)
        # Whoever links into the section says so no more, or again.
        due.put(Due.What.REFERRERS, found)


def collection_restriction_changed(
    sender: Any, instance: CollectionViewRestriction, **kwargs: Any
) -> None:
    # A fixture may hold a restriction before its collection.
    for collection in Collection.objects.filter(pk=instance.collection_id):
        collections = collection.get_descendants(inclusive=True)
        refresh_versions(Q(document__collection__in=collections))


def document_saved(
    sender: Any, instance: ReviewDocument, raw: bool = False, created: bool = False, **kwargs: Any
) -> None:
    if not raw and not created:
        refresh_versions(Q(document=instance.pk))
        # What it says of itself (its title, its licence) is no matter of safety.
        due.put(Due.What.DOCUMENT, str(instance.pk))


def version_changed(sender: Any, version: DocumentVersion, **kwargs: Any) -> None:
    # Whole or not at all; if it fails, the gate still goes by the state of the version.
    with transaction.atomic():
        refresh_versions(Q(pk=version.pk))


def site_changed(sender: Any, instance: Site, **kwargs: Any) -> None:
    # Wagtail's own receiver may come after this one.
    Site.clear_site_root_paths_cache()
    refresh("")
    due.put(Due.What.SUBTREE, "")


def refresh(path: str, *, projects_itself: int | None = None) -> None:
    """Bring the register in line for the subtree at ``path`` and for the aliases of its pages.

    ``""`` means every page.
    """
    affected = _subtree_and_aliases(path)
    pages = get_base_page_model().objects.filter(affected)
    public = Record.objects.filter(state=RecordState.PUBLIC, page_deleted=False)
    closing = public.filter(page_id__in=pages.values("pk")).exclude(
        Exists(visible_pages().filter(pk=OuterRef("page_id")))
    )
    close(closing.values_list("page_id", flat=True))

    types = [model._meta.label_lower.split(".") for model in safeguarding_models()]
    if not types:
        return
    ours = Q()
    for app_label, model_name in types:
        ours |= Q(content_type__app_label=app_label, content_type__model=model_name)
    opening = (
        visible_pages()
        .filter(affected)
        .filter(ours)
        .exclude(pk__in=public.values("page_id"))
        .exclude(pk=projects_itself)
    )
    pks = list(opening.values_list("pk", flat=True))
    for start in range(0, len(pks), refreshing.BATCH):
        batch = pks[start : start + refreshing.BATCH]
        transaction.on_commit(partial(project_all, batch), robust=True)


def refresh_versions(condition: Q) -> None:
    """Close the files of these versions that may not be public any more, at once; and open, after
    the commit, those that may be."""
    versions = DocumentVersion.objects.filter(condition)
    pks = set(versions.values_list("pk", flat=True))
    ready = ready_versions(pks)
    public = Record.objects.filter(state=RecordState.PUBLIC, page_deleted=False)
    named = public.filter(recorddocument__version__in=pks)
    closing = set(
        named.filter(recorddocument__version__in=pks - ready.keys()).values_list(
            "page_id", flat=True
        )
    )
    if closing:
        project_all(closing)
    if ready:
        known = set(named.values_list("page_id", flat=True))
        # A page that names it and does not make it public yet.
        waiting = refreshing.pages_that_name(versions) - closing - known
        if waiting:
            transaction.on_commit(partial(project_all, waiting), robust=True)


def _subtree_and_aliases(path: str) -> Q:
    """Pages at or below ``path``, and pages at or below an alias of one of these."""
    condition = Q(path__startswith=path)
    if not path:
        return condition
    sources = Q()
    for depth in range(1, ALIAS_DEPTH + 1):
        source_path = "__".join([*["alias_of"] * depth, "path"])
        sources |= Q(**{f"{source_path}__startswith": path})
    aliases = get_base_page_model().objects.filter(sources, alias_of__isnull=False)
    for alias_path in aliases.values_list("path", flat=True):
        condition |= Q(path__startswith=alias_path)
    return condition
