"""Settings of processes that will be killed: a database on disk, made without migrations.

``FAULTS_SQLITE``  a SQLite file; without it ``DATABASE_URL``
"""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES


class NoMigrations:
    """Tables are made from the models, which takes a quarter of the time."""

    def __contains__(self, label: str) -> bool:
        return True

    def __getitem__(self, label: str) -> None:
        return None


MIGRATION_MODULES = NoMigrations()

if "FAULTS_SQLITE" in os.environ:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["FAULTS_SQLITE"],
    }
