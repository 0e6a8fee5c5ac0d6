"""`makemigrations --check` after every block of the package got another child.

With the argument ``control`` the fields tell migrations of their blocks, as Wagtail's own
StreamField does. Exit status 1: a migration is missing.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import sys

import django

django.setup()

from django.apps import apps
from django.core.management import call_command
from wagtail.blocks import CharBlock
from wagtail.fields import StreamField

from wagtail_safeguarding.fields import ItemsField

if sys.argv[1:] == ["control"]:
    ItemsField.deconstruct = StreamField.deconstruct

changed = 0
for model in apps.get_models():
    for field in model._meta.local_fields:
        if isinstance(field, ItemsField):
            field.stream_block.child_blocks["added_later"] = CharBlock()
            changed += 1
assert changed > 10, changed
call_command("makemigrations", check=True, dry_run=True, verbosity=1)
