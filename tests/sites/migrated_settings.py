"""The settings of one of the sites, with its migrations in a folder of the test.

``SITE``        the label of the site's app: "council" or "swapped"
``MIGRATIONS``  the importable package that holds that app's migrations
"""

import os

SITE = os.environ["SITE"]

if SITE == "swapped":
    from tests.swapped.settings import *  # noqa: F403
else:
    from tests.settings import *  # noqa: F403
    from tests.settings import INSTALLED_APPS as _APPS

    # The council has types of its own, so it leaves the ready-made ones out.
    INSTALLED_APPS = [app for app in _APPS if app != "wagtail_safeguarding.pages"]

MIGRATION_MODULES = {SITE: os.environ["MIGRATIONS"]}
