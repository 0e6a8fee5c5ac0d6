"""The article: text, documents and links, with comments closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.search import index

from wagtail_safeguarding.api.fields import (
    PartialDateSerializer,
    RichTextSerializer,
)
from wagtail_safeguarding.api.methods import (
    CommentsSerializer,
    DocumentsSerializer,
    EmergencyLinesSerializer,
    LinksSerializer,
    UUIDSerializer,
)
from wagtail_safeguarding.date_fields import PartialDateField
from wagtail_safeguarding.fields import ItemsField
from wagtail_safeguarding.register.rich_text import without_hidden_links
from wagtail_safeguarding.register.schema import PublicArticle

from .base import ContentPage
from .body import BodyBlock
from .comments import CommentsClosedMixin, comments_panel
from .composed import ComposedList
from .documents import DocumentsBlock, public_date
from .kinds import ARTICLE
from .links import FurtherInformationMixin, further_information_panel
from .readiness_panel import ReadinessPanel
from .rich_text import RICH_TEXT_FEATURES


class ArticleMixin(FurtherInformationMixin, CommentsClosedMixin, ContentPage):
    """News or guidance beside the reviews; nobody can comment on it.

    ``class Article(ArticleMixin, YourBasePage): pass``
    """

    kind = ARTICLE
    safeguarding_template = "wagtail_safeguarding/article.html"

    article_date = PartialDateField(_("date"))
    summary = RichTextField(_("summary"), blank=True, features=RICH_TEXT_FEATURES)
    body = ItemsField(BodyBlock(), blank=True, verbose_name=_("text"))
    documents = ItemsField(DocumentsBlock(), blank=True, verbose_name=_("documents"))

    content_panels = ComposedList(
        [
            ReadinessPanel(),
            FieldPanel("article_date"),
            FieldPanel("summary"),
            FieldPanel("body"),
            FieldPanel("documents"),
            further_information_panel,
            comments_panel,
        ]
    )

    api_fields = ComposedList(
        [
            APIField("uuid", serializer=UUIDSerializer("get_api_uuid")),
            APIField("article_date", serializer=PartialDateSerializer()),
            APIField("summary", serializer=RichTextSerializer()),
            APIField("body"),
            APIField("documents", serializer=DocumentsSerializer("get_api_documents")),
            APIField("further_information_heading"),
            APIField("further_information", serializer=LinksSerializer("get_further_information")),
            APIField("comments", serializer=CommentsSerializer()),
            APIField("emergency_lines", serializer=EmergencyLinesSerializer("get_emergency_lines")),
        ]
    )

    search_fields = ComposedList([index.SearchField("summary"), index.SearchField("body")])

    class Meta:
        abstract = True

    def get_public_form(self, open_versions: set[int]) -> PublicArticle:
        return PublicArticle(
            title=self.title,
            language=self.get_language(),
            summary=without_hidden_links(self.summary),
            date=public_date(self.article_date),
            body=self.body.get_prep_value(),
            documents=self.get_public_rows("documents", open_versions),
            further_information=self.get_public_links(),
            comments=self.get_public_comments(),
        )
