"""The resources that "Further information" points to: from its links, or its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .hrefs import is_web_address
from .organisations import read_organisation
from .proposed import ProposedLink
from .source import Block, Link
from .wording import MAX_LINE, is_short, plain, sentences, trimmed, without_bullet

# A thing that holds others goes before the place where it is, and both before one text.
_COLLECTION = (
    "library|series|set|collection|repository|database|archive|range|list|toolkit|hub|portal|"
    "directory|resources"
)
_SINGLE = (
    "briefings?|guide|guides|guidance|factsheets?|leaflets?|publications?|report|reports|podcasts?|"
    "course|courses|training|policy|procedures|handbook|manual|summary|research|website|"
    "websites|web\\s?site|pages|page|helpline"
)
_ARTICLE = r"\b(?:an?|the|its|their|our|this|some|several)\s+"
_PHRASE_END = (
    r"(?=[,.;:(]|\s-\s|\s(?:where|which|that|looking|who|available|can|is|are|has|have|at|here|"
    r"on\s+(?:its|their|the|our))\b|$)"
)
_VERBS = (
    r"contains?|holds?|hosts?|has|have|publish(?:es|ed)?|produces?d?|offers?|provides?|"
    r"there\s+(?:is|are)|see|visit|read|find|found|available|download|access|search|go\s+to|"
    r"view|developed|maintains?|includes?|link"
)
_BEFORE = rf"(?:(?!(?:{_VERBS}|an?|the|its|their|our|of)\b)[\w'/-]+\s){{0,4}}?"
_THINGS = tuple(
    re.compile(
        rf"{_ARTICLE}(?P<thing>{_BEFORE}(?:{nouns})\b(?:\s(?!and\b)[\w'/&-]+){{0,14}}?)"
        rf"{_PHRASE_END}",
        re.IGNORECASE,
    )
    for nouns in (_COLLECTION, _SINGLE)
)
_BARE = re.compile(rf"\b(?P<thing>{_BEFORE}(?:{_COLLECTION}|{_SINGLE}))\b", re.I)
_POINTS = re.compile(rf"\b(?:{_VERBS})\b", re.IGNORECASE)
_CONTINUES = re.compile(r"^\W*(?:they|it|these|this|those|each|all\s+of\s+(?:these|them))\b", re.I)
_POINTING_TEXT = re.compile(r"\b(?:click\s+here|here|this\s+link|read\s+more)\b", re.IGNORECASE)
_EMPTY_LINK_TEXT = re.compile(
    r"(?:click\s+)?here|this(?:\s+(?:link|page))?|link|(?:read|find\s+out)\s+more|more|download|"
    r"website|yma|cliciwch\s+yma",
    re.IGNORECASE,
)
_MAX_SENTENCE = 2000


@dataclass(frozen=True)
class ResourceReading:
    resource: ProposedLink
    line: int
    unsure: tuple[str, ...] = ()


def says_nothing(link_text: str) -> bool:
    """Whether a link's text means nothing on its own: "here"."""
    return _EMPTY_LINK_TEXT.fullmatch(plain(link_text).strip(" .:>»")) is not None


def read_resources(blocks: Sequence[Block]) -> list[ResourceReading]:
    """The resources of a section, in order. Where it has any link, links are the resources."""
    linked = any(is_web_address(link.href) for block in blocks for link in block.links)
    read = _from_links if linked else _from_sentences
    return [reading for block in blocks for reading in read(block)]


def _from_links(block: Block) -> Iterator[ResourceReading]:
    parts = sentences(block.text)
    position, organisation = 0, ""
    for link in block.links:
        if not is_web_address(link.href):
            continue
        # Links come in the order of the text, so a later "here" is in a later place.
        for ahead in range(position, len(parts)):
            if link.text in parts[ahead]:
                for passed in parts[position : ahead + 1]:
                    organisation = read_organisation(passed[:_MAX_SENTENCE]) or organisation
                position = ahead
                break
        sentence = parts[position] if parts else ""
        yield _reading(block, _resource(link, sentence, organisation))


def _resource(link: Link, sentence: str, organisation: str) -> ProposedLink:
    own = read_organisation(link.text) or organisation
    alone = trimmed(sentence) in {link.text, str(link.href)} or not is_prose_around(sentence, link)
    return ProposedLink(link.text, "" if alone else sentence, own, link.href)


def is_prose_around(sentence: str, link: Link) -> bool:
    """Whether the sentence says anything besides the link."""
    return any(char.isalnum() for char in without_bullet(sentence).replace(link.text, "", 1))


def _from_sentences(block: Block) -> Iterator[ResourceReading]:
    """In a text the link targets are lost: a sentence that points to a thing is a resource."""
    text = without_bullet(block.text)
    if is_short(text) and not _POINTS.search(plain(text)):
        yield _reading(block, ProposedLink(text, "", read_organisation(text)))
        return
    organisation = ""
    for sentence in sentences(block.text):
        if len(sentence) > _MAX_SENTENCE or _CONTINUES.match(sentence):
            continue
        own = read_organisation(sentence)
        carried, organisation = organisation if not own else "", own or organisation
        thing = _find_thing(sentence)
        pointing = next(reversed([*_POINTING_TEXT.finditer(plain(sentence))]), None)
        if not (thing or pointing) or not (organisation or pointing):
            continue
        if not _POINTS.search(plain(sentence)):
            continue
        shown = sentence[pointing.start() : pointing.end()] if pointing else str(thing)
        notes = ["The target of the link is not in the source."]
        if carried:
            notes.append(f"The organisation ({carried}) is named in a sentence before.")
        yield _reading(block, ProposedLink(shown, sentence, organisation), *notes)


def _find_thing(sentence: str) -> str | None:
    """The words for what a sentence points to, verbatim: "library of all the reports"."""
    folded = plain(sentence)
    for pattern in (*_THINGS, _BARE):
        match = pattern.search(folded)
        if match and match.end("thing") - match.start("thing") <= MAX_LINE:
            return trimmed(sentence[match.start("thing") : match.end("thing")])
    return None


def _reading(block: Block, resource: ProposedLink, *notes: str) -> ResourceReading:
    unsure = list(notes)
    if says_nothing(resource.text):
        unsure.append(f"The link text “{resource.text}” says nothing on its own.")
    return ResourceReading(resource, block.line, tuple(unsure))
