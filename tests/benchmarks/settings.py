"""A site that a server of its own serves: BENCH_FOLDER holds its database and its files."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import STORAGES

FOLDER = Path(os.environ["BENCH_FOLDER"])

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "db.sqlite3",
        "CONN_MAX_AGE": None,
    }
}
ROOT_URLCONF = "tests.benchmarks.urls"
STORAGES["safeguarding"] = {
    "BACKEND": "wagtail_safeguarding.documents.storage.PrivateFolderStorage",
    "OPTIONS": {"location": FOLDER / "private"},
}

WAGTAILAPI_LIMIT_MAX = 100
