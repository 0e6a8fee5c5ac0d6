"""Wagtail's filters, and those on our fields. A value that cannot be meant is a 400."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db import models
from django.db.models import Q
from rest_framework.filters import BaseFilterBackend
from taggit.managers import TaggableManager
from wagtail.api.v2 import filters as wagtail_filters
from wagtail.api.v2.utils import BadRequestError, parse_boolean
from wagtail.fields import RichTextField, StreamField
from wagtail.search.backends import get_search_backend
from wagtail.search.backends.base import FilterError, FilterFieldError, OrderByFieldError

from wagtail_safeguarding.date_fields import PartialDateField
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.vocabularies.fields import TermsField

from .parameters import read_operator, read_search

STORED_TEXT = (RichTextField, StreamField)
"""As it is stored, text holds the keys of pages that may be hidden."""

MAX_TERMS = 10
MAX_ORDER = 5
MAX_NUMBER = 2**63 - 1
"""What a database can count."""
_KEY = re.compile(r"[-\w]{1,80}", re.ASCII)


def model_field(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def is_page_link(field: Any) -> bool:
    """Whether the field leads to a page: its key says something of a page that may be hidden."""
    related = getattr(field, "related_model", None)
    return isinstance(related, type) and issubclass(related, get_base_page_model())


def term_parameters(model: Any, names: set[str]) -> dict[str, str]:
    """Lists of terms by the parameters that ask for them: ``themes``, and ``theme``."""
    fields = [field for field in model._meta.get_fields() if isinstance(field, TermsField)]
    listed = [field for field in fields if field.name in names]
    return {key: field.name for field in listed for key in (field.scheme, field.name)}


def range_parameters(model: Any, names: set[str]) -> dict[str, str]:
    """Partial dates by the parameters for their ranges: ``review_date_from``, ``…_to``."""
    fields = [field for field in model._meta.get_fields() if isinstance(field, PartialDateField)]
    return {
        field.name + end: field.name
        for field in fields
        if field.name in names
        for end in ("_from", "_to")
    }


class FieldsFilter(BaseFilterBackend):
    """``?review_type=learning-review``, ``?theme=supervision,neglect``, ``?review_date_from=2019``.

    As Wagtail's own, but each value is checked by the field it is compared with.
    """

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        names = set(view.get_available_fields(queryset.model, db_fields_only=True))
        names.discard("locale")  # has a filter of its own
        terms = term_parameters(queryset.model, names)
        ranges = range_parameters(queryset.model, names)
        for name, value in request.GET.items():
            if name in terms:
                queryset = self.with_terms(queryset, name, terms[name], value)
            elif name in ranges:
                queryset = queryset.filter(self.in_range(name, ranges[name], value))
            elif name in names:
                queryset = self.with_value(queryset, name, value, view)
        return queryset

    def with_terms(self, queryset: Any, name: str, field: str, value: str) -> Any:
        """Pages with all of the terms, given by their keys."""
        keys = value.split(",")
        if len(keys) > MAX_TERMS:
            raise BadRequestError(f"{name} takes {MAX_TERMS} terms at most")
        for key in keys:
            if not _KEY.fullmatch(key):
                raise _bad_value(name, key, "not the key of a term")
            # As a subquery, so that no search backend has to know the look-up.
            tagged = queryset.model._default_manager.filter(**{f"{field}__has_term": key})
            queryset = queryset.filter(pk__in=tagged.values("pk"))
        return queryset

    def in_range(self, name: str, field: str, value: str) -> Q:
        """Dates that can lie in the range, as far as they are known: "2019" can be in July."""
        try:
            date = PartialDate.parse(value)
        except ValueError as error:
            raise _bad_value(name, value, str(error)) from error
        if name.endswith("_to"):
            return Q(**{f"{field}__lte": date.latest.isoformat()})
        first = date.earliest.isoformat()
        return Q(**{f"{field}__gte": first}) | Q(**{f"{field}__in": [first[:4], first[:7]]})

    def with_value(self, queryset: Any, name: str, value: Any, view: Any) -> Any:
        field = model_field(queryset.model, name)
        if isinstance(field, TaggableManager):
            for tag in value.split(","):
                queryset = queryset.filter(**{f"{name}__name": tag})
            queryset._filtered_by_tag = True  # Wagtail's search asks for it
            return queryset
        if isinstance(field, (*STORED_TEXT, models.JSONField)):
            raise BadRequestError(f"cannot filter by '{name}'{view.while_searching}")
        queryset = queryset.filter(**{name: self.read(name, field, value)})
        if is_page_link(field):
            # A hidden page and one that is not there are the same: nothing points to them.
            queryset = queryset.filter(**{f"{name}__in": view.answers.visible_pages().values("pk")})
        return queryset

    def read(self, name: str, field: Any, value: str) -> Any:
        try:
            if isinstance(field, models.BooleanField):
                return parse_boolean(value)
            if isinstance(field, models.IntegerField):
                return _countable(int(value))
            if isinstance(field, models.ForeignKey):
                return _countable(field.target_field.get_prep_value(value))
            if field is not None and field.is_relation:
                return _countable(field.related_model._meta.pk.get_prep_value(value))
            if field is not None and not isinstance(field, models.CharField | models.TextField):
                return field.to_python(value)
            if isinstance(field, PartialDateField):
                return str(PartialDate.parse(value))
        except (ValueError, TypeError) as error:
            raise _bad_value(name, value, str(error)) from error
        except ValidationError as error:
            raise _bad_value(name, value, " ".join(error.messages)) from error
        return value


def _countable(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise ValueError("the number is too large")
    return value


def _bad_value(name: str, value: Any, why: str) -> BadRequestError:
    return BadRequestError(f"field filter error. '{value}' is not a valid value for {name} ({why})")


class OrderingFilter(wagtail_filters.OrderingFilter):
    """Without an order by pages that may be hidden: it would tell where they stand."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        names = [name.removeprefix("-") for name in request.GET.get("order", "").split(",")]
        if len(names) > MAX_ORDER:
            raise BadRequestError(f"cannot order by more than {MAX_ORDER} fields")
        for name in names:
            field = model_field(queryset.model, name)
            if isinstance(field, STORED_TEXT):
                raise BadRequestError(f"cannot order by '{name}'{view.while_searching}")
            if name.startswith("-") or is_page_link(field):
                raise BadRequestError(f"cannot order by '{name}' (unknown field)")
        return super().filter_queryset(request, queryset, view)


class SearchFilter(BaseFilterBackend):
    """As Wagtail's own, for words that no search backend trips over."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        operator = read_operator(request)
        if "search" not in request.GET:
            return queryset
        if not getattr(settings, "WAGTAILAPI_SEARCH_ENABLED", True):
            raise BadRequestError("search is disabled")
        if getattr(queryset, "_filtered_by_tag", False):
            raise BadRequestError("filtering by tag with a search query is not supported")
        if request.GET.get("order") == "random":
            raise BadRequestError("random ordering with a search query is not supported")
        words = read_search(request)
        try:
            return get_search_backend().search(
                words, queryset, operator=operator, order_by_relevance="order" not in request.GET
            )
        except FilterFieldError as error:
            raise BadRequestError(
                f"cannot filter by '{error.field_name}' while searching (field is not indexed)"
            ) from error
        except OrderByFieldError as error:
            raise BadRequestError(
                f"cannot order by '{error.field_name}' while searching (field is not indexed)"
            ) from error
        except (FilterError, FieldError) as error:
            raise BadRequestError("cannot use this filter while searching") from error
