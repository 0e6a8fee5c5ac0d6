"""The public register: ``Record`` (what is public), ``RecordDocument`` (the files it makes
public) and ``Entry`` (the append-only log).

Only the projection writes these tables (see ``projection``).
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from wagtail_safeguarding.date_fields import PartialDateField
from wagtail_safeguarding.documents.models import DocumentVersion


class RecordState(models.TextChoices):
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


class Event(models.TextChoices):
    PUBLISHED = "published"
    UPDATED = "updated"
    MOVED = "moved"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class Record(models.Model):
    """One public thing, now or in the past. The UUID outlives edits, moves and deletion.

    ``page_id`` is a plain integer: a tombstone outlives its page, and the core owns no
    foreign key to a page model that a site may swap.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    page_id = models.BigIntegerField(db_index=True)
    page_deleted = models.BooleanField(default=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=RecordState.choices)
    alias_of = models.BigIntegerField(null=True)
    title = models.CharField(max_length=255, blank=True)
    date = PartialDateField()
    payload = models.BinaryField(default=b"")
    etag = models.CharField(max_length=64, blank=True)
    first_public_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    versions: models.ManyToManyField[DocumentVersion, RecordDocument] = models.ManyToManyField(
        DocumentVersion, through="RecordDocument", related_name="records"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_id"],
                condition=models.Q(page_deleted=False),
                name="safeguarding_record_page",
            )
        ]
        indexes = [models.Index(fields=["state", "kind", "-date"], name="safeguarding_rec_list")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid} ({self.state})"


class RecordDocument(models.Model):
    """A record makes one exact version public. Gone as soon as it does not."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE)
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "version"], name="safeguarding_record_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id} -> {self.version_id}"


class AppendOnly(Exception):
    """Entries are written once and neither changed nor deleted."""


class Entry(models.Model):
    """One line of the log: what became public or stopped being so, when, by hash."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="entries")
    event = models.CharField(max_length=12, choices=Event.choices)
    at = models.DateTimeField(default=timezone.now)
    payload_hash = models.CharField(max_length=64, blank=True)
    versions: models.ManyToManyField[DocumentVersion, Any] = models.ManyToManyField(
        DocumentVersion, related_name="entries"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.pk} {self.event} {self.record_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("A register entry cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("A register entry cannot be deleted.")

    @property
    def document_hashes(self) -> list[str]:
        """SHA-256 of each file: kept for good, since a version is immutable and never deleted."""
        return sorted(self.versions.values_list("sha256", flat=True))
