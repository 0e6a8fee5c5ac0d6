"""Links to files that do not go through the gate: Wagtail's own documents, and media.

Whoever has the address can read such a file from the moment it is uploaded, whatever page
links to it. They cannot be forbidden (a site's own fields and imported text have them), so
the editor is warned. Read from stored values (a row, a revision's content), so that a
report over many pages neither builds pages nor asks for what their blocks choose.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.blocks import Block, ChooserBlock, FieldBlock, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import Comment, Site

from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.publication.readiness import Level, Problem
from wagtail_safeguarding.register.visibility import not_restricted

CODE = "unprotected-document"

_URL = re.compile(r"""(?:https?:)?//[^\s"'<>]+|(?<![\w/.<])/[^\s"'<>]+""", re.IGNORECASE)


class Reference(NamedTuple):
    """What a field of a page leads to: an ordinary document by its key, or a file of the
    media storage by its name."""

    field: str
    document: int | None = None
    name: str = ""
    """The file name in the document's address. Wagtail answers only to the right one, and
    whoever guesses keys is not told titles."""
    file: str = ""


@dataclass(frozen=True)
class Unprotected:
    """A file that a field of a page leads to past the gate."""

    field: str
    title: str
    document: Any = None
    """The ordinary document; None for a file that belongs to none."""
    restricted: bool = False
    """Whether the document stands in a private collection of Wagtail's."""

    def as_problem(self) -> Problem:
        advice = _(
            "Upload it as a review document, choose that under Documents in place of the link, "
            "and delete the ordinary document."
        )
        if self.restricted:
            what = _(
                "“%(title)s” is an ordinary document in a private collection: publishing this "
                "page does not open it, and taking the page down does not close it."
            )
        else:
            what = _(
                "“%(title)s” is an ordinary document: anybody can read it from the moment it is "
                "uploaded, whether or not this page is published."
            )
        message = f"{what % {'title': self.title}} {advice}"
        return Problem(CODE, Level.WARNING, message, self.field, beside_field=True)


