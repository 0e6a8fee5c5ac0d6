"""What is said of the tags of sound and video."""

from __future__ import annotations

from wagtail_safeguarding.inspection.report import Severity

from .rule import Rule, by_code

_STRIP = "Export the recording again without its tags. What is heard and seen is not looked at."

RECORDINGS = by_code(
    Rule(
        "recording-position",
        Severity.BLOCKER,
        "The recording tells where it was made.",
        _STRIP,
    ),
    Rule(
        "recording-attachment",
        Severity.BLOCKER,
        "Another file is attached to the recording.",
        _STRIP,
    ),
    Rule("recording-person", Severity.WARNING, "The recording names a person.", _STRIP),
    Rule(
        "recording-comment",
        Severity.WARNING,
        "The recording comes with words that not every player shows.",
        _STRIP,
    ),
    Rule(
        "recording-path",
        Severity.WARNING,
        "The recording holds a path of somebody's computer or network; it often names a person.",
        _STRIP,
    ),
    Rule(
        "recording-title",
        Severity.NOTE,
        "The recording has a title or a date of its own, which players show.",
        "Read whether it tells too much.",
    ),
    Rule(
        "recording-program",
        Severity.NOTE,
        "The recording tells with what it was made.",
        _STRIP,
    ),
)
