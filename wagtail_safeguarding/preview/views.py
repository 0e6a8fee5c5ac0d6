"""The addresses of a preview: the draft's JSON and its files.

Whatever is wrong, there is one answer, and nothing that the package writes into a log names
the token: Django would log the path of each error.
"""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.gate.delivery import deliver, protect
from wagtail_safeguarding.problems import problem

from .addresses import front_end_origin
from .drafts import Draft, open_draft
from .schema import Preview, PreviewFile, form_with_addresses
from .tokens import record_use

logger = logging.getLogger(__name__)

ALLOWED = "GET, HEAD, OPTIONS"
HEADERS_OF_A_SCRIPT = "If-None-Match, If-Range, Range"


def not_found() -> HttpResponse:
    return problem(404, _("Not found"))


@method_decorator(csrf_exempt, name="dispatch")
class PreviewAddress(View):
    """Anything below ``/safeguarding/preview/``: 404 unless a subclass knows better.

    Without it, an address that was pasted with a slash too many would be answered by the
    site's own 404 page, and what that loads from elsewhere would be told the token.
    """

    http_method_names = ["get", "head", "options"]

    @sensitive_variables("kwargs", "args")
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Exception:
            # Left to Django, the error would be logged and mailed with the address.
            logger.exception("A preview failed")
            response = problem(503, _("This preview cannot be read at the moment."))
        return seal(response)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return not_found()

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response = problem(405, _("Method not allowed"))
        response["Allow"] = ALLOWED
        return response


class PreviewView(PreviewAddress):
    """``/safeguarding/preview/<token>``: the draft's JSON, or 404."""

    @sensitive_variables("token", "kwargs")
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        token: str = kwargs["token"]
        draft = open_draft(token)
        if draft is None:
            return not_found()
        files = files_of(request, draft, token)
        body = Preview(
            revision=draft.revision.pk,
            saved_at=draft.revision.created_at,
            expires_at=draft.token.ends_at,
            page=form_with_addresses(draft.get_form(), files),
            files=files,
        )
        record_use(draft.token, draft.page, draft.revision)
        return HttpResponse(body.model_dump_json(), content_type="application/json")


class PreviewDocumentView(PreviewAddress):
    """``/safeguarding/preview/<token>/documents/<uuid>/<filename>``: a file of the draft.

    Conditions and ranges are looked at only for a file that may be read.
    """

    @sensitive_variables("kwargs")
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        draft = open_draft(kwargs["token"])
        version = draft.get_version(kwargs["document"], kwargs["filename"]) if draft else None
        if draft is None or version is None:
            return not_found()
        record_use(draft.token, draft.page, draft.revision, version)
        return deliver(request, version)


def files_of(request: HttpRequest, draft: Draft, token: str) -> list[PreviewFile]:
    def url(version: DocumentVersion) -> str:
        return request.build_absolute_uri(
            reverse(
                "wagtail_safeguarding:preview_document",
                kwargs={
                    "token": token,
                    "document": version.document.uuid,
                    "filename": version.public_name,
                },
            )
        )

    return [
        PreviewFile(
            uuid=str(version.document.uuid),
            version=version.number,
            file_name=version.public_name,
            media_type=version.media_type,
            size=version.size,
            sha256=version.sha256,
            url=url(version),
        )
        for version in draft.versions
    ]


def seal(response: HttpResponseBase) -> HttpResponseBase:
    """The headers of every answer here; and an error is logged without its address."""
    protect(response)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    if origin := front_end_origin():
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = ALLOWED
        response["Access-Control-Allow-Headers"] = HEADERS_OF_A_SCRIPT
    if response.status_code >= 400:
        log_response("%s: a preview", response.reason_phrase, response=response)  # type: ignore[arg-type]
    return response
