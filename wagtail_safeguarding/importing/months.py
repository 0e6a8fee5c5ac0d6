"""The names of the months, in English and Welsh, in full and shortened."""

from __future__ import annotations

_NAMES = (
    "january jan ionawr",
    "february feb chwefror",
    "march mar mawrth",
    "april apr ebrill",
    "may mai",
    "june jun mehefin",
    "july jul gorffennaf",
    "august aug awst",
    "september sept sep medi",
    "october oct hydref",
    "november nov tachwedd",
    "december dec rhagfyr",
)

MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""Month number by lower-case name."""

MONTH_PATTERN = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
"""A regular expression for a month's name; use it ignoring case."""
