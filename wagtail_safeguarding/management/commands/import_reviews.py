"""``manage.py import_reviews SOURCE``: a saved legacy page becomes drafts."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from wagtail_safeguarding.importing.proposal import propose
from wagtail_safeguarding.importing.reader import SourceError, read_source
from wagtail_safeguarding.importing.refusal import ImportRefused
from wagtail_safeguarding.importing.writer import Options, import_proposal


class Command(BaseCommand):
    help = (
        "Make a review index and its reviews from a saved legacy page (plain text or HTML). "
        "Documents become rows without a file. Running it again creates what is missing and "
        "changes nothing that exists."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="the saved page")
        parser.add_argument(
            "--parent",
            default="",
            metavar="PATH",
            help="URL path of the parent page, for example /services/children/ "
            "(default: the root page of the default site)",
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish the pages, also drafts of an earlier import that nobody has edited",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing; print what would be made"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--user", metavar="USERNAME", help="who imports, for Wagtail's history of the pages"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            proposal = propose(read_source(options["source"]))
            report = import_proposal(
                proposal,
                Options(
                    parent_path=options["parent"],
                    publish=options["publish"],
                    dry_run=options["dry_run"],
                    user=_find_user(options["user"]),
                ),
            )
        except (SourceError, ImportRefused) as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            line = " ".join(str(error).split())
            raise CommandError(f"The database refused the import: {line}", returncode=2) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(report.as_text())


def _find_user(name: str | None) -> Any:
    if not name:
        return None
    users = get_user_model()
    try:
        return users._default_manager.get_by_natural_key(name)
    except users.DoesNotExist:
        raise ImportRefused(f"There is no user {name}.") from None
