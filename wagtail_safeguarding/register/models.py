"""The public register: ``Record`` (what is public), ``RecordDocument`` (the files it makes
public) and ``Entry`` (the append-only log); ``Clock`` and ``Due`` keep it in time.

Only the projection writes records and entries (see ``projection``).
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
    ARCHIVED = "archived"
    """Its time of publication ran out (Wagtail's expiry), or an editor took an old page down
    after that time: nobody was wronged by it."""
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
    """The public form as JSON, ready to send (``schema.PublicForm``); empty once closed."""
    item = models.TextField(blank=True)
    """What a list shows of it, as JSON (``schema.Item``); empty once closed. A text, since
    PostgreSQL sends bytes twice as long."""
    facets = models.JSONField(default=dict)
    """``{facet: [key, ...]}``: what it can be filtered and counted by; empty once closed."""
    etag = models.CharField(max_length=64, blank=True)
    """SHA-256 of the payload; kept when that is erased."""
    address = models.TextField(blank=True)
    """Where people read it, as the log last told."""
    site_id = models.BigIntegerField(null=True)
    lines_from = models.BigIntegerField(null=True)
    """The page of the index whose own emergency lines stand on it; None: the site's."""
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
    sequence = models.BigIntegerField(null=True, unique=True, editable=False)
    """Its place in the log: given after the commit, in the order in which entries could be seen
    (see ``clock``). By primary key a reader could miss one that was committed late."""
    event = models.CharField(max_length=12, choices=Event.choices)
    at = models.DateTimeField(default=timezone.now)
    payload_hash = models.CharField(max_length=64, blank=True)
    versions: models.ManyToManyField[DocumentVersion, Any] = models.ManyToManyField(
        DocumentVersion, related_name="entries"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(sequence=None),
                name="safeguarding_entry_unnumbered",
            )
        ]

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


class Clock(models.Model):
    """One row that says how far the register has come. What was read under the same clock is
    still true, so answers are compared, and kept in memory, by it."""

    sequence = models.BigIntegerField(default=0)
    """The last entry's."""
    mark = models.CharField(max_length=32, blank=True)
    """Another token with each new sequence, so that a restored database is not taken for the one
    that was there before."""
    surroundings = models.CharField(max_length=32, blank=True)
    """Another token whenever what is joined to records when they are read changes: the labels
    of terms and the emergency lines."""

    def __str__(self) -> str:
        return f"{self.sequence} {self.surroundings}"


class SiteNotice(models.Model):
    """What a site says on all its pages (see ``SafeguardingSiteSettings``)."""

    site_id = models.BigIntegerField(unique=True)
    publisher = models.CharField(max_length=255, blank=True)
    emergency_lines = models.JSONField(default=list)
    alternative_format_contact = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return f"site {self.site_id}"


class Due(models.Model):
    """Pages that are to be projected again, too many to do so at once (see ``refresh``)."""

    class What(models.TextChoices):
        SUBTREE = "subtree"
        """Pages at the path ``value`` or below; "" is every page."""
        REFERRERS = "referrers"
        """Pages that name one at the path ``value`` or below: by a link, as a related review, as
        what they repeat or translate."""
        DOCUMENT = "document"
        """Pages that name a version of the document with the primary key ``value``."""
        REBUILD = "rebuild"
        """Nothing is due: how far `register rebuild` has come."""

    what = models.CharField(max_length=12, choices=What.choices)
    value = models.CharField(max_length=255, blank=True)
    after = models.CharField(max_length=255, blank=True)
    """How far it is done: the path of the last page."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.value}"
