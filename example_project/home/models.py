"""The council's own page types. They know nothing of the package."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index


class CouncilPage(Page):
    """The base of every page type that the council wrote."""

    introduction = models.TextField(
        blank=True, help_text="One or two sentences below the title, in plain words."
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    api_fields = [APIField("introduction")]

    class Meta:
        abstract = True


class HomePage(CouncilPage):
    """Title, introduction, and the sections of the site."""

    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = self.get_children().live().public().order_by("path")
        return context
