"""Ready-made page types over Wagtail's own ``Page``.

A site with a base page of its own leaves this app out and subclasses the mixins in two
lines each.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_safeguarding.content.articles import ArticleMixin
from wagtail_safeguarding.content.collections import DocumentCollectionMixin
from wagtail_safeguarding.content.further_information import FurtherInformationPageMixin
from wagtail_safeguarding.content.indexes import ReviewIndexMixin
from wagtail_safeguarding.content.reviews import PracticeReviewMixin


class ReviewIndexPage(ReviewIndexMixin, Page):
    page_description = _("Lists the practice reviews below it, newest first.")

    class Meta:
        verbose_name = _("review index")
        verbose_name_plural = _("review indexes")


class PracticeReviewPage(PracticeReviewMixin, Page):
    page_description = _("One practice review with its report and other documents.")
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("practice review")
        verbose_name_plural = _("practice reviews")


class DocumentCollectionPage(DocumentCollectionMixin, Page):
    page_description = _("Protocols, pathways and leaflets in sections.")

    class Meta:
        verbose_name = _("document collection")
        verbose_name_plural = _("document collections")


class FurtherInformationPage(FurtherInformationPageMixin, Page):
    page_description = _("Links to other places, with what to expect there.")

    class Meta:
        verbose_name = _("further information page")
        verbose_name_plural = _("further information pages")


class ArticlePage(ArticleMixin, Page):
    page_description = _("Text with documents and links; comments are closed.")

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
