"""The pseudonyms that a heading names: "Child G", "Emily and Jack". Never an identity."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .wording import word_set

_WHO = (
    r"(?:child|children|baby|babies|adult|adults|family|young\sperson|young\spersons|"
    r"young\speople|infant|siblings?|mother|father|boy|girl|case|person|mr|mrs|ms|miss|"
    r"plentyn|plant|baban|oedolyn|oedolion|teulu)"
)
_LETTERS = r"(?:(?-i:[A-Z]{1,3})\d{0,3}|[a-z]\d{0,3}|\d{1,3}[a-z]?)(?![\w])"
_NAME = r"(?:\"[^\"]{1,40}\"|'[^']{1,40}'(?!\w)|(?-i:[A-Z])[\w'-]{1,30})"
_MORE = rf"(?:(?:\s?,\s?|\s?&\s?|\sand\s|\sa\s|\sac\s|/)(?:and\s)?{_LETTERS})"
_SUBJECT = re.compile(
    rf"\b(?P<who>{_WHO})\s+(?:(?P<letters>{_LETTERS}{_MORE}{{0,9}})|(?P<name>{_NAME}))",
    re.IGNORECASE,
)
_NAMES_BETWEEN = re.compile(r"\s*(?:,|&|;|\band\b|\ba'r\b)\s*", re.IGNORECASE)
_ONE_NAME = re.compile(r"[\"']?[A-Z][\w'-]{0,30}[\"']?(?:\s[A-Z0-9][\w'-]{0,30}){0,3}[\"']?$")

ORDINARY_WORDS = word_set(
    """
    a about abuse accident action adult adults all also an and annual appendix archive archived
    assessment at background board briefing by care case children children's child comments
    committee concerning conclusion contact context council criminal current death deaths
    documents download downloads exploitation family final findings for forms further guidance
    help here home homicide how i if in information initial into introduction is it key latest
    launch learning legal lessons library links local make minutes more multi-agency national
    neglect news next no note notes of older on other our overview page partnership pathways
    people physical plan plans please policies policy practice press previous privacy procedure
    procedures process protection protocols publications published publishing purpose rapid
    recent recommendations regarding related report reports resources response review reviews
    safeguarding search section see serious service services sexual share statement subject
    summary support team template terms the their themes this to tools training updates us
    useful version what when where who why with working adolygiad adolygiadau cyhoeddwyd
    dogfennau gwybodaeth
    """
)
"""Words of headings that are no pseudonym."""

NOISE = word_set(
    """
    a an and the of for s death deaths died on in into by re regarding concerning subject to at
    as published publication publish date dated report final full review reviews case local
    national concise extended combined joint child children anonymised ref reference no number
    redacted version monday tuesday wednesday thursday friday saturday sunday cyhoeddwyd
    """
)
_WORD = re.compile(r"[^\W_][\w'-]*")


@dataclass(frozen=True)
class SubjectReading:
    """Pseudonyms verbatim. ``said``: a word such as "Child" says that it is one.

    ``rest`` are the words that nobody understood.
    """

    subjects: tuple[str, ...] = ()
    said: bool = False
    rest: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


def read_subjects(text: str, blanked: str) -> SubjectReading:
    """Pseudonyms in ``blanked``: the plain heading with type, date and reference blanked out.

    ``text`` is the heading itself, of the same length, from which they are cut verbatim.
    """
    subjects: list[str] = []
    rest = blanked
    for match in _SUBJECT.finditer(blanked):
        name = match["name"]
        if name and (name.lower() in ORDINARY_WORDS or match["who"].lower() == "case"):
            continue
        subjects.append(text[match.start() : match.end()])
        rest = rest[: match.start()] + "," * (match.end() - match.start()) + rest[match.end() :]
    if subjects:
        return SubjectReading(tuple(subjects), True, _words(rest))
    return _read_names(text, blanked)


def _read_names(text: str, blanked: str) -> SubjectReading:
    """What is left of a heading may be nothing but names: "Emily and Jack"."""
    names: list[str] = []
    for start, end in _pieces(blanked):
        folded = blanked[start:end]
        words = folded.lower().split()
        if not _ONE_NAME.match(folded) or any(word in ORDINARY_WORDS for word in words):
            return SubjectReading(rest=_words(blanked))
        names.append(text[start:end])
    unsure = tuple(
        f"“{name}” was read as the name that the review goes by." for name in names if " " in name
    )
    return SubjectReading(tuple(names), False, (), unsure)


def _pieces(blanked: str) -> list[tuple[int, int]]:
    """Where the parts between "and", commas, brackets and the like begin and end."""
    pieces: list[tuple[int, int]] = []
    start = 0
    edges = [match.span() for match in re.finditer(r"[:()\[\]|]|\s-\s|\s{3,}", blanked)]
    edges += [match.span() for match in _NAMES_BETWEEN.finditer(blanked)]
    for stop, following in [*sorted(edges), (len(blanked), len(blanked))]:
        piece = blanked[start:stop]
        words = [word for word in _WORD.findall(piece) if word.lower() not in NOISE]
        if stop > start and words:
            lead = len(piece) - len(piece.lstrip(" -."))
            tail = len(piece) - len(piece.rstrip(" -."))
            pieces.append((start + lead, stop - tail))
        start = max(start, following)
    return pieces


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in _WORD.findall(text) if word.lower() not in NOISE)
