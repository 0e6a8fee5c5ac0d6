"""Numbers that are given to one person: NHS, national insurance, UPRN, case and pupil numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wagtail_safeguarding.inspection.report import Severity

from .hits import Hit, before

# Three groups, as they are printed, or one. A line may end inside.
_NHS = re.compile(
    r"(?:(?<=NHS)|(?<![\w+])(?<!\d[-.,/]))\(?"
    r"(\d{3})([ \n.-]?)(\d{3})([ \n.-]?)(\d{4})(?!\w|[.,/-]\d)"
)
# Grouped in another way, right after its name.
_NHS_SAID = re.compile(
    r"\bn\.?h\.?s\.?[ \n]?(?:n(?:o|um|umber)\b)?[ \n.:=#-]{0,4}(\d(?:[ .-]?\d){9})(?!\w|[.,/-]\d)",
    re.IGNORECASE,
)
_NHS_CONTEXT = re.compile(
    r"\bn\.?h\.?s\.?(?:\b|(?=n(?:o|umber)))|\bgig\b|\bchi\b|\bh ?& ?c\b|"
    r"health (?:and|&) (?:social )?care n",
    re.IGNORECASE,
)
_ISSUED = frozenset("4679")
"""The first digits of the numbers of England, Wales and of those for tests."""
_NUMBER_BEFORE = re.compile(r"(?:^|[\s|])[\d,.%]*\d[\d,.%]*[ \t]\Z")
_NUMBER_AFTER = re.compile(r"[ \t][\d,.%]+(?:[\s|]|\Z)")
_OTHERS = (
    re.compile(r"(?:://|www\.)\S*\Z"),  # in an address
    re.compile(r"\+\d{1,3}[ -]?(?:\(0\)[ -]?)?\Z"),  # a telephone number
    re.compile(r"\bISBN(?:-10)?:? ?\Z"),
)
"""What may stand before ten digits that are no NHS number."""


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits have the check digit of an NHS number (modulus 11)."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - rest % 11) % 11 == int(digits[9])


def nhs_numbers(text: str) -> Iterator[Hit]:
    for found in _NHS.finditer(text):
        first, one, second, other, third = found.groups()
        digits = first + second + third
        start, end = found.span()
        has_context = bool(_NHS_CONTEXT.search(before(text, start, 60)))
        if not is_nhs_number(digits):
            if has_context:  # a slip of somebody's pen, perhaps
                yield Hit("nhs-number", start, end, Severity.WARNING, Severity.WARNING)
            continue
        if has_context:
            yield Hit("nhs-number", start, end)
        elif digits[0] in _ISSUED and one + other != "\n\n" and bool(one) == bool(other):
            said = before(text, start, 80)
            if any(pattern.search(said) for pattern in _OTHERS):
                continue
            # In tables of figures, one row of three numbers in eleven would be one.
            neighbours = bool(one) * (
                bool(_NUMBER_BEFORE.search(said)) + bool(_NUMBER_AFTER.match(text, end))
            )
            if neighbours < 2:
                level = Severity.WARNING if neighbours else None
                yield Hit("nhs-number", start, end, level, level)
    for found in _NHS_SAID.finditer(text):
        if is_nhs_number(re.sub(r"\D", "", found.group(1))):
            yield Hit("nhs-number", *found.span(1))


_INSURANCE = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?"
    r"\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?!\w)"
)


# Temporary numbers and those of examples, by the words before them.
_OTHER_INSURANCE = re.compile(
    r"\b(?:national insurance|n\.?i\.?(?: |no\b|number)|nino\b)(?: ?(?:number|no))?\b[\s.:=-]{0,4}"
    r"([A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}(?:[ -]?[A-Z])?)(?!\w)",
    re.IGNORECASE,
)


def insurance_numbers(text: str) -> Iterator[Hit]:
    for found in _INSURANCE.finditer(text):
        yield Hit("insurance-number", *found.span(), unseen=Severity.BLOCKER)
    for found in _OTHER_INSURANCE.finditer(text):
        yield Hit("insurance-number", *found.span(1), unseen=Severity.BLOCKER)


_UPRN = re.compile(r"(?<![\w.])(?:\d{6,12}|\d{3}(?: \d{3}){2,3})(?![\w]|[.,]\d)")
_UPRN_CONTEXT = re.compile(r"\bUPRNs?\b|unique property reference", re.IGNORECASE)


def property_numbers(text: str) -> Iterator[Hit]:
    # Where nobody speaks of any, no number need be looked at.
    if not _UPRN_CONTEXT.search(text):
        return
    for found in _UPRN.finditer(text):
        if _UPRN_CONTEXT.search(before(text, found.start(), 60)):
            yield Hit("uprn", *found.span())


_CASE = re.compile(
    r"\b(?:case|client|person|child|pupil|patient|hospital|mosaic|liquid ?logic|care ?first|lcs|"
    r"ehm|eclipse|azeus|systm ?one|rio|social (?:care|services)|crime|custody|court|police|nspis|"
    r"niche|connect|protocol|swift|record|referral|family)"
    r"(?:'s)?(?: file| case| record| unique| system| social care){0,2}"
    r"(?: ?(?:ref(?:erence)?s?\b\.?|numbers?\b|nos?\b\.?|id\b|identifier|urn\b|#)){1,3}"
    r"(?: (?:is|was))?[ \n:.=#-]{0,4}"
    r"((?=[A-Z/-]{0,6}\d)[A-Z]{0,5}[/-]?\d[\dA-Z/-]{3,20})(?!\w)",
    re.IGNORECASE,
)
_WITH_YEAR = re.compile(r"(?:^|[/-])(?:19|20)\d\d(?:$|[/-])")
# Of the family court, and of a school.
_COURT = re.compile(r"(?<!\w)[A-Z]{2}\d{2}[CPFZ]\d{5}(?!\w)")
_PUPIL = re.compile(r"(?<!\w)[A-HJ-NP-RT-Z]\d{11}[\dA-Z](?!\w)")


def case_numbers(text: str) -> Iterator[Hit]:
    for found in _CASE.finditer(text):
        if sum(c.isdigit() for c in found[1]) >= 4:
            # A reference with a year in it is mostly that of the review itself.
            level = Severity.NOTE if _WITH_YEAR.search(found[1]) else None
            yield Hit("case-number", *found.span(1), level, level)
    for pattern in (_COURT, _PUPIL):
        for found in pattern.finditer(text):
            yield Hit("case-number", *found.span())
