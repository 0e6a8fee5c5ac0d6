"""Turns a refused publication into an answer that names the page, in any view.

Bulk publishing and workflow approval of Wagtail let a ``ValidationError`` through, which
would be a server error. The transaction has been rolled back by then, so the batch was
refused whole.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages

from wagtail_safeguarding.problems import problem

from .readiness import NotReady


class NotReadyMiddleware:
    """Answers :class:`NotReady`: a message in the admin, a 422 problem for anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotReady):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.answer_script(request, exception)
        if "text/html" not in request.headers.get("accept", "text/html"):
            return problem(422, "The page is not ready to be published.", exception.text)
        messages.error(request, exception.text)
        return redirect(_back(request))

    def answer_script(self, request: HttpRequest, exception: NotReady) -> HttpResponse:
        """The dialogue of workflow approval can only be sent on ("success" is its word for
        that); anything else it reports as a fault of the server. The message waits there."""
        match = request.resolver_match
        if match is None or match.url_name != "workflow_action":
            return problem(422, "The page is not ready to be published.", exception.text)
        messages.error(request, exception.text)
        return JsonResponse({"step": "success", "redirect": resolve_url(_back(request))})


def _back(request: HttpRequest) -> str:
    """Where the editor came from, if that is a page of this site."""
    for url in (request.POST.get("next"), request.GET.get("next"), request.headers.get("referer")):
        if url and url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        ):
            return url
    return "wagtailadmin_home"
