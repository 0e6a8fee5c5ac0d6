"""Further information: links to pages and other sites, in every type of page."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import (
    CharBlock,
    PageChooserBlock,
    StreamBlock,
    StructBlock,
    StructBlockValidationError,
    TextBlock,
    URLBlock,
)

from wagtail_safeguarding.api.shapes import LinkShape
from wagtail_safeguarding.fields import ItemsField
from wagtail_safeguarding.loaded import LoadedObjectsMixin
from wagtail_safeguarding.publication.readiness import Level, Problem
from wagtail_safeguarding.register.answers import Answers
from wagtail_safeguarding.register.sources import Sources

from .addresses import absolute, page_address
from .public import public_links

UNCLEAR_LINK_TEXTS = frozenset(
    {"here", "click here", "click", "link", "this link", "read more", "more", "this page", "this"}
)
"""Link texts that say nothing to somebody who hears a list of links (WCAG 2.4.4)."""


def is_unclear(text: str) -> bool:
    return re.sub(r"[^\w ]", "", text).strip().casefold() in UNCLEAR_LINK_TEXTS


class LinkedPageBlock(LoadedObjectsMixin, PageChooserBlock):
    """Wagtail's page chooser; a response that links many pages reads them together."""


class LinkBlock(StructBlock):
    """A link with what a reader needs to judge it. Without a target it is still shown."""

    title = CharBlock(
        label=_("Link text"),
        max_length=255,
        help_text=_("Say where the link leads; “here” tells a screen reader user nothing."),
    )
    page = LinkedPageBlock(label=_("Page of this site"), required=False)
    url = URLBlock(label=_("Or a web address"), required=False)
    organisation = CharBlock(label=_("Organisation"), required=False, max_length=255)
    description = TextBlock(label=_("Description"), required=False, rows=3)

    class Meta:
        icon = "link"
        label = _("Link")
        label_format = "{title}"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("page") and cleaned.get("url"):
            raise StructBlockValidationError(
                {"url": ValidationError(_("Choose a page or enter a web address, not both."))}
            )
        return cleaned

    def get_api_representation(self, value: Any, context: Any = None) -> LinkShape:
        request = (context or {}).get("request")
        return link_as_dict(value, request)


def link_url(value: Any, request: Any = None) -> str | None:
    """Where the link leads now; a page that the public cannot see has no address."""
    page = value.get("page")
    if page is None:
        return value.get("url") or None
    visible = Answers.for_request(request).get_visible([page.pk])
    return page_address(page, request) if visible else None


def link_as_dict(value: Any, request: Any = None) -> LinkShape:
    url = link_url(value, request)
    internal = value.get("page") is not None
    return {
        "title": value["title"],
        "description": value.get("description") or "",
        "organisation": value.get("organisation") or "",
        "url": absolute(request, url) if internal and url else url,
        "internal": internal,
    }


class LinksBlock(StreamBlock):
    link = LinkBlock()

    class Meta:
        required = False
        icon = "link"


class FurtherInformationMixin(models.Model):
    """Links with a heading, for any type of page."""

    further_information_heading = models.CharField(
        _("heading of further information"), max_length=255, blank=True
    )
    further_information = ItemsField(
        LinksBlock(), blank=True, verbose_name=_("further information")
    )

    class Meta:
        abstract = True

    def get_further_information(self, request: Any = None) -> list[LinkShape]:
        return [link_as_dict(child.value, request) for child in self.further_information]

    def get_public_further_information(self, sources: Sources) -> dict[str, Any]:
        return {
            "further_information_heading": self.further_information_heading,
            "further_information": public_links(self.further_information, sources),
        }


further_information_panel = MultiFieldPanel(
    [FieldPanel("further_information_heading"), FieldPanel("further_information")],
    heading=_("Further information"),
    help_text=_("Links for readers who want to know more."),
)


def link_text_problem(text: str, field: str) -> Problem:
    return Problem(
        "unclear-link-text",
        Level.WARNING,
        str(_("The link text “%s” does not say where the link leads.") % text),
        field,
    )
