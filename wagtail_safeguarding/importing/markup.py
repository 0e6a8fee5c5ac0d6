"""HTML to blocks: what a visitor of the page would read, without the site around it."""

from __future__ import annotations

import re

from .elements import (
    BLOCKS,
    CELLS,
    ENDS_HEADING,
    FOREIGN,
    HEADINGS,
    NEVER_READ,
    SITE_PARTS,
    SITE_ROLES,
    VOID,
)
from .hrefs import clean_href
from .source import (
    Block,
    BlockKind,
    BlockList,
    Link,
    SourceError,
    SourceFormat,
    SourcePage,
    is_blank,
)
from .tokens import EndTag, StartTag, Text, Tokenizer, unescape

_LAYOUT = " \t\n\r\f"
_LAYOUT_RUN = re.compile(r"[ \t\n\r\f]+")

_JUNK_NAME = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|skip-?links?|skip-to)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BULKY_NAME = 200
"""Longer class attributes are a framework's, not a name."""

_MANY = 3
"""So many texts left out are quoted in the note."""


class _MistakenSkip(Exception):
    """What looked like the site's furniture holds the page itself, or never ends."""


class _Reader:
    """One pass over the tokens. All nesting is counted; nothing here recurses."""

    def __init__(self, *, skip_site_parts: bool) -> None:
        self._skip_site_parts = skip_site_parts
        self.found = BlockList()
        self.regions: list[int] = []
        self.articles = 0
        self.title = self.site_name = ""
        self._skipping = ""
        self._skip_depth = self._skip_line = 0
        self._main_name = ""
        self._main_depth = self._in_article = 0
        self._heading = self._list_depth = self._cells = self._bold = 0
        self._in_item = self._in_title = self._in_button = False
        self._parts: list[str] = []
        self._bold_chars = 0
        self._line = 0
        self._links: list[Link] = []
        self._href: str | None = None
        self._link_start: int | None = None
        self._image_text = ""
        self._link_taken = False

    # Tags

    def start(self, tag: StartTag) -> None:
        name = tag.name
        if self._skipping:
            if name == self._skipping and not (tag.closed and name in FOREIGN):
                self._skip_depth += 1
            if name == "main" and self._skipping not in NEVER_READ:
                raise _MistakenSkip
            return
        if name in VOID:
            self._void(tag)
            return
        if name in FOREIGN and tag.closed:
            return
        if self._is_skipped(tag):
            self._flush()
            self._skipping, self._skip_depth, self._skip_line = name, 1, tag.line
            return
        self._in_title = name == "title"
        if name in BLOCKS:
            self._open_block(name)
        elif name == "a":
            self._close_link()
            self._open_link(tag)
        elif name in {"b", "strong"}:
            self._bold += 1
        elif name == "button":
            self._in_button = not self._heading
        self._enter_region(tag)

    def _enter_region(self, tag: StartTag) -> None:
        """The main part ends where as many tags of its name have closed as were opened."""
        if self._main_depth:
            self._main_depth += tag.name == self._main_name
        elif tag.name == "main" or tag.attributes.get("role") == "main":
            self._main_name, self._main_depth = tag.name, 1
        if tag.name == "article":
            self.articles += not self._in_article
            self._in_article += 1

    def end(self, tag: EndTag) -> None:
        name = tag.name
        if self._skipping:
            if name == self._skipping:
                self._skip_depth -= 1
                self._skipping = name if self._skip_depth else ""
            return
        if name == "title":
            self._in_title = False
        elif name in BLOCKS:
            self._close_block(name)
        elif name == "a":
            self._close_link()
        elif name in {"b", "strong"}:
            self._bold = max(0, self._bold - 1)
        elif name == "button":
            self._in_button = False
        if self._main_depth:
            self._main_depth -= name == self._main_name
        if name == "article":
            self._in_article = max(0, self._in_article - 1)

    def text(self, token: Text) -> None:
        if self._skipping or self._in_button:
            return
        text = unescape(token.text)
        if self._in_title:
            self.title += text
            return
        bare = text.lstrip(_LAYOUT)
        if bare and not self._line:
            self._line = token.line + text[: len(text) - len(bare)].count("\n")
        if self._bold:
            self._bold_chars += sum(not char.isspace() for char in text)
        self._parts.append(text)

    def finish(self) -> None:
        if self._skipping and self._skipping not in NEVER_READ:
            raise _MistakenSkip
        if self._skipping:
            self.found.note(
                self._skip_line,
                f"<{self._skipping}> never ends, so nothing after it could be read.",
            )
        self._flush()

    # Inside

    def _is_skipped(self, tag: StartTag) -> bool:
        if tag.name in NEVER_READ:
            return True
        if not self._skip_site_parts or tag.name in {"html", "body", "main", "article"}:
            return False
        in_content = bool(self._main_depth or self._in_article)
        role = tag.attributes.get("role", "").lower()
        if tag.name == "nav" or role in SITE_ROLES - {"banner", "contentinfo"}:
            return True
        if not in_content and (tag.name in SITE_PARTS or role in SITE_ROLES):
            return True
        names = [tag.attributes.get("id", ""), tag.attributes.get("class", "")]
        return tag.name in BLOCKS and any(
            len(name) < _BULKY_NAME and _JUNK_NAME.search(name) for name in names
        )

    def _void(self, tag: StartTag) -> None:
        if tag.name == "br":
            if self._heading:
                self._parts.append(" ")
            else:
                self._flush()
        elif tag.name == "hr":
            self._flush()
        elif tag.name == "img" and self._link_start is not None:
            self._image_text = self._image_text or tag.attributes.get("alt", "")
        elif tag.name == "meta" and tag.attributes.get("property", "").lower() == "og:site_name":
            self.site_name = self.site_name or tag.attributes.get("content", "")

    def _open_block(self, name: str) -> None:
        if self._heading and name not in ENDS_HEADING and name not in HEADINGS:
            self._parts.append(" ")  # a <div> inside a heading is layout
            return
        self._end_block()
        self._heading = HEADINGS.get(name, 0)
        if name in {"ul", "ol"}:
            self._list_depth += 1
        elif name == "li":
            self._in_item = True
        elif name in CELLS:
            self._cells += 1

    def _close_block(self, name: str) -> None:
        if self._heading and name not in ENDS_HEADING and name not in HEADINGS:
            self._parts.append(" ")
            return
        self._end_block()
        self._heading = 0
        if name in {"ul", "ol"}:
            self._list_depth = max(0, self._list_depth - 1)
            self._in_item = bool(self._list_depth)
        elif name == "li":
            self._in_item = bool(self._list_depth > 1)
        elif name in CELLS:
            self._cells = max(0, self._cells - 1)

    def _end_block(self) -> None:
        self._flush()
        self._bold = 0  # an unclosed <b> must not run through the rest of the page

    def _open_link(self, tag: StartTag) -> None:
        href, problem = clean_href(tag.attributes.get("href", ""))
        if problem:
            self.found.note(tag.line, problem)
        if "href" in tag.attributes:
            self._href, self._link_start, self._image_text = href, len(self._parts), ""
            self._link_taken = False
            self._line = self._line or tag.line

    def _close_link(self) -> None:
        if self._link_start is None:
            return
        if not self._take_link() and not self._link_taken and self._href:
            if is_blank(self._image_text):
                self.found.note(self._line, f"A link without text was left out: {self._href}")
            else:
                self._parts.append(self._image_text)
                self._take_link()
        self._link_start = None

    def _take_link(self) -> bool:
        """Record the open link with the text that it has in this block so far."""
        text = _collapse("".join(self._parts[self._link_start :]))
        if is_blank(text):
            return False
        self._links.append(Link(text, self._href))
        self._link_taken = True
        return True

    def _flush(self) -> None:
        if self._link_start is not None:
            self._take_link()
            self._link_start = 0  # the link goes on in the next block
        text = _collapse("".join(self._parts))
        if not is_blank(text):
            visible = sum(not char.isspace() for char in text)
            block = Block(
                kind=self._kind(),
                text=text,
                level=self._heading or (self._list_depth if self._in_item else 0),
                links=tuple(self._links),
                line=self._line,
                bold=not self._heading and self._bold_chars >= visible,
            )
            self.found.add(block)
            self.regions.append(2 if self._main_depth else 1 if self._in_article else 0)
        self._parts, self._links, self._bold_chars, self._line = [], [], 0, 0

    def _kind(self) -> BlockKind:
        if self._heading:
            return BlockKind.HEADING
        if self._in_item:
            return BlockKind.LIST_ITEM
        return BlockKind.OTHER if self._cells else BlockKind.PARAGRAPH


