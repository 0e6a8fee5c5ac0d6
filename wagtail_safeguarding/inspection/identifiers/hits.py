"""What the finders of identifiers share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wagtail_safeguarding.inspection.report import Severity


@dataclass(frozen=True)
class Hit:
    """An identifier at ``[start:end]`` of a text. ``shown`` is how bad it is where readers see it,
    ``unseen`` where they do not, as in metadata: None leaves that to the rule."""

    code: str
    start: int
    end: int
    shown: Severity | None = None
    unseen: Severity | None = None


Finder = Callable[[str], Iterator[Hit]]
"""Takes a text as ``plain_text`` makes it. Its time grows with the text's length and no faster,
whatever the text is: patterns have bounds, and context is looked for in a window."""


def before(text: str, start: int, length: int) -> str:
    return text[max(0, start - length) : start]


def around(text: str, start: int, end: int, length: int) -> str:
    return text[max(0, start - length) : end + length]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OFFICE = re.compile(
    r"\b(?:council|county hall|city hall|town hall|civic|partnership|office|offices|department|"
    r"government|directorate|headquarters|h\.?q\.?|trust|board|publish\w*|printed|copyright|"
    r"contacts?|tel|telephone|switchboard|helplines?|freephone|hotline|duty|out of hours|"
    r"front door|m\.?a\.?s\.?h|hub|e-?mail|www|https?|gov\.uk|nhs\.(?:uk|net)|police|ofsted|"
    r"nspcc|samaritans|childline|barnardo|charity|limited|ltd|llp|plc|po box|"
    r"cyngor|swyddfa|ffôn|ebost|e-bost|cysylltu|llinell gymorth)\b",
    re.IGNORECASE,
)
"""Words that stand around the address or the number of an organisation."""
