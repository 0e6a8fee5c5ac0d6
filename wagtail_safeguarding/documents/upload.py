"""Receive a file: look at it, store it under a new key, put it on record, inspect it.

Order matters (promise P6). The bytes are stored and inspected first and the row is written
in one short transaction after it, so a fault leaves either nothing on record or a whole
version. An object that was stored before a fault is deleted again.
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
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.malware import Clamd
from wagtail_safeguarding.inspection.outside import look_outside
from wagtail_safeguarding.inspection.pages import count_pages
from wagtail_safeguarding.inspection.report import Finding, Report, Severity

from .models import DocumentVersion, ReviewDocument
from .states import VersionState
from .storage import get_document_storage, new_storage_key
from .texts import extract_later

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


def get_scanner() -> Clamd | None:
    """The virus scanner of this site, if it has one."""
    address = safeguarding_settings.clamd
    return Clamd(address) if address else None


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

    ``uploaded`` is the report on what was sent, ``inspected`` the one on what is stored.
    Set ``is_committing`` as the last thing in the transaction that puts it on record.
    """

    key: str
    name: str
    uploaded: Report
    inspected: Report
    pages: int | None
    is_committing: bool = False


@contextmanager
def stored_file(file: IO[bytes], name: str) -> Iterator[StoredFile]:
    """Store and inspect ``file`` before any transaction: that may take long, and a
    withdrawal must not wait for it.

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
        inspected, pages = _inspect_stored(key, name)
        stored = StoredFile(key, name, report, inspected, pages)
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
    """Store ``file`` as the next version of ``document`` (which may be unsaved) and inspect it.

    Raises :class:`UploadRefused` for a file that may not be uploaded; nothing is stored
    then. Any other error leaves neither row nor object behind.
    """
    with stored_file(file, name) as stored, transaction.atomic():
        version = record_version(document, stored, user=user)
        stored.is_committing = True
    return version


def record_version(
    document: ReviewDocument, stored: StoredFile, *, user: Any = None
) -> DocumentVersion:
    """Put a stored file on record as the next version of ``document``, in the caller's
    transaction."""
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
            )
            version.move(VersionState.INSPECTING, user=user)
            _conclude(version, stored.inspected, stored.pages, user)
            extract_later(version.pk)
    except BaseException:
        if is_new:
            document.pk = None
        raise
    return version


def inspect_version(version: DocumentVersion, *, user: Any = None) -> Report:
    """Inspect the *stored* bytes again and clear or block the version.

    It is closed while that takes.
    """
    version.move(VersionState.INSPECTING, user=user)
    report, pages = _inspect_stored(version.storage_key, version.file_name)
    _conclude(version, report, pages, user)
    return report


def _inspect_stored(key: str, name: str) -> tuple[Report, int | None]:
    with get_document_storage().open(key, "rb") as file:
        report = inspect_file(
            file, name, max_bytes=safeguarding_settings.max_document_bytes, scanner=get_scanner()
        )
        pages = report.pages
        return report, count_pages(file, report.media_type) if pages is None else pages


def _conclude(version: DocumentVersion, report: Report, pages: int | None, user: Any) -> None:
    """What is cleared is what will be served: stored bytes that are not the uploaded ones
    are blocked."""
    same = report.sha256 == version.sha256
    state = VersionState.CLEARED if same and not report.blocked else VersionState.BLOCKED
    version.move(state, user=user, inspection=report.as_dict(), pages=pages)
