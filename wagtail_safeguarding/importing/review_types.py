"""Names and abbreviations of review types, in English and Welsh -> vocabulary keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .wording import MAX_LINE, phrases, plain

_SCR = "serious-case-review"
_LCSPR = "local-child-safeguarding-practice-review"
_CPR = "child-practice-review"

# Longest first: a name inside a longer name is not a second type.
_NAMES = (
    (
        "national-child-safeguarding-practice-review",
        [r"national (?:child )?safeguarding practice review"],
    ),
    (_LCSPR, [r"(?:local )?child(?:ren)?(?:'?s)? safeguarding practice review"]),
    (_SCR, [r"serious case review", r"adolygiad achos difrifol"]),
    ("significant-case-review", [r"significant case review"]),
    ("rapid-review", [r"rapid review", r"adolygiad cyflym"]),
    ("learning-review", [r"learning review", r"adolygiad dysgu"]),
    ("thematic-review", [r"thematic review", r"adolygiad thematig"]),
    ("multi-agency-audit", [r"multi-?\s?agency audit"]),
    ("partnership-review", [r"partnership review"]),
    ("safeguarding-adults-review", [r"safeguarding adults?'?s? review"]),
    (
        "domestic-homicide-review",
        [r"domestic homicide review", r"adolygiad (?:lladdiad|dynladdiad) domestig"],
    ),
    ("domestic-abuse-related-death-review", [r"domestic abuse[\s-]+related death review"]),
    ("offensive-weapons-homicide-review", [r"offensive weapons? homicide review"]),
    ("mental-health-homicide-review", [r"mental health homicide review"]),
    (
        "concise-child-practice-review",
        [r"concise child practice review", r"adolygiad ymarfer plant cryno"],
    ),
    (
        "extended-child-practice-review",
        [r"extended child practice review", r"adolygiad ymarfer plant estynedig"],
    ),
    (_CPR, [r"child practice review", r"adolygiad ymarfer plant"]),
    ("adult-practice-review", [r"adult practice review", r"adolygiad ymarfer oedolion"]),
    (
        "single-unified-safeguarding-review",
        [r"single unified safeguarding review", r"adolygiad diogelu unedig sengl"],
    ),
    ("case-management-review", [r"case management review"]),
)

_ABBREVIATIONS = {
    "NCSPR": "national-child-safeguarding-practice-review",
    "LCSPR": _LCSPR,
    "CSPR": _LCSPR,
    "SCR": _SCR,
    "SAR": "safeguarding-adults-review",
    "DHR": "domestic-homicide-review",
    "DARDR": "domestic-abuse-related-death-review",
    "OWHR": "offensive-weapons-homicide-review",
    "MHHR": "mental-health-homicide-review",
    "CPR": _CPR,
    "AYP": _CPR,
    "APR": "adult-practice-review",
    "SUSR": "single-unified-safeguarding-review",
    "CMR": "case-management-review",
}

ABBREVIATIONS = frozenset(_ABBREVIATIONS)

_PLURAL = r"(?P<plural>s\b|au\b)?"
_TYPE = re.compile(
    "|".join(f"(?P<t{number}>\\b(?:{phrases(names)}))" for number, (_, names) in enumerate(_NAMES)),
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"(?<![A-Za-z])(?P<letters>" + "|".join(sorted(ABBREVIATIONS, key=len, reverse=True)) + r")"
    r"(?P<plural>'?s)?(?![A-Za-z])"
)
_PLURAL_AFTER = re.compile(r"s\b|au\b", re.IGNORECASE)
_WELSH_PLURAL = re.compile(r"\badolygiadau\b", re.IGNORECASE)
_FORM = re.compile(r"\b(concise|extended)\b", re.IGNORECASE)
_SCOTLAND = re.compile(r"\b(?:Scotland|Scottish|Child Protection Committee)\b", re.IGNORECASE)


@dataclass(frozen=True)
class TypeReading:
    """The type that a line names (None: none), and where it spoke of types.

    ``plural`` tells of a line about several reviews, such as "Serious Case Reviews".
    """

    key: str | None = None
    unsure: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    plural: bool = False


@dataclass(frozen=True)
class _Mention:
    key: str
    start: int
    end: int
    plural: bool
    note: str = ""


def speaks_of_scotland(text: str) -> bool:
    return _SCOTLAND.search(text) is not None


def read_review_type(text: str, *, scottish: bool = False) -> TypeReading:
    """The review type that a heading names. Prose names none.

    ``scottish``: the page is about Scotland, where "SCR" has another meaning.
    """
    if len(text) > MAX_LINE:
        return TypeReading()
    folded = plain(text)
    mentions = sorted(
        [*_named(folded, scottish=scottish), *_abbreviated(folded, scottish=scottish)],
        key=lambda one: one.start,
    )
    plural = bool(_WELSH_PLURAL.search(folded)) or any(one.plural for one in mentions)
    if not mentions:
        return TypeReading(plural=plural)
    keys = list(dict.fromkeys(one.key for one in mentions))
    notes = [one.note for one in mentions if one.note]
    if len(keys) > 1:
        notes.append(f"More than one review type is named; the first was taken: {keys[0]}.")
    spans = tuple((one.start, one.end) for one in mentions)
    return TypeReading(keys[0], tuple(notes), spans, plural)


def _named(text: str, *, scottish: bool) -> list[_Mention]:
    mentions = []
    for match in _TYPE.finditer(text):
        key = _NAMES[int(str(match.lastgroup)[1:])][0]
        after = _PLURAL_AFTER.match(text, match.end())
        end = after.end() if after else match.end()
        note = ""
        if key == _LCSPR and not match[0].lower().startswith("local"):
            note = "Local or national is not said; it was read as local."
        elif key == "learning-review" and scottish:
            note = "The page speaks of Scotland, whose learning reviews are a type of their own."
        if key == _CPR and (form := _FORM.search(text)):
            key = f"{form[1].lower()}-{_CPR}"
        mentions.append(_Mention(key, match.start(), end, after is not None, note))
    return mentions


def _abbreviated(text: str, *, scottish: bool) -> list[_Mention]:
    mentions = []
    for match in _LETTERS.finditer(text):
        letters = match["letters"]
        note = ""
        if letters == "SCR" and scottish:
            note = (
                "In Scotland SCR stood for significant case review; "
                "it was read as serious case review."
            )
        elif letters == "CSPR":
            note = "Local or national is not said; it was read as local."
        key = _ABBREVIATIONS[letters]
        if key == _CPR and (form := _FORM.search(text)):
            key = f"{form[1].lower()}-{_CPR}"
        plural = match["plural"] is not None and not match["plural"].startswith("'")
        mentions.append(_Mention(key, match.start(), match.end(), plural, note))
    return mentions
