"""What a page says, field by field, as text: for whatever must be looked for in all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup
from django.db import models
from wagtail.fields import StreamField

from wagtail_safeguarding.inspection.reading import Text

from .unprotected import child_relations, values_of

# Wagtail's own bookkeeping; the parts of an address are slugs of their own pages.
_NOT_CONTENT = frozenset({"path", "url_path", "content_type", "translation_key", "draft_title"})
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "em", "i", "mark", "q", "s", "small", "span", "strong"}
    | {"sub", "sup", "u", "wbr"}
)
_SAID = ("alt", "title", "href", "aria-label", "download")


def texts_of(page: Any) -> list[Text]:
    """All text of ``page`` as it stands in memory: title, slug, rich text with the texts and
    addresses of its links and the alternatives of its images, the values of all blocks, child rows.
    ``where`` is the name of the field."""
    return [Text("\n".join(said), field) for field, said in _fields(type(page), values_of(page))]


def _fields(model: Any, values: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    fields: dict[str, Any] = {field.name: field for field in model._meta.get_fields()}
    fields |= {relation.get_accessor_name(): relation for relation in child_relations(model)}
    for name, value in values.items():
        field = fields.get(name)
        if name in _NOT_CONTENT or value in (None, ""):
            continue
        if isinstance(field, StreamField):
            said = list(_in_stream(_from_json(value)))
        elif field is not None and field.one_to_many:  # rows that are edited with the page
            rows = [_fields(field.related_model, row) for row in value]
            said = [text for row in rows for _name, texts in row for text in texts]
        elif isinstance(field, (models.CharField, models.TextField)):
            said = [plain_words(str(value))]
        else:
            continue
        if said:
            yield name, said


def _in_stream(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield plain_words(value)
    elif isinstance(value, list):
        for one in value:
            yield from _in_stream(one)
    elif isinstance(value, dict):
        is_block = {"type", "value"} <= value.keys()
        for name, one in value.items():
            if not is_block or name == "value":
                yield from _in_stream(one)


def plain_words(text: str) -> str:
    """``text``, or what a reader has of it where it is HTML."""
    if "<" not in text:
        return text
    soup = BeautifulSoup(text, "html.parser")
    said: list[str] = []
    for element in soup.find_all(True):
        said += [str(element[name]) for name in _SAID if element.get(name)]
        if element.name not in _INLINE:
            element.insert_before("\n")
            element.insert_after("\n")
    return "\n".join([soup.get_text(), *said])


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
