"""``manage.py documents inspect``."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any

from django.core.management.base import CommandError, CommandParser

from wagtail_safeguarding.documents.inspections import GRACE, Step, catch_up, left_waiting

from .reporting import beside, progress

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


def inspect(out: Any, *, grace: float, **options: Any) -> bool:
    """Inspect what a task has missed; whether all of it came to a result."""
    if not 0 <= grace <= LONGEST_GRACE:
        raise CommandError("--grace must be 0 or more minutes, at most a week.", returncode=2)
    pks = left_waiting(grace * MINUTE)
    counts: Counter[str] = Counter()
    problems = 0
    with progress("Inspecting", len(pks)) as bar:
        for step in catch_up(pks, partial(bar.update, 1)):
            counts[step.outcome] += 1
            problems += step.outcome.is_problem
            with beside():
                out.write(_line(step))
    done = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing to do"
    out.write(f"{done}.")
    return problems == 0


def _line(step: Step) -> str:
    return f"{step.outcome.value:<18}  {step.version.document.uuid} version {step.version.number}"
