"""Wagtail's page serializer, which names no page that the one who asks cannot see."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch
from wagtail.api.v2 import serializers as wagtail_serializers

from wagtail_safeguarding.pagemodel import get_base_page_model


class VisibleRelatedField(wagtail_serializers.RelatedField):
    """A related object; null for a page that is hidden."""

    def get_attribute(self, instance: Any) -> Any:
        related = super().get_attribute(instance)
        if isinstance(related, get_base_page_model()):
            visible = self.context["view"].answers.get_visible([related.pk])
            return related if visible else None
        return related


class AliasOfField(wagtail_serializers.PageAliasOfField):
    """The source of an alias; null while that is hidden."""

    def get_attribute(self, instance: Any) -> Any:
        answers, pk = self.context["view"].answers, instance.alias_of_id
        if pk is None:
            return None
        source = answers.get_pages([pk]).get(pk)
        return source if answers.get_visible([pk]) else None


class HtmlUrlField(wagtail_serializers.PageHtmlUrlField):
    """The page's address; what Wagtail looks up of the sites is kept on the request."""

    def to_representation(self, page: Any) -> str | None:
        try:
            url: str | None = page.get_full_url(self.context["request"])
        except NoReverseMatch:
            return None
        return url


class SafeguardingPageSerializer(wagtail_serializers.PageSerializer):
    serializer_related_field = VisibleRelatedField

    html_url = HtmlUrlField(read_only=True)
    alias_of = AliasOfField(read_only=True)


def guarded(serializer: Any) -> Any:
    """The serializer class of a related or child model, with our fields all the way down."""
    children = {name: guarded(child) for name, child in serializer.child_serializer_classes.items()}
    return type(
        serializer.__name__,
        (serializer,),
        {"serializer_related_field": VisibleRelatedField, "child_serializer_classes": children},
    )
