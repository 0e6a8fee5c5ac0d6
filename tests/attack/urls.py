"""A whole site as the attacker finds it: Wagtail's APIs, sitemap, search and media served."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.static import serve
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page

from tests import urls
from wagtail_safeguarding.api.v2 import SafeguardingPagesAPIViewSet

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", SafeguardingPagesAPIViewSet)
router.register_endpoint("documents", DocumentsAPIViewSet)
router.register_endpoint("images", ImagesAPIViewSet)


def search(request: HttpRequest) -> JsonResponse:
    """The search of an ordinary Wagtail site."""
    found = Page.objects.live().public().search(request.GET.get("q", ""))
    return JsonResponse({"found": [page.title for page in found if page.url]})


urlpatterns: list[Any] = [
    path("api/v2/", router.urls),
    path("sitemap.xml", sitemap),
    path("search/", search),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    *(pattern for pattern in urls.urlpatterns if str(pattern.pattern) != "api/v2/"),
]
