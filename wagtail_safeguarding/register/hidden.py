"""Records that the register calls public and that Wagtail shows nobody.

There is no signal for a page that is hidden past Wagtail (``.update(live=False)``, SQL). What is
read of a single record is asked of Wagtail each time (see ``shelf``); counts, facets and conditions
are not, so from time to time each process looks for such records and leaves them out of these too.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

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
_looked_at = float("-inf")


def hidden(seconds: float) -> Hidden:
    """What was found at the last look, which was no longer ago than so many seconds."""
    global _found, _looked_at
    is_due = time.monotonic() - _looked_at >= seconds
    # Whoever comes while somebody looks goes on with what is known.
    if is_due and _lock.acquire(blocking=False):
        try:
            _found = _look()
            _looked_at = time.monotonic()
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
