"""Partial dates in Django and Wagtail: model field, form field, StreamField block.

Editors type what a heading says ("July 2019"); the database keeps ISO 8601 text, which
sorts and filters as it is in every database.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import FieldBlock

from wagtail_safeguarding.dates import PartialDate

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
else:
    _CharField = models.CharField

_WORDS = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([^\W\d]+)\.?,?\s+(\d{4})", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:(\d{1,2})/)?(\d{1,2})/(\d{4})", re.ASCII)

HELP_TEXT = _("As much as is known: 2008, July 2019 or 4 July 2019.")
INVALID = _("Enter a year, a month and year, or a full date, for example 2008 or July 2019.")


def _month_number(word: str) -> int | None:
    """The month that a word names, in English or in the active language."""
    wanted = word.casefold()
    for language in (get_language() or "en", "en"):
        with override(language):
            for table in (MONTHS, MONTHS_3):
                for number, name in table.items():
                    if str(name).casefold().rstrip(".") == wanted:
                        return number
    return 9 if wanted == "sept" else None


def read_partial_date(text: str) -> PartialDate:
    """Read what an editor typed: ISO text, "July 2019", "4 July 2019", "04/07/2019" (day first).

    Raises :class:`ValueError` for anything else and for impossible dates.
    """
    text = " ".join(text.split())
    if match := _WORDS.fullmatch(text):
        day, word, year = match.groups()
        month = _month_number(word)
        if month is None:
            raise ValueError(f"{word!r} is not a month.")
        return PartialDate(int(year), month, int(day) if day else None)
    if match := _NUMBERS.fullmatch(text):
        day, number, year = match.groups()
        return PartialDate(int(year), int(number), int(day) if day else None)
    return PartialDate.parse(text)


def format_partial_date(value: PartialDate | None) -> str:
    """The date as people write it, in the active language: "2008", "July 2019", "4 July 2019"."""
    if value is None:
        return ""
    if value.month is None:
        return str(value.year)
    words = f"{MONTHS[value.month]} {value.year}"
    return words if value.day is None else f"{value.day} {words}"


class PartialDateFormField(forms.Field):
    """Text in, :class:`PartialDate` or None out."""

    widget = forms.TextInput
    default_error_messages = {"invalid": INVALID}

    def prepare_value(self, value: Any) -> Any:
        return format_partial_date(value) if isinstance(value, PartialDate) else value

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or isinstance(value, PartialDate):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return read_partial_date(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class _PartialDateDescriptor:
    """Turns assigned text or dates into a PartialDate at once, as DateField does on save."""

    def __init__(self, field: PartialDateField) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:  # deferred
            instance.refresh_from_db(fields=[self.field.attname])
        return instance.__dict__[self.field.attname]

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, dt.date):
            value = PartialDate(value.year, value.month, value.day)
        elif isinstance(value, str):
            # Nonsense stays as it is: full_clean() reports it, and no write stores it.
            with suppress(ValueError):
                value = PartialDate.parse(value) if value else None
        instance.__dict__[self.field.attname] = value


class PartialDateField(_CharField):
    """A :class:`PartialDate`, stored as "2008", "2019-07" or "2019-07-04"; NULL when unknown.

    Text order is date order, so ``order_by()``, ``__gte`` and ``__startswith`` work.
    """

    descriptor_class = _PartialDateDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        if not cls._meta.abstract:
            setattr(cls, self.attname, _PartialDateDescriptor(self))

    def from_db_value(self, value: str | None, *args: Any) -> PartialDate | None:
        return PartialDate.parse(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or isinstance(value, PartialDate):
            return value
        if value == "":
            return None
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(INVALID, code="invalid") from error

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, dt.date):
            return value.isoformat()
        return str(value) if value else None

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # A lookup with nonsense finds nothing; a write with nonsense must not happen.
        if not hasattr(value, "as_sql"):
            value = self.to_python(value)
        return super().get_db_prep_save(value, connection)

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.get_prep_value(value))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return PartialDateFormField(
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text) or HELP_TEXT,
        )


class PartialDateBlock(FieldBlock):
    """A :class:`PartialDate` in a StreamField, stored as its ISO text."""

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self.field = PartialDateFormField(required=required, help_text=help_text or HELP_TEXT)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> PartialDate | None:
        # What is no partial date is shown as unknown; the stored text stays as it is.
        with suppress(ValueError, TypeError):
            return PartialDate.parse(value) if value else None
        return None

    def get_prep_value(self, value: PartialDate | None) -> str | None:
        return str(value) if value else None

    def value_for_form(self, value: PartialDate | str | None) -> str:
        # Until it is cleaned, what the editor typed stays as it was typed.
        return value if isinstance(value, str) else format_partial_date(value)

    def get_form_state(self, value: PartialDate | str | None) -> str:
        return self.value_for_form(value)

    def get_api_representation(
        self, value: PartialDate | None, context: Any = None
    ) -> dict[str, str] | None:
        return partial_date_as_dict(value)

    class Meta:
        icon = "date"


def partial_date_as_dict(value: PartialDate | None) -> dict[str, str] | None:
    """The API form: ``{"value": "2019-07", "precision": "month"}``."""
    return None if value is None else {"value": str(value), "precision": value.precision}
