"""What is said of files of any kind."""

from __future__ import annotations

from wagtail_safeguarding.inspection.report import Severity

from .rule import Rule, by_code

GENERAL = by_code(
    Rule(
        "uninspectable",
        Severity.BLOCKER,
        "The file could not be inspected.",
        "It may be damaged, protected by a password, or too large. Save or export it again from "
        "the program it was made with, without a password.",
    ),
    Rule(
        "too-many",
        Severity.BLOCKER,
        "The file has so many findings that not all are listed.",
        "Start with those that are, and inspect the file again.",
    ),
)