def _collapse(text: str) -> str:
    """Layout white space as browsers show it. A no-break space is not layout, and stays."""
    return _LAYOUT_RUN.sub(" ", text).strip(_LAYOUT)


def read_markup(text: str) -> SourcePage:
    """The blocks of an HTML page: its ``<main>`` or only ``<article>`` where it has one."""
    try:
        reader = _run(text, skip_site_parts=True)
    except _MistakenSkip:
        reader = _run(text, skip_site_parts=False)
        reader.found.note(
            1, "The parts of the site around the page could not be told apart; all of it was read."
        )
    return SourcePage(
        format=SourceFormat.HTML,
        blocks=_content(reader),
        notes=reader.found.notes,
        title=_collapse(reader.title),
        site_name=_collapse(reader.site_name),
    )


def _run(text: str, *, skip_site_parts: bool) -> _Reader:
    reader = _Reader(skip_site_parts=skip_site_parts)
    for token in Tokenizer(text):
        if isinstance(token, StartTag):
            reader.start(token)
        elif isinstance(token, EndTag):
            reader.end(token)
        else:
            reader.text(token)
    reader.finish()
    return reader


def _content(reader: _Reader) -> tuple[Block, ...]:
    """The blocks of the page's own content; what stood around it is told in a note."""
    blocks = reader.found.blocks
    if 2 in reader.regions:
        wanted = 2
    elif reader.articles == 1 and 1 in reader.regions:
        wanted = 1
    else:
        return tuple(blocks)
    kept: list[Block] = []
    others: list[Block] = []
    for block, region in zip(blocks, reader.regions, strict=True):
        (kept if region >= wanted else others).append(block)
    if others:
        quoted = "; ".join(f"“{block.text[:60]}”" for block in others[:_MANY])
        more = f" and {len(others) - _MANY} more" if len(others) > _MANY else ""
        reader.found.note(
            others[0].line, f"Left out, outside the main part of the page: {quoted}{more}."
        )
    return tuple(kept)


_OPENING = re.compile(
    r"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--[^<>]{0,500}-->\s*)?<(?:!doctype\s+html|html)\b", re.I
)
_ELEMENT = re.compile(r"</(?:h[1-6]|p|div|ul|ol|li|a|td|main|article|section|body)\s*>", re.I)
_OTHER_MARKUP = re.compile(r"\s*<(?:\?xml|rss|feed|svg)\b", re.I)


def is_markup(text: str) -> bool:
    """Whether a source is HTML, by what is in it. XML of other kinds raises SourceError."""
    if _OPENING.match(text) or _ELEMENT.search(text):
        return True
    if _OTHER_MARKUP.match(text):
        raise SourceError("The source is XML, but not an HTML page.")
    return False
