"""What every answer of the API has in common: methods, conditions, compression, caching, CORS.

Around django-ninja, not inside of it: a condition that is met is answered before anything is
looked up, and ninja knows neither HEAD nor OPTIONS.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import compress_sequence
from django.views.decorators.csrf import csrf_exempt

import wagtail_safeguarding
from wagtail_safeguarding.conf import read_once, safeguarding_settings
from wagtail_safeguarding.problems import problem
from wagtail_safeguarding.register.clock import Now, now
from wagtail_safeguarding.register.hidden import hidden

from .conditions import Remembered, asks_for_news, compressed, known_to_client
from .refusals import Refusal

logger = logging.getLogger(__name__)

METHODS = "GET, HEAD, OPTIONS"
SMALLEST_COMPRESSED = 400
LEVEL = 4
"""Higher ones save few bytes and cost a multiple of the time."""

View = Callable[..., HttpResponseBase]

EVERYBODY = {"Access-Control-Allow-Origin": "*"}
CORS = {**EVERYBODY, "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, Accept",
    "Access-Control-Max-Age": "86400",
}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


_ALL = {**CORS, **SAFE}

_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
"""Unless it is refused by name."""


class AskedAt:
    """Where the request keeps its reading of the clock, so that an answer has one and no more."""

    NAME = "_safeguarding_now"

    @classmethod
    def of(cls, request: HttpRequest) -> Now:
        found = cls.known(request)
        if found is None:
            found = now()
            cls.keep(request, found)
        return found

    @classmethod
    def known(cls, request: HttpRequest) -> Now | None:
        """None, where the request has not asked yet."""
        return getattr(request, cls.NAME, None)

    @classmethod
    def keep(cls, request: HttpRequest, found: Now) -> None:
        setattr(request, cls.NAME, found)


def edge(view: View, *, by_clock: bool, reads_clock: bool = False) -> View:
    """``view`` as the public meets it. ``by_clock``: as long as the clock stands still, the answer
    is the same, so its ETag is known before it is made. ``reads_clock``: the view does so, together
    with what it answers or before it; otherwise the clock is read before the view is asked, since
    an answer must not be older than its ETag."""

    @wraps(view)
    def call(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            response = _answer(request, view, kwargs, by_clock, reads_clock)
        except Refusal as refusal:
            response = refusal.as_response()
        except Exception:
            logger.exception("The register API failed at %s", request.path)
            got_request_exception.send(sender=None, request=request)
            response = problem(500, "Something went wrong here")
        return _finish(request, response)

    return csrf_exempt(call)


def _answer(
    request: HttpRequest, view: View, kwargs: dict[str, Any], by_clock: bool, reads_clock: bool
) -> HttpResponseBase:
    method = request.method or ""
    if method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": METHODS, **PREFLIGHT})
    if method not in {"GET", "HEAD"}:
        refused = problem(405, "Only reading is possible")
        refused["Allow"] = METHODS
        return refused
    remembered = Remembered.of(request) if asks_for_news(request) else None
    if remembered and (known := known_to_client(request, remembered.etag)):
        return not_modified(known)
    request.method = "GET"
    try:
        response = _look(request, view, kwargs, by_clock, reads_clock)
    finally:
        request.method = method
    if remembered and response.status_code == 304:
        asked = AskedAt.known(request)
        if asked is not None and not asked.is_behind:
            remembered.keep(response["ETag"])
    return response


def _look(
    request: HttpRequest, view: View, kwargs: dict[str, Any], by_clock: bool, reads_clock: bool
) -> HttpResponseBase:
    ask_first = by_clock and (not reads_clock or asks_for_news(request))
    if ask_first and (known := known_to_client(request, clock_etag(request))):
        return not_modified(known)
    response = view(request, **kwargs)
    if response.status_code == 200:
        if by_clock and not response.has_header("ETag"):
            response["ETag"] = clock_etag(request)
        found = response.get("ETag", "")
        if found and (known := known_to_client(request, found, whatever=True)):
            return not_modified(known)
    return response


def clock_etag(request: HttpRequest) -> str:
    asked = AskedAt.of(request)
    seen = "|".join([*asked.roots, "", *asked.closed])
    asked_for = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
    return etag_of(asked.mark, asked.surroundings, seen, hidden().token, asked_for)


def etag_of(*parts: str) -> str:
    """A strong ETag. A release of ours may word the same thing differently."""
    text = "\n".join([wagtail_safeguarding.__version__, *parts])
    return f'"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"'


def not_modified(etag: str) -> HttpResponse:
    """Complete: the other headers are those of the answer that the client has."""
    return HttpResponse(status=304, headers={"ETag": etag, **EVERYBODY, **_caching()})


@read_once
def _caching() -> dict[str, str]:
    seconds = safeguarding_settings.public_cache_seconds
    return {"Vary": "Accept-Encoding", "Cache-Control": f"public, max-age={seconds}"}


def _finish(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code == 304:
        return response
    for name, value in _ALL.items():
        response.headers.setdefault(name, value)
    response["Vary"] = "Accept-Encoding"
    if response.status_code in {200, 301, 302}:
        response.headers.setdefault("Cache-Control", _caching()["Cache-Control"])
    if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
        # Nothing has been read yet, so there is nothing to close; and close() would tell Django
        # that the request is over, which it is not.
        response.streaming_content = ()
    _compress(request, response)
    if request.method == "HEAD" and isinstance(response, HttpResponse):
        length = len(response.content)
        response.content = b""
        response["Content-Length"] = str(length)
    return response


def _compress(request: HttpRequest, response: HttpResponseBase) -> None:
    if response.status_code != 200 or not _GZIP.search(
        request.META.get("HTTP_ACCEPT_ENCODING", "")
    ):
        return
    if isinstance(response, StreamingHttpResponse):
        if request.method != "HEAD":
            parts = cast("Iterable[bytes]", response.streaming_content)
            response.streaming_content = compress_sequence(parts)
    elif isinstance(response, HttpResponse) and len(response.content) >= SMALLEST_COMPRESSED:
        response.content = gzip.compress(response.content, LEVEL, mtime=0)
    else:
        return
    response["Content-Encoding"] = "gzip"
    if etag := response.get("ETag", ""):
        response["ETag"] = compressed(etag)
