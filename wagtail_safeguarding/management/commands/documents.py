"""``manage.py documents``: look after the stored files of review documents."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from wagtail_safeguarding.documents.inventory import STORAGE_ERRORS, StorageUnreadable, one_line
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.probe import probe_storage
from wagtail_safeguarding.documents.relocation import MoveRefused, Relocation, Step, storage_of
from wagtail_safeguarding.documents.storage import ALIAS, get_document_storage
from wagtail_safeguarding.documents.verification import (
    FEW_ORPHANS,
    GRACE,
    MAX_ORPHANS,
    Finding,
    Options,
    verify,
)
from wagtail_safeguarding.management import inspecting
from wagtail_safeguarding.management.output import encodable, quoted, told
from wagtail_safeguarding.management.reporting import JSONList, beside, progress
from wagtail_safeguarding.register.extraction import catch_up, pending
from wagtail_safeguarding.register.visibility import publicly_named

HOUR = dt.timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Look after the stored files: compare them with the database, move them to another "
        "storage, try the storage itself, inspect what has not been, or read their text. Exit "
        "status: 0 all is well, 1 something is not, 2 wrong input or a storage that cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        verify = actions.add_parser(
            "verify", help="compare the database with the storage, and repair what is safe"
        )
        verify.add_argument(
            "--repair",
            action="store_true",
            help="delete orphaned objects, abort unfinished uploads, close altered versions, "
            "finish inspections",
        )
        verify.add_argument(
            "--quick", action="store_true", help="compare sizes only and read no file"
        )
        verify.add_argument(
            "--grace",
            type=float,
            default=GRACE / HOUR,
            metavar="HOURS",
            help="leave alone what is younger: it may be an upload under way (default: 24)",
        )
        verify.add_argument(
            "--max-orphans",
            type=int,
            metavar="N",
            help="with --repair, delete none if there are more orphaned objects: it may be the "
            "wrong database (default: a tenth of the versions that have their file, at least "
            f"{FEW_ORPHANS} and at most {MAX_ORPHANS}; none if no version has its file)",
        )
        verify.add_argument("--format", choices=["text", "json"], default="text")
        move = actions.add_parser(
            "move-storage", help="copy every file to another storage, while the site is up"
        )
        move.add_argument("--from", dest="source", required=True, metavar="ALIAS")
        move.add_argument("--to", dest="target", required=True, metavar="ALIAS")
        move.add_argument(
            "--delete-source",
            action="store_true",
            help="delete the copied files from the source; only when all are in the target and "
            "the site reads that",
        )

        probe = actions.add_parser(
            "check-storage", help="write, read and delete a file, and try what must be refused"
        )
        probe.add_argument("--format", choices=["text", "json"], default="text")
        extract = actions.add_parser(
            "extract-text",
            help="read the text of the files that have not been read, for the search",
        )
        extract.add_argument(
            "--retry",
            action="store_true",
            help="try those again that could not be read before (encrypted, damaged, too large)",
        )

        inspecting.add_arguments(
            actions.add_parser(
                "inspect", help="inspect the files whose inspection was not begun or finished"
            )
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        actions: dict[str, Callable[..., bool]] = {
            "verify": self.verify,
            "move-storage": self.move,
            "check-storage": self.check_storage,
            "extract-text": self.extract_text,
            "inspect": partial(inspecting.inspect, self.stdout),
        }
        try:
            storage_of_the_site()
            with told(self):
                clean = actions[action](**options)
        except (MoveRefused, StorageUnreadable) as error:
            raise CommandError(str(error), returncode=2) from error
        except STORAGE_ERRORS as error:
            raise CommandError(str(StorageUnreadable.because(error)), returncode=2) from error
        except DatabaseError as error:
            line = " ".join(str(error).split())
            raise CommandError(f"The database cannot be read: {line}", returncode=2) from error
        if not clean:
            sys.exit(1)

    # verify

    def verify(
        self,
        *,
        repair: bool,
        quick: bool,
        grace: float,
        max_orphans: int | None,
        format: str,
        **options: Any,
    ) -> bool:
        if not 0 <= grace <= 24 * 365:
            raise CommandError("--grace must be 0 or more hours, at most a year.", returncode=2)
        if max_orphans is not None and max_orphans < 0:
            raise CommandError("--max-orphans must be 0 or more.", returncode=2)
        counts: Counter[str] = Counter()
        total = DocumentVersion.objects.count()
        listed = JSONList(self.stdout) if format == "json" else None
        with progress("Verifying", total) as bar:
            findings = verify(
                Options(
                    repair=repair,
                    quick=quick,
                    grace=grace * HOUR,
                    max_orphans=max_orphans,
                    is_public=lambda version: bool(publicly_named([version.pk])),
                    tick=partial(bar.update, 1),
                )
            )
            remaining = 0
            for finding in findings:
                counts[finding.problem] += 1
                remaining += finding.remains
                with beside():
                    if listed:
                        listed.add({**asdict(finding), "key": encodable(finding.key)})
                    else:
                        self.stdout.write(_line(finding))
        if listed:
            listed.end(versions=total, counts=dict(counts), remaining=remaining)
        else:
            found = ", ".join(f"{count} {name}" for name, count in counts.items())
            found = f"{found}. Remaining: {remaining}." if found else "No difference."
            self.stdout.write(f"Versions: {total}. {found}")
        return remaining == 0

    # move-storage

    def move(self, *, source: str, target: str, delete_source: bool, **options: Any) -> bool:
        total = DocumentVersion.objects.count()
        relocation = Relocation(storage_of(source), storage_of(target))
        if delete_source:
            relocation.refuse_deleting_what_is_in_use()
        with progress("Copying", total) as bar:
            relocation.tick = partial(bar.update, 1)
            problems = self._tell(relocation.copy())
        if problems:
            self.stdout.write("Not everything was copied. Put it right and run this again.")
            return False
        if delete_source:
            with progress("Deleting", total) as bar:
                relocation.tick = partial(bar.update, 1)
                return self._tell(relocation.delete_source()) == 0
        self.stdout.write(_next_steps(source, target))
        return True

    def _tell(self, steps: Any) -> int:
        counts: Counter[str] = Counter()
        problems = 0
        for step in steps:
            counts[step.outcome] += 1
            if step.outcome.is_problem:
                problems += 1
                with beside():
                    self.stdout.write(_step_line(step))
        done = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing to do"
        self.stdout.write(f"{done}.")
        return problems

    # check-storage

    def check_storage(self, *, format: str, **options: Any) -> bool:
        results = probe_storage(get_document_storage())
        bad = [result for result in results if not result.ok]
        if format == "json":
            listed = JSONList(self.stdout)
            for result in results:
                listed.add(asdict(result))
            listed.end(failed=len(bad))
            return not bad
        for result in results:
            words = "ok" if result.ok else "not tried" if result.unknown else "FAILED"
            self.stdout.write(f"{words:<11}{result.code:<22}{result.message}")
            if result.hint and not result.ok:
                self.stdout.write(f"{'':<33}{result.hint}")
        self.stdout.write(f"{len(results) - len(bad)} of {len(results)} as they should be.")
        return not bad

    # extract-text

    def extract_text(self, *, retry: bool, **options: Any) -> bool:
        pks = pending(retry=retry)
        counts: Counter[str] = Counter()
        problems = 0
        with progress("Reading", len(pks)) as bar:
            for step in catch_up(pks, partial(bar.update, 1)):
                counts[step.outcome] += 1
                if step.outcome.is_problem:
                    problems += 1
                    version = step.version
                    with beside():
                        self.stdout.write(
                            f"{step.outcome.value:<18}  {version.document.uuid} "
                            f"version {version.number}"
                        )
        done = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing to do"
        self.stdout.write(f"{done}.")
        return problems == 0


def storage_of_the_site() -> None:
    """Raise :class:`CommandError` if the settings of the site's storage are wrong."""
    try:
        get_document_storage()
    except Exception as error:  # whatever its class does not like
        words = f'STORAGES["{ALIAS}"] cannot be opened: {one_line(error)}'
        raise CommandError(words, returncode=2) from error


