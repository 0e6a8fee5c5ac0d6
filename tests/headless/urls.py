from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from tests.urls import urlpatterns as site_urls
from wagtail_safeguarding.preview.headless import PagePreviewAPIViewSet

api_router = WagtailAPIRouter("wagtailapi")
api_router.register_endpoint("pages", PagesAPIViewSet)
api_router.register_endpoint("page_preview", PagePreviewAPIViewSet)

urlpatterns = [
    path("api/v2/", api_router.urls),
    *(url for url in site_urls if str(url.pattern) != "api/v2/"),
]
