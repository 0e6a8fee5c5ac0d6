"""Wagtail's own preview in a front end, for sites with wagtail-headless-preview.

That package signs a token for each preview, keeps the editor's unsaved page under it and sends
the front end there. It leaves it to the site to hand the page out; this is how a site with this
package does. Nothing else here needs it, so it is imported by such sites only.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature
from django.http import Http404
from django.urls import path
from django.views.decorators.debug import sensitive_variables
from rest_framework.response import Response
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail_headless_preview.models import HeadlessPreviewMixin, PagePreview

from wagtail_safeguarding.conf import safeguarding_settings

LONGEST_TOKEN = 255
"""What ``PagePreview`` can hold."""


class PagePreviewAPIViewSet(PagesAPIViewSet):
    """``?content_type=app.model&token=…``: the previewed page as API v2 shows a page.

    A token that is unknown, forged or older than ``PREVIEW_SECONDS`` is one 404. Rows of
    documents have their words; a file is shown only if anybody may read it now. For drafts
    *with* their files there is the shared preview (``preview.views``).
    """

    name = "page_preview"
    known_query_parameters = PagesAPIViewSet.known_query_parameters | {"content_type", "token"}

    def listing_view(self, request: Any) -> Response:
        self.action = "detail_view"
        return self.detail_view(request)

    def detail_view(self, request: Any, pk: int | None = None) -> Response:
        # Whatever Wagtail shows to an editor in a preview is shown here.
        request.is_preview = True
        return Response(self.get_serializer(self.get_object()).data)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get_object(self) -> Any:
        if not hasattr(self, "_previewed"):
            self._previewed = self._get_previewed()
        return self._previewed

    @sensitive_variables("token")
    def _get_previewed(self) -> Any:
        model = _previewed_model(self.request.GET.get("content_type", ""))
        token = self.request.GET.get("token", "")
        if model is None or len(token) > LONGEST_TOKEN:
            raise Http404
        try:
            model.get_preview_signer().unsign(token, max_age=safeguarding_settings.preview_seconds)
        except BadSignature as error:
            raise Http404 from error
        preview = PagePreview.objects.filter(
            content_type=ContentType.objects.get_for_model(model), token=token
        ).first()
        if preview is None:
            raise Http404
        page = preview.as_page()
        if page.pk is None:
            page.pk = 0  # not saved yet; the serializer builds an address of the page
        elif not model._default_manager.filter(pk=page.pk).exists():
            raise Http404
        return page

    @classmethod
    def get_urlpatterns(cls) -> list[Any]:
        return [
            path("", cls.as_view({"get": "listing_view"}), name="listing"),
            path("<int:pk>/", cls.as_view({"get": "detail_view"}), name="detail"),
        ]


def _previewed_model(label: str) -> Any:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, HeadlessPreviewMixin) else None
