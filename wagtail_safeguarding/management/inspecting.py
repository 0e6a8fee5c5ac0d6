"""``manage.py documents inspect``."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any

from django.core.management.base import CommandError, CommandParser

from wagtail_safeguarding.documents.inspections import (
    GRACE,
    Step,
    catch_up,
    left_waiting,
    retry_unread,
    unread_versions,
)
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.reinspection import (
    Comparison,
    Outcome,
    compare,
    outdated_versions,
)
from wagtail_safeguarding.inspection.report import RULES_VERSION
from wagtail_safeguarding.register.visibility import publicly_named

from .reporting import JSONList, beside, progress

MINUTE = dt.timedelta(minutes=1)
LONGEST_GRACE = 7 * 24 * 60


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--grace",
        type=float,
        default=GRACE / MINUTE,
        metavar="MINUTES",
        help="leave alone what was uploaded since: it may be under way (default: "
        f"{GRACE / MINUTE:g})",
    )
    parser.add_argument(
        "--retry",
        action="store_true",
        help="also those again that are blocked because they could not be read, or because the "
        "virus scanner gave no answer",
    )
    parser.add_argument(
        "--outdated",
        action="store_true",
        help="instead, compare what was inspected under older rules with the rules of today, and "
        "tell what is public and would not be; changes no state",
    )
    parser.add_argument(
        "--apply", action="store_true", help="with --outdated, close and clear what differs"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="of --outdated")


def inspect(out: Any, *, outdated: bool, apply: bool, format: str, **options: Any) -> bool:
    """Whether all is as it should be."""
    if outdated:
        return _compare(out, apply=apply, as_json=format == "json")
    if apply or format != "text":
        raise CommandError("--apply and --format go with --outdated.", returncode=2)
    return _catch_up(out, **options)


# What a task has missed


def _catch_up(out: Any, *, grace: float, retry: bool, **options: Any) -> bool:
    if not 0 <= grace <= LONGEST_GRACE:
        raise CommandError("--grace must be 0 or more minutes, at most a week.", returncode=2)
    pks = left_waiting(grace * MINUTE)
    unread = unread_versions() if retry else []
    counts: Counter[str] = Counter()
    problems = 0
    with progress("Inspecting", len(pks) + len(unread)) as bar:
        tick = partial(bar.update, 1)
        for steps in (catch_up(pks, tick), retry_unread(unread, tick)):
            for step in steps:
                counts[step.outcome] += 1
                problems += step.outcome.is_problem
                with beside():
                    out.write(_line(step))
    done = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing to do"
    out.write(f"{done}.")
    return problems == 0


def _line(step: Step) -> str:
    return f"{step.outcome.value:<18}  {_named(step.version)}"


def _named(version: DocumentVersion) -> str:
    return f"{version.document.uuid} version {version.number}"


# What newer rules say


def _compare(out: Any, *, apply: bool, as_json: bool) -> bool:
    listed = JSONList(out) if as_json else None
    counts: Counter[str] = Counter()
    closing = problems = 0
    with progress("Comparing", outdated_versions().count()) as bar:
        for found in compare(apply=apply, tick=partial(bar.update, 1)):
            counts[found.outcome] += 1
            problems += found.outcome.is_problem
            if found.outcome is Outcome.SAME:
                continue
            public = bool(publicly_named([found.version.pk]))
            closing += public and found.outcome is Outcome.WOULD_CLOSE
            with beside():
                if listed:
                    listed.add(_as_dict(found, public))
                else:
                    out.write(_comparison_line(found, public))
    if listed:
        listed.end(rules_version=RULES_VERSION, counts=dict(counts), public_would_close=closing)
    else:
        done = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing to do"
        out.write(f"Rules {RULES_VERSION}: {done}.")
        if closing:
            out.write(f"Public now, and would not be: {closing}. Look at them, then run --apply.")
    return not (closing or problems)


def _as_dict(found: Comparison, public: bool) -> dict[str, Any]:
    return {
        "outcome": found.outcome.value,
        "document": str(found.version.document.uuid),
        "version": found.version.number,
        "sha256": found.version.sha256,
        "state": str(found.version.state),
        "public": public,
        "codes": list(found.codes),
    }


def _comparison_line(found: Comparison, public: bool) -> str:
    parts = [f"{found.outcome.value:<18}", _named(found.version)]
    if public:
        parts.append("PUBLIC NOW.")
    if found.codes:
        parts.append(", ".join(found.codes))
    return "  ".join(parts)
