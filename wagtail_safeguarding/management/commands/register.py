"""``manage.py register``: compare the public register with the site, and put it right."""

from __future__ import annotations

import sys
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from wagtail_safeguarding.management.output import told
from wagtail_safeguarding.management.reporting import JSONList, beside, progress
from wagtail_safeguarding.publication.drift import (
    Drift,
    Place,
    count_work,
    find_drift,
    rebuild,
)
from wagtail_safeguarding.publication.refresh import count_due, work
from wagtail_safeguarding.register.clock import number_entries, surroundings_changed
from wagtail_safeguarding.register.models import Entry, Record


class Command(BaseCommand):
    help = (
        "Compare the public register with what the site publishes now, project again what "
        "differs, or show one record. Exit status: 0 both agree, 1 they do not, 2 wrong input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        check = actions.add_parser("check", help="tell every difference; writes nothing")
        check.add_argument("--format", choices=["text", "json"], default="text")
        mend = actions.add_parser("rebuild", help="project again every page that differs")
        mend.add_argument(
            "--dry-run", action="store_true", help="write nothing; tell what would be projected"
        )
        mend.add_argument(
            "--restart",
            action="store_true",
            help="begin anew; without this, one that was stopped is gone on with",
        )
        actions.add_parser(
            "refresh",
            help="project the pages that an edit elsewhere has made due; run it by the clock",
        )
        show = actions.add_parser("show", help="one record: its state, files and log")
        show.add_argument("uuid", metavar="UUID")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        actions: dict[str, Callable[..., bool]] = {
            "check": self.check_register,
            "rebuild": self.rebuild,
            "refresh": self.refresh,
            "show": self.show,
        }
        try:
            with told(self):
                agree = actions[action](**options)
        except DatabaseError as error:
            line = " ".join(str(error).split())
            raise CommandError(f"The database cannot be read: {line}", returncode=2) from error
        if not agree:
            sys.exit(1)

    def check_register(self, *, format: str, **options: Any) -> bool:
        counts: Counter[str] = Counter()
        dangerous = 0
        listed = JSONList(self.stdout) if format == "json" else None
        total = count_work()
        with progress("Comparing", total, "record") as bar:
            for drift in find_drift(partial(bar.update, 1)):
                counts[drift.kind] += 1
                dangerous += drift.is_dangerous
                with beside():
                    if listed:
                        listed.add(asdict(drift))
                    else:
                        self.stdout.write(_line(drift))
        if listed:
            listed.end(records=total, counts=dict(counts), dangerous=dangerous)
        elif counts:
            found = ", ".join(f"{count} {name}" for name, count in counts.items())
            self.stdout.write(f"Pages and records: {total}. {found}. Dangerous: {dangerous}.")
        else:
            self.stdout.write(f"Pages and records: {total}. The register agrees with the site.")
        return not counts

    def rebuild(self, *, dry_run: bool, restart: bool, **options: Any) -> bool:
        mended = remaining = 0
        place = Place(begin_anew=restart or dry_run)
        if place.path:
            self.stdout.write("Going on where the last rebuild was stopped (--restart: anew).")
        with progress("Projecting", count_work(place.path), "record") as bar:
            for page in rebuild(
                dry_run=dry_run,
                after=place.path,
                tick=partial(bar.update, 1),
                at=(lambda path: None) if dry_run else place.keep,
            ):
                mended += not page.after
                remaining += bool(page.after)
                with beside():
                    for drift in page.before if dry_run else page.after or page.before:
                        words = "" if dry_run else "remains: " if page.after else "mended: "
                        self.stdout.write(words + _line(drift))
        if not dry_run:
            place.forget()
            # Whoever edited a label may have been killed before anybody was told.
            surroundings_changed()
        if dry_run:
            self.stdout.write(f"{remaining} would be projected again. Nothing was written.")
        else:
            left = f" {remaining} could not be mended; see the log." if remaining else ""
            self.stdout.write(f"{mended} projected again.{left}")
        return remaining == 0

    def refresh(self, **options: Any) -> bool:
        with progress("Projecting", count_due(), "record") as bar:
            count = work(tick=bar.update)
        number_entries()
        self.stdout.write(f"{count} looked at. Nothing more is due.")
        return True

    def show(self, *, uuid: str, **options: Any) -> bool:
        record = _find(uuid)
        for name, value in (
            ("record", record.uuid),
            ("kind", record.kind),
            ("state", record.state),
            ("page", f"{record.page_id} (deleted)" if record.page_deleted else record.page_id),
            ("first public", record.first_public_at.isoformat()),
            ("changed", record.changed_at.isoformat()),
            ("payload hash", record.etag or "-"),
        ):
            self.stdout.write(f"{name + ':':<14}{value}")
        self.stdout.write("files:")
        for version in record.versions.select_related("document").order_by("pk"):
            self.stdout.write(
                f"  {version.document.uuid} version {version.number} "
                f"({version.state}) {version.sha256}"
            )
        self.stdout.write("log:")
        for entry in Entry.objects.filter(record=record).iterator():
            self.stdout.write(
                f"  {entry.at.isoformat()} {entry.event:<10}{entry.payload_hash or '-'}"
            )
            for digest in entry.document_hashes:
                self.stdout.write(f"    file {digest}")
        return True


def _find(text: str) -> Record:
    try:
        return Record.objects.get(uuid=uuid.UUID(text))
    except ValueError:
        raise CommandError(f"{text!r} is not a UUID.", returncode=2) from None
    except Record.DoesNotExist:
        raise CommandError(f"There is no record {text}.", returncode=2) from None


def _line(drift: Drift) -> str:
    parts = [
        f"{drift.kind.value:<17}",
        f"page {drift.page_id}",
        f"record {drift.record or '-'}",
        f"{drift.direction.value.capitalize()}.",
        drift.detail,
    ]
    if drift.served:
        parts.append(f"HANDED OUT NOW: {', '.join(drift.served)}.")
    return "  ".join(parts)
