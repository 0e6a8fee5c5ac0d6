"""Passages: the text of records and of their files, in pieces that the search can index.

The text of a file is indexed once, when it is extracted, and privately: publishing it is an
update of ``public``. Every search asks for public passages only, and what it finds is
resolved through the register once more (see ``search``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, ClassVar

from django.db import connections, models, router, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from wagtail.search import index

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.texts import VersionText
from wagtail_safeguarding.inspection.media_types import PDF

from . import indexing
from .models import Record, RecordDocument, RecordState

LENGTH = 4_000
BATCH = 200
FEW = 4

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")


class Passage(index.Indexed, models.Model):
    """A piece of the text of a record, or of a file, never of both."""

    record = models.ForeignKey(
        Record, null=True, on_delete=models.CASCADE, related_name="passages", db_index=False
    )
    version = models.ForeignKey(
        DocumentVersion,
        null=True,
        on_delete=models.CASCADE,
        related_name="passages",
        db_index=False,
    )
    number = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    text = models.TextField()
    public = models.BooleanField(default=False)

    search_auto_update: ClassVar[bool] = False
    wagtail_reference_index_ignore: ClassVar[bool] = True

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("text"),
        index.FilterField("public"),
        index.FilterField("record"),
        index.FilterField("version"),
    ]

    class Meta:
        # The unique constraints are the indexes of the foreign keys.
        constraints = [
            models.CheckConstraint(
                condition=Q(record=None, version__isnull=False)
                | Q(record__isnull=False, version=None),
                name="safeguarding_passage_owner",
            ),
            models.UniqueConstraint(
                fields=["record", "number"], name="safeguarding_passage_record"
            ),
            models.UniqueConstraint(
                fields=["version", "number"], name="safeguarding_passage_version"
            ),
        ]
        indexes = [
            # The search joins its own table by the key as text, and wants public ones only.
            # A partial index would have no statistics, without which PostgreSQL avoids it.
            models.Index(
                Cast("id", models.CharField(max_length=50)),
                "public",
                name="safeguarding_passage_key",
            )
        ]

    def __str__(self) -> str:
        owner = f"record {self.record_id}" if self.record_id else f"version {self.version_id}"
        return f"{owner}, passage {self.number}"


def cut(text: str, length: int = LENGTH) -> Iterator[str]:
    """``text`` in pieces of at most ``length`` characters, cut after a sentence, a line or
    else a word where there is one. Put together again they are the text."""
    start = 0
    while len(text) - start > length:
        window = text[start : start + length]
        least = length // 2
        end = max((found.end() for found in _SENTENCE_END.finditer(window, least)), default=0)
        end = end or window.rfind(" ", least) + 1 or length
        yield window[:end]
        start += end
    if text[start:].strip():
        yield text[start:]


def write_version_passages(version_pk: int) -> None:
    """The passages of a file from its extracted text, in place of those that are there."""
    with transaction.atomic():
        # First a write: SQLite then hands out nothing that another writer is changing.
        _erase(Passage.objects.filter(version=version_pk))
        found = VersionText.objects.select_related("version").get(version=version_pk)
        # Only a PDF says where its pages end.
        numbered = found.version.media_type == PDF
        public = _named_publicly().filter(version=version_pk).exists()
        pieces = (
            (page if numbered else None, piece)
            for page, text in enumerate(found.get_pages(), 1)
            for piece in cut(text)
        )
        _write(
            Passage(version_id=version_pk, number=number, page=page, text=text, public=public)
            for number, (page, text) in enumerate(pieces)
        )
        indexing.update_statistics()
        settle_later([version_pk])


def write_record_passages(texts: Mapping[int, list[str]]) -> None:
    """The own text of public records, by their primary keys, in place of what is there, in the
    caller's transaction."""
    wanted, present = _pieces(texts), _present(texts)
    new = wanted.keys() - present.keys()
    gone = [present[place].pk for place in present.keys() - wanted.keys()]
    changed = [
        passage
        for place, passage in present.items()
        if place in wanted and not (passage.public and passage.text == wanted[place])
    ]
    for passage in changed:
        passage.text, passage.public = wanted[passage.record_id or 0, passage.number], True
    if not (new or gone or changed):
        return
    with transaction.atomic(savepoint=False):
        if gone:
            _erase(Passage.objects.filter(pk__in=gone))
        if changed:
            _update(changed)
            indexing.add(changed)
        _write(
            Passage(record_id=pk, number=number, text=wanted[pk, number], public=True)
            for pk, number in sorted(new)
        )


