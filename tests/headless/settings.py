"""The test site with wagtail-headless-preview and page types that use it."""

from __future__ import annotations

from tests.settings import *  # noqa: F403 - a settings module over another
from tests.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = ["tests.headless", "wagtail_headless_preview", *_APPS]
# The test makes the migrations of the site's own types, as a site does.
MIGRATION_MODULES = {"headless": "headless_migrations"}
ROOT_URLCONF = "tests.headless.urls"
WAGTAIL_HEADLESS_PREVIEW = {
    "CLIENT_URLS": {"default": "https://www.example.org/preview"},
    "REDIRECT_ON_PREVIEW": True,
}
SAFEGUARDING = {"PREVIEW_SECONDS": 3600}
