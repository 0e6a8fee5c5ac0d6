"""The review index: a publisher's reviews, newest first, with what belongs around them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.search import index

from wagtail_safeguarding.api.fields import RichTextSerializer
from wagtail_safeguarding.api.methods import (
    CommentsSerializer,
    DocumentsSerializer,
    EmergencyLinesSerializer,
    LinksSerializer,
    NamedReviewsSerializer,
    TextSerializer,
    UUIDSerializer,
)
from wagtail_safeguarding.fields import ItemsField
from wagtail_safeguarding.register.schema import EmergencyLine, PublicIndex
from wagtail_safeguarding.register.sources import Sources

from .base import ContentPage
from .comments import CommentsClosedMixin, comments_panel
from .composed import ComposedList
from .documents import DocumentsBlock
from .emergency import EmergencyLinesBlock, lines_as_dicts
from .kinds import INDEX
from .links import FurtherInformationMixin, further_information_panel
from .public import public_documents
from .readiness_panel import ReadinessPanel
from .reviews import review_as_dict, reviews_with_rows
from .rich_text import RICH_TEXT_FEATURES
from .shared import SharedContent


class Ordering(models.TextChoices):
    DATE = "date", _("Newest first, by the date of the review")
    MANUAL = "manual", _("As ordered by hand in the page explorer")


class ReviewIndexMixin(FurtherInformationMixin, CommentsClosedMixin, ContentPage):
    """The page above a publisher's reviews.

    ``class ReviewIndex(ReviewIndexMixin, YourBasePage): pass``
    """

    kind = INDEX
    safeguarding_template = "wagtail_safeguarding/review_index.html"

    publisher = models.CharField(
        _("publisher"),
        max_length=255,
        blank=True,
        help_text=_("Leave empty to use the publisher of the site's safeguarding settings."),
    )
    emergency_lines = ItemsField(
        EmergencyLinesBlock(),
        blank=True,
        verbose_name=_("emergency lines"),
        help_text=_("Leave empty to use those of the site's safeguarding settings."),
    )
    introduction = RichTextField(_("introduction"), blank=True, features=RICH_TEXT_FEATURES)
    documents = ItemsField(
        DocumentsBlock(),
        blank=True,
        verbose_name=_("documents"),
        help_text=_("Documents that belong to no single review."),
    )
    ordering = models.CharField(
        _("order of the reviews"),
        max_length=6,
        choices=Ordering.choices,
        default=Ordering.DATE,
    )

    content_panels = ComposedList(
        [
            ReadinessPanel(),
            MultiFieldPanel(
                [FieldPanel("publisher"), FieldPanel("emergency_lines")],
                heading=_("Publisher and emergency lines"),
            ),
            FieldPanel("introduction"),
            FieldPanel("documents"),
            FieldPanel("ordering"),
            further_information_panel,
            comments_panel,
        ]
    )

    api_fields = ComposedList(
        [
            APIField("uuid", serializer=UUIDSerializer("get_api_uuid")),
            APIField("publisher", serializer=TextSerializer("get_publisher")),
            APIField("emergency_lines", serializer=EmergencyLinesSerializer("get_emergency_lines")),
            APIField("introduction", serializer=RichTextSerializer()),
            APIField("documents", serializer=DocumentsSerializer("get_api_documents")),
            APIField("ordering"),
            APIField("reviews", serializer=NamedReviewsSerializer("get_api_reviews")),
            APIField("further_information_heading"),
            APIField("further_information", serializer=LinksSerializer("get_further_information")),
            APIField("comments", serializer=CommentsSerializer()),
        ]
    )

    search_fields = ComposedList(
        [index.SearchField("publisher"), index.SearchField("introduction")]
    )

    class Meta:
        abstract = True

    def get_publisher(self, request: Any = None) -> str:
        if self.publisher:
            return self.publisher
        settings = self.get_site_settings(request)
        return settings.publisher if settings else ""

    @classmethod
    def read_for_api(cls, pages: list[Any], names: Collection[str], request: Any) -> None:
        super().read_for_api(pages, names, request)
        if "reviews" in names:
            SharedContent.for_request(request).read_reviews(pages)

    def get_reviews(self, request: Any = None) -> list[Any]:
        """The public reviews below this page, in the order the editor asked for.

        By date: the newest first by what is known of it, undated ones last; equal dates
        in the order of the page explorer.
        """
        reviews = SharedContent.for_request(request).reviews_below(self)
        if self.ordering == Ordering.DATE:
            reviews.sort(
                key=lambda review: str(review.review_date) if review.review_date else "",
                reverse=True,
            )
        return reviews

    def get_api_reviews(self, request: Any = None) -> list[dict[str, Any]]:
        return [review_as_dict(review, request) for review in self.get_reviews(request)]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["publisher"] = self.get_publisher(request)
        context["reviews"] = reviews_with_rows(self.get_reviews(request), request)
        return context

    def get_public_form(self, sources: Sources) -> PublicIndex:
        return PublicIndex(
            **self.get_public_basics(sources),
            own_publisher=self.publisher,
            own_emergency_lines=[
                EmergencyLine(**line) for line in lines_as_dicts(self.emergency_lines)
            ],
            summary=sources.html(self.introduction),
            documents=public_documents(self.documents, sources),
            **self.get_public_further_information(sources),
            comments=self.get_public_comments(sources),
        )
