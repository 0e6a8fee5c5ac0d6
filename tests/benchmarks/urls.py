"""The test site; the same file by a plain view, `FileResponse` and nothing else; an empty view; and
the API v2 of Wagtail's own."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from tests import urls
from wagtail_safeguarding.documents.storage import get_document_storage


def plain(request: HttpRequest, key: str) -> FileResponse:
    return FileResponse(get_document_storage().open(key), content_type="application/pdf")


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


stock_router = WagtailAPIRouter("stock")
stock_router.register_endpoint("pages", PagesAPIViewSet)

urlpatterns = [
    path("plain/<path:key>", plain),
    path("empty/", empty),
    path("stock/v2/", stock_router.urls),
    *urls.urlpatterns,
]
