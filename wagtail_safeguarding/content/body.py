"""The blocks an editor builds the text of a page from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BlockQuoteBlock,
    CharBlock,
    DateBlock,
    PageChooserBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)

from wagtail_safeguarding.date_fields import PartialDateBlock
from wagtail_safeguarding.loaded import LoadedObjectsMixin
from wagtail_safeguarding.vocabularies.blocks import TermBlock, TermsBlock
from wagtail_safeguarding.vocabularies.defaults import Scheme

from .documents import DocumentBlock
from .kinds import review_models
from .links import LinkBlock
from .rich_text import RICH_TEXT_FEATURES, PublicRichTextBlock


class BodyBlock(StreamBlock):
    """Headings, text, quotations, and documents or links where they belong in the text."""

    heading = CharBlock(
        label=_("Heading"),
        icon="title",
        max_length=255,
        template="wagtail_safeguarding/blocks/heading.html",
    )
    paragraph = PublicRichTextBlock(
        label=_("Text"), icon="pilcrow", features=[*RICH_TEXT_FEATURES, "h3", "h4"]
    )
    quotation = BlockQuoteBlock(label=_("Quotation"))
    document = DocumentBlock()
    link = LinkBlock(template="wagtail_safeguarding/blocks/link.html")

    class Meta:
        required = False


class LearningPointBlock(StructBlock):
    title = CharBlock(label=_("In short"), max_length=255)
    text = PublicRichTextBlock(label=_("Text"), required=False, features=RICH_TEXT_FEATURES)
    themes = TermsBlock(Scheme.THEME, label=_("Themes"), required=False)

    class Meta:
        icon = "pick"
        label = _("Learning point")
        label_format = "{title}"


class LearningPointsBlock(StreamBlock):
    learning_point = LearningPointBlock()

    class Meta:
        required = False


class RecommendationBlock(StructBlock):
    text = TextBlock(label=_("Recommendation"), rows=3)
    owner = CharBlock(label=_("Owner agency"), required=False, max_length=255)
    status = TermBlock(Scheme.RECOMMENDATION_STATUS, label=_("Status"), required=False)
    due = PartialDateBlock(label=_("Due"), required=False)
    updated = DateBlock(label=_("Updated on"), required=False)

    class Meta:
        icon = "tasks"
        label = _("Recommendation")
        label_format = "{text}"


class RecommendationsBlock(StreamBlock):
    recommendation = RecommendationBlock()

    class Meta:
        required = False


class SubjectsBlock(StreamBlock):
    """The pseudonyms of the children. A pseudonym is not an id: two reviews may share one."""

    subject = CharBlock(
        label=_("Pseudonym"), max_length=80, help_text=_("For example Child B. Never a real name.")
    )

    class Meta:
        required = False


class ReviewChooserBlock(LoadedObjectsMixin, PageChooserBlock):
    """Chooses any page type of this site that is a practice review."""

    @property
    def target_models(self) -> list[Any]:
        return review_models()


class RelatedReviewsBlock(StreamBlock):
    review = ReviewChooserBlock(label=_("Review"))

    class Meta:
        required = False
