"""How the bytes of a file leave, once it is decided that they may.

From a bucket: by a URL that is signed for a minute, of S3 itself or of CloudFront. From
the folder: by the web server where the site has django-sendfile2, otherwise streamed.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.storage import S3DocumentStorage, get_document_storage
from wagtail_safeguarding.problems import problem

from .ranges import Slice, Unsatisfiable, matches, parse_range

try:
    from django_sendfile import sendfile
except ImportError:  # the extra "sendfile" is not installed
    sendfile = None

logger = logging.getLogger(__name__)

BLOCK_SIZE = 1024 * 1024
"""Bytes read at a time. A block costs a call through the whole server: in blocks of 64 KiB a range
of a large file leaves at half the speed."""

READS_THE_FILE_ITSELF = {
    "django_sendfile.backends.development",
    "django_sendfile.backends.simple",
}
"""Backends of django-sendfile2 without a web server behind them. Ours knows ranges."""


def content_disposition(name: str, *, attachment: bool = False) -> str:
    """The header with the file's name, also for clients that know ASCII only (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    kind = "attachment" if attachment else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def deliver(
    request: HttpRequest, version: DocumentVersion, *, attachment: bool = False
) -> HttpResponseBase:
    """The answer that gives ``version`` to whoever asked: 200, 206, 302, 304, 416 or 503.

    *Whether* they may have it is decided before (by the gate, or by an editor's rights).
    """
    storage = get_document_storage()
    disposition = content_disposition(version.public_name, attachment=attachment)
    if isinstance(storage, S3DocumentStorage):
        return HttpResponseRedirect(
            storage.signed_url(
                version.storage_key,
                seconds=safeguarding_settings.signed_url_seconds,
                media_type=version.media_type,
                disposition=disposition,
                method="HEAD" if request.method == "HEAD" else "GET",
            )
        )
    etag = f'"{version.sha256}"'
    headers = {"ETag": etag, "Accept-Ranges": "bytes"}
    if matches(request.headers.get("If-None-Match", ""), etag):
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = disposition
    try:
        if path := _path_for_web_server(storage, version):
            # Ranges are the web server's business then.
            response: HttpResponseBase = sendfile(request, path, mimetype=version.media_type)
        else:
            response = _stream(request, version)
    except (OSError, Http404):
        logger.exception("The stored file of version %s cannot be read", version.pk)
        return problem(503, _("This document cannot be read at the moment."))
    if response.status_code < 400:
        # Both name the stored file in their own header, and that name is the key.
        for name, value in headers.items():
            response[name] = value
    return response


def protect(response: HttpResponseBase) -> HttpResponseBase:
    """``response`` with the headers that hold for every answer about a file."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Referrer-Policy"] = "no-referrer"
    # A takedown takes effect at once: a browser may keep its copy of a public file, but has
    # to ask the gate each time. Nothing else is kept at all.
    kept = response.status_code in {200, 206, 304}
    response["Cache-Control"] = "private, no-cache" if kept else "private, no-store"
    return response


def _path_for_web_server(storage: Storage, version: DocumentVersion) -> str | None:
    """The file's path where a web server sends it for us, else None."""
    backend = getattr(settings, "SENDFILE_BACKEND", None)
    root = getattr(settings, "SENDFILE_ROOT", None)
    if sendfile is None or not backend or not root or backend in READS_THE_FILE_ITSELF:
        return None
    if not isinstance(storage, FileSystemStorage):
        return None
    # Either may be a link to where the files really are.
    path, root = Path(storage.path(version.storage_key)), Path(root)
    if not path.resolve().is_relative_to(root.resolve()):
        return None
    if path.stat().st_size != version.size:
        raise incomplete(version)
    return str(root / path.resolve().relative_to(root.resolve()))


def incomplete(version: DocumentVersion) -> OSError:
    return OSError(f"{version.storage_key} has not the {version.size} bytes on record")


def _stream(request: HttpRequest, version: DocumentVersion) -> HttpResponseBase:
    """The bytes themselves: all, or the one range that was asked for."""
    wanted = None
    etag = f'"{version.sha256}"'
    if "Range" in request.headers and request.headers.get("If-Range", etag) == etag:
        try:
            wanted = parse_range(request.headers["Range"], version.size)
        except Unsatisfiable:
            refused: HttpResponseBase = problem(416, _("There are no such bytes."))
            refused["Content-Range"] = f"bytes */{version.size}"
            return refused
    file: Any = version.open()
    if file.size != version.size:
        file.close()
        raise incomplete(version)
    response = FileResponse(
        Slice(file, wanted) if wanted else file,
        status=206 if wanted else 200,
        content_type=version.media_type,
    )
    response.block_size = BLOCK_SIZE
    response["Content-Length"] = str(wanted.length if wanted else version.size)
    if wanted:
        response["Content-Range"] = wanted.content_range(version.size)
    return response
