"""Whatever else moves a page: expiry, move, privacy, deletion, of *any* page class.

Wagtail's expiry, bulk unpublish and move save the base ``Page``, so the ``save()`` of our
mixin never runs there. Closing happens at once, inside the caller's transaction; opening
last, after commit: a fault in between leaves things closed.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    PageViewRestriction,
    ReferenceIndex,
    Site,
)

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument, version_moved
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.models import Record, RecordState
from wagtail_safeguarding.register.projection import close_records
from wagtail_safeguarding.register.visibility import ALIAS_DEPTH, visible_pages

from .door import SafeguardingPage, project, safeguarding_models

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect the receivers. Called once, from ``AppConfig.ready()``."""
    post_save.connect(page_saved, dispatch_uid="safeguarding_page_saved")
    post_save.connect(
        document_saved, sender=ReviewDocument, dispatch_uid="safeguarding_document_saved"
    )
    version_moved.connect(version_changed, dispatch_uid="safeguarding_version_moved")
    pre_delete.connect(page_deleted, dispatch_uid="safeguarding_page_deleted")
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


def page_saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if raw or not isinstance(instance, get_base_page_model()):
        return
    # A page type of ours projects itself at the end of its own save().
    own = instance.pk if isinstance(instance, SafeguardingPage) else None
    refresh(instance.path, projects_itself=own)


def page_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, get_base_page_model()):
        close_records([instance.pk], deleted=True)


def restriction_changed(sender: Any, instance: PageViewRestriction, **kwargs: Any) -> None:
    path = get_base_page_model().objects.filter(pk=instance.page_id).values_list("path", flat=True)
    for found in path:
        refresh(found)


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


def version_changed(sender: Any, version: DocumentVersion, **kwargs: Any) -> None:
    # Whole or not at all; if it fails, the gate still goes by the state of the version.
    with transaction.atomic():
        refresh_versions(Q(pk=version.pk))


def site_changed(sender: Any, instance: Site, **kwargs: Any) -> None:
    refresh("")


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
    close_records(list(closing.values_list("page_id", flat=True)))

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
    for page_id in list(opening.values_list("pk", flat=True)):
        transaction.on_commit(partial(_open, page_id), robust=True)


def refresh_versions(condition: Q) -> None:
    """Project the pages that make these versions public, and those that name them, again.

    The first at once, since a file may have to be closed; the others after commit.
    """
    versions = DocumentVersion.objects.filter(condition)
    public = Record.objects.filter(
        recorddocument__version__in=versions, state=RecordState.PUBLIC, page_deleted=False
    )
    closing = set(public.values_list("page_id", flat=True))
    for page_id in closing:
        project(page_id)
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(DocumentVersion),
        to_object_id__in=[str(pk) for pk in versions.values_list("pk", flat=True)],
        base_content_type=ContentType.objects.get_for_model(get_base_page_model()),
    )
    for object_id in set(references.values_list("object_id", flat=True)):
        if int(object_id) not in closing:
            transaction.on_commit(partial(_open, int(object_id)), robust=True)


def _open(page_id: int) -> None:
    with transaction.atomic():
        project(page_id)


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