def changed_record_passages(texts: Mapping[int, list[str]]) -> set[int]:
    """Those of the records that do not have exactly this on record."""
    wanted = {(*place, piece, True) for place, piece in _pieces(texts).items()}
    present = {(*place, p.text, p.public) for place, p in _present(texts).items()}
    return {pk for pk, *_rest in wanted ^ present}


def _pieces(texts: Mapping[int, list[str]]) -> dict[tuple[int, int], str]:
    """What passages say, by their record and number."""
    return {
        (pk, number): piece
        for pk, own in texts.items()
        for number, piece in enumerate(
            piece for text in own for piece in cut(text.replace("\x00", ""))
        )
    }


def _present(texts: Mapping[int, Any]) -> dict[tuple[int, int], Passage]:
    passages = Passage.objects.filter(record__in=list(texts))
    return {(passage.record_id or 0, passage.number): passage for passage in passages}


def open_versions(version_pks: Iterable[int]) -> None:
    """Have the text of these files found, in the caller's transaction, which has put a public
    record on record that names them."""
    pks = sorted(set(version_pks))
    moved = Passage.objects.filter(version__in=pks, public=False).update(public=True)
    _index_again(pks, moved)
    settle_later(pks)


def close_versions(version_pks: Iterable[int]) -> None:
    """Have the text of these files found no more, in the caller's transaction, except where
    a public record still names them."""
    pks = sorted(set(version_pks))
    moved = _unnamed().filter(version__in=pks).update(public=False)
    _index_again(pks, moved)
    settle_later(pks)


def erase_record_passages(record_pks: Iterable[int]) -> None:
    """Delete the own text of records, from the index as well."""
    _erase(Passage.objects.filter(record__in=list(record_pks)))


def erase_version_passages(version_pks: Iterable[int]) -> None:
    """Delete the text of files, from the index as well."""
    _erase(Passage.objects.filter(version__in=list(version_pks)))


def settle_later(version_pks: list[int]) -> None:
    """Look at these versions again when the transaction is committed.

    An extraction and a publication at the same time do not see each other's rows, and neither
    may wait for the other: a withdrawal could be waiting for both. The one that is committed
    last sees all of it.
    """
    if version_pks:
        transaction.on_commit(partial(settle, version_pks), robust=True)


def settle(version_pks: list[int]) -> None:
    """Make ``public`` of these versions' passages what the register says now."""
    passages = Passage.objects.filter(version__in=version_pks)
    with transaction.atomic():
        _one_at_a_time()
        moved = _unnamed().filter(version__in=version_pks).update(public=False)
        moved += passages.filter(_is_named(), public=False).update(public=True)
        _index_again(version_pks, moved)


def _named_publicly() -> models.QuerySet[RecordDocument]:
    return RecordDocument.objects.filter(record__state=RecordState.PUBLIC)


def _is_named() -> Exists:
    return Exists(_named_publicly().filter(version=OuterRef("version")))


def _unnamed() -> models.QuerySet[Passage]:
    """The public passages of files that no public record names."""
    return Passage.objects.filter(~_is_named(), version__isnull=False, public=True)


def _index_again(version_pks: list[int], moved: int) -> None:
    """An index outside of the database has a copy of ``public``."""
    if not moved or not indexing.is_outside():
        return
    passages = Passage.objects.filter(version__in=version_pks).order_by("pk").iterator(BATCH)
    while batch := list(islice(passages, BATCH)):
        indexing.add(batch)


# The number of an advisory lock of PostgreSQL; any that nobody else takes.
_SETTLING = 0x5AFE_9A55


def _one_at_a_time() -> None:
    """Let one process settle at a time, so that each sees what the one before has done."""
    connection = connections[router.db_for_write(Passage)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SETTLING])


def _write(passages: Iterator[Passage]) -> None:
    while batch := list(islice(passages, BATCH)):
        indexing.add(Passage.objects.bulk_create(batch))


def _update(passages: list[Passage]) -> None:
    if len(passages) > FEW:
        Passage.objects.bulk_update(passages, ["text", "public"], BATCH)
        return
    for one in passages:  # of an edited page: Django takes longer to put them together
        Passage.objects.filter(pk=one.pk).update(text=one.text, public=one.public)


def _erase(passages: models.QuerySet[Passage]) -> None:
    with transaction.atomic(savepoint=False):
        indexing.remove(passages)
        passages._raw_delete(using=passages.db)
