"""The further-information page: links to other places, with what to expect there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.search import index

from wagtail_safeguarding.api.fields import RichTextSerializer
from wagtail_safeguarding.api.methods import (
    EmergencyLinesSerializer,
    LinksSerializer,
    UUIDSerializer,
)
from wagtail_safeguarding.register.schema import PublicFurtherInformation
from wagtail_safeguarding.register.sources import Sources

from .base import ContentPage
from .composed import ComposedList
from .kinds import FURTHER_INFORMATION
from .links import FurtherInformationMixin, further_information_panel
from .readiness_panel import ReadinessPanel
from .rich_text import RICH_TEXT_FEATURES


class FurtherInformationPageMixin(FurtherInformationMixin, ContentPage):
    """A page of links.

    ``class UsefulLinks(FurtherInformationPageMixin, YourBasePage): pass``
    """

    kind = FURTHER_INFORMATION
    safeguarding_template = "wagtail_safeguarding/further_information.html"

    introduction = RichTextField(_("introduction"), blank=True, features=RICH_TEXT_FEATURES)

    content_panels = ComposedList(
        [ReadinessPanel(), FieldPanel("introduction"), further_information_panel]
    )

    api_fields = ComposedList(
        [
            APIField("uuid", serializer=UUIDSerializer("get_api_uuid")),
            APIField("introduction", serializer=RichTextSerializer()),
            APIField("further_information_heading"),
            APIField("further_information", serializer=LinksSerializer("get_further_information")),
            APIField("emergency_lines", serializer=EmergencyLinesSerializer("get_emergency_lines")),
        ]
    )

    search_fields = ComposedList(
        [index.SearchField("introduction"), index.SearchField("further_information")]
    )

    class Meta:
        abstract = True

    def get_public_form(self, sources: Sources) -> PublicFurtherInformation:
        return PublicFurtherInformation(
            **self.get_public_basics(sources),
            summary=sources.html(self.introduction),
            **self.get_public_further_information(sources),
        )
