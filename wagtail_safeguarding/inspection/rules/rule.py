"""The words of one finding, and how a group of them is put together."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail_safeguarding.inspection.report import Severity


@dataclass(frozen=True)
class Rule:
    """The words of one code."""

    code: str
    severity: Severity
    message: str
    advice: str


def by_code(*rules: Rule) -> dict[str, Rule]:
    found = {rule.code: rule for rule in rules}
    if len(found) != len(rules):
        raise RuntimeError("A code has two rules.")
    return found
