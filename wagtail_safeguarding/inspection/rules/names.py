"""Identifiers of people, and names that a review must not have."""

from __future__ import annotations

from wagtail_safeguarding.inspection.report import Severity

from .rule import Rule, by_code

_TAKE_OUT = "Take it out of the original document and export that again."

NAMES = by_code(
    Rule(
        "restricted-name",
        Severity.BLOCKER,
        "There is a name that is on the review's list of names.",
        f"It must not be published, whoever can see it. {_TAKE_OUT}",
    ),
    Rule(
        "nhs-number",
        Severity.BLOCKER,
        "There is an NHS number.",
        f"It identifies one person. {_TAKE_OUT}",
    ),
    Rule(
        "date-of-birth",
        Severity.WARNING,
        "There is a date of birth.",
        "Give an age or an age band in its place, and export the document again.",
    ),
    Rule(
        "exact-date-near-age",
        Severity.WARNING,
        "There is a date to the day beside an age.",
        "Together they may identify a child. Give the month or the year only.",
    ),
    Rule(
        "insurance-number",
        Severity.WARNING,
        "There is a national insurance number.",
        f"It identifies one person. {_TAKE_OUT}",
    ),
    Rule(
        "uprn",
        Severity.WARNING,
        "There is a property reference number (UPRN).",
        f"It identifies one home. {_TAKE_OUT}",
    ),
    Rule(
        "case-number",
        Severity.WARNING,
        "There is a number of a case, a pupil or a person.",
        f"Whoever has the case file can tell whose it is. {_TAKE_OUT}",
    ),
    Rule(
        "postcode",
        Severity.WARNING,
        "There is a full postcode.",
        "Some fifteen homes share one. Unless it is an office's, take it out and export the "
        "document again.",
    ),
    Rule(
        "telephone",
        Severity.WARNING,
        "There is a telephone number.",
        "Unless it is an organisation's, take it out and export the document again.",
    ),
    Rule(
        "email",
        Severity.WARNING,
        "There is an e-mail address.",
        "Unless it is an organisation's, take it out and export the document again.",
    ),
    Rule(
        "school-name",
        Severity.WARNING,
        "There is the name of a school or nursery.",
        "Write “the primary school” or “School A”, unless the name is meant to be public.",
    ),
)
