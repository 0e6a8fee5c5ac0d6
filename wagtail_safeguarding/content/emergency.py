"""The emergency line: what to do if a child is in danger, first on every page."""

from __future__ import annotations

import re
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StreamBlock, StructBlock

from wagtail_safeguarding.api.shapes import EmergencyLineShape

_phone = RegexValidator(
    r"^\+?[0-9][0-9 ()-]{1,24}$", _("Enter a telephone number, for example 999 or 020 7946 0000.")
)


class EmergencyLineBlock(StructBlock):
    """A sentence, and the number in it that becomes a telephone link."""

    text = CharBlock(label=_("Text"), max_length=255)
    number = CharBlock(
        label=_("Telephone number"), required=False, max_length=25, validators=[_phone]
    )

    class Meta:
        icon = "warning"
        label = _("Emergency line")
        label_format = "{text}"

    def get_api_representation(self, value: Any, context: Any = None) -> EmergencyLineShape:
        return line_as_dict(value)


class EmergencyLinesBlock(StreamBlock):
    line = EmergencyLineBlock()

    class Meta:
        required = False
        icon = "warning"


def tel(number: str) -> str:
    """The ``tel:`` address of a number; "" for no number."""
    digits = re.sub(r"[^0-9+]", "", number)
    return f"tel:{digits}" if digits else ""


def line_as_dict(value: Any) -> EmergencyLineShape:
    """The line with the parts before and after its number, so that any front end can link it."""
    text, number = value["text"], value.get("number") or ""
    before, found, after = text.partition(number) if number else (text, "", "")
    return {
        "text": text,
        "number": number,
        "tel": tel(number),
        "before": before,
        "after": after,
        "number_in_text": bool(found),
    }


def lines_as_dicts(stream: Any) -> list[EmergencyLineShape]:
    return [line_as_dict(child.value) for child in stream]
