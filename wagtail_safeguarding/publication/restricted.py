"""``RestrictedList``: the names that must not appear in one review, kept as keyed hashes only.

A list belongs to a review in all its languages, by the translation key of its pages. No name of it
is ever stored, logged or shown again: not in revisions, the API, the search index, Wagtail's log.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from wagtail.log_actions import log

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.inspection.inspect import find_names
from wagtail_safeguarding.inspection.reading import Found
from wagtail_safeguarding.inspection.restricted import BadName, RestrictedNames, hash_names
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.visibility import ALIAS_DEPTH

logger = logging.getLogger(__name__)

CHANGED = "wagtail_safeguarding.names_changed"

_PURPOSE = b"wagtail_safeguarding.restricted_names"
MAX_PLACES = 20


class NotHashed(Exception):
    """Something went wrong while names were in memory. It has no cause: that would be logged with
    the names."""


class RestrictedList(models.Model):
    translation_key = models.UUIDField(unique=True)
    salt = models.CharField(max_length=32)
    key_check = models.CharField(max_length=32)
    hashes = models.JSONField(default=list)
    names = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("list of names that must not appear")
        # Of this model only to change: nobody can view it, and it is deleted by clearing it.
        default_permissions = ("change",)

    def __str__(self) -> str:
        return f"{self.translation_key} ({self.names} names)"

    @property
    def digest(self) -> str:
        """Stands for what the list says now."""
        content = "\n".join([self.salt, self.key_check, *self.hashes])
        return hashlib.sha256(content.encode()).hexdigest()

    def find_key(self) -> bytes | None:
        """The key that the list was made with; None if the site does not have it any more."""
        for key in _list_keys(self.salt):
            if hmac.compare_digest(_check(key), self.key_check):
                return key
        return None

    def get_names(self) -> RestrictedNames | None:
        key = self.find_key()
        return None if key is None else RestrictedNames(self.hashes, key)


class NameCheck(models.Model):
    """Where one exact file has names of a list, so that it is not read anew each time. It holds
    for what the list said then, which ``list_digest`` stands for."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="+")
    list_digest = models.CharField(max_length=64, db_index=True)
    readable = models.BooleanField()
    places = models.JSONField(default=list)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "list_digest"], name="safeguarding_name_check"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {len(self.places)} places"


