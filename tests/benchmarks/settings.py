"""A site that a server of its own serves: BENCH_FOLDER holds its database and its files.

With BENCH_DATABASE_URL the database is another one.
"""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, STORAGES, database

FOLDER = Path(os.environ["BENCH_FOLDER"])

DATABASES = {"default": database(os.environ.get("BENCH_DATABASE_URL", ""))}
if "BENCH_DATABASE_URL" not in os.environ:
    DATABASES["default"]["NAME"] = FOLDER / "db.sqlite3"
else:
    # Statements are planned once for a connection, as docs/register-api.md advises.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5}
DATABASES["default"]["CONN_MAX_AGE"] = None

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks.plain"]
ROOT_URLCONF = "tests.benchmarks.urls"
STORAGES["safeguarding"] = {
    "BACKEND": "wagtail_safeguarding.documents.storage.PrivateFolderStorage",
    "OPTIONS": {"location": FOLDER / "private"},
}

WAGTAILAPI_LIMIT_MAX = 100
