"""The line that tells a reader whom to call now."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .proposed import EmergencyLine
from .source import Block
from .wording import plain, trimmed

MAX_EMERGENCY_LINE = 300

_999 = re.compile(r"(?<![\d.])(?<!\d\s)999(?!\s?\d)")
_CALL = re.compile(
    r"\b(?:call|phone|dial|ring|telephone|contact|danger|emergency|risk|ffoni\w*|deial\w*|"
    r"galw\w*|perygl|argyfwng)\b",
    re.IGNORECASE,
)
_DANGER = re.compile(
    r"\bimmediate\s+(?:danger|risk)\b|\bperygl\s+(?:uniongyrchol|dybryd)\b|"
    r"^\W*(?:in\s+(?:an|case\s+of)\s+emergency|mewn\s+argyfwng)\b",
    re.IGNORECASE,
)
_EMERGENCY = re.compile(r"\b(?:emergency|emergencies|argyfwng)\b", re.IGNORECASE)
_TELEPHONE = re.compile(
    r"(?<![\w.])(?:\+44\s?|0)\d(?:[\s-]?\d){7,10}(?!\d)|(?<![\d\w])1(?:01|11|12)(?!\d)"
)


def find_emergency_line(blocks: Sequence[Block], before: int) -> tuple[int, EmergencyLine] | None:
    """The emergency line and its place: with 999 anywhere, with less only ahead of ``before``."""
    ranks = (
        (len(blocks), _calls_999),
        (len(blocks), lambda text: _DANGER.search(text) is not None),
        (before, lambda text: bool(_EMERGENCY.search(text) and _TELEPHONE.search(text))),
    )
    for end, says_so in ranks:
        for position, block in enumerate(blocks[:end]):
            if len(block.text) <= MAX_EMERGENCY_LINE and says_so(plain(block.text)):
                return position, _read(block)
    return None


def _calls_999(text: str) -> bool:
    return bool(_999.search(text) and _CALL.search(text))


def _read(block: Block) -> EmergencyLine:
    folded = plain(block.text)
    match = _999.search(folded) or _TELEPHONE.search(folded)
    number = block.text[match.start() : match.end()] if match else None
    return EmergencyLine(trimmed(block.text), number)
