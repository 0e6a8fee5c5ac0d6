"""The organisation that a sentence names, where it names one."""

from __future__ import annotations

import re

from .review_types import ABBREVIATIONS
from .wording import plain

_KNOWN = re.compile(
    r"\b(?:NSPCC(?:\s+Learning)?|Barnardo's|Childline|Ofsted|GOV\.UK|Research in Practice|"
    r"Foundations|Samaritans|Papyrus|CASPAR|Social Care Wales|Estyn|CoramBAAF|"
    r"Department (?:for|of) [A-Z]\w+(?: and [A-Z]\w+(?: Care)?)?)(?!\w)"
)
_NAMED = re.compile(
    r"\b(?:[A-Z][\w'&-]*\s(?:(?:of|for|and|the)\s)?){1,6}"
    r"(?:Partnership|Board|Council|Trust|Society|Foundation|Association|Panel|Institute|College|"
    r"Centre|Network|Service|University|Office|Commission|Committee|Agency|Alliance)\b"
)
_LETTERS = re.compile(r"(?<![\w/.-])[A-Z][A-Z]{2,7}(?![\w/-])")
_NOT_ORGANISATIONS = ABBREVIATIONS | {"PDF", "HTML", "FAQ", "FAQS", "URL", "WWW", "HTTP", "HTTPS"}
_ARTICLE = re.compile(r"^(?:The|A|An|See|Visit|Our)\s")


def read_organisation(text: str) -> str:
    """The name as written, or "". Nothing is looked up or completed."""
    folded = plain(text)
    found = [match.span() for match in _KNOWN.finditer(folded)]
    if not found:
        found = [_without_article(folded, *match.span()) for match in _NAMED.finditer(folded)]
    if not found and not folded.isupper():
        found = [
            match.span()
            for match in _LETTERS.finditer(folded)
            if match[0] not in _NOT_ORGANISATIONS
        ]
    if not found:
        return ""
    start, end = found[0]
    return text[start:end]


def _without_article(text: str, start: int, end: int) -> tuple[int, int]:
    article = _ARTICLE.match(text[start:end])
    return (start + article.end() if article else start), end
