"""Replace the file of a document by a cleaned copy of it, where an editor asks for that."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.db import transaction
from wagtail.log_actions import log

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.overrules import blockers, was_inspected
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import MIB
from wagtail_safeguarding.documents.upload import stored_file
from wagtail_safeguarding.inspection.cleaning.copies import CLEANABLE, clean
from wagtail_safeguarding.inspection.cleaning.removals import NotCleaned

from .replacement import Replacement, replace_with

CLEANED_COPY = "wagtail_safeguarding.cleaned_copy"


def may_be_cleaned(version: DocumentVersion) -> bool:
    """Whether a cleaned copy may take the place of this version.

    Only of the newest: a copy of an older one would bring back what was replaced. Not of one that
    was withdrawn, that nobody has inspected, or that the virus scanner did not pass.
    """
    newest = version.document.latest_version
    return (
        newest is not None
        and newest.pk == version.pk
        and version.document.deleted_at is None
        and version.state in {VersionState.CLEARED, VersionState.BLOCKED}
        and version.media_type in CLEANABLE
        and was_inspected(version)
        and not any(
            str(finding.get("code")).startswith("malware")
            for finding in blockers(version.inspection)
        )
    )


def find_removable(version: DocumentVersion) -> list[tuple[str, int]]:
    """What a cleaned copy would leave out: codes of ``cleaning.removals.WORDS``, with their
    numbers. Raises :class:`~.NotCleaned`."""
    with _cleaned(version) as (_file, removed):
        return removed


def replace_by_cleaned_copy(version: DocumentVersion, *, user: Any) -> Replacement:
    """Add a cleaned copy of ``version`` as the next one, as :func:`~.replacement.replace_file`
    does with any file; it is inspected like any other. On record.

    Raises :class:`~.NotCleaned`, also where there is nothing to leave out.
    """
    with _cleaned(version) as (file, removed):
        if not removed:
            raise NotCleaned("there is nothing to leave out")
        with stored_file(file, version.file_name) as stored, transaction.atomic():
            document = ReviewDocument.objects.select_for_update().get(pk=version.document_id)
            if not may_be_cleaned(DocumentVersion.objects.get(pk=version.pk)):
                raise NotCleaned("the version has changed meanwhile")
            done = replace_with(document, stored, user=user, cleaned_from=version)
            data = {
                "version": done.version.number,
                "sha256": done.version.sha256,
                "of": version.number,
                "removed": [code for code, _number in removed],
            }
            log(instance=document, action=CLEANED_COPY, user=user, data=data)
            stored.is_committing = True
    return done


@contextmanager
def _cleaned(version: DocumentVersion) -> Iterator[tuple[IO[bytes], list[tuple[str, int]]]]:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as made:
        digest = hashlib.sha256()
        with version.open() as stored:
            while piece := stored.read(MIB):
                digest.update(piece)
                source.write(piece)
        if digest.hexdigest() != version.sha256:
            raise NotCleaned("the stored file is not the one that was uploaded")
        yield made, clean(source, made, max_bytes=safeguarding_settings.max_document_bytes)
