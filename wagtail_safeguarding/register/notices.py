"""What a site says on all its pages, as the register knows it."""

from __future__ import annotations

from typing import Any

from .clock import surroundings_changed
from .due import put
from .models import Due, SiteNotice


def write_notice(site: Any, *, publisher: str, **said: Any) -> None:
    """Note what ``site`` says now, in the caller's transaction.

    The publisher stands in the records, which are projected again; the rest is joined when a
    record is read.
    """
    before = SiteNotice.objects.filter(site_id=site.pk).first()
    SiteNotice.objects.update_or_create(site_id=site.pk, defaults={"publisher": publisher, **said})
    surroundings_changed()
    if (before.publisher if before else "") != publisher:
        put(Due.What.SUBTREE, site.root_page.path)
