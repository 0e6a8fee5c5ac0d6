"""Wagtail's own first pages exist by now: give them their language, as Wagtail's pages have."""

from django.db import migrations
from wagtail.models import (
    BootstrapLocaleField,
    BootstrapTranslatableModel,
    BootstrapTranslationKeyField,
)


class Migration(migrations.Migration):
    dependencies = [
        ("swapped", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        BootstrapLocaleField("swapped.BasePage"),
        BootstrapTranslationKeyField("swapped.BasePage"),
        BootstrapTranslatableModel("swapped.BasePage"),
    ]
