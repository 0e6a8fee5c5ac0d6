"""Settings of processes that will be killed: a database on disk.

``FAULTS_SQLITE``  a SQLite file; without it ``DATABASE_URL``
"""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

if "FAULTS_SQLITE" in os.environ:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["FAULTS_SQLITE"],
    }
