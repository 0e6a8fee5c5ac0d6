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
from wagtail_safeguarding.register.schema import PublicArticle
from wagtail_safeguarding.register.sources import Sources

from .base import ContentPage
from .body import BodyBlock
from .comments import CommentsClosedMixin, comments_panel
from .composed import ComposedList
from .documents import DocumentsBlock
from .kinds import ARTICLE
from .links import FurtherInformationMixin, further_information_panel
from .public import public_blocks, public_date, public_documents
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

    def get_public_form(self, sources: Sources) -> PublicArticle:
        return PublicArticle(
            **self.get_public_basics(sources),
            summary=sources.html(self.summary),
            date=public_date(self.article_date),
            body=public_blocks(self.body, sources),
            documents=public_documents(self.documents, sources),
            **self.get_public_further_information(sources),
            comments=self.get_public_comments(sources),
        )
