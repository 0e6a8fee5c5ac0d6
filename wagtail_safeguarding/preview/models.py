"""``PreviewToken``: one draft, lent out for a while."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.models import DocumentVersion


def latest_creation() -> dt.datetime:
    """A token that was created before this has lived longer than any may."""
    return timezone.now() - dt.timedelta(seconds=safeguarding_settings.preview_seconds)


class PreviewTokenQuerySet(models.QuerySet["PreviewToken"]):
    def active(self) -> PreviewTokenQuerySet:
        """Neither expired nor revoked. A shorter ``PREVIEW_SECONDS`` counts at once."""
        return self.filter(
            revoked_at=None, expires_at__gt=timezone.now(), created_at__gt=latest_creation()
        )


class PreviewToken(models.Model):
    """Lets its holder read one revision of one page. Only the hash of its secret is stored.

    ``page_id`` and ``revision_id`` are plain integers: the core owns no foreign key to a page
    model that a site may swap, and a token of something deleted just answers no more.
    """

    page_id = models.BigIntegerField(db_index=True)
    revision_id = models.BigIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True)
    files: models.ManyToManyField[DocumentVersion, Any] = models.ManyToManyField(
        DocumentVersion, related_name="+"
    )
    """The files that were read with it, so that each is put on record once."""

    objects = PreviewTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pk}: page {self.page_id}, revision {self.revision_id}"

    @property
    def ends_at(self) -> dt.datetime:
        """When it ends, with the ``PREVIEW_SECONDS`` of today."""
        longest = dt.timedelta(seconds=safeguarding_settings.preview_seconds)
        return min(self.expires_at, self.created_at + longest)
