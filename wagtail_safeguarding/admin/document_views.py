"""What is particular to review documents: download for editors, and version history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.overrules import Overrule
from wagtail_safeguarding.documents.permissions import may_overrule
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.gate.delivery import deliver, protect
from wagtail_safeguarding.publication.cleaned import may_be_cleaned
from wagtail_safeguarding.register.visibility import publicly_named

from .access import may_read_version
from .findings import inspected

DOWNLOADED = "wagtail_safeguarding.version_downloaded"


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


def version_rows(document: ReviewDocument, user: Any) -> list[dict[str, Any]]:
    """The versions, newest first: who may read each now, what was found in it, and what ``user``
    may do with it."""
    versions = list(
        document.versions.select_related("uploaded_by", "document", "cleaned_from").order_by(
            "-number"
        )
    )
    public = publicly_named(version.pk for version in versions)
    overrules = list(Overrule.objects.filter(version__document=document))
    return [
        {
            "version": version,
            "public": version.pk in public,
            "inspected": inspected(version, overrules),
            "may_withdraw": version.state != VersionState.WITHDRAWN,
            "may_clean": version == versions[0] and may_be_cleaned(version),
            "may_overrule": version.state == VersionState.BLOCKED and may_overrule(user, version),
        }
        for version in versions
    ]
