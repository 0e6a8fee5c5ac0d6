"""URLs of the test site: Wagtail's own router, and ours before Wagtail's pages."""

from __future__ import annotations

from typing import Any

import wagtail
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import urls as wagtaildocs_urls

from wagtail_safeguarding.api.v2 import SafeguardingPagesAPIViewSet

api_router = WagtailAPIRouter("wagtailapi")
api_router.register_endpoint("pages", SafeguardingPagesAPIViewSet)

urlpatterns: list[Any] = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v2/", api_router.urls),
    path("", include("wagtail_safeguarding.urls")),
    path("", include(wagtail_urls)),
]

if wagtail.VERSION >= (8, 0):
    from wagtail_safeguarding.api.v3 import api as api_v3

    urlpatterns.insert(0, path("api/v3/", api_v3.urls))
