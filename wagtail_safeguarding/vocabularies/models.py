"""``Term``: one word of a controlled vocabulary, editable, with a key that never changes.

Pages and documents store the *key*; labels may be rewritten or translated at any time
without touching a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import CharBlock, StructBlock, TextBlock
from wagtail.search import index

from wagtail_safeguarding.fields import ItemsField

from .defaults import Scheme

if TYPE_CHECKING:
    from django.db.models import Manager


class TranslatedLabelBlock(StructBlock):
    """The label of a term in another language, by language code ("cy")."""

    language = CharBlock(
        label=_("Language code"), max_length=35, help_text=_("For example cy for Welsh.")
    )
    label = CharBlock(label=_("Label"), max_length=200)
    scope_note = TextBlock(label=_("Scope note"), required=False)

    class Meta:
        icon = "globe"
        label = _("Translation")


class Term(index.Indexed, models.Model):
    """One term of a scheme. ``(scheme, key)`` is its permanent identity."""

    scheme = models.CharField(
        _("vocabulary"), max_length=40, choices=[(s.value, s.label) for s in Scheme]
    )
    key = models.CharField(
        _("key"),
        max_length=80,
        validators=[validate_slug],
        help_text=_("Used in web addresses and the API. It cannot be changed later."),
    )
    label = models.CharField(_("label"), max_length=200)
    abbreviation = models.CharField(_("abbreviation"), max_length=40, blank=True)
    scope_note = models.TextField(
        _("scope note"), blank=True, help_text=_("When to use this term, in plain words.")
    )
    formerly = models.CharField(
        _("formerly"),
        max_length=200,
        blank=True,
        help_text=_("The name this was known by in earlier guidance."),
    )
    jurisdiction = models.CharField(
        _("jurisdiction"),
        max_length=40,
        blank=True,
        help_text=_("Where this term is used; leave empty if everywhere."),
    )
    deprecated = models.BooleanField(
        _("deprecated"),
        default=False,
        help_text=_("Keep for existing pages, but do not offer it for new ones."),
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    translations = ItemsField(
        [("translation", TranslatedLabelBlock())], blank=True, verbose_name=_("translations")
    )

    objects: Manager[Term]

    panels = [
        FieldPanel("scheme"),
        FieldPanel("key"),
        FieldPanel("label"),
        FieldPanel("abbreviation"),
        FieldPanel("scope_note"),
        MultiFieldPanel(
            [FieldPanel("formerly"), FieldPanel("jurisdiction"), FieldPanel("deprecated")],
            heading=_("History and use"),
        ),
        FieldPanel("translations"),
        FieldPanel("sort_order"),
    ]

    search_fields = [
        index.SearchField("label"),
        index.SearchField("scope_note"),
        index.FilterField("scheme"),
    ]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("vocabularies")
        ordering = ["scheme", "sort_order", "label"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "key"], name="safeguarding_term_scheme_key")
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.abbreviation})" if self.abbreviation else self.label

    def clean(self) -> None:
        super().clean()
        if self._state.adding:
            return
        stored = Term.objects.filter(pk=self.pk).values_list("scheme", "key").first()
        if stored is not None and stored != (self.scheme, self.key):
            raise ValidationError(
                {"key": _("Pages refer to this term by its key, so the key cannot be changed.")}
            )

    def get_label(self, language: str | None = None) -> str:
        """The label in ``language`` (default: the active one), else the main label."""
        return self._translated("label", language) or self.label

    def get_scope_note(self, language: str | None = None) -> str:
        return self._translated("scope_note", language) or self.scope_note

    def _translated(self, name: str, language: str | None) -> str:
        language = language or get_language() or ""
        for wanted in (language, language.partition("-")[0]):
            for item in self.translations:
                if item.value["language"].lower() == wanted.lower():
                    return str(item.value[name])
        return ""

    def as_dict(self, language: str | None = None) -> dict[str, Any]:
        """What the API sends for a term wherever it is used."""
        return {
            "scheme": self.scheme,
            "key": self.key,
            "label": self.get_label(language),
            "abbreviation": self.abbreviation,
        }
