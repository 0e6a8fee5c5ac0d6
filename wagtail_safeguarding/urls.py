"""Include at the root of the site, before Wagtail's own catch-all:

path("", include("wagtail_safeguarding.urls")),
"""

from django.urls import path

from .gate.views import DocumentView

app_name = "wagtail_safeguarding"

urlpatterns = [
    path(
        "safeguarding/documents/<uuid:document>/<str:filename>",
        DocumentView.as_view(),
        name="document",
    ),
]
