"""What is particular to review documents: download for editors, version history, deletion."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.gate.delivery import deliver, protect
from wagtail_safeguarding.register.models import RecordDocument, RecordState
from wagtail_safeguarding.register.visibility import publicly_named

from .access import may_read_version

DOWNLOADED = "wagtail_safeguarding.version_downloaded"
DELETED = "wagtail_safeguarding.document_deleted"


@require_safe
def download(request: HttpRequest, version_id: int) -> HttpResponseBase:
    """One exact file, public or not, for an editor with the right to it; on record.

    A version that may not be read and one that does not exist are the same 404.
    """
    version = get_object_or_404(DocumentVersion.objects.select_related("document"), pk=version_id)
    if not may_read_version(request.user, version):
        raise Http404
    log(
        instance=version.document,
        action=DOWNLOADED,
        user=request.user,
        data={"version": version.number, "sha256": version.sha256},
    )
    response = protect(deliver(request, version, attachment=True))
    # Nobody else who uses this computer may find it in the browser's cache.
    response["Cache-Control"] = "private, no-store"
    return response


def version_rows(document: ReviewDocument) -> list[dict[str, Any]]:
    """The versions, newest first, each with whether anybody may read it now."""
    versions = list(document.versions.select_related("uploaded_by").order_by("-number"))
    public = publicly_named(version.pk for version in versions)
    return [{"version": version, "public": version.pk in public} for version in versions]


def is_named_publicly(document: ReviewDocument) -> bool:
    """Whether the register makes any version public; then the document cannot be deleted."""
    return RecordDocument.objects.filter(
        version__document=document, record__state=RecordState.PUBLIC
    ).exists()


def delete_softly(document: ReviewDocument, user: Any) -> None:
    """Hide the document from editors. Its files and versions stay on record."""
    document.deleted_at = timezone.now()
    document.save(update_fields=["deleted_at"])
    log(instance=document, action=DELETED, user=user)
