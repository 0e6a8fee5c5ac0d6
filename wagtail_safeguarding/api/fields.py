"""Serializer fields for Wagtail's API v2 (and v3, which reads the same classes)."""

from __future__ import annotations

from typing import Any, cast

from rest_framework.fields import Field

from wagtail_safeguarding.api.requests import current_request
from wagtail_safeguarding.api.rich_text import format_rich_text
from wagtail_safeguarding.api.shapes import PartialDateShape, TermShape
from wagtail_safeguarding.date_fields import partial_date_as_dict
from wagtail_safeguarding.register.rich_text import without_hidden_links
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import Vocabulary


class ReadOnlyField(Field):
    def __init__(self, **kwargs: Any) -> None:
        kwargs["read_only"] = True
        super().__init__(**kwargs)

    @property
    def request(self) -> Any:
        return self.context.get("request") or current_request()


class PartialDateSerializer(ReadOnlyField):
    """``{"value": "2019-07", "precision": "month"}``, or null."""

    def to_representation(self, value: Any) -> PartialDateShape | None:
        return cast(PartialDateShape | None, partial_date_as_dict(value))


class TermSerializer(ReadOnlyField):
    """``{"scheme", "key", "label", "abbreviation"}``, or null."""

    def __init__(self, scheme: Scheme | str, **kwargs: Any) -> None:
        self.scheme = str(scheme)
        super().__init__(**kwargs)

    def to_representation(self, value: str) -> TermShape | None:
        term = Vocabulary.for_request(self.request).get_dict(self.scheme, value)
        return cast(TermShape | None, term)


class TermsSerializer(TermSerializer):
    """A list of terms."""

    def to_representation(self, value: list[str]) -> list[TermShape]:  # type: ignore[override]
        terms = Vocabulary.for_request(self.request).get_dicts(self.scheme, value)
        return cast(list[TermShape], terms)


class RichTextSerializer(ReadOnlyField):
    """Rich text in the format that Wagtail's API was asked for, without hidden pages.

    Wagtail 8.0 offers formats (``?rich_text_format=``); 7.4 sends what it stores.
    """

    def to_representation(self, value: str) -> str:
        return format_rich_text(without_hidden_links(value, self.request), self.request)


class MethodSerializer(ReadOnlyField):
    """What a method of the page answers, called with the request."""

    def __init__(self, method: str, **kwargs: Any) -> None:
        self.method = method
        kwargs["source"] = "*"
        super().__init__(**kwargs)

    def to_representation(self, page: Any) -> Any:
        return getattr(page, self.method)(self.request)
