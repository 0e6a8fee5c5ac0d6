"""The gate: the only way a review document's bytes leave.

Not public and unknown are one answer. The version that answers is the newest one that a
visible page names in the register (see ``register.visibility.open_links``).
"""

from __future__ import annotations

import logging
import uuid
from typing import Any, TypeVar
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import S3DocumentStorage, get_document_storage
from wagtail_safeguarding.problems import problem
from wagtail_safeguarding.register.visibility import not_restricted, open_links

from .ranges import Slice, Unsatisfiable, matches, parse_range

logger = logging.getLogger(__name__)

Response = TypeVar("Response", bound=HttpResponseBase)


def current_version(document: uuid.UUID) -> DocumentVersion | None:
    """The newest version of the document that anybody may read now."""
    link = (
        open_links()
        .filter(version__document__uuid=document)
        .order_by("-version__number")
        .select_related("version__document")
        .first()
    )
    return link.version if link else None


def content_disposition(name: str) -> str:
    """``inline`` with the name, also for clients that know ASCII only (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


# A POST must get the same answer whoever asks; without this it would be Django's CSRF page.
@method_decorator(csrf_exempt, name="dispatch")
class DocumentView(View):
    """``/safeguarding/documents/<uuid>/<filename>``: 200, 206, 301, 302 to storage, 304, 404,
    410 or 416.

    Conditions and ranges are looked at only for a file that is public.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, document: uuid.UUID, filename: str) -> HttpResponseBase:
        version = current_version(document)
        if version is None:
            return self.closed(document)
        if filename != version.public_name:
            response: HttpResponseBase = HttpResponse(status=301)
            response["Location"] = version.get_url()
        else:
            response = self.send(request, version)
        return protect(response)

    def closed(self, document: uuid.UUID) -> HttpResponse:
        """410 for a document that was public and was withdrawn, else the one 404."""
        withdrawn = DocumentVersion.objects.filter(
            document__uuid=document,
            document__deleted_at=None,
            state=VersionState.WITHDRAWN,
            entries__isnull=False,
        )
        withdrawn = not_restricted(withdrawn).order_by("-number").first()
        if withdrawn is None:
            return protect(problem(404, _("Not found")))
        reason = withdrawn.withdrawal_reason
        return protect(problem(410, _("This document was withdrawn."), reason))

    def send(self, request: HttpRequest, version: DocumentVersion) -> HttpResponseBase:
        storage = get_document_storage()
        disposition = content_disposition(version.public_name)
        if isinstance(storage, S3DocumentStorage):
            return HttpResponseRedirect(
                storage.signed_url(
                    version.storage_key,
                    seconds=safeguarding_settings.signed_url_seconds,
                    media_type=version.media_type,
                    disposition=disposition,
                    method="HEAD" if request.method == "HEAD" else "GET",
                )
            )
        return self.stream(request, version, disposition)

    def stream(
        self, request: HttpRequest, version: DocumentVersion, disposition: str
    ) -> HttpResponseBase:
        """The bytes from the folder: whole, one range of them, or 304."""
        etag = f'"{version.sha256}"'
        headers = {"ETag": etag, "Accept-Ranges": "bytes", "Content-Disposition": disposition}
        if matches(request.headers.get("If-None-Match", ""), etag):
            return HttpResponse(status=304, headers=headers)
        wanted = None
        if "Range" in request.headers and request.headers.get("If-Range", etag) == etag:
            try:
                wanted = parse_range(request.headers["Range"], version.size)
            except Unsatisfiable:
                response: HttpResponseBase = problem(416, _("There are no such bytes."))
                response["Content-Range"] = f"bytes */{version.size}"
                return response
        try:
            file: Any = version.open()
        except OSError:
            logger.exception("The stored file of version %s cannot be read", version.pk)
            return problem(503, _("This document cannot be read at the moment."))
        if wanted is None:
            response = FileResponse(file, content_type=version.media_type, headers=headers)
            response["Content-Length"] = str(version.size)
        else:
            response = FileResponse(
                Slice(file, wanted), status=206, content_type=version.media_type, headers=headers
            )
            response["Content-Length"] = str(wanted.length)
            response["Content-Range"] = wanted.content_range(version.size)
        # FileResponse names the stored file in its own header, and that is the key.
        response["Content-Disposition"] = disposition
        return response


def protect(response: Response) -> Response:
    """Headers that hold for every answer of the gate."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Referrer-Policy"] = "no-referrer"
    # A takedown takes effect at once: a browser may keep its copy of a public file, but has
    # to ask the gate each time. Nothing else is kept at all.
    kept = response.status_code in {200, 206, 304}
    response["Cache-Control"] = "private, no-cache" if kept else "private, no-store"
    return response
