"""The gate: the only way a review document's bytes reach the public.

Not public and unknown are one answer. The version that answers is the newest one that a
visible page names in the register (see ``lookup``).
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from wagtail_safeguarding.problems import problem

from .delivery import deliver, protect
from .lookup import public_version, withdrawn_version


# A POST must get the same answer whoever asks; without this it would be Django's CSRF page.
@method_decorator(csrf_exempt, name="dispatch")
class DocumentView(View):
    """``/safeguarding/documents/<uuid>/<filename>``: 200, 206, 301, 302 to storage, 304, 404,
    410, 416 or 503.

    Conditions and ranges are looked at only for a file that is public. One query finds it
    and the address of its page; two say that there is none, unknown or not public alike.
    Wagtail keeps the addresses of sites in its cache.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, document: uuid.UUID, filename: str) -> HttpResponseBase:
        public = public_version(document)
        if public is None:
            return protect(closed(document))
        if filename == public.version.public_name:
            response = deliver(request, public.version)
        else:
            url = reverse(
                "wagtail_safeguarding:document", args=[document, public.version.public_name]
            )
            response = HttpResponse(status=301, headers={"Location": url})
        if page_url := public.page_url:
            response["Link"] = f'<{page_url}>; rel="up"'
        return protect(response)


def closed(document: uuid.UUID) -> HttpResponse:
    """410 where the last file that was public was withdrawn, else the one 404."""
    withdrawn = withdrawn_version(document)
    if withdrawn is None:
        return problem(404, _("Not found"))
    return problem(410, _("This document was withdrawn."), withdrawn.withdrawal_reason)
