"""The editor's form: says what is missing, where, before the door refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BoundField, Form
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.html import format_html
from wagtail.blocks.base import BlockField

from wagtail_safeguarding.content.walk import walk
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.permissions import document_policy, telling

from .readiness import Problem, blockers


class WarnedField(BoundField):
    """A field of the editor with what to look at again in it, above its widget."""

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> Any:
        form: Any = self.form
        with telling(form.named_versions):
            rendered = super().as_widget(widget, attrs, only_initial)
        warnings = [p.message for p in form.problems if p.beside_field and p.field == self.name]
        if not warnings:
            return rendered
        shown = render_to_string(
            "wagtail_safeguarding/panels/field_warnings.html", {"warnings": warnings}
        )
        return format_html("{}{}", shown, rendered)


class ReadinessFormMixin:
    """Refuses files that the user may not choose; when publishing, shows the page's blockers.

    Warnings that belong to a field are shown at it, whatever panel it stands in.
    """

    instance: Any
    bound_field_class = WarnedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: Any = self
        for field in form.fields.values():
            if isinstance(field, BlockField):
                # Wagtail renders a field with errors past its bound field. The widget is
                # this form's own: Django copies it.
                field.widget.render_with_errors = self._telling(field.widget.render_with_errors)

    def _telling(self, render: Callable[..., Any]) -> Callable[..., Any]:
        def telling_render(*args: Any, **kwargs: Any) -> Any:
            with telling(self.named_versions):
                return render(*args, **kwargs)

        return telling_render

    @cached_property
    def problems(self) -> list[Problem]:
        """The problems of the page as the form shows it."""
        return list(self.instance.get_problems()) if self.instance.pk is not None else []

    @cached_property
    def named_versions(self: Any) -> frozenset[int]:
        """The versions whose titles this form may tell: what is posted has been checked."""
        posted = posted_versions(self) if self.is_bound else set()
        return frozenset(posted.union(self.instance.get_named_versions()))

    def full_clean(self: Any) -> None:
        if not self.is_bound:
            super().full_clean()  # type: ignore[misc]
            return
        # Before anything else: a row that is invalid, whatever is wrong with it, never
        # reaches the page, and its title would be told when the form is shown again.
        posted = posted_versions(self)
        refuse_unchoosable(self.instance, self.for_user, posted)
        with telling(posted):
            super().full_clean()  # type: ignore[misc]

    def _post_clean(self: Any) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Once more, since a site's page may name files that stand in no block.
        refuse_unchoosable(self.instance, self.for_user, self.instance.get_named_versions())
        if self.is_deferred_validation or self.errors:
            return
        for problem in blockers(self.instance.get_opening_problems()):
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, problem.message)


def posted_versions(form: Any) -> set[int]:
    """The versions that the blocks of a bound form name, whether or not they are valid."""
    return {
        found.pk
        for name, field in form.fields.items()
        if isinstance(field, BlockField)
        for _block, found in walk(
            field.block,
            field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)),
        )
        if isinstance(found, DocumentVersion)
    }


def refuse_unchoosable(page: Any, user: Any, versions: Iterable[int]) -> None:
    """Raise PermissionDenied where ``versions`` has one that is new to ``page`` and that
    ``user`` may not choose.

    The chooser offers no such file, so the form was not filled in by hand. Its title is not
    told: an error in the form would show it. A file that any revision of the page has
    named before stays, whoever chose it.
    """
    named = set(versions)
    if user is None or not named:
        return
    if page.pk is not None:
        stored = type(page)._default_manager.filter(pk=page.pk).first()
        named -= set(stored.get_named_versions()) if stored else set()
    if not named:
        return
    documents = document_policy.instances_user_has_any_permission_for(user, ["choose", "change"])
    allowed = DocumentVersion.objects.filter(pk__in=named, document__in=documents)
    unknown = named - set(allowed.values_list("pk", flat=True))
    if unknown and page.pk is not None:
        for revision in page.revisions.iterator():
            unknown -= set(revision.as_object().get_named_versions())
            if not unknown:
                break
    if unknown:
        raise PermissionDenied


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
