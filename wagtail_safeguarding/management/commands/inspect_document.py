"""``manage.py inspect_document FILE...``: what files give away, before anything is uploaded."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.upload import get_scanner
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.malware import Clamd
from wagtail_safeguarding.inspection.report import RULES_VERSION, Report, Verdict
from wagtail_safeguarding.inspection.summary import plain, summary
from wagtail_safeguarding.management.output import told

STATUS = {Verdict.NO_KNOWN_PROBLEM: 0, Verdict.FINDINGS: 1, Verdict.NOT_INSPECTED: 2}


class Command(BaseCommand):
    help = (
        "Look for what files give away: their text, metadata, names. Nothing is stored, and no "
        "database is needed. Exit status: 0 no known problem found (notes at most), 1 findings, "
        "2 a file could not be inspected."
    )
    # Files can be looked at where no site is set up yet.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, files: list[str], format: str, **options: Any) -> None:
        try:
            limit = safeguarding_settings.max_document_bytes
            scanner = get_scanner()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        out = _JSON(self) if format == "json" else _Text(self)
        status = 0
        with told(self):
            for path in files:
                try:
                    report = _inspect(path, limit, scanner)
                except OSError as error:
                    reason = error.strerror or str(error)
                    self.stderr.write(plain(f"{path}: {reason}"))
                    status = 2
                else:
                    out.add(path, report)
                    status = max(status, STATUS[report.verdict])
            out.end()
        if status:
            sys.exit(status)


def _inspect(path: str, limit: int, scanner: Clamd | None) -> Report:
    # Something else than a file, such as a pipe, might never end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        kind = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(kind):
            raise OSError("Is a directory" if stat.S_ISDIR(kind) else "Is no file")
        return inspect_file(file, Path(path).name, max_bytes=limit, scanner=scanner)


class _Text:
    def __init__(self, command: BaseCommand) -> None:
        self.out = command.stdout
        self.encoding = getattr(command.stdout, "encoding", None) or "utf-8"
        self.before = ""

    def add(self, path: str, report: Report) -> None:
        text = self.before + summary(path, report)
        self.out.write(text.encode(self.encoding, "backslashreplace").decode(self.encoding))
        self.out.flush()
        self.before = "\n"

    def end(self) -> None:
        pass


class _JSON:
    """One object, whose ``reports`` are written as they come."""

    def __init__(self, command: BaseCommand) -> None:
        self.out = command.stdout
        self.before = f'{{"rules_version": {RULES_VERSION}, "reports": [\n'

    def add(self, path: str, report: Report) -> None:
        said = {"file": path, "verdict": report.verdict, **report.as_dict()}
        self.out.write(self.before + json.dumps(said), ending="")
        self.before = ",\n"

    def end(self) -> None:
        self.out.write(("" if self.before == ",\n" else self.before) + "\n]}")
