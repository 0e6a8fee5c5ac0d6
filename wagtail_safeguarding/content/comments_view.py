"""Comments are closed: whatever is sent to a page's comments address is refused in words.

The address is the page's own with ``comments/`` behind it. The view stands before
Wagtail's catch-all and is exempt from the CSRF check, which would answer first with a page
of its own; paths that are not ours go on to Wagtail with the check in place.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from wagtail.views import serve

from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.problems import problem
from wagtail_safeguarding.publication.door import SafeguardingPage
from wagtail_safeguarding.register.visibility import visible_pages

from .comments import CommentsClosedMixin, default_message

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

serve_by_wagtail = csrf_protect(serve)


@csrf_exempt
def comments(request: HttpRequest, path: str = "") -> Any:
    """403 with the page's message for anything that would write; never a comment."""
    if request.method in SAFE_METHODS:
        return serve_by_wagtail(request, f"{path}comments/")
    page = find_page(request, path)
    if page is None:
        return serve_by_wagtail(request, f"{path}comments/")
    return refuse(page)


def find_page(request: HttpRequest, path: str) -> SafeguardingPage | None:
    """The page of ours at ``path``, if the public can see it: a draft is not given away."""
    try:
        page = get_base_page_model().find_for_request(request, path)
    except Http404:
        return None
    finally:
        # Wagtail keeps the route on the request; it was not the route of this address.
        request.__dict__.pop("_wagtail_route_for_request", None)
    if page is None or not isinstance(page.specific, SafeguardingPage):
        return None
    if not visible_pages().filter(pk=page.pk).exists():
        return None
    specific: SafeguardingPage = page.specific
    return specific


def refuse(page: SafeguardingPage) -> HttpResponse:
    message = (
        page.get_comments_message() if isinstance(page, CommentsClosedMixin) else default_message()
    )
    return problem(403, message, state="closed")
