"""``SafeguardingPagesAPIViewSet``: what a site registers in place of Wagtail's own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils.functional import cached_property
from wagtail.api.v2 import filters as wagtail_filters
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Site

from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.register.answers import Answers

from .conditional import add_validators
from .filters import (
    FieldsFilter,
    OrderingFilter,
    SearchFilter,
    model_field,
    range_parameters,
    term_parameters,
)
from .pagination import BoundedPagination
from .parameters import check_parameters
from .reading import read_together
from .serializers import SafeguardingPageSerializer, guarded


class SafeguardingPagesAPIViewSet(PagesAPIViewSet):
    """Wagtail's API v2 for pages.

    The same contract, at a constant number of queries; a bad value is a 400; JSON without
    indentation; conditional requests; filters on the fields of reviews; and no trace of a page
    that cannot be seen.
    """

    base_serializer_class = SafeguardingPageSerializer
    pagination_class = BoundedPagination
    filter_backends = [
        FieldsFilter,
        wagtail_filters.ChildOfFilter,
        wagtail_filters.AncestorOfFilter,
        wagtail_filters.DescendantOfFilter,
        OrderingFilter,
        wagtail_filters.TranslationOfFilter,
        wagtail_filters.LocaleFilter,
        SearchFilter,  # last: what it gives cannot be filtered
    ]

    # What may be seen

    @cached_property
    def answers(self) -> Answers:
        return Answers.for_visitor(self.request)

    def get_base_queryset(self) -> Any:
        return self._base_queryset

    @cached_property
    def _base_queryset(self) -> Any:
        pages = self.answers.visible_pages()
        site = self.find_site()
        if site is None:
            return pages.none()
        roots = [site.root_page]
        if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            roots += site.root_page.get_translations()
        inside = Q()
        for root in roots:
            inside |= Q(path__startswith=root.path)
        return pages.filter(inside)

    def find_site(self) -> Site | None:
        """The site that ``?site=host`` or ``?site=host:port`` names, else that of the request."""
        wanted = self.request.GET.get("site")
        if not wanted:
            site: Site | None = Site.find_for_request(self.request)
            return site
        host, _colon, port = wanted.partition(":")
        sites = Site.objects.select_related("root_page").filter(hostname=host)
        if _colon:
            number = as_pk(port)
            if number is None:
                raise BadRequestError("site must be a host name, or a host name and a port")
            sites = sites.filter(port=number)
        found = list(sites[:2])
        if not found:
            raise Http404("No Site matches the given query.")
        if len(found) > 1:
            raise BadRequestError(
                "Your query returned multiple sites. Try adding a port number to your site filter."
            )
        return found[0]

    def get_root_page(self) -> Any:
        site = Site.find_for_request(self.request)
        if site is None:
            raise BadRequestError("there is no site, so no root page")
        return site.root_page

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        if "search" not in self.request.GET:
            return queryset
        # Search backends know keys in a list, but not the conditions of visibility.
        return queryset.model._default_manager.filter(pk__in=queryset.values("pk"))

    @property
    def while_searching(self) -> str:
        """What Wagtail adds where a field that is not indexed meets a search."""
        searching = "search" in self.request.GET
        return " while searching (field is not indexed)" if searching else ""

    def get_object(self) -> Any:
        if as_pk(self.kwargs["pk"]) is None:  # more than a database can count
            name = self.get_queryset().model._meta.object_name
            raise Http404(f"No {name} matches the given query.")
        return super().get_object()

    def find_object(self, queryset: Any, request: Any) -> Any:
        if "id" in request.GET and as_pk(request.GET["id"]) is None:
            raise BadRequestError("id must be a positive integer")
        return super().find_object(queryset, request)

    # What is asked

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        check_parameters(request)
        super().initial(request, *args, **kwargs)

    def check_query_parameters(self, queryset: Any) -> None:
        names = set(self.get_available_fields(queryset.model, db_fields_only=True))
        allowed = {
            *names,
            *self.known_query_parameters,
            *term_parameters(queryset.model, names),
            *range_parameters(queryset.model, names),
        }
        if unknown := set(self.request.GET) - allowed:
            raise BadRequestError(
                "query parameter is not an operation or a recognised field: "
                + ", ".join(sorted(unknown))
            )

    # What is answered

    @classmethod
    def _get_serializer_class(cls, *args: Any, **kwargs: Any) -> Any:
        return guarded(super()._get_serializer_class(*args, **kwargs))

    def get_serializer_class(self) -> Any:
        return self._serializer_class

    @cached_property
    def _serializer_class(self) -> Any:
        return super().get_serializer_class()

    def filter_queryset(self, queryset: Any) -> Any:
        if self.action != "listing_view":
            if "search" in self.request.GET:
                raise BadRequestError("search is for listings")
            return super().filter_queryset(queryset)
        names = self.get_serializer_class().Meta.fields
        fields = [model_field(queryset.model, name) for name in names]
        joined = {field.name for field in fields if field is not None and field.many_to_one}
        # Wagtail asks each page for its locale when it builds an address.
        joined = joined - {"alias_of"} | {"locale"}
        return super().filter_queryset(queryset.select_related(*joined))

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        if args:
            pages = args[0] if kwargs.get("many") else [args[0]]
            read_together(pages, self.get_serializer_class().Meta.fields, self.request)
        return serializer

    def get_renderer_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super().get_renderer_context()
        del context["indent"]
        return context

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        known = getattr(getattr(self.request, "user", None), "is_authenticated", False)
        private = known or bool(self.answers.lifted)
        validate = partial(add_validators, request, private=private)
        if hasattr(response, "add_post_render_callback"):
            response.add_post_render_callback(validate)
            return response
        return validate(response)
