"""``manage.py load_demo``: fill the example site with its demo content."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from example_project.demo.load import DemoSite


class Command(BaseCommand):
    help = "Load the demo content. What is there already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where the site is served")
        parser.add_argument(
            "--port",
            default=os.environ.get("PORT") or "8000",
            help="default: PORT of the environment, or 8000",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = str(options["port"])
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise CommandError(f"{port} is not a port.", returncode=2)
        made = DemoSite(options["host"], int(port), self._say).load()
        if not made:
            self.stdout.write("The demo content is there already.")

    def _say(self, what: str) -> None:
        self.stdout.write(f"  {what}")
