"""A review as a site would write it without the package: the same fields, rows, references to
files and search index, and nothing that looks at a publication."""

from __future__ import annotations

from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from wagtail_safeguarding.content.body import (
    BodyBlock,
    LearningPointsBlock,
    RecommendationsBlock,
    RelatedReviewsBlock,
    SubjectsBlock,
)
from wagtail_safeguarding.content.documents import DocumentsBlock
from wagtail_safeguarding.content.links import LinksBlock
from wagtail_safeguarding.fields import ItemsField


class PlainReview(Page):
    review_type = models.CharField(max_length=80)
    subjects = ItemsField(SubjectsBlock(), blank=True)
    reference = models.CharField(max_length=80, blank=True)
    review_date = models.CharField(max_length=10, blank=True)
    summary = RichTextField(blank=True)
    body = ItemsField(BodyBlock(), blank=True)
    outcome = models.CharField(max_length=80, blank=True)
    age_band = models.CharField(max_length=80, blank=True)
    harms = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    learning_points = ItemsField(LearningPointsBlock(), blank=True)
    recommendations = ItemsField(RecommendationsBlock(), blank=True)
    documents = ItemsField(DocumentsBlock(), blank=True)
    related_reviews = ItemsField(RelatedReviewsBlock(), blank=True)
    related_documents = ItemsField(DocumentsBlock(), blank=True)
    further_information_heading = models.CharField(max_length=255, blank=True)
    further_information = ItemsField(LinksBlock(), blank=True)

    search_fields = [
        *Page.search_fields,
        index.SearchField("reference"),
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("review_type"),
        index.FilterField("review_date"),
    ]
