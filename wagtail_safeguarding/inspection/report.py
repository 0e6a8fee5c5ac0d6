"""The typed result of an inspection. A pass says "no known problem found", never "safe"."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

RULES_VERSION = 8
"""Raised whenever the rules change, so that older inspections can be found and repeated."""


UNINSPECTABLE = "uninspectable"
"""The code for a file that cannot be read."""


class Severity(StrEnum):
    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


class Verdict(StrEnum):
    """What an inspection comes to. There is no "safe"."""

    NO_KNOWN_PROBLEM = "no-known-problem"
    """Nothing above a note."""
    FINDINGS = "findings"
    NOT_INSPECTED = "not-inspected"


@dataclass(frozen=True)
class Finding:
    """One thing that was found: a stable ``code``, what it is and what to do, in plain words."""

    code: str
    severity: Severity
    message: str
    advice: str = ""
    page: int | None = None
    """From 1."""
    box: tuple[float, float, float, float] | None = None
    """Left, bottom, right, top, in points from the lower left corner of the page as it is shown."""
    excerpt: str = ""
    """What was found, or the beginning of it; "" where it must not be repeated."""
    where: str = ""
    """Which part of the file, in words: "the name of sheet 2", "a comment"."""


@dataclass(frozen=True)
class Report:
    """What one inspection saw. ``sha256`` binds it to exactly these bytes."""

    sha256: str
    size: int
    media_type: str
    findings: tuple[Finding, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    rules_version: int = RULES_VERSION
    pages: int | None = None
    language: str = ""
    """As the file itself says it; "" where it does not."""
    looked_inside: bool = False
    """Whether somebody read the content too. Of sound and video, the tags alone."""

    @property
    def blocked(self) -> bool:
        return any(finding.severity is Severity.BLOCKER for finding in self.findings)

    @property
    def inspected(self) -> bool:
        """Whether the file could be inspected: not where it is damaged, encrypted, beyond a
        limit, or of a kind that is refused unread."""
        codes = {finding.code for finding in self.findings}
        if codes & {UNINSPECTABLE, "empty", "too-large"}:
            return False
        return self.looked_inside or "type-refused" not in codes

    @property
    def verdict(self) -> Verdict:
        if not self.inspected:
            return Verdict.NOT_INSPECTED
        if any(finding.severity is not Severity.NOTE for finding in self.findings):
            return Verdict.FINDINGS
        return Verdict.NO_KNOWN_PROBLEM

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
