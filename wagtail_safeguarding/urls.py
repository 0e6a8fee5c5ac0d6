"""Include at the root of the site, before Wagtail's own catch-all:

path("", include("wagtail_safeguarding.urls")),
"""

from django.urls import include, path

from .api.register.api import urls as register_urls
from .gate.views import DocumentView
from .preview.views import PreviewAddress, PreviewDocumentView, PreviewView

app_name = "wagtail_safeguarding"

urlpatterns = [
    path("api/safeguarding/v1/", include((register_urls(), "register"))),
    path(
        "safeguarding/documents/<uuid:document>/<str:filename>",
        DocumentView.as_view(),
        name="document",
    ),
    path("safeguarding/preview/<str:token>", PreviewView.as_view(), name="preview"),
    path(
        "safeguarding/preview/<str:token>/documents/<uuid:document>/<str:filename>",
        PreviewDocumentView.as_view(),
        name="preview_document",
    ),
    path("safeguarding/preview/<path:rest>", PreviewAddress.as_view()),
]