def _list_keys(salt: str) -> Iterable[bytes]:
    own = safeguarding_settings.restricted_names_key
    known = [own] if own else []
    for secret in [*known, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        data = secret if isinstance(secret, bytes) else str(secret).encode()
        yield hmac.digest(hmac.digest(data, _PURPOSE, "sha256"), salt.encode(), "sha256")


def _check(key: bytes) -> str:
    return hmac.digest(key, b"check", "sha256")[:16].hex()


@sensitive_variables()
def set_names(page: Any, text: str, *, user: Any, add: bool = False) -> int:
    """Make the names in ``text``, one on each line, the list of ``page``, or ``add`` them to it;
    return how many it has.

    Raises :class:`~wagtail_safeguarding.inspection.restricted.BadName`, and :class:`NotHashed`
    for whatever else happens, without the names. A list whose key is gone cannot be added to.
    """
    present = RestrictedList.objects.filter(translation_key=page.translation_key).first()
    key = present.find_key() if present is not None and add else None
    if present is not None and add and key is None:
        raise NotHashed
    salt = present.salt if present is not None and key is not None else secrets.token_hex(16)
    try:
        key = key or next(iter(_list_keys(salt)))
        hashes, count = hash_names(text, key)
    except BadName as error:
        raise BadName(error.line) from None
    except Exception:
        # Its traceback would show the names that were at work.
        raise NotHashed from None
    if present is not None and add:
        before = set(present.hashes)
        count = present.names + count if not before.issuperset(hashes) else present.names
        hashes = sorted(before.union(hashes))
    values = {"salt": salt, "key_check": _check(key), "hashes": hashes, "names": count}
    _write(page, present, values if count else None, user)
    return count


def clear_names(page: Any, *, user: Any) -> None:
    present = RestrictedList.objects.filter(translation_key=page.translation_key).first()
    if present is not None:
        _write(page, present, None, user)


@transaction.atomic
def _write(
    page: Any, present: RestrictedList | None, values: dict[str, Any] | None, user: Any
) -> None:
    changed_by = user if getattr(user, "pk", None) else None
    if values is None:
        RestrictedList.objects.filter(translation_key=page.translation_key).delete()
    else:
        RestrictedList.objects.update_or_create(
            translation_key=page.translation_key,
            defaults={**values, "changed_at": timezone.now(), "changed_by": changed_by},
        )
    if present is not None:
        NameCheck.objects.filter(list_digest=present.digest).delete()
    data = {"names": values["names"] if values else 0}
    log(instance=page, action=CHANGED, user=changed_by, data=data)


def lists_of(page: Any) -> list[RestrictedList]:
    """The lists that hold for ``page``: its own, in whatever language, and those of the page that
    it repeats."""
    keys = {page.translation_key}
    above = page.alias_of_id
    for _depth in range(ALIAS_DEPTH):
        if above is None:
            break
        source = get_base_page_model().objects.filter(pk=above)
        key, above = source.values_list("translation_key", "alias_of_id").first() or (None, None)
        keys.add(key)
    return list(RestrictedList.objects.filter(translation_key__in=keys - {None}))


def carry_over(source_key: uuid.UUID, page: Any) -> None:
    """A copy of a page speaks of the same people: it gets the list of its source."""
    if source_key == page.translation_key:
        return
    source = RestrictedList.objects.filter(translation_key=source_key).first()
    if source is None:
        return
    RestrictedList.objects.get_or_create(
        translation_key=page.translation_key,
        defaults={
            "salt": source.salt,
            "key_check": source.key_check,
            "hashes": source.hashes,
            "names": source.names,
            "changed_at": source.changed_at,
            "changed_by_id": source.changed_by_id,
        },
    )


def forget_lists(translation_key: uuid.UUID) -> None:
    """After a page is gone: its list too, unless a translation of it remains."""
    pages = get_base_page_model().objects.filter(translation_key=translation_key)
    if not pages.exists():
        RestrictedList.objects.filter(translation_key=translation_key).delete()


def checked(
    versions: Iterable[DocumentVersion], lists: Iterable[RestrictedList], *, now: bool
) -> dict[tuple[int, str], NameCheck | None]:
    """What is known of each of the files and each of the lists (by its digest). With ``now``,
    files are read that have not been; else they are None."""
    versions, lists = list(versions), list(lists)
    digests = {one.digest: one for one in lists}
    known = {
        (check.version_id, check.list_digest): check
        for check in NameCheck.objects.filter(version__in=versions, list_digest__in=digests)
    }
    found: dict[tuple[int, str], NameCheck | None] = {}
    for version in versions:
        for digest, one in digests.items():
            check = known.get((version.pk, digest))
            if check is None and now and (names := one.get_names()) is not None:
                check = _check_file(version, names, digest)
            found[version.pk, digest] = check
    return found


def _check_file(version: DocumentVersion, names: RestrictedNames, digest: str) -> NameCheck | None:
    """Read the stored file; None where the storage does not give it."""
    try:
        with version.open() as file:
            places = find_names(file, version.file_name, version.media_type, names)
    except Exception as error:
        # No traceback: what a site sends away with one may hold what was read.
        reason = type(error).__name__
        logger.error("Version %s could not be compared with a list: %s", version.pk, reason)
        return None
    check, _made = NameCheck.objects.update_or_create(
        version=version,
        list_digest=digest,
        defaults={
            "readable": places is not None,
            "places": [_place(one) for one in (places or [])[:MAX_PLACES]],
        },
    )
    return check


def _place(found: Found) -> dict[str, Any]:
    return {"page": found.page, "where": found.where}
