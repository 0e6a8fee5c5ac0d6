"""The text inside a stored file, for the search: extracted once for each version, off the
request, and erased with a takedown.

``text_extracted`` and ``text_erased`` tell whoever keeps an index of it (``register``).
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import zlib
from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from wagtail_safeguarding.inspection import text

from .models import DocumentVersion
from .states import VersionState
from .storage import MIB, get_document_storage

logger = logging.getLogger(__name__)

NOT_KEPT = (VersionState.WITHDRAWN, VersionState.BLOCKED)

text_extracted = Signal()
"""Sent with ``version_pk`` inside the transaction that puts a text on record: an exception of
a receiver undoes it."""

text_erased = Signal()
"""Sent with ``version_pks`` inside the transaction that erases their texts."""


class TextState(models.TextChoices):
    EXTRACTED = "extracted", _("Extracted")
    NONE = "none", _("Has no text")
    FAILED = "failed", _("Could not be read")


class VersionText(models.Model):
    """What a version says, page by page. A version without a row has not been read yet."""

    version = models.OneToOneField(
        DocumentVersion, on_delete=models.CASCADE, primary_key=True, related_name="extracted_text"
    )
    state = models.CharField(max_length=10, choices=TextState.choices)
    pages = models.BinaryField(default=b"", help_text="A JSON list of strings, compressed.")
    characters = models.PositiveIntegerField(default=0)
    extracted_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.version_id} ({self.state}, {self.characters} characters)"

    def get_pages(self) -> list[str]:
        if not self.pages:
            return []
        pages: list[str] = json.loads(zlib.decompress(self.pages))
        return pages


def readable_versions() -> models.QuerySet[DocumentVersion]:
    """The versions whose text may be kept: neither withdrawn, nor of a deleted document, nor
    blocked, since that text may be what nobody should read."""
    return DocumentVersion.objects.exclude(state__in=NOT_KEPT).filter(document__deleted_at=None)


def extract_version_text(version_pk: int) -> VersionText | None:
    """Read the stored bytes of a version and keep their text; once for each version.

    None for a version that is withdrawn, blocked, deleted or unknown. Errors of the storage are
    raised and leave nothing, so that it is tried again later. No transaction is open while the
    file is read.
    """
    present = VersionText.objects.filter(version=version_pk).first()
    version = readable_versions().filter(pk=version_pk).first()
    if present is not None or version is None:
        return present if version else None
    pages = _read(version)
    said = [page for page in pages or [] if page]
    found = VersionText(
        version_id=version_pk,
        state=_state(version, pages),
        pages=zlib.compress(json.dumps(pages).encode()) if said else b"",
        characters=sum(map(len, said)),
    )
    return _put_on_record(found)


def _put_on_record(found: VersionText) -> VersionText | None:
    pk = found.version_id
    with transaction.atomic():
        try:
            with transaction.atomic():
                # A write before any read: on SQLite it could not follow one.
                found.save(force_insert=True)
        except IntegrityError:  # somebody else was faster
            return VersionText.objects.filter(version=pk).first()
        # A takedown that came first is seen here; one that comes later waits, and erases.
        rows = readable_versions().select_for_update(no_key=True, of=("self", "document"))
        if not list(rows.select_related("document").filter(pk=pk)):
            transaction.set_rollback(True)
            return None
        text_extracted.send(sender=VersionText, version_pk=pk)
    return found


def _read(version: DocumentVersion) -> list[str] | None:
    if version.media_type not in text.READ:
        return None
    with (
        get_document_storage().open(version.storage_key, "rb") as stored,
        tempfile.SpooledTemporaryFile(max_size=MIB) as file,
    ):
        shutil.copyfileobj(stored, file, MIB)
        return text.extract_text(file, version.media_type)


def _state(version: DocumentVersion, pages: list[str] | None) -> TextState:
    if version.media_type not in text.READ:
        return TextState.NONE
    if pages is None:
        return TextState.FAILED
    return TextState.EXTRACTED if any(pages) else TextState.NONE


@transaction.atomic
def erase_texts(version_pks: Iterable[int]) -> None:
    """Forget what these versions say, in the caller's transaction."""
    pks = list(version_pks)
    VersionText.objects.filter(version__in=pks).delete()
    text_erased.send(sender=VersionText, version_pks=pks)


@task()
def extract_text(version_pk: int) -> None:
    """:func:`extract_version_text` as a background task."""
    try:
        extract_version_text(version_pk)
    except Exception:
        # A task backend may keep quiet about it; `documents extract-text` tries again.
        logger.exception("The text of version %s was not extracted", version_pk)
        raise


def extract_later(version_pk: int) -> None:
    """Have the text extracted when the transaction is committed. Never fails the caller."""
    transaction.on_commit(partial(_enqueue, version_pk), robust=True)


def _enqueue(version_pk: int) -> None:
    try:
        extract_text.enqueue(version_pk)
    except Exception:
        logger.exception("No task was made for the text of version %s", version_pk)
