"""The council's base page, with something of its own in every place that a mixin also uses."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from wagtail_safeguarding.content.articles import ArticleMixin
from wagtail_safeguarding.content.collections import DocumentCollectionMixin
from wagtail_safeguarding.content.further_information import FurtherInformationPageMixin
from wagtail_safeguarding.content.indexes import ReviewIndexMixin
from wagtail_safeguarding.content.reviews import PracticeReviewMixin


class CouncilPageForm(WagtailAdminPageForm):
    """The council's own rule for each of its pages."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "untitled" in cleaned.get("title", "").casefold():
            self.add_error("title", "The council wants a real title.")
        return cleaned


class CouncilPage(Page):
    """The concrete base of every page type that the council wrote."""

    standfirst = models.TextField(blank=True)
    contact_team = models.CharField(max_length=100, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("standfirst")]
    promote_panels = [*Page.promote_panels, FieldPanel("contact_team")]
    api_fields = [APIField("standfirst")]
    search_fields = [*Page.search_fields, index.SearchField("standfirst")]
    base_form_class = CouncilPageForm


class CouncilIndex(ReviewIndexMixin, CouncilPage):
    pass


class CouncilReview(PracticeReviewMixin, CouncilPage):
    pass


class CouncilCollection(DocumentCollectionMixin, CouncilPage):
    pass


class CouncilFurtherInformation(FurtherInformationPageMixin, CouncilPage):
    pass


class CouncilArticle(ArticleMixin, CouncilPage):
    pass


class CouncilAuditForm(CouncilPageForm):
    """A form of one page type, over the form of the base page."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("reference"):
            self.add_error("reference", "An audit has a reference.")
        return cleaned


class CouncilAudit(PracticeReviewMixin, CouncilPage):
    """A type whose form the council set on the type itself."""

    base_form_class = CouncilAuditForm
