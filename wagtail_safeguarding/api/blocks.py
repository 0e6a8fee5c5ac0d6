"""The type of what a StreamField block sends to the API, for the schema of API v3.

The rules are those of Wagtail's own serializer fields: a block that words its own answer is
typed by the return annotation of its ``get_api_representation``; the others are typed by what
they are made of.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import Field
from typing_extensions import TypedDict
from wagtail.blocks import (
    BaseStreamBlock,
    BaseStructBlock,
    Block,
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ChooserBlock,
    DateBlock,
    IntegerBlock,
    ListBlock,
    MultipleChoiceBlock,
    RichTextBlock,
    TextBlock,
    URLBlock,
)

from wagtail_safeguarding.api.shapes import PartialDateShape, TermShape
from wagtail_safeguarding.date_fields import PartialDateBlock
from wagtail_safeguarding.vocabularies.blocks import TermBlock, TermsBlock

LEAVES: dict[type[Block], Any] = {
    # Ours, of rooms that know nothing of the API.
    PartialDateBlock: PartialDateShape | None,
    TermBlock: TermShape | None,
    TermsBlock: list[TermShape],
    # Wagtail's. What was never filled in is null.
    BooleanBlock: bool,
    CharBlock: str | None,
    ChoiceBlock: str | None,
    ChooserBlock: int | None,
    DateBlock: dt.date | None,
    IntegerBlock: int | None,
    MultipleChoiceBlock: list[str],
    RichTextBlock: str,
    TextBlock: str | None,
    URLBlock: str | None,
}


def type_of(block: Block) -> Any:
    """What ``block`` sends; ``Any`` for a block of a site that does not say."""
    for cls in type(block).__mro__:
        if cls in LEAVES:
            return LEAVES[cls]
        if "get_api_representation" in vars(cls):
            return _annotated(cls) or _composed(block, cls)
    return Any


def _annotated(cls: type[Block]) -> Any:
    try:
        return get_type_hints(cls.get_api_representation).get("return")
    except NameError:  # a name that is imported for type checkers only
        return None


def _composed(block: Block, cls: type[Block]) -> Any:
    """The type of a block that answers with its children, as ``cls`` of Wagtail has it."""
    if cls is ListBlock:
        return list[type_of(block.child_block)]  # type: ignore[misc]
    if cls not in (BaseStreamBlock, BaseStructBlock):
        return Any
    name = type(block).__name__.removesuffix("Block")
    children = tuple((key, type_of(child)) for key, child in block.child_blocks.items())
    return _stream(name, children) if cls is BaseStreamBlock else _struct(name, children)


@cache
def _struct(name: str, fields: tuple[tuple[str, Any], ...]) -> Any:
    """One type for the same fields: two of one name would get long names in the schema."""
    return TypedDict(name, dict(fields))  # type: ignore[operator]


def _stream(name: str, children: tuple[tuple[str, Any], ...]) -> Any:
    """A list of ``{"type", "value", "id"}``, told apart by their type."""
    items = [
        _struct(
            name + key.title().replace("_", ""),
            (("type", Literal[key]), ("value", value), ("id", str | None)),
        )
        for key, value in children
    ]
    if not items:
        return list[Any]
    union = reduce(or_, items)
    if len(items) > 1:
        union = Annotated[union, Field(discriminator="type")]
    return list[union]  # type: ignore[valid-type]
