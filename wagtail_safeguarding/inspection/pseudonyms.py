"""Which review a file speaks of: the pseudonyms and references in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from .identifiers import plain_text
from .reading import Text

MAX_KEPT = 20
_OFTEN = 3
"""A pseudonym that a text names less often may be one of another review that it cites."""

_PSEUDONYM = re.compile(
    r"(?<![A-Za-z])(Child|Baby|Infant|Family|Adult|Young[ -]?Person|Sibling|Plentyn|Teulu)[ \n_-]?"
    r"([A-Z]{1,2}\d?|\d{1,2})(?![A-Za-z0-9])"
)
_REFERENCE = re.compile(
    r"(?<![\w/-])(?:[A-Z]{2,6}[ /-]{0,2}){1,2}"
    r"(?:(?:19|20)\d\d(?:[/-]\d\d)?[/-][A-Z]?\d{1,4}|\d{1,4}[/-](?:19|20)?\d\d)(?![\w/-])"
)


def pseudonyms_in(text: str) -> list[str]:
    """ "Child E", "Family X": each as it is written on pages, as often as it is there."""
    return [
        f"{' '.join(found[1].replace('-', ' ').split()).capitalize()} {found[2]}"
        for found in _PSEUDONYM.finditer(text)
    ]


def references_in(text: str) -> list[str]:
    """Codes such as "NSCP/2019/04"."""
    return [found[0] for found in _REFERENCE.finditer(text)]


def plain_reference(reference: str) -> str:
    """A reference as it is compared: its letters and digits."""
    return "".join(c for c in reference.casefold() if c.isalnum())


def facts_about_reviews(name: str, texts: Iterable[Text]) -> dict[str, list[str]]:
    """What a report keeps: the pseudonyms and references in the file's name, its title and on its
    first page (``..._in_title``), and those that it names often."""
    titles: Counter[str] = Counter()
    codes_in_titles: Counter[str] = Counter()
    often: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    heads = [Text(name.replace("_", " "), "")]
    for text in [*heads, *texts]:
        said = plain_text(text.text)
        found, references = pseudonyms_in(said), references_in(said)
        often.update(found)
        codes.update(references)
        if text in heads or "title" in text.where.casefold() or (text.shown and text.page == 1):
            titles.update(found)
            codes_in_titles.update(references)
    kept = {
        "pseudonyms_in_title": titles,
        "pseudonyms": Counter({name: n for name, n in often.items() if n >= _OFTEN}),
        "references_in_title": codes_in_titles,
        "references": codes,
    }
    return {
        name: [one for one, _times in counts.most_common(MAX_KEPT)]
        for name, counts in kept.items()
        if counts
    }
