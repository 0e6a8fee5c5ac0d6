"""The test site with a swapped page model and only the core of the package."""

from __future__ import annotations

from tests.settings import *  # noqa: F403 - a settings module over another
from tests.settings import INSTALLED_APPS as _APPS

WAGTAIL_PAGE_MODEL = "swapped.BasePage"

# Types over Wagtail's own Page cannot stand beside a swapped one.
_OVER_PAGE = {"wagtail_safeguarding.pages", "tests.council"}
INSTALLED_APPS = ["tests.swapped", *(app for app in _APPS if app not in _OVER_PAGE)]
