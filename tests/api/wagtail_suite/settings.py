"""Wagtail's own test settings, with our viewset in the place of Wagtail's."""

from __future__ import annotations

import tempfile
from pathlib import Path

from wagtail.test.settings import *  # noqa: F403 - a settings module over another
from wagtail.test.settings import INSTALLED_APPS as _APPS
from wagtail.test.settings import STORAGES as _STORAGES

INSTALLED_APPS = ["wagtail_safeguarding", "wagtail_modeladmin", *_APPS]
ROOT_URLCONF = "tests.api.wagtail_suite.urls"
TEST_RUNNER = "tests.api.wagtail_suite.runner.AtMostAsManyQueries"
STORAGES = {
    **_STORAGES,
    "safeguarding": {
        "BACKEND": "wagtail_safeguarding.documents.storage.PrivateFolderStorage",
        # No test of the suite stores a review document.
        "OPTIONS": {"location": Path(tempfile.gettempdir()) / "safeguarding-wagtail-suite"},
    },
}