class LinkFinder:
    """Finds references in stored values. Keep one for many pages: it reads the hosts once."""

    @cached_property
    def hosts(self) -> set[str]:
        """The hosts that are this site, whatever the port."""
        return {host.lower() for host in Site.objects.values_list("hostname", flat=True)}

    @cached_property
    def document_model(self) -> Any:
        if not apps.is_installed("wagtail.documents"):
            return None
        from wagtail.documents import get_document_model

        return get_document_model()

    def find(self, model: Any, values: Mapping[str, Any]) -> list[Reference]:
        """What ``values`` (by field name, as a revision stores them) of a ``model`` lead to."""
        return list(dict.fromkeys(self._in_model(model, values)))

    def _in_model(self, model: Any, values: Mapping[str, Any]) -> Iterator[Reference]:
        for field in model._meta.get_fields():
            value = values.get(field.name)
            # The address of the page itself is no link.
            if value is None or field.name == "url_path":
                continue
            if isinstance(field, StreamField):
                found = self._in_block(field.stream_block, _from_json(value))
            elif field.is_relation:
                found = self._chosen(field.related_model, value)
            else:
                found = self._in_text(value) if isinstance(value, str) else iter(())
            yield from (reference._replace(field=field.name) for reference in found)
        for relation in child_relations(model):
            name = relation.get_accessor_name()
            for row in values.get(name) or []:
                for reference in self._in_model(relation.related_model, row):
                    yield reference._replace(field=name)

    def _chosen(self, model: Any, value: Any) -> Iterator[Reference]:
        """A foreign key, or a list of keys, to ``model``."""
        if self.document_model is None or not isinstance(model, type):
            return
        if issubclass(model, self.document_model):
            for key in value if isinstance(value, list) else [value]:
                if (pk := as_pk(key)) is not None:
                    yield Reference("", pk)

    def _in_block(self, block: Block, raw: Any) -> Iterator[Reference]:
        """Like ``walk``, on stored values. What is damaged leads nowhere."""
        if isinstance(block, StreamBlock):
            for child in _dicts(raw):
                if (child_block := block.child_blocks.get(child.get("type"))) is not None:
                    yield from self._in_block(child_block, child.get("value"))
        elif isinstance(block, ListBlock):
            for item in raw if isinstance(raw, list) else []:
                is_wrapped = isinstance(item, dict) and item.get("type") == "item"
                value = item.get("value") if is_wrapped else item
                yield from self._in_block(block.child_block, value)
        elif isinstance(block, StructBlock):
            for name, child_block in block.child_blocks.items():
                yield from self._in_block(child_block, raw.get(name) if _is_dict(raw) else None)
        elif isinstance(block, ChooserBlock):
            yield from self._chosen(block.model_class, raw)
        elif raw is not None:
            for text in _texts(raw):
                yield from self._in_text(text)
            if not isinstance(block, FieldBlock):  # a table, or a kind of the site's own
                for model, key, *_path in block.extract_references(block.to_python(raw)):
                    yield from self._chosen(model, key)

    def _in_text(self, text: str) -> Iterator[Reference]:
        """Links in rich text, in HTML and in a bare address."""
        if "linktype" in text:
            for link in BeautifulSoup(text, "html.parser").find_all("a", linktype="document"):
                if (pk := as_pk(link.get("id"))) is not None:
                    yield Reference("", pk)
        if "/" in text:
            for match in _URL.finditer(html.unescape(text)):
                url = match.group().rstrip(".,;:!?)")  # of the sentence it stands in
                if (reference := self._leads_to(url)) is not None:
                    yield reference

    def _leads_to(self, url: str) -> Reference | None:
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        path = unquote(parts.path)
        media = urlsplit(settings.MEDIA_URL or "")
        if media.path.strip("/") and path.startswith(media.path):
            media_host = (media.hostname or "").lower()
            if host == media_host if media_host else self._is_here(host):
                return Reference("", file=path.removeprefix(media.path))
        if not self._is_here(host) or not path.startswith(get_script_prefix()):
            return None
        try:
            match = resolve("/" + path.removeprefix(get_script_prefix()))
        except Resolver404:
            return None
        if match.url_name != "wagtaildocs_serve" or len(match.args) != 2:
            return None
        pk = as_pk(match.args[0])
        return Reference("", pk, name=match.args[1]) if pk is not None else None

    def _is_here(self, host: str) -> bool:
        return not host or host in self.hosts

    def look_up(self, references: Iterable[Reference]) -> dict[Reference, Unprotected]:
        """Those of the references that lead to a file, in at most three queries.

        A document that no longer exists is no danger. A file of the media storage is named
        also where it is no document's: nobody asks the storage whether it is there.
        """
        references = list(references)
        by_pk: dict[int, Any] = {}
        by_file: dict[str, Any] = {}
        open_pks: set[int] = set()
        if self.document_model is not None and references:
            documents = self.document_model._default_manager.all()
            by_pk = documents.in_bulk([r.document for r in references if r.document is not None])
            files = {r.file for r in references if r.file}
            if files:
                by_file = {
                    document.file.name: document for document in documents.filter(file__in=files)
                }
            if pks := {document.pk for document in [*by_pk.values(), *by_file.values()]}:
                shown = not_restricted(documents.filter(pk__in=pks), "collection__path")
                open_pks = set(shown.values_list("pk", flat=True))
        found = {}
        for reference in references:
            document = by_file.get(reference.file) or by_pk.get(reference.document or 0)
            if document is not None and reference.name in ("", document.filename):
                restricted = document.pk not in open_pks
                found[reference] = Unprotected(
                    reference.field, document.title, document, restricted
                )
            elif reference.file:
                name = reference.file.rpartition("/")[2]
                found[reference] = Unprotected(reference.field, name)
        return found


def find_unprotected(page: Any) -> list[Unprotected]:
    """What ``page``, as it stands in memory, leads to past the gate."""
    finder = LinkFinder()
    found = finder.look_up(finder.find(type(page), values_of(page)))
    return list(dict.fromkeys(found.values()))


def values_of(page: Any) -> dict[str, Any]:
    """The values of ``page`` as a revision stores them, without saving anything.

    A query for each child relation, such as an InlinePanel's, that a site has added.
    """
    values: dict[str, Any] = {}
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            values[field.name] = getattr(page, field.name).get_prep_value()
        else:
            values[field.name] = getattr(page, field.attname)
    for relation in child_relations(type(page)):
        name = relation.get_accessor_name()
        values[name] = [values_of(child) for child in getattr(page, name).all()]
    return values


def field_label(model: Any, name: str) -> str:
    """The field's name as the editor shows it."""
    for relation in child_relations(model):
        if relation.get_accessor_name() == name:
            return capfirst(str(relation.related_model._meta.verbose_name_plural))
    return capfirst(str(model._meta.get_field(name).verbose_name))


def child_relations(model: Any) -> list[Any]:
    """Rows that are edited with the page. What editors say to each other is not content."""
    return [r for r in get_all_child_relations(model) if r.related_model is not Comment]


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(raw: Any) -> Iterator[str]:
    """Every text in a stored value, however deep."""
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, (list, dict)):
        for value in raw.values() if isinstance(raw, dict) else raw:
            yield from _texts(value)
