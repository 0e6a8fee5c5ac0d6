"""Tells Wagtail's API v3 (Wagtail >= 8.0) what our StreamFields send.

Wagtail types a serializer field by itself and a StreamField as a list of anything.
"""

from __future__ import annotations

from typing import Any

from wagtail.api.v3.schemas.generators import read_generator
from wagtail.api.v3.schemas.generators.read import streamfield_schema

from wagtail_safeguarding.api.blocks import type_of
from wagtail_safeguarding.fields import ItemsField


def items_schema(generator: Any, field: Any) -> Any:
    """Wagtail's answer, typed by the blocks of the field."""
    _type, default, resolve = streamfield_schema(generator, field)
    return type_of(field.stream_block), default, resolve


def register() -> None:
    read_generator.register_field_schema(ItemsField, items_schema)
