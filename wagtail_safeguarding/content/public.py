"""The public form of what an editor built, made from the values as they are stored.

Read as Wagtail's values, each chooser in each list would ask the database for itself. The stored
values hold keys, and what these stand for comes from ``Sources``, which a whole batch shares.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField

from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.register.schema import (
    DocumentBlock,
    HeadingBlock,
    LinkBlock,
    OtherBlock,
    ParagraphBlock,
    PublicBlock,
    PublicDate,
    PublicDocument,
    PublicLearningPoint,
    PublicLink,
    PublicRecommendation,
    PublicSection,
    QuotationBlock,
)
from wagtail_safeguarding.register.sources import Sources

Raw = dict[str, Any]


def stored(stream: Any) -> list[Raw]:
    """The children of a stream as they are stored: ``{"type", "value", "id"}``."""
    return [child for child in stream.get_prep_value() if isinstance(child, dict)]


def values(stream: Any) -> list[Any]:
    return [child.get("value") for child in stored(stream)]


Walked = list[tuple[Block, Any]]


def walk_page(page: Any, *wanted: type[Block]) -> Walked:
    """Every block of ``page`` that is of the ``wanted`` kinds, with its stored value, in order.

    Not a generator: whoever rebuilds a register goes through all blocks of all pages.
    """
    found: Walked = []
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(page, field.name)
            _walk(stream.stream_block, stream.get_prep_value(), wanted, found)
    return found


def _walk(block: Block, value: Any, wanted: tuple[type[Block], ...], found: Walked) -> None:
    if not _may_have(block, wanted):
        return
    if isinstance(block, wanted):
        found.append((block, value))
    if isinstance(value, list):
        if isinstance(block, StreamBlock):
            for child in value:
                if isinstance(child, dict) and child.get("type") in block.child_blocks:
                    _walk(block.child_blocks[child["type"]], child.get("value"), wanted, found)
        elif isinstance(block, ListBlock):
            for child in value:
                # Before Wagtail 2.16 an item was stored without its id around it.
                wrapped = isinstance(child, dict) and child.get("type") == "item"
                _walk(block.child_block, child.get("value") if wrapped else child, wanted, found)
    elif isinstance(value, dict) and isinstance(block, StructBlock):
        for name, child_block in block.child_blocks.items():
            _walk(child_block, value.get(name), wanted, found)


def _may_have(block: Block, wanted: tuple[type[Block], ...]) -> bool:
    """Whether the block is of these kinds, or can have such in it. Found out once of each: most
    blocks are texts, in which nothing need be looked for."""
    known: dict[Any, bool] = block.__dict__.setdefault("_safeguarding_may_have", {})
    answer = known.get(wanted)
    if answer is None:
        inside: list[Block] = []
        if isinstance(block, (StreamBlock, StructBlock)):
            inside = list(block.child_blocks.values())
        elif isinstance(block, ListBlock):
            inside = [block.child_block]
        answer = isinstance(block, wanted) or any(_may_have(child, wanted) for child in inside)
        known[wanted] = answer
    return answer


def public_date(value: PartialDate | str | None) -> PublicDate | None:
    """Nonsense that a script stored is shown as unknown."""
    if isinstance(value, str):
        with suppress(ValueError):
            return public_date(PartialDate.parse(value) if value else None)
        return None
    return PublicDate(value=str(value), precision=value.precision) if value else None


def day(value: Any) -> dt.date | None:
    with suppress(ValueError, TypeError):
        return dt.date.fromisoformat(value) if value else None
    return None


def keys(value: Any) -> list[str]:
    return [str(key) for key in value] if isinstance(value, list) else []


def text(value: Any) -> str:
    return str(value) if value else ""


def public_document(row: Raw, sources: Sources) -> PublicDocument:
    """A row of a document list. Its own words come first; what it leaves empty is the
    document's, but only once the document is public: its title may say more than the page does."""
    version = sources.versions.get(as_pk(row.get("version")) or 0)
    document = version.document if version else None
    own: Raw = {
        "title": text(row.get("title")) or (document.title if document else ""),
        "role": row.get("role") or None,
        "audience": keys(row.get("audience"))
        or (list(document.audience or []) if document else []),
        "language": text(row.get("language")) or (document.language if document else ""),
        "date": public_date(row.get("date"))
        or (public_date(document.publication_date) if document else None),
        "description": text(row.get("description")),
    }
    if version is None or document is None:
        return PublicDocument(**own)
    return PublicDocument(
        **own,
        uuid=str(document.uuid),
        version=version.number,
        url=version.get_url(),
        file_name=version.public_name,
        media_type=version.media_type,
        size=version.size,
        pages=version.pages,
        sha256=version.sha256,
        licence=document.licence,
        rights_holder=document.rights_holder,
        alternative_format_contact=document.alternative_format_contact,
    )


def public_documents(stream: Any, sources: Sources) -> list[PublicDocument]:
    return [public_document(row or {}, sources) for row in values(stream)]


def public_link(row: Raw, sources: Sources) -> PublicLink:
    pk = as_pk(row.get("page"))
    page = sources.pages.get(pk) if pk is not None else None
    return PublicLink(
        title=text(row.get("title")),
        description=text(row.get("description")),
        organisation=text(row.get("organisation")),
        url=(text(row.get("url")) or None) if pk is None else page.url if page else None,
        record=page.record if page else None,
    )


def public_links(stream: Any, sources: Sources) -> list[PublicLink]:
    return [public_link(row or {}, sources) for row in values(stream)]


def public_blocks(stream: Any, sources: Sources) -> list[PublicBlock]:
    return [_block(child.get("type"), child.get("value"), sources) for child in stored(stream)]


def _block(name: Any, value: Any, sources: Sources) -> PublicBlock:
    if name == "heading":
        return HeadingBlock(text=text(value))
    if name == "paragraph":
        return ParagraphBlock(html=sources.html(text(value)))
    if name == "quotation":
        return QuotationBlock(text=text(value))
    if name == "document":
        return DocumentBlock(document=public_document(value or {}, sources))
    if name == "link":
        return LinkBlock(link=public_link(value or {}, sources))
    return OtherBlock(name=text(name))


def public_sections(stream: Any, sources: Sources) -> list[PublicSection]:
    return [
        PublicSection(
            heading=text(section.get("heading")),
            introduction=sources.html(text(section.get("introduction"))),
            documents=[
                public_document(child.get("value") or {}, sources)
                for child in section.get("documents") or []
                if isinstance(child, dict)
            ],
        )
        for section in values(stream)
        if isinstance(section, dict)
    ]


def public_points(stream: Any, sources: Sources) -> list[PublicLearningPoint]:
    return [
        PublicLearningPoint(
            title=text(point.get("title")),
            text=sources.html(text(point.get("text"))),
            themes=keys(point.get("themes")),
        )
        for point in values(stream)
        if isinstance(point, dict)
    ]


def public_recommendations(stream: Any) -> list[PublicRecommendation]:
    return [
        PublicRecommendation(
            text=text(one.get("text")),
            owner=text(one.get("owner")),
            status=one.get("status") or None,
            due=public_date(one.get("due")),
            updated=day(one.get("updated")),
        )
        for one in values(stream)
        if isinstance(one, dict)
    ]
