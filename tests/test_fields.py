"""`ItemsField`: the blocks stay out of migrations, the value does not."""

from __future__ import annotations

from wagtail.blocks import CharBlock, StreamBlock
from wagtail.fields import StreamField

from wagtail_safeguarding.fields import ItemsField


class OneBlock(StreamBlock):
    heading = CharBlock()


class OtherBlock(StreamBlock):
    heading = CharBlock(max_length=5)
    paragraph = CharBlock()


def test_deconstruct_leaves_the_blocks_out() -> None:
    _name, path, args, kwargs = ItemsField(OneBlock(), blank=True).deconstruct()
    assert path == "wagtail_safeguarding.fields.ItemsField"
    assert args == [[]]
    assert kwargs == {"blank": True}


def test_changed_blocks_deconstruct_alike_and_wagtails_own_field_does_not() -> None:
    assert ItemsField(OneBlock()).deconstruct() == ItemsField(OtherBlock()).deconstruct()
    assert StreamField(OneBlock()).deconstruct() != StreamField(OtherBlock()).deconstruct()


def test_other_options_still_reach_migrations() -> None:
    assert ItemsField(OneBlock(), blank=True).deconstruct() != ItemsField(OneBlock()).deconstruct()


def test_field_of_a_migration_can_be_built() -> None:
    _name, _path, args, kwargs = ItemsField(OneBlock(), blank=True).deconstruct()
    rebuilt = ItemsField(*args, **kwargs)
    assert rebuilt.blank
    assert list(rebuilt.stream_block.child_blocks) == []


def test_value_round_trip_through_the_database_text() -> None:
    field = ItemsField(OneBlock())
    value = field.to_python([{"type": "heading", "value": "Summary", "id": "1"}])
    again = field.to_python(field.get_prep_value(value))
    assert [(child.block_type, child.value, child.id) for child in again] == [
        ("heading", "Summary", "1")
    ]
