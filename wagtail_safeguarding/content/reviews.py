"""The practice review: what is known of one review, all but title and type optional."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, islice
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.search import index

from wagtail_safeguarding.api.fields import (
    PartialDateSerializer,
    RichTextSerializer,
    TermSerializer,
    TermsSerializer,
)
from wagtail_safeguarding.api.methods import (
    DocumentsSerializer,
    EmergencyLinesSerializer,
    LinksSerializer,
    NamedReviewsSerializer,
    UUIDSerializer,
)
from wagtail_safeguarding.date_fields import PartialDateField, partial_date_as_dict
from wagtail_safeguarding.fields import ItemsField
from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.register.answers import Answers
from wagtail_safeguarding.register.schema import PublicReview
from wagtail_safeguarding.register.sources import Sources
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.fields import TermField, TermsField
from wagtail_safeguarding.vocabularies.lookup import Vocabulary

from .base import ContentPage
from .body import (
    BodyBlock,
    LearningPointsBlock,
    RecommendationsBlock,
    RelatedReviewsBlock,
    SubjectsBlock,
)
from .composed import ComposedList
from .documents import (
    DocumentRow,
    DocumentsBlock,
    iter_values,
    rows_for_request,
)
from .kinds import REVIEW
from .links import FurtherInformationMixin, further_information_panel
from .public import (
    public_blocks,
    public_date,
    public_documents,
    public_points,
    public_recommendations,
    text,
    values,
)
from .readiness_panel import ReadinessPanel
from .rich_text import RICH_TEXT_FEATURES


class PracticeReviewMixin(FurtherInformationMixin, ContentPage):
    """A child safeguarding practice review, or any other review of its kind.

    ``class ReviewPage(PracticeReviewMixin, YourBasePage): pass``
    """

    kind = REVIEW
    safeguarding_template = "wagtail_safeguarding/practice_review.html"

    review_type = TermField(_("type of review"), scheme=Scheme.REVIEW_TYPE)
    subjects = ItemsField(SubjectsBlock(), blank=True, verbose_name=_("children (pseudonyms)"))
    reference = models.CharField(
        _("reference"),
        max_length=80,
        blank=True,
        help_text=_("The partnership's own reference, if it is published."),
    )
    review_date = PartialDateField(_("date of the review"))
    summary = RichTextField(_("summary"), blank=True, features=RICH_TEXT_FEATURES)
    body = ItemsField(BodyBlock(), blank=True, verbose_name=_("text"))
    outcome = TermField(_("outcome"), scheme=Scheme.OUTCOME, blank=True)
    age_band = TermField(_("age of the child"), scheme=Scheme.AGE_BAND, blank=True)
    harms = TermsField(_("harms"), scheme=Scheme.HARM)
    themes = TermsField(_("practice themes"), scheme=Scheme.THEME)
    learning_points = ItemsField(
        LearningPointsBlock(), blank=True, verbose_name=_("learning points")
    )
    recommendations = ItemsField(
        RecommendationsBlock(), blank=True, verbose_name=_("recommendations")
    )
    documents = ItemsField(DocumentsBlock(), blank=True, verbose_name=_("documents"))
    related_reviews = ItemsField(
        RelatedReviewsBlock(), blank=True, verbose_name=_("related reviews")
    )
    related_documents = ItemsField(
        DocumentsBlock(),
        blank=True,
        verbose_name=_("related protocols and leaflets"),
        help_text=_("Documents that other reviews share. The same file can stand on many pages."),
    )

    content_panels = ComposedList(
        [
            ReadinessPanel(),
            MultiFieldPanel(
                [
                    FieldPanel("review_type"),
                    FieldPanel("review_date"),
                    FieldPanel("subjects"),
                    FieldPanel("reference"),
                ],
                heading=_("About the review"),
            ),
            FieldPanel("documents"),
            MultiFieldPanel(
                [FieldPanel("summary"), FieldPanel("body")], heading=_("Summary and text")
            ),
            MultiFieldPanel(
                [FieldPanel("learning_points"), FieldPanel("recommendations")],
                heading=_("Learning and recommendations"),
                classname="collapsed",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("outcome"), FieldPanel("age_band")]),
                    FieldPanel("harms"),
                    FieldPanel("themes"),
                ],
                heading=_("For researchers"),
                classname="collapsed",
                help_text=_(
                    "Helps people to find reviews like this one. Leave out what could identify "
                    "a child: sex, ethnicity, disability and placement are never published."
                ),
            ),
            MultiFieldPanel(
                [FieldPanel("related_reviews"), FieldPanel("related_documents")],
                heading=_("Related"),
                classname="collapsed",
            ),
            further_information_panel,
        ]
    )

    api_fields = ComposedList(
        [
            APIField("uuid", serializer=UUIDSerializer("get_api_uuid")),
            APIField("review_type", serializer=TermSerializer(Scheme.REVIEW_TYPE)),
            APIField("subjects"),
            APIField("reference"),
            APIField("review_date", serializer=PartialDateSerializer()),
            APIField("summary", serializer=RichTextSerializer()),
            APIField("body"),
            APIField("outcome", serializer=TermSerializer(Scheme.OUTCOME)),
            APIField("age_band", serializer=TermSerializer(Scheme.AGE_BAND)),
            APIField("harms", serializer=TermsSerializer(Scheme.HARM)),
            APIField("themes", serializer=TermsSerializer(Scheme.THEME)),
            APIField("learning_points"),
            APIField("recommendations"),
            APIField("documents", serializer=DocumentsSerializer("get_api_documents")),
            APIField(
                "related_reviews", serializer=NamedReviewsSerializer("get_api_related_reviews")
            ),
            APIField(
                "related_documents", serializer=DocumentsSerializer("get_api_related_documents")
            ),
            APIField("further_information_heading"),
            APIField("further_information", serializer=LinksSerializer("get_further_information")),
            APIField("emergency_lines", serializer=EmergencyLinesSerializer("get_emergency_lines")),
        ]
    )

    search_fields = ComposedList(
        [
            index.SearchField("reference"),
            index.SearchField("summary"),
            index.SearchField("body"),
            index.FilterField("review_type"),
            index.FilterField("review_date"),
        ]
    )

    class Meta:
        abstract = True

    @property
    def subject_names(self) -> list[str]:
        return [child.value for child in self.subjects]

    @property
    def related_pks(self) -> list[int]:
        """The pages chosen as related, shown or not."""
        return [child.value.pk for child in self.related_reviews if child.value is not None]

    def get_related_reviews(self, request: Any = None) -> list[Any]:
        """The related reviews that the public can see, in the editor's order."""
        pks = self.related_pks
        pages = Answers.for_request(request).get_visible_pages(pks)
        found = [pages[pk] for pk in pks if pk in pages]
        return [page for page in found if getattr(page, "kind", None) == REVIEW]

    @classmethod
    def read_for_api(cls, pages: list[Any], names: Collection[str], request: Any) -> None:
        super().read_for_api(pages, names, request)
        if "related_reviews" in names:
            related = {pk for page in pages for pk in page.related_pks}
            Answers.for_request(request).get_visible_pages(related)

    def get_api_related_reviews(self, request: Any = None) -> list[dict[str, Any]]:
        return [review_as_dict(page, request) for page in self.get_related_reviews(request)]

    def get_api_related_documents(self, request: Any = None) -> list[dict[str, Any]]:
        return self.get_api_rows("related_documents", request)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["related_documents"] = self.get_rows("related_documents", request)
        context["related_reviews"] = self.get_related_reviews(request)
        return context

    def get_public_form(self, sources: Sources) -> PublicReview:
        return PublicReview(
            **self.get_public_basics(sources),
            summary=sources.html(self.summary),
            date=public_date(self.review_date),
            body=public_blocks(self.body, sources),
            documents=public_documents(self.documents, sources),
            **self.get_public_further_information(sources),
            review_type=self.review_type or None,
            jurisdiction=sources.jurisdictions.get(self.review_type, ""),
            subjects=[text(subject) for subject in values(self.subjects)],
            reference=self.reference,
            outcome=self.outcome or None,
            age_band=self.age_band or None,
            harms=self.harms,
            themes=self.themes,
            learning_points=public_points(self.learning_points, sources),
            recommendations=public_recommendations(self.recommendations),
            related_reviews=sources.records_of(
                as_pk(pk) or 0 for pk in values(self.related_reviews)
            ),
            related_documents=public_documents(self.related_documents, sources),
        )


