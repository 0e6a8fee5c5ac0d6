"""What a publisher says once for the whole site."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from wagtail_safeguarding.fields import ItemsField
from wagtail_safeguarding.register.notices import write_notice

from .emergency import EmergencyLinesBlock, lines_as_dicts


@register_setting(icon="warning")
class SafeguardingSiteSettings(BaseSiteSetting):
    """The publisher of a site's reviews, its emergency lines and its contact."""

    publisher = models.CharField(
        _("publisher"),
        max_length=255,
        blank=True,
        help_text=_("The safeguarding partnership or council that publishes the reviews."),
    )
    emergency_lines = ItemsField(
        EmergencyLinesBlock(),
        blank=True,
        verbose_name=_("emergency lines"),
        help_text=_("Shown first on every page, with the number as a telephone link."),
    )
    alternative_format_contact = models.CharField(
        _("contact for other formats"),
        max_length=255,
        blank=True,
        help_text=_("Where readers ask for a document in large print, audio or another language."),
    )

    panels = [
        FieldPanel("publisher"),
        MultiFieldPanel([FieldPanel("emergency_lines")], heading=_("In an emergency")),
        FieldPanel("alternative_format_contact"),
    ]

    class Meta:
        verbose_name = _("safeguarding")

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            write_notice(
                self.site,
                publisher=self.publisher,
                emergency_lines=lines_as_dicts(self.emergency_lines),
                alternative_format_contact=self.alternative_format_contact,
            )
