"""A report in words, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap
from typing import Any

from .media_types import KNOWN, UNKNOWN
from .report import Finding, Report, Severity, Verdict

_WIDTH = 96
_HEADINGS = {
    Severity.BLOCKER: "Must be put right",
    Severity.WARNING: "Look again",
    Severity.NOTE: "Notes",
}
_ORDER = list(_HEADINGS)
_MAX_FACT = 200


def summary(name: str, report: Report) -> str:
    """The report on the file ``name``, without any character that a terminal would obey."""
    return "\n".join(plain(line) for line in _lines(name, report))


def plain(text: str) -> str:
    """``text`` with whatever does not print (control and direction characters, line ends, halves
    of characters) as an escape."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() or "?" for c in text
    )


def verdict_in_words(report: Report) -> str:
    if report.verdict is Verdict.NOT_INSPECTED:
        return "Could not be inspected"
    if report.verdict is Verdict.NO_KNOWN_PROBLEM:
        return "No known problem found"
    counts = {
        severity: sum(finding.severity is severity for finding in report.findings)
        for severity in (Severity.BLOCKER, Severity.WARNING)
    }
    return ", ".join(
        f"{count} {severity}{'s' if count > 1 else ''}"
        for severity, count in counts.items()
        if count
    )


def _lines(name: str, report: Report) -> Iterator[str]:
    yield f"{name}: {verdict_in_words(report)}"
    yield f"  {', '.join(_about(report))}"
    yield f"  SHA-256 {report.sha256}"
    if facts := ", ".join(_facts(report.facts)):
        yield from wrap(facts, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if not report.looked_inside and report.inspected:
        yield "  Only the type, the name and the size of files of this kind are looked at."
    findings = sorted(report.findings, key=lambda one: _ORDER.index(one.severity))
    for severity, group in groupby(findings, key=lambda one: one.severity):
        yield ""
        yield f"  {_HEADINGS[severity]}"
        # What is found many times is explained once.
        by_code: dict[tuple[str, str], list[Finding]] = {}
        for finding in group:
            by_code.setdefault((finding.code, finding.message), []).append(finding)
        for (code, message), same in by_code.items():
            yield from wrap(
                f"{message} [{code}]", _WIDTH, initial_indent="  - ", subsequent_indent="    "
            )
            for finding in same:
                if place := _place(finding):
                    yield f"      {place}"
            if same[0].advice:
                yield from wrap(
                    same[0].advice, _WIDTH, initial_indent="    > ", subsequent_indent="      "
                )


def _about(report: Report) -> Iterator[str]:
    known = KNOWN.get(report.media_type)
    unknown = "unknown type" if report.media_type == UNKNOWN else report.media_type
    yield known.label if known else unknown
    if report.pages is not None:
        yield f"{report.pages} page{'' if report.pages == 1 else 's'}"
    if report.language:
        yield f"language {report.language}"
    yield f"{report.size} bytes"


def _facts(facts: dict[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        if isinstance(value, bool):
            said = "yes" if value else "no"
        elif isinstance(value, (list, dict)):
            said = "; ".join(map(str, value)) or "none"
        else:
            said = "unknown" if value is None else str(value)
        if len(said) > _MAX_FACT:
            said = f"{said[: _MAX_FACT - 1]}…"
        yield f"{name.replace('_', ' ')}: {said}"


def _place(finding: Finding) -> str:
    said = [f"page {finding.page}"] if finding.page is not None else []
    if finding.where and not (finding.where == "page" and said):
        said.append(finding.where)
    place = ", ".join(said)
    quoted = f"“{finding.excerpt}”" if finding.excerpt else ""
    return ": ".join(part for part in (place, quoted) if part)
