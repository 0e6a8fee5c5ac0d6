"""Replace the file of a document: a new version, and drafts of the pages that use it.

Nothing public changes (promise P3): the pages keep naming the older version until their
drafts are published.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import ReferenceIndex, Revision

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.upload import StoredFile, record_version, stored_file
from wagtail_safeguarding.register.models import RecordDocument
from wagtail_safeguarding.register.visibility import visible_pages

from .door import safeguarding_models

logger = logging.getLogger(__name__)


class Skip(StrEnum):
    """Why a page that uses a document gets no draft."""

    ALIAS = "alias"
    LOCKED = "locked"
    NOT_YOURS = "not-yours"

    @property
    def reason(self) -> Any:
        return {
            Skip.ALIAS: _("a copy that follows another page"),
            Skip.LOCKED: _("locked or scheduled"),
            Skip.NOT_YOURS: _("you may not edit it"),
        }[self]


@dataclass(frozen=True)
class Use:
    """A page whose latest draft names a version of a document that is not the newest.

    ``named`` says whether the user may be told its title: they may edit it, or everybody
    can read it anyway.
    """

    page: Any
    skip: Skip | None
    named: bool


@dataclass(frozen=True)
class Replacement:
    """What a replacement did. ``drafted`` pages have a new draft, ``skipped`` ones do not."""

    version: DocumentVersion
    drafted: tuple[Use, ...]
    skipped: tuple[Use, ...]


def replace_file(
    document: ReviewDocument, file: IO[bytes], name: str, *, user: Any = None
) -> Replacement:
    """Add ``file`` as the newest version and write it into drafts of the pages that use
    the document.

    Only pages that ``user`` may edit now get a draft; without a user (a command) all do.
    Raises :class:`~wagtail_safeguarding.documents.upload.UploadRefused` for a bad file. A
    fault leaves neither version, object nor drafts behind; one of the commit itself may leave
    a stray object.
    """
    with stored_file(file, name) as stored, transaction.atomic():
        done = replace_with(document, stored, user=user)
        stored.is_committing = True
    return done


def replace_with(
    document: ReviewDocument,
    stored: StoredFile,
    *,
    user: Any = None,
    cleaned_from: DocumentVersion | None = None,
) -> Replacement:
    """The same for a file that is stored already, in the caller's transaction."""
    version = record_version(document, stored, user=user, cleaned_from=cleaned_from)
    uses = find_uses(document, user=user)
    for use in uses:
        if use.skip is None:
            _write_draft(use.page, version, user)
    return Replacement(
        version,
        tuple(use for use in uses if use.skip is None),
        tuple(use for use in uses if use.skip is not None),
    )


def find_uses(document: ReviewDocument, *, user: Any = None) -> list[Use]:
    """The pages whose latest draft names any version of ``document``, as that draft."""
    versions = set(document.versions.values_list("pk", flat=True))
    drafts = [
        draft
        for draft in _candidate_drafts(versions)
        if not versions.isdisjoint(draft.get_named_versions())
    ]
    public = set(visible_pages().filter(pk__in=[d.pk for d in drafts]).values_list("pk", flat=True))
    return [_judge(draft, user, public) for draft in drafts]


def _candidate_drafts(versions: set[int]) -> Iterator[Any]:
    """Latest drafts that may name one of ``versions``.

    Rows are found by Wagtail's reference index and by the register. What only a draft
    says is in neither, so the text of all drafts is gone through, in one query.
    """
    if not versions:
        return
    named = set(
        RecordDocument.objects.filter(version__in=versions).values_list(
            "record__page_id", flat=True
        )
    )
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(DocumentVersion),
        to_object_id__in=[str(pk) for pk in versions],
    )
    named.update(int(pk) for pk in references.values_list("object_id", flat=True) if pk.isdecimal())
    for model in safeguarding_models():
        pages = model._default_manager.order_by("path")
        drafted = _drafts_with_a_number_of(versions, pages)
        for page in pages.filter(pk__in=named | drafted):
            yield page.get_latest_revision_as_object()


def _drafts_with_a_number_of(versions: set[int], pages: Any) -> set[int]:
    """Pages in whose draft one of the primary keys stands as a value in a StreamField.

    A revision keeps these as JSON within JSON, so their quotes are escaped. What the number
    means there is asked of the page afterwards.
    """
    latest = pages.filter(has_unpublished_changes=True).values("latest_revision")
    texts = (
        Revision.objects.filter(pk__in=latest)
        .annotate(text=Cast("content", TextField()))
        .values_list("object_id", "text")
    )
    numbers = "|".join(map(str, sorted(versions)))
    number = re.compile(rf'(?:\\": ?|[\[,] ?)(?:{numbers})(?!\d)')
    return {int(pk) for pk, text in texts.iterator(chunk_size=100) if number.search(text)}


def _judge(draft: Any, user: Any, public: set[int]) -> Use:
    may_edit = user is None or draft.permissions_for_user(user).can_edit()
    lock = draft.get_lock()
    skip = None
    if draft.alias_of_id is not None:
        skip = Skip.ALIAS
    elif not may_edit:
        skip = Skip.NOT_YOURS
    elif lock is not None and (user is None or lock.for_user(user)):
        skip = Skip.LOCKED
    return Use(draft, skip, named=may_edit or draft.pk in public)


def _write_draft(draft: Any, version: DocumentVersion, user: Any) -> None:
    for field in draft._meta.get_fields():
        if isinstance(field, StreamField):
            value = getattr(draft, field.name)
            _swap(value.stream_block, value, version)
    # A draft may be incomplete, so it is not validated; publishing it is.
    draft.save_revision(
        user=user, changed=True, log_action=True, clean=False, previous_revision=None
    )


def _swap(block: Block, value: Any, version: DocumentVersion) -> Any:
    """``value`` with every older version of the same document replaced, in place."""
    if isinstance(value, DocumentVersion):
        older = value.document_id == version.document_id and value.number < version.number
        return version if older else value
    if value is None:
        return value
    if isinstance(block, StreamBlock):
        for child in value:
            child.value = _swap(child.block, child.value, version)
    elif isinstance(block, ListBlock):
        for child in value.bound_blocks:
            child.value = _swap(child.block, child.value, version)
    elif isinstance(block, StructBlock):
        for name, child_block in block.child_blocks.items():
            value[name] = _swap(child_block, value.get(name), version)
    return value
