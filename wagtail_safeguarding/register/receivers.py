"""What happens to a file's text follows to its passages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail_safeguarding.documents.models import DocumentVersion, version_moved
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.texts import (
    NOT_KEPT,
    erase_texts,
    extract_later,
    text_erased,
    text_extracted,
)

from .passages import erase_version_passages, write_version_passages


def connect() -> None:
    """Connect the receivers. Called once, from ``AppConfig.ready()``."""
    text_extracted.connect(extracted, dispatch_uid="safeguarding_text_extracted")
    text_erased.connect(erased, dispatch_uid="safeguarding_text_erased")
    version_moved.connect(moved, dispatch_uid="safeguarding_text_of_version_moved")


def extracted(sender: Any, version_pk: int, **kwargs: Any) -> None:
    write_version_passages(version_pk)


def erased(sender: Any, version_pks: Iterable[int], **kwargs: Any) -> None:
    erase_version_passages(version_pks)


def moved(sender: Any, version: DocumentVersion, **kwargs: Any) -> None:
    if version.state in NOT_KEPT:
        erase_texts([version.pk])
    elif version.state == VersionState.CLEARED:
        extract_later(version.pk)
