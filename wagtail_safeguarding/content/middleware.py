"""Comments are closed: whatever is sent to a page's comments address is refused in words.

The address is the page's own with ``comments/`` behind it. A middleware answers, because
Django's CSRF check would otherwise come first with a page of its own, and because Wagtail
may be served below a path or a language. What is no page of ours goes on untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.problems import problem
from wagtail_safeguarding.publication.door import SafeguardingPage
from wagtail_safeguarding.register.visibility import visible_pages

from .comments import CommentsClosedMixin, default_message

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The paths that Wagtail's own pattern takes.
_ADDRESS = re.compile(r"((?:[\w\-]+/)*)comments/?")


class CommentsClosedMiddleware:
    """Answers 403 with the page's message to anything that would write a comment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS and "comments" in request.path:
            page = find_page(request)
            if page is not None:
                return refuse(page)
        return self.get_response(request)


def find_page(request: HttpRequest) -> SafeguardingPage | None:
    """The page of ours whose comments address this is, if the public can see that page.

    A draft and a private page are not given away.
    """
    try:
        prefix = reverse("wagtail_serve", args=[""])
    except NoReverseMatch:  # a headless site serves no pages
        return None
    if not request.path.startswith(prefix):
        return None
    match = _ADDRESS.fullmatch(request.path.removeprefix(prefix))
    if match is None:
        return None
    page = _route(request, match[1])
    if page is None or not isinstance(page.specific, SafeguardingPage):
        return None
    if not visible_pages().filter(pk=page.pk).exists():
        return None
    specific: SafeguardingPage = page.specific
    return specific


def _route(request: HttpRequest, path: str) -> Any:
    try:
        return get_base_page_model().find_for_request(request, path)
    except Http404:
        return None
    finally:
        # Wagtail keeps the route on the request; it was not the route of this address.
        request.__dict__.pop("_wagtail_route_for_request", None)


def refuse(page: SafeguardingPage) -> HttpResponse:
    message = (
        page.get_comments_message() if isinstance(page, CommentsClosedMixin) else default_message()
    )
    return problem(403, message, state="closed")
