"""Walk over every block value of a page, however deeply a site nests our blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField


def walk(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """Yield ``block`` with its ``value``, then everything inside it, in order."""
    yield block, value
    if value is None:
        return
    if isinstance(block, (StreamBlock, ListBlock)):
        children = value if isinstance(block, StreamBlock) else value.bound_blocks
        for child in children:
            yield from walk(child.block, child.value)
    elif isinstance(block, StructBlock):
        for name, child_block in block.child_blocks.items():
            yield from walk(child_block, value.get(name))


def walk_page(page: Any) -> Iterator[tuple[str, Block, Any]]:
    """Every block value of ``page`` with the name of the field it stands in."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            value = getattr(page, field.name)
            for block, found in walk(value.stream_block, value):
                yield field.name, block, found
