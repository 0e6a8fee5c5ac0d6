"""What an inspection found, as an editor reads it: by severity, each thing explained once, with the
places where it is.

Reports repeat what files say, so everything here is text: the template escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_safeguarding.documents.inspections import WAITING
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.overrules import (
    Overrule,
    fingerprints,
    may_be_overruled,
    was_inspected,
)
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.inspection.report import Severity

SHOWN = 20
"""How many places of one thing are listed."""

_HEADINGS = {
    Severity.BLOCKER: gettext_lazy("Must be put right"),
    Severity.WARNING: gettext_lazy("Look again"),
    Severity.NOTE: gettext_lazy("Notes"),
}


@dataclass(frozen=True)
class Place:
    where: str
    excerpt: str
    overrule: Overrule | None


@dataclass(frozen=True)
class Thing:
    """What was found, once or often."""

    message: str
    advice: str
    for_good: bool
    """Whether it blocks and nobody can overrule it."""
    places: list[Place]
    more: int


@dataclass(frozen=True)
class Group:
    severity: str
    heading: Any
    things: list[Thing]


@dataclass(frozen=True)
class Inspected:
    """The latest inspection of a version, in words."""

    summary: str
    groups: list[Group]
    overrules: list[Overrule]
    """All of them, also on findings of an earlier inspection."""


def inspected(version: DocumentVersion, overrules: Iterable[Overrule]) -> Inspected:
    overrules = [one for one in overrules if one.version_id == version.pk]
    decided = {one.fingerprint: one for one in overrules if one.sha256 == version.sha256}
    found = list(_of(version))
    groups = [
        Group(severity.value, heading, things)
        for severity, heading in _HEADINGS.items()
        if (things := _things([one for one in found if one.get("severity") == severity], decided))
    ]
    return Inspected(_summary(version), groups, overrules)


def _of(version: DocumentVersion) -> Iterator[Mapping[str, Any]]:
    yield from (version.inspection or {}).get("findings") or []


def _summary(version: DocumentVersion) -> str:
    report = version.inspection
    if version.state in WAITING:
        return _("The file is being inspected. Pages can be published with it when that is done.")
    if report is None:
        return _("There is no report on this file.")
    if not was_inspected(version):
        return _("The stored file is not the one that was uploaded. Upload the right one again.")
    if version.state == VersionState.BLOCKED:
        return _("No page can be published with this file as it is.")
    if any(finding.get("severity") != Severity.NOTE for finding in _of(version)):
        return _("This was found in the file.")
    if not report.get("looked_inside"):
        return _("Only the type, the name and the size of files of this kind are looked at.")
    return _("No known problem found. That is no promise: somebody has to read the document.")


def _things(findings: Iterable[Mapping[str, Any]], decided: Mapping[str, Overrule]) -> list[Thing]:
    by_words: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for finding in findings:
        words = (str(finding.get("message", "")), str(finding.get("advice", "")))
        by_words.setdefault(words, []).append(finding)
    return [
        Thing(
            message=message,
            advice=advice,
            for_good=same[0].get("severity") == Severity.BLOCKER and not may_be_overruled(same[0]),
            places=[_place(finding, decided) for finding in same[:SHOWN]],
            more=max(0, len(same) - SHOWN),
        )
        for (message, advice), same in by_words.items()
    ]


def _place(finding: Mapping[str, Any], decided: Mapping[str, Overrule]) -> Place:
    known = (decided[key] for key in fingerprints(finding) if key in decided)
    return Place(where(finding), str(finding.get("excerpt") or ""), next(known, None))


def where(finding: Mapping[str, Any]) -> str:
    """Where in the file it is, or ""."""
    page = finding.get("page")
    said = [_("page %s") % page] if page is not None else []
    place = str(finding.get("where") or "")
    if place and not (place == "page" and said):
        said.append(place)
    return ", ".join(said)
