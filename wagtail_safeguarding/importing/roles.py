"""What a document is, by the words of its title -> keys of the document roles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .wording import MAX_LINE, phrases, plain

_ROLES = (
    ("individual-management-review", [r"individual management (?:review|report)s?", r"\bIMRs?\b"]),
    (
        "action-plan-update",
        [
            r"action plan (?:progress )?(?:updates?|progress)",
            r"updated? (?:on (?:the )?)?action plan",
        ],
    ),
    ("action-plan", [r"action plans?", r"cynllun gweithredu", r"improvement plan"]),
    ("executive-summary", [r"executive summary", r"crynodeb gweithredol"]),
    (
        "seven-minute-briefing",
        [
            r"(?:7|seven)[\s-]?min(?:ute)?s?[\s-]+(?:learning )?(?:briefings?|guide|learning)",
            r"briff saith munud",
        ],
    ),
    (
        "learning-summary",
        [
            r"learning (?:summary|brief(?:ing)?s?|points|note)",
            r"summary of (?:the )?learning",
            r"lessons learn(?:ed|t)",
            r"crynodeb dysgu",
        ],
    ),
    ("briefing-note", [r"briefing(?: (?:note|paper|sheet))?s?", r"practitioner brief"]),
    (
        "single-agency-response",
        [r"(?:single[\s-]?agency|council|trust|police|school|NHS|health) response"],
    ),
    (
        "partnership-response",
        [
            r"(?:partnership|board|LSCB|LSCP|SCP|partners)(?:'s|s')? (?:statement of )?response",
            r"response (?:of|from|by) the (?:partnership|board)",
            r"response to the (?:review|report)",
        ],
    ),
    (
        "press-statement",
        [
            r"(?:press|media) (?:statement|release|notice)",
            r"statement to the press",
            r"datganiad i'r wasg",
        ],
    ),
    ("slides", [r"slides?(?: deck)?", r"powerpoint", r"presentation"]),
    ("audio-video", [r"videos?", r"podcasts?", r"audio", r"recordings?", r"webinars?"]),
    ("easy-read", [r"easy[\s-]?read", r"hawdd ei ddeall"]),
    ("translation", [r"translations?", r"translated", r"welsh version", r"fersiwn gymraeg"]),
    (
        "referral-document",
        [r"referral (?:form|document|template|guidance|procedure)s?", r"ffurflen atgyfeirio"],
    ),
    ("terms-of-reference", [r"terms of reference", r"cylch gorchwyl"]),
    (
        "improvements-only-statement",
        [
            r"(?:statement of )?improvements?(?:[\s-]+only)? (?:statement|made)",
            r"information about (?:the )?improvements",
        ],
    ),
    ("protocol", [r"protocols?"]),
    ("pathway", [r"pathways?", r"llwybr"]),
    ("leaflet", [r"leaflets?", r"flyers?", r"taflen"]),
    (
        "overview-report",
        [r"(?:overview|full|final|main|review|SCR|LCSPR|CSPR) report", r"adroddiad(?: llawn)?"],
    ),
)

_ROLE = re.compile(
    "|".join(
        f"(?P<r{number}>(?<!\\w)(?:{phrases(words)})(?!\\w))"
        for number, (_, words) in enumerate(_ROLES)
    ),
    re.IGNORECASE,
)
# Without another role word in the title, "report" is the report of the review itself.
_REPORT = re.compile(r"(?<!\w)report(?!\w)", re.IGNORECASE)
_OTHER_REPORT = re.compile(
    r"\b(?:annual|inspection|progress|scrutiny|audit|quarterly|performance)\s+report\b", re.I
)
NEVER_PUBLISHED = "individual-management-review"


@dataclass(frozen=True)
class RoleReading:
    """The role that a title names (None: none), with what an editor should check."""

    key: str | None = None
    unsure: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def read_role(title: str) -> RoleReading:
    """The role of the document with this title. Prose names none."""
    if len(title) > MAX_LINE:
        return RoleReading()
    folded = plain(title)
    matches = list(_ROLE.finditer(folded))
    keys = list(dict.fromkeys(_ROLES[int(str(match.lastgroup)[1:])][0] for match in matches))
    if not keys and not _OTHER_REPORT.search(folded):
        matches = list(_REPORT.finditer(folded))
        keys = ["overview-report"] if matches else []
    spans = tuple(match.span() for match in matches)
    if NEVER_PUBLISHED in keys:
        note = "An individual management review is never published."
        return RoleReading(NEVER_PUBLISHED, (note,), spans)
    if len(keys) > 1:
        note = f"The title names more than one role ({', '.join(keys)}); the first was taken."
        return RoleReading(keys[0], (note,), spans)
    return RoleReading(keys[0] if keys else None, (), spans)
