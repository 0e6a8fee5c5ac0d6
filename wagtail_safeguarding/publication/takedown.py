"""Take files off the public register, and documents off the editors' lists.

Withdrawing closes at once and for good: whoever asks for the file is told that it was
withdrawn and why. Deleting only hides a document from editors; it can be restored.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.texts import erase_texts, extract_later
from wagtail_safeguarding.register.models import RecordDocument, RecordState

DELETED = "wagtail_safeguarding.document_deleted"
RESTORED = "wagtail_safeguarding.document_restored"


class StillPublic(Exception):
    """A document that a published page makes public is withdrawn or dropped first."""


def withdraw(versions: Iterable[DocumentVersion], *, reason: str, user: Any = None) -> int:
    """Withdraw these versions; return how many. Those that are withdrawn already stay so.

    Each closes by itself, so that a fault with one leaves the others closed. Raises
    :class:`~django.core.exceptions.ValidationError` without a reason: the public is told it.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Give a reason. It is shown to the public."))
    standing = [v for v in versions if v.state != VersionState.WITHDRAWN]
    for version in standing:
        version.move(VersionState.WITHDRAWN, user=user, reason=reason)
    return len(standing)


def is_public(document: ReviewDocument) -> bool:
    """Whether the register makes any version of ``document`` public."""
    return RecordDocument.objects.filter(
        version__document=document, record__state=RecordState.PUBLIC
    ).exists()


def delete_document(document: ReviewDocument, *, user: Any = None) -> None:
    """Hide ``document`` from editors; its files and versions stay on record.

    Raises :class:`StillPublic` while a published page makes it public.
    """
    with transaction.atomic():
        ReviewDocument.objects.select_for_update().get(pk=document.pk)
        if is_public(document):
            raise StillPublic(document.title)
        document.deleted_at = timezone.now()
        document.save(update_fields=["deleted_at"])
        erase_texts(document.versions.values_list("pk", flat=True))
        log(instance=document, action=DELETED, user=user)


def restore_document(document: ReviewDocument, *, user: Any = None) -> None:
    """Bring a deleted document back to the editors' lists.

    A published page that names one of its files, cleared as before, shows that file again.
    """
    with transaction.atomic():
        document.deleted_at = None
        document.save(update_fields=["deleted_at"])
        log(instance=document, action=RESTORED, user=user)
        for version_pk in document.versions.values_list("pk", flat=True):
            extract_later(version_pk)
