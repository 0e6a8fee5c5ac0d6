"""Wagtail's API v3 (Wagtail >= 8.0), to be mounted in place of ``wagtail.api.v3.urls.api``.

It is the same API object. Three things are added that Wagtail's own leaves open:

- what only the source of an alias closes is not sent, and no answer names a parent or a source
  that the public cannot see, nor can it be found out by filters;
- a field that cannot be written is refused by name, where Wagtail drops it;
- our fields know the request, as in API v2: its rich text format, its host.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import Http404
from ninja.errors import ValidationError
from wagtail.api.v3.querysets import get_pages_queryset
from wagtail.api.v3.registry import registry
from wagtail.api.v3.routers import pages as routes
from wagtail.api.v3.urls import api
from wagtail.fields import RichTextField, StreamField

from wagtail_safeguarding.api.requests import answering
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.visibility import behind_restricted_sources, visible_pages

__all__ = ["api"]


def get_readable_pages(request: Any, model: Any = None) -> Any:
    """Wagtail's queryset, for anonymous visitors without what an alias's source closes.

    By ``id``, since a search asks the index, which knows no other key of a page.
    """
    model = model or get_base_page_model()
    pages = get_pages_queryset(request, model)
    if request.user.is_authenticated:
        return pages
    refuse_stored_text(request, model)
    return pages.exclude(id__in=behind_restricted_sources().values("id"))


def with_request(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def inner(request: Any, *args: Any, **kwargs: Any) -> Any:
        with answering(request):
            return run(request, *args, **kwargs)

    return inner


def closed(view: Callable[..., Any]) -> Callable[..., Any]:
    """``view`` without silence about what it does not write, and without hidden relations."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> Any:
        data = kwargs.get("data")
        if isinstance(data, PAGE_BODIES):
            refuse_unwritable(json.loads(request.body), data)
        answer = view(request, *args, **kwargs)
        if request.user.is_authenticated:
            return answer
        if isinstance(answer, get_base_page_model()):
            hide_relations(answer)
        elif isinstance(answer, dict) and "items" in answer:
            return without_hidden_targets(answer)
        elif leads_to_hidden_page([answer]):
            raise Http404
        return answer

    return inner


def _bodies_of_our_pages() -> Iterator[type]:
    for model in routes.page_models:
        if getattr(model, "kind", ""):
            registration = registry.get(model._meta.label)
            yield from (registration.create_schema, registration.patch_schema)


PAGE_BODIES = tuple(_bodies_of_our_pages())
"""What Wagtail reads out of the body of a POST or PATCH of our page types."""


def refuse_unwritable(body: dict[str, Any], data: Any) -> None:
    """Raise an error that names each field of ``body`` that ``data`` has no place for."""
    sent: list[tuple[tuple[str, ...], Any]] = [((name,), data) for name in body]
    sent += [(("meta", name), data.meta) for name in body.get("meta") or {}]
    errors: list[dict[str, Any]] = [
        {
            "type": "not_writable",
            "loc": ("body", "data", *place),
            "msg": "This field cannot be written.",
        }
        for place, schema in sent
        if place[-1] not in type(schema).model_fields
    ]
    if errors:
        raise ValidationError(errors)


def refuse_stored_text(request: Any, model: Any) -> None:
    """Refuse to filter or order by text as it is stored: it holds the ids of hidden pages."""
    names = [*request.GET, *(name.removeprefix("-") for name in request.GET.getlist("order"))]
    stored = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, (RichTextField, StreamField))
    }
    if errors := [
        {"type": "not_a_filter", "loc": ("query", name), "msg": "Pages cannot be found by this."}
        for name in names
        if name in stored
    ]:
        raise ValidationError(errors)


def hide_relations(page: Any) -> None:
    """Have ``page`` know no parent and no source that the public cannot see."""
    parent = page.get_parent()
    related = {pk for pk in (parent and parent.pk, page.alias_of_id) if pk}
    visible = set(visible_pages().filter(pk__in=related).values_list("pk", flat=True))
    if page.alias_of_id not in visible:
        page.alias_of = None
    if parent and parent.pk not in visible:
        # Where treebeard keeps it, and where Wagtail's own API v3 puts one.
        page._cached_parent_obj = None


def leads_to_hidden_page(redirects: list[Any]) -> set[int]:
    """The ids of the pages that ``redirects`` lead to and the public cannot see."""
    pages: set[int] = {
        pk for redirect in redirects if (pk := getattr(redirect, "redirect_page_id", None))
    }
    return pages - set(visible_pages().filter(pk__in=pages).values_list("pk", flat=True))


def without_hidden_targets(listing: dict[str, Any]) -> dict[str, Any]:
    """A page of a listing without redirects to hidden pages: their old path tells the title."""
    items = list(listing["items"])
    hidden = leads_to_hidden_page(items)
    shown = [item for item in items if getattr(item, "redirect_page_id", None) not in hidden]
    count = listing["count"] - len(items) + len(shown)
    return {**listing, "items": shown, "count": count}


# Wagtail offers no hook for the pages that the API reads; list, detail, look-up, search and
# filters ask this one name.
routes.get_pages_queryset = get_readable_pages
api.add_decorator(with_request, mode="view")
api.add_decorator(closed, mode="operation")
