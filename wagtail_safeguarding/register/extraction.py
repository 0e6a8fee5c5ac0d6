"""Make up for texts that were not extracted, not cut into passages, or not erased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.texts import (
    TextState,
    VersionText,
    erase_texts,
    extract_version_text,
    readable_versions,
)

from .passages import Passage, write_version_passages


class Outcome(StrEnum):
    EXTRACTED = "extracted"
    NO_TEXT = "without text"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    ERASED = "erased"
    GONE = "gone"

    @property
    def is_problem(self) -> bool:
        return self in {Outcome.UNREADABLE, Outcome.MISSING}


_OUTCOMES = {
    TextState.EXTRACTED: Outcome.EXTRACTED,
    TextState.NONE: Outcome.NO_TEXT,
    TextState.FAILED: Outcome.UNREADABLE,
}


@dataclass(frozen=True)
class Step:
    version: DocumentVersion
    outcome: Outcome


def pending(*, retry: bool = False) -> list[int]:
    """The versions that have no text yet, or no passages of it, or one that should be gone;
    with ``retry`` those as well that could not be read before."""
    texts = VersionText.objects.filter(version=OuterRef("pk"))
    passages = Passage.objects.filter(version=OuterRef("pk"))
    condition = ~Exists(texts) | Q(Exists(texts.filter(characters__gt=0)), ~Exists(passages))
    if retry:
        condition |= Q(Exists(texts.filter(state=TextState.FAILED)))
    missing = readable_versions().filter(condition)
    leftover = DocumentVersion.objects.exclude(pk__in=readable_versions()).filter(
        Exists(texts) | Exists(passages)
    )
    found = set(missing.values_list("pk", flat=True))
    return sorted(found.union(leftover.values_list("pk", flat=True)))


def catch_up(pks: list[int], tick: Callable[[], object] = lambda: None) -> Iterator[Step]:
    """Bring each of these versions in order, one by one. Errors of the storage are raised,
    except that a file is missing."""
    for pk in pks:
        version = DocumentVersion.objects.select_related("document").get(pk=pk)
        yield Step(version, _catch_up(pk))
        tick()


def _catch_up(pk: int) -> Outcome:
    if not readable_versions().filter(pk=pk).exists():
        erase_texts([pk])
        return Outcome.ERASED
    VersionText.objects.filter(version=pk, state=TextState.FAILED).delete()
    present = VersionText.objects.filter(version=pk).exists()
    try:
        found = extract_version_text(pk)
    except FileNotFoundError:
        return Outcome.MISSING
    if found is None:
        return Outcome.GONE
    if present:
        write_version_passages(pk)
    return _OUTCOMES[TextState(found.state)]
