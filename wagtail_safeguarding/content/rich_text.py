"""Rich text inside a StreamField."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import RichTextBlock
from wagtail.rich_text import RichText

from wagtail_safeguarding.register.rich_text import without_hidden_links

RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class PublicRichTextBlock(RichTextBlock):
    """Wagtail's block; what the API sends of it names no page that the public cannot see."""

    def get_api_representation(self, value: RichText, context: Any = None) -> str:
        request = (context or {}).get("request")
        shown = RichText(without_hidden_links(value.source, request))
        text: str = super().get_api_representation(shown, context)
        return text
