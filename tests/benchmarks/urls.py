"""The test site, and the same file by a plain view: `FileResponse` and nothing else."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.urls import path

from tests import urls
from wagtail_safeguarding.documents.storage import get_document_storage


def plain(request: HttpRequest, key: str) -> FileResponse:
    return FileResponse(get_document_storage().open(key), content_type="application/pdf")


urlpatterns = [path("plain/<path:key>", plain), *urls.urlpatterns]
