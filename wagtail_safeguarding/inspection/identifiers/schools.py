"""The names of schools and nurseries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .hits import Hit, words

_KIND = re.compile(
    r"(?<!\w)(?:School|Academy|Nursery|Pre-?[Ss]chool|Kindergarten|Sixth Form College|"
    r"Children's Centre)(?!\w|'|-\w)"
)
_WORD_BEFORE = re.compile(r"([^\s,;:()\[\]\"“”|/]+)[ \n]\Z")
_WINDOW = 60
_WORDS = 6
_AFTER = re.compile(r" (?:of|for|Trusts?|Trust's|Board|Council|Health|Nurse|Nursing|Leader\w*)\b")

# What is a kind of school, and not its name.
_KINDS = words(
    """
    primary secondary infant infants junior juniors middle high upper lower first grammar nursery
    special comprehensive community catholic anglican methodist church england ce c.e. c.ofe. rc
    r.c. roman voluntary aided controlled foundation free independent boarding day state public
    residential prep preparatory maintained mainstream specialist studio technical sixth form
    girls' boys' girls boys of all-through through jmi academy school international faith jewish
    muslim islamic hindu sikh welsh-medium
    """
)
# What begins a sentence or a phrase, and is nobody's name.
_NO_NAME = words(
    """
    a an the this that these those his her their its our my your local new old previous former
    current another each every both any some no one two three four five which what at in on out
    from to by with for during after before since until when while if as but or so where and &
    attending attended child children children's young people's child's head deputy designated
    safeguarding multi multi-academy sunday summer law medical business drama dance art music
    riding driving pupil parents parent mother father sibling royal national university department
    education alternative provision pre pre-school whole after-school between his/her home forest
    safer healthy early years gp health care social nurse staff trust
    """
)
_LETTER = re.compile(r"^(?:[A-Z]|\d{1,3}|[A-Z]\d|[A-Z]'s)$")


def schools(text: str) -> Iterator[Hit]:
    """ "St Mary's Primary School"; not "the Primary School", "School A" or "Child E's School"."""
    for found in _KIND.finditer(text):
        if _AFTER.match(text, found.end()):
            continue
        start = _start_of_name(text, found.start())
        if start is not None:
            yield Hit("school-name", start, found.start())
    for found in _YSGOL.finditer(text):
        yield Hit("school-name", *found.span(1))


_YSGOL = re.compile(
    r"(?<!\w)Ysgol(?: (?:Gynradd|Uwchradd|Gyfun|Gymraeg|Gymunedol|Fabanod|Iau|Feithrin|Arbennig|"
    r"Babanod|Ganol|Gatholig|Eglwysig)){0,4} ((?!A\b)[A-ZÂÊÎÔÛŴŶ][\w'-]{2,30}"
    r"(?: [A-ZÂÊÎÔÛŴŶ][\w'-]{2,30}){0,2})"
)


def _start_of_name(text: str, end: int) -> int | None:
    """Where a name begins that ends at ``end``; None where there is none but kinds of school."""
    start = None
    at = end
    for _ in range(_WORDS):
        found = _WORD_BEFORE.search(text, max(0, at - _WINDOW), at)
        if found is None:
            break
        word = found[1]
        plain = word.casefold()
        if plain in _KINDS:
            at = found.start()
            continue
        is_name = word[0].isupper() and plain not in _NO_NAME and not _LETTER.match(word)
        if not is_name or (word[-1] in ".!?" and word != "St."):
            break
        start = at = found.start()
    return start
