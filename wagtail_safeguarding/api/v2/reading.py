"""Everything that the serializer is about to ask of a list of pages, read together.

Wagtail reads the objects that a page names list by list and page by page. Here the stored
content of all pages is walked first, so that the number of queries does not depend on how
many pages there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from wagtail.blocks import Block, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import get_page_models

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.loaded import Loaded, LoadedObjectsMixin, loaded
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.answers import Answers
from wagtail_safeguarding.register.rich_text import linked_ids

from .filters import is_page_link


def read_together(pages: Iterable[Any], names: Collection[str], request: Any) -> None:
    """Read what the API fields ``names`` of ``pages`` need."""
    by_model: dict[Any, list[Any]] = {}
    for page in pages:
        by_model.setdefault(type(page), []).append(page)
    for model, group in by_model.items():
        _Reading(model, group, names, request).run()
        if hook := getattr(model, "read_for_api", None):
            hook(group, names, request)


class _Reading:
    def __init__(self, model: Any, pages: list[Any], names: Collection[str], request: Any) -> None:
        self.pages = pages
        self.answers = Answers.for_request(request)
        fields = [field for field in model._meta.get_fields() if field.name in names]
        self.streams = [field for field in fields if isinstance(field, StreamField)]
        self.texts = [field for field in fields if isinstance(field, RichTextField)]
        self.links = [field for field in fields if is_page_link(field) and field.many_to_one]
        self.versions: set[int] = set()
        self.chosen: set[int] = set()
        self.linked: set[int] = set()

    def run(self) -> None:
        raw = {
            field: [list(getattr(page, field.name).raw_data) for page in self.pages]
            for field in self.streams
        }
        for field, streams in raw.items():
            for stream in streams:
                self.note(field.stream_block, stream)
        for field in self.texts:
            for page in self.pages:
                self.linked |= linked_ids(getattr(page, field.name) or "")
        for field in self.links:
            pks = {pk for page in self.pages if (pk := getattr(page, field.attname)) is not None}
            self.chosen |= pks
        with loaded(self.read()):
            for field, streams in raw.items():
                values = field.stream_block.bulk_to_python(streams)
                for page, value in zip(self.pages, values, strict=True):
                    setattr(page, field.name, value)

    def note(self, block: Block, raw: Any) -> None:
        for found, value in walk_stored(block, raw):
            if isinstance(found, RichTextBlock):
                self.linked |= linked_ids(value if isinstance(value, str) else "")
            elif isinstance(found, LoadedObjectsMixin) and (pk := as_pk(value)) is not None:
                chosen = self.versions if found.model_class is DocumentVersion else self.chosen
                chosen.add(pk)

    def read(self) -> Loaded:
        """Pages stand in for those of their own type: a chooser's value is a key to the API."""
        pages = self.answers.get_pages(self.chosen | self.linked)
        self.answers.get_open_versions(self.versions)
        models = [DocumentVersion, get_base_page_model(), *get_page_models()]
        return {
            model: self.answers.get_versions(self.versions) if model is DocumentVersion else pages
            for model in models
        }


def walk_stored(block: Block, raw: Any) -> Iterator[tuple[Block, Any]]:
    """The stored values of choosers and rich texts in ``raw``, which may be damaged."""
    if isinstance(block, StreamBlock):
        for child in raw if isinstance(raw, list) else []:
            child_block = block.child_blocks.get(child.get("type"))
            if child_block is not None:
                yield from walk_stored(child_block, child.get("value"))
    elif isinstance(block, ListBlock):
        for child in raw if isinstance(raw, list) else []:
            item = child["value"] if isinstance(child, dict) and "value" in child else child
            yield from walk_stored(block.child_block, item)
    elif isinstance(block, StructBlock):
        for name, child_block in block.child_blocks.items():
            yield from walk_stored(child_block, raw.get(name) if isinstance(raw, dict) else None)
    elif isinstance(block, (ChooserBlock, RichTextBlock)):
        yield block, raw
