"""Records that the register calls public and that Wagtail shows nobody.

There is no signal for a page that is hidden past Wagtail (``.update(live=False)``, SQL). What is
read of a record is asked of Wagtail (see ``shelf``); counts, facets and conditions are not, so from
time to time each process looks for such records and leaves them out of these too.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from wagtail_safeguarding.conf import safeguarding_settings

from .models import Record, RecordState
from .visibility import visible_pages

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hidden:
    records: frozenset[int] = frozenset()
    token: str = ""
    """Another for other records; "" for none."""


_lock = threading.Lock()
_found = Hidden()
_until = float("-inf")


def hidden() -> Hidden:
    """What was found at the last look, which was no longer ago than caches may keep an answer."""
    global _found, _until
    # Whoever comes while somebody looks goes on with what is known.
    if time.monotonic() >= _until and _lock.acquire(blocking=False):
        try:
            _found = _look()
            _until = time.monotonic() + safeguarding_settings.public_cache_seconds
        finally:
            _lock.release()
    return _found


def _look() -> Hidden:
    page = visible_pages().filter(pk=OuterRef("page_id"))
    records = Record.objects.filter(state=RecordState.PUBLIC, page_deleted=False)
    pks = sorted(records.filter(~Exists(page)).order_by().values_list("pk", flat=True))
    if not pks:
        return Hidden()
    if frozenset(pks) != _found.records:
        logger.error(
            "%s records are called public, and Wagtail shows them to nobody. They are not shown "
            "here either; `manage.py register rebuild` puts the register right.",
            len(pks),
        )
    token = hashlib.blake2b(repr(pks).encode(), digest_size=8).hexdigest()
    return Hidden(frozenset(pks), token)
