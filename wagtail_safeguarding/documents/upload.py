"""Receive a file: look at it, store it under a new key, put it on record, inspect it.

Order matters (promise P6). The bytes are stored first and the row is written in one
transaction after it, so a fault leaves either nothing on record or a whole version. An
object that was stored before a fault is deleted again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Max

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.pages import count_pages
from wagtail_safeguarding.inspection.report import Finding, Report, Severity

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
    """Inspect an uploaded file before it is stored. Raises :class:`UploadRefused`."""
    report = inspect_file(file, name, max_bytes=safeguarding_settings.max_document_bytes)
    blockers = [f for f in report.findings if f.severity is Severity.BLOCKER]
    if blockers:
        raise UploadRefused(blockers)
    return report


def add_version(
    document: ReviewDocument, file: IO[bytes], name: str, *, user: Any = None
) -> DocumentVersion:
    """Store ``file`` as the next version of ``document`` (which may be unsaved) and inspect it.

    Raises :class:`UploadRefused` for a file that may not be uploaded; nothing is stored
    then. Any other error leaves neither row nor object behind.
    """
    report = check_upload(file, name)
    user = user if getattr(user, "pk", None) else None  # nobody is logged in
    storage = get_document_storage()
    key = new_storage_key()
    is_new = document.pk is None
    is_committing = False
    try:
        file.seek(0)
        # Inside the "try": a connection can be lost when everything is stored already.
        storage.save(key, File(file))
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
                file_name=name,
                storage_key=key,
                sha256=report.sha256,
                size=report.size,
                media_type=report.media_type,
                uploaded_by=user,
            )
            inspect_version(version, user=user)
            is_committing = True
    except BaseException:
        if is_new:
            document.pk = None
        if is_committing:
            # A commit whose answer was lost may have gone through: then the row has this
            # file. If it did not, `documents verify` finds the stray object.
            logger.exception("The commit of the upload %s failed", key)
            raise
        try:
            storage.delete(key)
        except Exception:
            # The first error is the one to tell; the stray object is found by its key.
            logger.exception("Could not delete %s after a failed upload", key)
        raise
    return version


def inspect_version(version: DocumentVersion, *, user: Any = None) -> Report:
    """Inspect the *stored* bytes and clear or block the version.

    What is cleared is what will be served: a stored file that differs from the uploaded
    one is blocked.
    """
    version.move(VersionState.INSPECTING, user=user)
    with version.open() as file:
        report = inspect_file(
            file, version.file_name, max_bytes=safeguarding_settings.max_document_bytes
        )
        pages = count_pages(file, report.media_type)
    same = report.sha256 == version.sha256
    state = VersionState.CLEARED if same and not report.blocked else VersionState.BLOCKED
    version.move(state, user=user, inspection=report.as_dict(), pages=pages)
    return report
