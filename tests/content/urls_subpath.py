from django.urls import include, path
from wagtail import urls as wagtail_urls

urlpatterns = [
    path("", include("wagtail_safeguarding.urls")),
    path("site/", include(wagtail_urls)),
]
