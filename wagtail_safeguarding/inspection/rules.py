"""What each finding is called, how bad it is, and what to do about it, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from .report import Severity


@dataclass(frozen=True)
class Rule:
    """The words of one code."""

    code: str
    severity: Severity
    message: str
    advice: str


def _rules(*rules: Rule) -> dict[str, Rule]:
    found = {rule.code: rule for rule in rules}
    if len(found) != len(rules):
        raise RuntimeError("A code has two rules.")
    return found


GENERAL = _rules(
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

RULES: dict[str, Rule] = {**GENERAL}
"""By code."""
