"""Receive a file: look at it from outside, store it under a new key, put it on record.

Order matters (promise P6). The bytes are stored first and the row is written in one short
transaction after it, so a fault leaves either nothing on record or a whole version. An object
that was stored before a fault is deleted again. What is on record is closed until it is inspected
(``inspections``), which a task does after the commit.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Max

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.inspection.outside import look_outside
from wagtail_safeguarding.inspection.report import Finding, Report, Severity

from .inspections import inspect_later
from .models import DocumentVersion, ReviewDocument
from .states import VersionState
from .storage import get_document_storage, new_storage_key

logger = logging.getLogger(__name__)


class UploadRefused(ValidationError):
    """The file may not be uploaded at all; the messages say why and what to do."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__(
            [
                ValidationError(f"{finding.message} {finding.advice}".strip(), code=finding.code)
                for finding in findings
            ]
        )


def check_upload(file: IO[bytes], name: str) -> Report:
    """Look at an uploaded file from outside, before it is stored. Raises
    :class:`UploadRefused`."""
    report = look_outside(file, name, max_bytes=safeguarding_settings.max_document_bytes)
    blockers = [f for f in report.findings if f.severity is Severity.BLOCKER]
    if blockers:
        raise UploadRefused(blockers)
    return report


@dataclass
class StoredFile:
    """A file that lies in the storage and is not on record yet.

    ``uploaded`` is what it is, seen from outside, as it was sent. Set ``is_committing`` as the
    last thing in the transaction that puts it on record.
    """

    key: str
    name: str
    uploaded: Report
    is_committing: bool = False


@contextmanager
def stored_file(file: IO[bytes], name: str) -> Iterator[StoredFile]:
    """Store ``file`` before any transaction: that may take long, and a withdrawal must not wait
    for it.

    Raises :class:`UploadRefused` for a file that may not be uploaded; nothing is stored
    then. Whatever the block raises before it commits, the stored file is deleted again.
    """
    report = check_upload(file, name)
    storage = get_document_storage()
    key = new_storage_key()
    stored = None
    try:
        file.seek(0)
        # Inside the "try": a connection can be lost when everything is stored already.
        storage.save(key, File(file))
        stored = StoredFile(key, name, report)
        yield stored
    except BaseException:
        if stored is not None and stored.is_committing:
            # A commit whose answer was lost may have gone through: then a row has this
            # file. If it did not, `documents verify` finds the stray object.
            logger.exception("The commit of the upload %s failed", key)
            raise
        try:
            storage.delete(key)
        except Exception:
            # The first error is the one to tell; the stray object is found by its key.
            logger.exception("Could not delete %s after a failed upload", key)
        raise


def add_version(
    document: ReviewDocument, file: IO[bytes], name: str, *, user: Any = None
) -> DocumentVersion:
    """Store ``file`` as the next version of ``document`` (which may be unsaved).

    It is inspected after the commit: what is returned says "being inspected", and the database
    may know more already.

    Raises :class:`UploadRefused` for a file that may not be uploaded; nothing is stored
    then. Any other error leaves neither row nor object behind.
    """
    with stored_file(file, name) as stored, transaction.atomic():
        version = record_version(document, stored, user=user)
        stored.is_committing = True
    return version


def record_version(
    document: ReviewDocument,
    stored: StoredFile,
    *,
    user: Any = None,
    cleaned_from: DocumentVersion | None = None,
) -> DocumentVersion:
    """Put a stored file on record as the next version of ``document``, in the caller's
    transaction; as a copy of ``cleaned_from``, if it is one."""
    user = user if getattr(user, "pk", None) else None  # nobody is logged in
    is_new = document.pk is None
    try:
        with transaction.atomic():
            if is_new:
                document.save()
            else:
                # One upload at a time for each document, so that numbers do not clash.
                ReviewDocument.objects.select_for_update().get(pk=document.pk)
            last = document.versions.aggregate(last=Max("number"))["last"] or 0
            version = DocumentVersion.objects.create(
                document=document,
                number=last + 1,
                file_name=stored.name,
                storage_key=stored.key,
                sha256=stored.uploaded.sha256,
                size=stored.uploaded.size,
                media_type=stored.uploaded.media_type,
                uploaded_by=user,
                cleaned_from=cleaned_from,
            )
            version.move(VersionState.INSPECTING, user=user)
            inspect_later(version.pk)
    except BaseException:
        if is_new:
            document.pk = None
        raise
    return version
