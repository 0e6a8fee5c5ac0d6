"""Tell the owner of a page what happened to it."""

from __future__ import annotations

import logging
from typing import Any

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from .readiness import NotReady

logger = logging.getLogger(__name__)


def tell_owner(page: Any, error: NotReady) -> None:
    """Send the owner an e-mail. Mail that fails, however it does, must not hold up the queue."""
    address = getattr(page.owner, "email", "") if page.owner_id else ""
    if not address:
        return
    body = _("%(reason)s\n\nIts schedule is kept: it is tried again until it is ready.") % {
        "reason": error.text
    }
    try:
        send_mail(_("A scheduled page was not published"), body, None, [address])
    except Exception:
        logger.exception("Could not tell the owner of page %s", page.pk)
