"""The typed result of an inspection. A pass says "no known problem found", never "safe"."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

RULES_VERSION = 1
"""Raised whenever the rules change, so that older inspections can be found and repeated."""


class Severity(StrEnum):
    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that was found: a stable ``code``, what it is and what to do, in plain words."""

    code: str
    severity: Severity
    message: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """What one inspection saw. ``sha256`` binds it to exactly these bytes."""

    sha256: str
    size: int
    media_type: str
    findings: tuple[Finding, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    rules_version: int = RULES_VERSION

    @property
    def blocked(self) -> bool:
        return any(finding.severity is Severity.BLOCKER for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
