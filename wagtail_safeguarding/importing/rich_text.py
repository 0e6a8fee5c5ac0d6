"""Paragraphs of a legacy page as rich text: escaped, with the links that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.html import escape

from .hrefs import MAX_HREF
from .proposed import ProposedParagraph, Unsure
from .wording import clip

_is_web_url = URLValidator(schemes=["http", "https"])


def web_url(href: str | None) -> str:
    """``href`` where it is a whole http or https address, otherwise ""."""
    try:
        _is_web_url(href or "")
    except ValidationError:
        return ""
    return href or ""


def rich_text(
    paragraphs: Iterable[ProposedParagraph], unsure: list[Unsure], where: str = ""
) -> str:
    """One ``<p>`` for each paragraph. What became of a link that was not kept goes to ``unsure``.

    ``where`` begins each note: which page of the import it is about.
    """
    return "".join(f"<p>{_paragraph(each, unsure, where)}</p>" for each in paragraphs)


def _paragraph(paragraph: ProposedParagraph, unsure: list[Unsure], where: str) -> str:
    text, html, position = paragraph.text.strip(), "", 0
    for link in paragraph.links:
        start = text.find(link.text, position) if link.text.strip() else -1
        target = _link_target(link.href)
        if link.href and (not target or start < 0):
            unsure.append(
                Unsure(
                    f"{where}{clip(text)}",
                    f"A link was left out of the text: {clip(link.href, MAX_HREF)}",
                )
            )
        if start < 0:
            continue
        end = start + len(link.text)
        html += _escaped(text[position:start])
        shown = _escaped(text[start:end])
        html += f'<a href="{escape(target)}">{shown}</a>' if target else shown
        position = end
    return html + _escaped(text[position:])


def _link_target(href: str | None) -> str:
    """A relative address leads nowhere on the new site, so it is not kept."""
    if href is None:
        return ""
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:  # such as "http://[half an address"
        return ""
    return href if scheme in {"mailto", "tel"} else web_url(href)


def _escaped(text: str) -> str:
    return str(escape(text)).replace("\n", "<br/>")
