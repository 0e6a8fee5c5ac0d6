"""Model fields that hold the key of a term, or a list of keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import Lookup
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .defaults import Scheme
from .lookup import known_keys, term_choices

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
    _Lookup = Lookup[Any]
else:
    _CharField = models.CharField
    _Lookup = Lookup


def _choices(scheme: str, blank_label: str | None = None) -> Any:
    """Choices that are read from the database when a form is made, not on import."""

    def read() -> list[tuple[str, str]]:
        blank = [] if blank_label is None else [("", blank_label)]
        return blank + term_choices(scheme)

    return read


class TermField(_CharField):
    """The key of one term of ``scheme``."""

    def __init__(self, *args: Any, scheme: Scheme | str, **kwargs: Any) -> None:
        self.scheme = str(scheme)
        kwargs.setdefault("max_length", 80)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["scheme"] = self.scheme
        return name, path, args, kwargs

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value and value not in known_keys(self.scheme):
            raise ValidationError(
                _("%(value)s is not a term of this vocabulary."),
                code="unknown_term",
                params={"value": value},
            )

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.ChoiceField(
            choices=_choices(self.scheme, "---------"),
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            initial=self.default if self.has_default() else "",
        )


class TermsField(models.JSONField):
    """A list of keys of ``scheme``, in the order of the vocabulary."""

    def __init__(self, *args: Any, scheme: Scheme | str, **kwargs: Any) -> None:
        self.scheme = str(scheme)
        kwargs["default"] = list
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["scheme"] = self.scheme
        del kwargs["default"], kwargs["blank"]
        return name, path, args, kwargs

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            raise ValidationError(_("A list of terms is needed."), code="not_a_list")
        if not value:
            return
        known = known_keys(self.scheme)
        unknown = [key for key in value if key not in known]
        if unknown:
            raise ValidationError(
                _("%(value)s is not a term of this vocabulary."),
                code="unknown_term",
                params={"value": ", ".join(unknown)},
            )

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=_choices(self.scheme),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
        )


@TermsField.register_lookup
class HasTerm(_Lookup):
    """``themes__has_term="neglect"``: the list has that key.

    PostgreSQL's ``contains`` does the same; SQLite has no such operator.
    """

    lookup_name = "has_term"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @> %s::jsonb", [*params, json.dumps([self.rhs])]

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        sql = f"EXISTS (SELECT 1 FROM json_each({column}) AS term WHERE term.value = %s)"  # noqa: S608
        return sql, [*params, self.rhs]
