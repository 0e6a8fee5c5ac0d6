"""The bare minimum that Wagtail asks of a base page: no SEO title, no "show in menus"."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import AbstractPage
from wagtail.models.pages import AbstractPageMeta

from wagtail_safeguarding.content.articles import ArticleMixin
from wagtail_safeguarding.content.collections import DocumentCollectionMixin
from wagtail_safeguarding.content.further_information import FurtherInformationPageMixin
from wagtail_safeguarding.content.indexes import ReviewIndexMixin
from wagtail_safeguarding.content.reviews import PracticeReviewMixin


class BasePage(AbstractPage):
    standfirst = models.TextField(blank=True)

    content_panels = [*AbstractPage.content_panels, FieldPanel("standfirst")]
    api_fields = [APIField("standfirst")]

    class Meta(AbstractPageMeta):
        pass


class SwappedIndex(ReviewIndexMixin, BasePage):
    pass


class SwappedReview(PracticeReviewMixin, BasePage):
    pass


class SwappedCollection(DocumentCollectionMixin, BasePage):
    pass


class SwappedFurtherInformation(FurtherInformationPageMixin, BasePage):
    pass


class SwappedArticle(ArticleMixin, BasePage):
    pass
