"""Bulk publishing: a page that is not ready refuses the batch whole, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.publication.door import SafeguardingPage
from wagtail_safeguarding.publication.readiness import NotReady, blockers


def refuse_unready(
    request: Any, action_type: str, objects: Any, action: Any
) -> HttpResponse | None:
    """A ``before_bulk_action`` hook. Wagtail would answer an unready page with a server error."""
    if action_type != "publish" or action.model is not get_base_page_model():
        return None
    refused = [error for page in _pages(objects, action) if (error := _refusal(page))]
    if not refused:
        return None
    for error in refused:
        messages.error(request, error)
    messages.error(request, _("None of the pages was published."))
    response: HttpResponse = redirect(action.next_url)
    return response


def _pages(objects: Any, action: Any) -> Iterator[Any]:
    """What Wagtail is about to publish: the chosen pages and, if asked, drafts below them."""
    for page in objects:
        yield page
        if action.cleaned_form.cleaned_data.get("include_descendants"):
            for child in page.get_descendants().not_live():
                if child.permissions_for_user(action.request.user).can_publish():
                    yield child


def _refusal(page: Any) -> str | None:
    if not issubclass(page.specific_class or type(None), SafeguardingPage):
        return None
    draft = page.get_latest_revision_as_object()
    problems = blockers(draft.get_opening_problems())
    if problems:
        return NotReady(draft.title, problems).text
    try:
        # Drafts may lack what a published page needs; publishing validates.
        draft.full_clean()
    except ValidationError as error:
        return NotReady.of(draft, error).text
    return None
