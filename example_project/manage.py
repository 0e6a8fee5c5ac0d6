#!/usr/bin/env python
"""Django's command line for the example site. Run it from anywhere."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # Python put this folder first; the project is imported from the one above, so that
    # "example_project.settings" is the only name of that module.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_project.settings")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
