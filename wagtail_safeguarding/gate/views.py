"""The gate: the only way a review document's bytes reach the public.

Not public and unknown are one answer. The version that answers is the newest one that a
visible page names in the register (see ``register.visibility.open_links``).
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.problems import problem
from wagtail_safeguarding.register.visibility import not_restricted, open_links

from .delivery import deliver, protect


# A POST must get the same answer whoever asks; without this it would be Django's CSRF page.
@method_decorator(csrf_exempt, name="dispatch")
class DocumentView(View):
    """``/safeguarding/documents/<uuid>/<filename>``: 200, 206, 301, 302 to storage, 304, 404,
    410, 416 or 503.

    Conditions and ranges are looked at only for a file that is public. One query finds a
    public file and the address of its page, and two say that there is none, unknown or not
    public alike; Wagtail keeps the addresses of sites in its cache.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, document: uuid.UUID, filename: str) -> HttpResponseBase:
        link = current_link(document)
        if link is None:
            return protect(closed(document))
        version: DocumentVersion = link.version
        if filename == version.public_name:
            response = deliver(request, version)
        else:
            response = HttpResponse(status=301, headers={"Location": version.get_url()})
        if up := page_url(link):
            response["Link"] = f'<{up}>; rel="up"'
        return protect(response)


def current_link(document: uuid.UUID) -> Any:
    """The register's link to the newest version of the document that anybody may read now.

    None where there is none. Where several pages name that version, the page that was
    public first; ``page_path`` is its path in Wagtail's tree of addresses.
    """
    page = get_base_page_model().objects.filter(pk=OuterRef("record__page_id"))
    return (
        open_links()
        .filter(version__document__uuid=document)
        .annotate(page_path=Subquery(page.values("url_path")[:1]))
        .select_related("record", "version__document")
        .order_by("-version__number", "record__first_public_at", "pk")
        .first()
    )


def page_url(link: Any) -> str | None:
    """The address of the page that makes the file of ``link`` public."""
    page = get_base_page_model()(id=link.record.page_id, url_path=link.page_path)
    url: str | None = page.get_full_url()
    return url


def closed(document: uuid.UUID) -> HttpResponse:
    """410 for a document that was public and was withdrawn, else the one 404."""
    withdrawn = DocumentVersion.objects.filter(
        document__uuid=document, state=VersionState.WITHDRAWN, entries__isnull=False
    )
    newest = not_restricted(withdrawn).order_by("-number").first()
    if newest is None:
        return problem(404, _("Not found"))
    return problem(410, _("This document was withdrawn."), newest.withdrawal_reason)
