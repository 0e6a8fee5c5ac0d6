"""The editor's form: says what is missing, where, before the door refuses."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.forms import Form

from .readiness import blockers


class ReadinessFormMixin:
    """Adds the blockers of a page to its form, when it is published and not for a draft."""

    def _post_clean(self: Any) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.is_deferred_validation or self.errors:
            return
        for problem in blockers(self.instance.get_opening_problems()):
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, problem.message)


@cache
def compose(base: type[Form]) -> type[Form]:
    """``base`` with the readiness check in front of it."""
    return type(f"Safeguarding{base.__name__}", (ReadinessFormMixin, base), {})


class ComposedFormClass:
    """``base_form_class`` that adds our check to the site's form instead of replacing it."""

    def __get__(self, instance: Any, owner: type) -> Any:
        past_ours = False
        for cls in owner.__mro__:
            theirs = cls.__dict__.get("_site_base_form_class")
            if theirs is None and past_ours:
                theirs = cls.__dict__.get("base_form_class")
            if theirs is not None and not isinstance(theirs, ComposedFormClass):
                return compose(theirs)
            past_ours = past_ours or cls.__dict__.get("base_form_class") is self
        raise AttributeError("base_form_class")

    @staticmethod
    def adopt(cls: type) -> None:
        """Keep a form class that a site sets on its own page type, and compose it too."""
        theirs = cls.__dict__.get("base_form_class")
        if theirs is not None and not isinstance(theirs, ComposedFormClass):
            cls._site_base_form_class = theirs  # type: ignore[attr-defined]
            del cls.base_form_class  # type: ignore[attr-defined]
