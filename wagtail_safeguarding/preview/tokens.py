"""Issue, find and revoke tokens, and put their use on record.

A token is a random secret and its signature. The signature is compared first, in constant
time, so that whoever guesses costs the database nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.models import DocumentVersion

from .models import PreviewToken

SHARED = "wagtail_safeguarding.preview_shared"
OPENED = "wagtail_safeguarding.preview_opened"
FILE_READ = "wagtail_safeguarding.preview_file_read"
REVOKED = "wagtail_safeguarding.preview_revoked"

SECRET_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}")
"""32 random bytes and a SHA-256, both in base64: 87 characters, and not one more is looked at."""

_signer = Signer(salt="wagtail_safeguarding.preview", sep=".")

USE_NOTED_EVERY = dt.timedelta(minutes=1)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue(page: Any, revision: Any, *, user: Any, seconds: int) -> str:
    """A new token for one revision of ``page``. What is returned is stored nowhere.

    Whether ``user`` may (:func:`~.drafts.may_share`) is asked before. Rows of tokens that ended
    some time ago are cleared away; the log keeps what was done with them.
    """
    now = timezone.now()
    PreviewToken.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    seconds = min(seconds, safeguarding_settings.preview_seconds)
    token = PreviewToken.objects.create(
        page_id=page.pk,
        revision_id=revision.pk,
        digest=_digest(secret),
        created_at=now,
        created_by=user,
        expires_at=now + dt.timedelta(seconds=seconds),
    )
    _log(SHARED, page, token, revision, user, expires=token.expires_at.isoformat())
    return _signer.sign(secret)


@transaction.atomic
def revoke(token: PreviewToken, page: Any, *, user: Any) -> bool:
    """End a token now. False if it had ended before."""
    ended = PreviewToken.objects.active().filter(pk=token.pk)
    if not ended.update(revoked_at=timezone.now(), revoked_by=user):
        return False
    _log(REVOKED, page, token, None, user)
    return True


def find(text: str) -> PreviewToken | None:
    """The active token of this text; None for whatever else it may be."""
    if not _TOKEN.fullmatch(text):
        return None
    try:
        secret = _signer.unsign(text)
    except BadSignature:
        return None
    tokens = PreviewToken.objects.active().select_related("created_by")
    return tokens.filter(digest=_digest(secret)).first()


def record_use(
    token: PreviewToken, page: Any, revision: Any, version: DocumentVersion | None = None
) -> None:
    """Put the first use of a token, and of each file, on record; note the time of the last.

    The log grows by a line for each file of a draft at most, however often it is read.
    """
    _note_use(token, page, revision)
    if version is not None:
        _note_file(token, page, revision, version)


def _note_use(token: PreviewToken, page: Any, revision: Any) -> None:
    now, last = timezone.now(), token.last_used_at
    if last is not None and now - last < USE_NOTED_EVERY:
        return
    with transaction.atomic():
        # Of several readers at once, one notes it.
        mine = PreviewToken.objects.filter(pk=token.pk, last_used_at=last)
        if mine.update(last_used_at=now) and last is None:
            _log(OPENED, page, token, revision, None)


@transaction.atomic
def _note_file(token: PreviewToken, page: Any, revision: Any, version: DocumentVersion) -> None:
    read: Any = PreviewToken.files.through
    _row, first = read._default_manager.get_or_create(
        previewtoken_id=token.pk, documentversion_id=version.pk
    )
    if first:
        about = {"document": str(version.document.uuid), "version": version.number}
        _log(FILE_READ, page, token, revision, None, **about, sha256=version.sha256)


def _log(
    action: str, page: Any, token: PreviewToken, revision: Any, user: Any, **data: Any
) -> None:
    """Never the token itself, which would open the draft to whoever reads the log."""
    log(
        instance=page,
        action=action,
        user=user,
        revision=revision,
        data={"token": token.pk, **data},
    )
