"""HTML to tags and text, in time that grows with the length of the source and no faster.

``html.parser`` of the supported Python versions (and so Beautiful Soup on top of it)
takes quadratic time on unclosed tags: 60 kB of ``<a `` take half a minute. A source is
somebody else's file, so this reads it itself. It is a tokenizer and no more: there is no
tree, so there is no nesting to exhaust. Tags that never close are kept as text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_NAME = re.compile(r"[a-zA-Z][^\s/<>]{0,99}")
_ATTRIBUTE = re.compile(r"[\s/]*(=?[^\s<>/=]+|=)(\s*=\s*)?")
_UNQUOTED = re.compile(r"[^\s\"'<>]*")
_TAG_END = re.compile(r"[\s/]*>")

RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "noembed", "noframes"})
"""Elements whose content is no markup."""


@dataclass(frozen=True)
class StartTag:
    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    """Written as ``<name/>``, which means something for ``svg`` and ``math`` only."""


@dataclass(frozen=True)
class EndTag:
    name: str
    line: int


@dataclass(frozen=True)
class Text:
    text: str
    line: int


Token = StartTag | EndTag | Text


def unescape(text: str) -> str:
    """Character references resolved; a monstrous number is left as it stands."""
    try:
        return html.unescape(text)
    except ValueError:
        return text


class _Finder:
    """``text.find`` that remembers, for each needle, the stretch without it.

    Otherwise each unclosed construct would search to the end of the source again.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._searched: dict[str, tuple[int, int]] = {}
        self._closers: dict[str, int] = {}

    def find(self, needle: str, start: int) -> int:
        """Where ``needle`` begins at or after ``start``; -1 where it does not."""
        since, found = self._searched.get(needle, (len(self._text), -1))
        if start < since:
            nearer = self._text.find(needle, start, since + len(needle) - 1)
            found = nearer if nearer >= 0 else found
        elif -1 < found < start:
            found = self._text.find(needle, start)
        else:
            return found
        self._searched[needle] = (start, found)
        return found

    def find_closer(self, name: str, start: int) -> int:
        """Where ``</name`` closes a raw text element that began before ``start``; -1 if never."""
        known = self._closers.get(name, 0)
        if -1 < known <= start:
            match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self._text, start)
            known = self._closers[name] = match.start() if match else -1
        return known


class Tokenizer:
    """Iterate over the tokens of an HTML text, in order and each with its line number."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._finder = _Finder(text)
        self._line = 1
        self._line_position = 0

    def __iter__(self) -> Iterator[Token]:
        position = kept = 0
        text = self._text
        while (opening := text.find("<", position)) >= 0:
            line = self._line_at(kept)
            found = self._markup(opening)
            if found is None:
                position = opening + 1  # a "<" that is only a character
                continue
            token, end = found
            if opening > kept:
                yield Text(text[kept:opening], line)
            if token is not None:
                yield token
            if isinstance(token, StartTag) and token.name in RAW_TEXT:
                closer = self._finder.find_closer(token.name, end)
                closer = len(text) if closer < 0 else closer
                if closer > end:
                    yield Text(text[end:closer], self._line_at(end))
                end = closer
            position = kept = end
        if kept < len(text):
            yield Text(text[kept:], self._line_at(kept))

    def _markup(self, opening: int) -> tuple[Token | None, int] | None:
        """The token that begins at ``opening`` (None: nothing to show) and where it ends."""
        following = self._text[opening + 1 : opening + 2]
        if following in {"!", "?"}:
            return self._declaration(opening)
        if following == "/":
            return self._end_tag(opening)
        return self._start_tag(opening)

    def _declaration(self, opening: int) -> tuple[None, int] | None:
        closer = "-->" if self._text.startswith("<!--", opening) else ">"
        # An empty comment may be written "<!-->".
        end = self._finder.find(closer, opening + (2 if closer == "-->" else 1))
        return None if end < 0 else (None, end + len(closer))

    def _end_tag(self, opening: int) -> tuple[Token | None, int] | None:
        name = _NAME.match(self._text, opening + 2)
        end = self._finder.find(">", opening)
        if name is None or end < 0:
            return None
        return EndTag(name[0].lower(), self._line_at(opening)), end + 1

    def _start_tag(self, opening: int) -> tuple[Token, int] | None:
        name = _NAME.match(self._text, opening + 1)
        if name is None:
            return None
        spans: list[tuple[str, int, int]] = []
        position = name.end()
        while (end := _TAG_END.match(self._text, position)) is None:
            attribute = _ATTRIBUTE.match(self._text, position)
            if attribute is None:
                return None
            value = self._value(attribute)
            if value is None:
                return None
            spans.append((attribute[1], *value[:2]))
            position = value[2]
        attributes: dict[str, str] = {}
        for key, start, stop in spans:
            attributes.setdefault(key.lower(), unescape(self._text[start:stop]))
        line = self._line_at(opening)
        return StartTag(name[0].lower(), line, attributes, closed="/" in end[0]), end.end()

    def _value(self, attribute: re.Match[str]) -> tuple[int, int, int] | None:
        """Start and end of an attribute's value, and where reading goes on."""
        start = attribute.end()
        if not attribute[2]:
            return start, start, start
        quote = self._text[start : start + 1]
        if quote in {'"', "'"}:
            closing = self._finder.find(quote, start + 1)
            return None if closing < 0 else (start + 1, closing, closing + 1)
        unquoted = _UNQUOTED.match(self._text, start)
        stop = unquoted.end() if unquoted else start
        return start, stop, stop

    def _line_at(self, position: int) -> int:
        self._line += self._text.count("\n", self._line_position, position)
        self._line_position = position
        return self._line