def review_as_dict(page: Any, request: Any = None) -> dict[str, Any]:
    """A review as another page names it."""
    vocabulary = Vocabulary.for_request(request)
    return {
        "id": page.pk,
        "title": page.title,
        "review_type": vocabulary.get_dict(Scheme.REVIEW_TYPE, page.review_type),
        "review_date": partial_date_as_dict(page.review_date),
        "url": page.get_full_url(request),
    }


def reviews_with_rows(
    reviews: list[Any], request: Any = None
) -> list[tuple[Any, list[DocumentRow]]]:
    """The reviews, each with the rows of its documents: as many queries for many as for one.

    Read page by page, each list would ask the database for its own files.
    """
    by_type: dict[type, list[Any]] = {}
    for review in reviews:
        by_type.setdefault(type(review), []).append(review)
    values: dict[int, list[Any]] = {}
    for pages in by_type.values():
        block = pages[0].documents.stream_block
        streams = block.bulk_to_python([list(page.documents.raw_data) for page in pages])
        for page, stream in zip(pages, streams, strict=True):
            values[page.pk] = list(iter_values(stream))
    in_order = chain.from_iterable(values[review.pk] for review in reviews)
    rows = iter(rows_for_request(in_order, request))
    return [(review, list(islice(rows, len(values[review.pk])))) for review in reviews]
