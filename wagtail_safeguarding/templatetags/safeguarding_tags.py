"""What the public templates need to word dates, files, languages, terms and links.

``{% load safeguarding_tags %}`` in a template of your own gives you the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from bs4.element import PreformattedString
from django import template
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext, gettext_noop, ngettext
from wagtail.rich_text import expand_db_html
from wagtail.whitelist import DEFAULT_ELEMENT_RULES, Whitelister

from wagtail_safeguarding.api.shapes import LinkShape
from wagtail_safeguarding.content.documents import DocumentBlock, DocumentRow, rows_for_request
from wagtail_safeguarding.content.emergency import tel
from wagtail_safeguarding.content.links import link_as_dict
from wagtail_safeguarding.date_fields import format_partial_date
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.register.rich_text import without_hidden_links
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import Vocabulary

register = template.Library()

# Labels of the media types, named here so that they are found for translation.
MEDIA_LABELS = (
    gettext_noop("Word document"),
    gettext_noop("PowerPoint presentation"),
    gettext_noop("OpenDocument text"),
    gettext_noop("JPEG image"),
    gettext_noop("PNG image"),
    gettext_noop("MP3 audio"),
    gettext_noop("MP4 video"),
)

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}", re.ASCII)


# Dates


@register.filter
def partial_date(value: Any) -> str:
    """``<time datetime="2019-07">July 2019</time>``; "" where nothing is known.

    Takes a :class:`~wagtail_safeguarding.dates.PartialDate`, a date, or the ISO text of
    either; any other text comes back as it is.
    """
    if isinstance(value, dt.date):
        value = PartialDate(value.year, value.month, value.day)
    elif isinstance(value, str) and value:
        try:
            value = PartialDate.parse(value)
        except ValueError:
            return str(value)
    if not isinstance(value, PartialDate):
        return ""
    return format_html('<time datetime="{}">{}</time>', str(value), format_partial_date(value))


# Languages


@register.filter
def language_code(code: Any) -> str:
    """The code for a ``lang`` attribute; "" for what is no language code."""
    text = str(code or "").strip()
    return text if _LANGUAGE.fullmatch(text) else ""


@register.filter
def language_name(code: Any) -> str:
    """The language in the active language: "Welsh" for ``cy``, "English" for ``en-GB``."""
    text = language_code(code).lower()
    if not text:
        return ""
    # "British English" would make a reader in Cardiff wonder what else there is.
    wanted = "en" if text.startswith("en-") else text
    try:
        return str(get_language_info(wanted)["name_translated"])
    except KeyError:
        return text


def same_language(one: Any, other: Any) -> bool:
    return str(one).lower().partition("-")[0] == str(other).lower().partition("-")[0]


# Terms


@register.simple_tag(takes_context=True)
def term_label(context: Any, scheme: str, key: str) -> str:
    """The label of a term in the active language: ``{% term_label "outcome" page.outcome %}``."""
    return Vocabulary.for_request(context.get("request")).get_label(scheme, key)


@register.simple_tag(takes_context=True)
def term_labels(context: Any, scheme: str, keys: Iterable[str] | None) -> list[str]:
    """The labels of several terms of one scheme."""
    return [term_label(context, scheme, key) for key in keys or []]


# Documents


@register.simple_tag(takes_context=True)
def document_title(context: Any, row: DocumentRow) -> str:
    """What to call the document: its title, else what it is."""
    label = term_label(context, Scheme.DOCUMENT_ROLE, row.role)
    return row.title or label or gettext("Document")


@register.simple_tag(takes_context=True)
def document_facts(context: Any, row: DocumentRow) -> list[str]:
    """What a reader wants to know before opening a file, in reading order.

    Role, type, size, pages, language and date, as far as they are known.
    """
    facts = [] if not row.title else [term_label(context, Scheme.DOCUMENT_ROLE, row.role)]
    if version := row.version:
        facts += [gettext(version.media_label), filesizeformat(version.size)]
        if version.pages:
            pages = ngettext("%(counter)s page", "%(counter)s pages", version.pages)
            facts.append(pages % {"counter": version.pages})
    facts += [language_name(row.language), partial_date(row.date)]
    return [fact for fact in facts if fact]


@register.simple_tag(takes_context=True)
def blocks_with_documents(context: Any, stream: Any) -> list[tuple[Any, DocumentRow | None]]:
    """The blocks of a text, its document blocks with their rows, all read in one go."""
    blocks = list(stream)
    named = [block.value for block in blocks if isinstance(block.block, DocumentBlock)]
    rows = iter(rows_for_request(named, context.get("request")))
    return [
        (block, next(rows) if isinstance(block.block, DocumentBlock) else None) for block in blocks
    ]


@register.simple_tag(takes_context=True)
def foreign_language(context: Any, code: str) -> str:
    """``code`` if it is another language than the page's, for a ``lang`` attribute; else ""."""
    page = context.get("page")
    locale = getattr(page, "locale", None)
    if locale is not None and same_language(code, locale.language_code):
        return ""
    return language_code(code)


# Links


@register.filter
def web_url(url: Any) -> str:
    """``url`` if it leads to the web or to this site; "" for ``javascript:`` and its like.

    The editor's form refuses other schemes; an import or a script may have written one.
    """
    text = str(url or "")
    # Browsers drop tabs and line breaks from an address, so a scheme could hide in them.
    if any(ord(character) <= 32 or ord(character) == 127 for character in text):
        return ""
    if text.startswith("/") and not text.startswith(("//", "/\\")):
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.simple_tag(takes_context=True)
def as_link(context: Any, value: Any) -> LinkShape:
    """A link block's value as the dict that the API sends."""
    return link_as_dict(value, context.get("request"))


@register.filter
def contact(text: str) -> str:
    """An e-mail address or a telephone number as a link; other words as they are."""
    text = str(text or "").strip()
    if _PHONE.fullmatch(text):
        return format_html('<a href="{}">{}</a>', tel(text), text)
    try:
        validate_email(text)
    except ValidationError:
        return text
    return format_html('<a href="mailto:{}">{}</a>', text, text)


# Text


class PublicWhitelister(Whitelister):
    """Keeps what an editor's rich text field can make: no image, no heading of the page."""

    element_rules = {
        name: rule
        for name, rule in DEFAULT_ELEMENT_RULES.items()
        if name not in {"div", "h1", "img"}
    }

    def clean_string_node(self, doc: Any, node: Any) -> None:
        # Comments, and also CDATA and the like, which are written out without escaping.
        if isinstance(node, PreformattedString):
            node.extract()


@register.filter
def public_richtext(value: Any) -> SafeString:
    """Rich text for the public: only the elements that an editor can make.

    Wagtail cleans what comes from its editor, and trusts what is stored. Text written by
    an import or an API is cleaned here as well, and a link to a page that the public
    cannot see is left out: the address of a draft would give away what it is about.
    """
    source = without_hidden_links(str(getattr(value, "source", value) or ""))
    cleaned: str = PublicWhitelister().clean(expand_db_html(source))
    return mark_safe(cleaned)  # noqa: S308
