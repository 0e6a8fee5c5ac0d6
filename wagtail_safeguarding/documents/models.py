"""``ReviewDocument`` and its immutable ``DocumentVersion``s.

A document is what readers know ("Child E report"); a version is one exact file. Pages
name versions, so replacing a file changes nothing public until a page is published.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.dispatch import Signal
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import CollectionMember
from wagtail.search import index

from wagtail_safeguarding.date_fields import PartialDateField
from wagtail_safeguarding.inspection.media_types import KNOWN
from wagtail_safeguarding.inspection.names import public_name
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.fields import TermsField

from .states import IllegalMove, VersionState, check_move
from .storage import get_document_storage

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


logger = logging.getLogger(__name__)

version_moved = Signal()
"""Sent with ``version`` when a version changed its state: what is public may follow. Inside
the transaction of the move; an exception of a receiver is logged."""


class ReviewDocumentQuerySet(models.QuerySet["ReviewDocument"]):
    def present(self) -> ReviewDocumentQuerySet:
        """Without the documents that were deleted (softly: they can be restored)."""
        return self.filter(deleted_at=None)


class ReviewDocument(CollectionMember, index.Indexed, models.Model):
    """A document of a review, protocol or leaflet, over all its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=255)
    language = models.CharField(
        _("language"),
        max_length=35,
        default="en",
        help_text=_("A language code, for example en, cy or en-GB."),
    )
    audience = TermsField(scheme=Scheme.AUDIENCE, verbose_name=_("audience"))
    publication_date = PartialDateField(_("date of the document"))
    licence = models.CharField(_("licence"), max_length=255, blank=True)
    rights_holder = models.CharField(_("rights holder"), max_length=255, blank=True)
    alternative_format_contact = models.CharField(
        _("contact for other formats"),
        max_length=255,
        blank=True,
        help_text=_("An e-mail address or telephone number to ask for large print or audio."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = ReviewDocumentQuerySet.as_manager()

    if TYPE_CHECKING:
        versions: RelatedManager[DocumentVersion]

    search_fields = [
        *CollectionMember.search_fields,
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.FilterField("language"),
        index.FilterField("deleted_at"),
    ]

    class Meta:
        verbose_name = _("review document")
        verbose_name_plural = _("review documents")
        ordering = ["title", "pk"]
        permissions = [("choose_reviewdocument", "Can choose review document")]

    def __str__(self) -> str:
        return self.title

    @property
    def latest_version(self) -> DocumentVersion | None:
        found: DocumentVersion | None = self.versions.order_by("-number").first()
        return found


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def newest(self) -> DocumentVersionQuerySet:
        """The newest version of each document that is not deleted."""
        newer = DocumentVersion.objects.filter(
            document=models.OuterRef("document"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer), document__deleted_at=None)


class ImmutableVersion(Exception):
    """Somebody tried to change what a version is. Upload a new version instead."""


class DocumentVersion(index.Indexed, models.Model):
    """One exact file. What it is never changes; only its state moves (see ``states``)."""

    document = models.ForeignKey(
        ReviewDocument,
        on_delete=models.PROTECT,
        related_name="versions",
        verbose_name=_("document"),
    )
    number = models.PositiveIntegerField(_("version"))
    file_name = models.CharField(_("file name"), max_length=255)
    storage_key = models.CharField(max_length=120, unique=True, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    media_type = models.CharField(_("media type"), max_length=120)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=VersionState.choices, default=VersionState.UPLOADED
    )
    inspection = models.JSONField(
        null=True, editable=False, help_text="The last inspection report (Report.as_dict())."
    )
    withdrawal_reason = models.TextField(_("reason for withdrawal"), blank=True)
    cleaned_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The version that this one is a cleaned copy of.",
    )
    inspection_run = models.UUIDField(null=True, editable=False)
    """Stands for the inspection under way: the result of an earlier one comes too late."""

    objects = DocumentVersionQuerySet.as_manager()

    IMMUTABLE: ClassVar[tuple[str, ...]] = (
        "document_id",
        "number",
        "file_name",
        "storage_key",
        "sha256",
        "size",
        "media_type",
        "uploaded_at",
        "cleaned_from_id",
    )

    # Searched through its document, in the chooser.
    search_fields = [
        index.RelatedFields(
            "document", [index.SearchField("title"), index.AutocompleteField("title")]
        ),
        index.SearchField("file_name"),
    ]

    class Meta:
        verbose_name = _("document version")
        verbose_name_plural = _("document versions")
        ordering = ["document", "-number"]
        # Not of ReviewDocument: whoever has any right to a model reads all its log entries
        # in Wagtail's report of the site's history.
        permissions = [("override_inspection", "Can overrule the inspection of a review document")]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="safeguarding_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document.title} (version {self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name, value in getattr(self, "_loaded", {}).items():
            if getattr(self, name) != value:
                raise ImmutableVersion(f"{name} of a document version cannot change.")
        super().save(*args, **kwargs)
        if not hasattr(self, "_loaded"):
            self._loaded = {name: getattr(self, name) for name in self.IMMUTABLE}

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ImmutableVersion("A document version is withdrawn, never deleted.")

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> DocumentVersion:
        instance: DocumentVersion = super().from_db(db, field_names, values, **kwargs)
        loaded = dict(zip(field_names, values, strict=True))
        instance._loaded = {name: loaded[name] for name in cls.IMMUTABLE if name in loaded}
        return instance

    def move(
        self, state: VersionState, *, user: Any = None, reason: str = "", **changes: Any
    ) -> None:
        """Move to ``state``, setting ``changes`` with it; on record in Wagtail's audit log.

        Withdrawing keeps ``reason``, which the public is told. Clearing what inspection
        blocked needs a ``user`` and a ``reason``, and nothing left that blocks it (who may: see
        ``overrules``). Raises :class:`~.states.IllegalMove`. The row's state is compared in the
        database, so two movers cannot both win.
        """
        check_move(self.state, state)
        row = DocumentVersion.objects.filter(pk=self.pk, state=self.state)
        if state == VersionState.WITHDRAWN:
            changes["withdrawal_reason"] = reason
        elif state == VersionState.CLEARED and self.state == VersionState.BLOCKED:
            if user is None or not reason.strip() or not self._may_be_cleared_by_hand():
                raise IllegalMove(self.state, state)
        elif state == VersionState.INSPECTING:
            changes["inspection_run"] = uuid.uuid4()
        elif self.state == VersionState.INSPECTING:
            row = row.filter(inspection_run=self.inspection_run)
        with transaction.atomic():
            if not row.update(state=state, **changes):
                current = DocumentVersion.objects.values_list("state", flat=True).get(pk=self.pk)
                raise IllegalMove(current, state)
            self._log_move(state, user, reason)
            self.state = state
            for name, value in changes.items():
                setattr(self, name, value)
            self._tell_receivers()

    def _may_be_cleared_by_hand(self) -> bool:
        """Whether every finding that blocks exactly these bytes was overruled."""
        from .overrules import open_blockers, was_inspected  # whose model points here

        return was_inspected(self) and not open_blockers(self)

    def _log_move(self, state: VersionState, user: Any, reason: str) -> None:
        data = {"version": self.number, "sha256": self.sha256, "from": self.state, "to": state}
        if reason:
            data["reason"] = reason
        try:
            with transaction.atomic():
                log(
                    instance=self.document,
                    action="wagtail_safeguarding.version_state",
                    user=user,
                    data=data,
                )
        except Exception:
            # Nothing is opened without a record. But a log that is out of order, or what a
            # site has hung on to it, must not keep a file public.
            if state == VersionState.CLEARED:
                raise
            logger.exception("The log did not take the move of version %s: %s", self.pk, data)

    def _tell_receivers(self) -> None:
        """Send the signal in the transaction of the move: a process that is killed leaves
        both or neither. A receiver that fails is logged and holds up no withdrawal."""
        try:
            with transaction.atomic():
                version_moved.send_robust(sender=DocumentVersion, version=self)
        except DatabaseError:
            logger.exception("A receiver left the database of version %s in trouble", self.pk)

    def open(self) -> IO[bytes]:
        """The bytes, from the private storage."""
        return get_document_storage().open(self.storage_key, "rb")

    @property
    def public_name(self) -> str:
        """The file name as it stands in the document's address."""
        return public_name(self.file_name)

    @property
    def media_label(self) -> str:
        known = KNOWN.get(self.media_type)
        return known.label if known else self.media_type

    def get_url(self) -> str:
        """The document's address. It answers only while the register makes it public."""
        urlconf = get_urlconf() or settings.ROOT_URLCONF
        start = _address(urlconf, get_script_prefix(), get_language())
        return f"{start}{self.document.uuid}/{quote(self.public_name, safe=_IN_ADDRESS)}"


_IN_ADDRESS = "!$&'()*+,;=/~:@"
"""What Django's ``reverse()`` leaves as it is."""


@lru_cache(maxsize=16)
def _address(urlconf: str, prefix: str, language: str | None) -> str:
    """Where the addresses of documents begin. Working out one takes Django longer than reading the
    row, and a list has a hundred."""
    none = uuid.UUID(int=0)
    whole = reverse("wagtail_safeguarding:document", args=[none, "x"], urlconf=urlconf)
    return whole.removesuffix(f"{none}/x")


# What uses a version are pages; a copy of it is none.
_cleaned_from: Any = DocumentVersion._meta.get_field("cleaned_from")
_cleaned_from.wagtail_reference_index_ignore = True


def versions_by_pk(pks: Iterable[int]) -> dict[int, DocumentVersion]:
    """The versions with their documents, in one query."""
    return DocumentVersion.objects.select_related("document").in_bulk(list(pks))
