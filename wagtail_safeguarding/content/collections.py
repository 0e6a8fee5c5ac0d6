"""The document collection: protocols, pathways and leaflets in headed sections."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.blocks import StreamBlock
from wagtail.fields import RichTextField
from wagtail.search import index

from wagtail_safeguarding.api.fields import RichTextSerializer
from wagtail_safeguarding.api.methods import (
    EmergencyLinesSerializer,
    LinksSerializer,
    UUIDSerializer,
)
from wagtail_safeguarding.fields import ItemsField
from wagtail_safeguarding.register.schema import PublicCollection
from wagtail_safeguarding.register.sources import Sources

from .base import ContentPage
from .composed import ComposedList
from .documents import (
    DocumentSectionBlock,
    iter_values,
    rows_for_request,
)
from .kinds import COLLECTION
from .links import FurtherInformationMixin, further_information_panel
from .public import public_sections
from .readiness_panel import ReadinessPanel
from .rich_text import RICH_TEXT_FEATURES


class SectionsBlock(StreamBlock):
    section = DocumentSectionBlock()

    class Meta:
        required = False


class DocumentCollectionMixin(FurtherInformationMixin, ContentPage):
    """Documents that serve many reviews, in sections.

    ``class Protocols(DocumentCollectionMixin, YourBasePage): pass``
    """

    kind = COLLECTION
    safeguarding_template = "wagtail_safeguarding/document_collection.html"

    introduction = RichTextField(_("introduction"), blank=True, features=RICH_TEXT_FEATURES)
    sections = ItemsField(SectionsBlock(), blank=True, verbose_name=_("sections"))

    content_panels = ComposedList(
        [
            ReadinessPanel(),
            FieldPanel("introduction"),
            FieldPanel("sections"),
            further_information_panel,
        ]
    )

    api_fields = ComposedList(
        [
            APIField("uuid", serializer=UUIDSerializer("get_api_uuid")),
            APIField("introduction", serializer=RichTextSerializer()),
            APIField("sections"),
            APIField("further_information_heading"),
            APIField("further_information", serializer=LinksSerializer("get_further_information")),
            APIField("emergency_lines", serializer=EmergencyLinesSerializer("get_emergency_lines")),
        ]
    )

    search_fields = ComposedList([index.SearchField("introduction"), index.SearchField("sections")])

    class Meta:
        abstract = True

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["sections"] = [
            (child.value, rows_for_request(iter_values(child.value["documents"]), request))
            for child in self.sections
        ]
        return context

    def get_public_form(self, sources: Sources) -> PublicCollection:
        return PublicCollection(
            **self.get_public_basics(sources),
            summary=sources.html(self.introduction),
            sections=public_sections(self.sections, sources),
            **self.get_public_further_information(sources),
        )