def _line(finding: Finding) -> str:
    parts = [f"{finding.problem.value:<18}"]
    if finding.document:
        parts.append(f"{finding.document} version {finding.version} ({finding.state})")
    if finding.key:
        parts.append(quoted(finding.key))
    if finding.public:
        parts.append("PUBLIC NOW.")
    if finding.repaired:
        parts.append("Repaired.")
    if finding.advice:
        parts.append(finding.advice)
    return "  ".join(parts)


def _step_line(step: Step) -> str:
    return (
        f"{step.outcome.value:<18}  {step.document} version {step.version}  {step.key}  "
        f"{step.advice}"
    )


def _next_steps(source: str, target: str) -> str:
    if target == ALIAS:
        return f"""\
Every file is in "{target}", read back and compared. Next, in this order:
  1. manage.py documents verify
  2. When you need the old files no longer, this command again with --delete-source."""
    return f"""\
Every file is in "{target}", read back and compared. Next, in this order:
  1. Run this command once more, so that as little as possible is left for step 3.
  2. In STORAGES, rename "{source}" to "old" and "{target}" to "{ALIAS}", so that
     "{target}" is no entry any more, and restart the site.
  3. manage.py documents move-storage --from old --to {ALIAS}
     This picks up what was uploaded between steps 1 and 2.
  4. manage.py documents verify
  5. When you need the old files no longer, step 3 again with --delete-source."""
