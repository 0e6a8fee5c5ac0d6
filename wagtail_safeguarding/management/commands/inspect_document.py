"""``manage.py inspect_document FILE...``: what files give away, before anything is uploaded."""

from __future__ import annotations

import json
import os
import secrets
import stat
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.inspections import get_scanner
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.report import RULES_VERSION, Report, Verdict
from wagtail_safeguarding.inspection.restricted import BadName, RestrictedNames, hash_names
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
        parser.add_argument(
            "--names",
            metavar="FILE",
            help="a text file with names that must not appear, one on each line; they are kept "
            "nowhere",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(
        self, *args: Any, files: list[str], names: str | None, format: str, **options: Any
    ) -> None:
        try:
            limit = safeguarding_settings.max_document_bytes
            scanner = get_scanner()
            listed = _read_names(names) if names else None
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        inspect = partial(inspect_file, max_bytes=limit, scanner=scanner, names=listed)
        out = _JSON(self) if format == "json" else _Text(self)
        status = 0
        with told(self):
            for path in files:
                try:
                    report = _open_and(inspect, path)
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


def _read_names(path: str) -> RestrictedNames:
    """The names in a file, hashed with a key that lasts as long as the command."""
    key = secrets.token_bytes(32)
    try:
        hashes, _count = hash_names(Path(path).read_text("utf-8"), key)
    except BadName as error:
        raise CommandError(plain(f"{path}, {error}: no name, or too long."), returncode=2) from None
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text in UTF-8"
        raise CommandError(plain(f"{path}: {reason}"), returncode=2) from None
    return RestrictedNames(hashes, key)


def _open_and(inspect: Callable[[IO[bytes], str], Report], path: str) -> Report:
    # Something else than a file, such as a pipe, might never end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        kind = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(kind):
            raise OSError("Is a directory" if stat.S_ISDIR(kind) else "Is no file")
        return inspect(file, Path(path).name)


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
