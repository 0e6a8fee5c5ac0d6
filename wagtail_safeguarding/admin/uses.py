"""Where a document is used: what readers get there now, what a new file changes, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.publication.door import closed_by_collection
from wagtail_safeguarding.publication.replacement import Skip, Use
from wagtail_safeguarding.register.visibility import open_links


@dataclass(frozen=True)
class UseRow:
    """A page that uses a document, in words for the editor who is about to replace the file."""

    title: str
    edit_url: str | None
    public: str
    """Which version readers get from this page now."""
    change: str
    """What a new file does to the page."""
    when: str
    """When readers get the new file, and who sees to it."""


def use_rows(document: ReviewDocument, uses: Iterable[Use], user: Any) -> list[UseRow]:
    """A row for each page that ``user`` may be told of, and one for all others together."""
    uses = list(uses)
    public = public_numbers(document)
    rows = [_row(use, public.get(use.page.pk, []), user) for use in uses if use.named]
    latest = document.latest_version
    if latest is not None and closed_by_collection([latest]):
        closed = _("The file stays closed while its collection is private.")
        rows = [replace(row, when=f"{row.when.rstrip('.')}. {closed}") for row in rows]
    hidden = sum(not use.named for use in uses)
    if hidden:
        title = ngettext(
            "%(count)s page that you may not see", "%(count)s pages that you may not see", hidden
        )
        keeps = _("Keeps its file")
        rows.append(UseRow(title % {"count": hidden}, None, "–", keeps, _with_its_editors()))
    return rows


def public_numbers(document: ReviewDocument) -> dict[int, list[int]]:
    """The versions that readers can get now, by the page that makes them public."""
    found: dict[int, list[int]] = {}
    links = open_links().filter(version__document=document).order_by("version__number")
    for page, number in links.values_list("record__page_id", "version__number"):
        found.setdefault(page, []).append(number)
    return found


def _row(use: Use, numbers: list[int], user: Any) -> UseRow:
    page = use.page
    public = ", ".join(_("version %s") % number for number in numbers) or _("nothing")
    edit_url = None
    if use.skip in (None, Skip.LOCKED):
        edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    change, when = _effect(use, user)
    return UseRow(page.get_admin_display_title(), edit_url, public, change, when)


def _effect(use: Use, user: Any) -> tuple[str, str]:
    page = use.page
    if use.skip is None:
        if page.permissions_for_user(user).can_publish():
            when = _("When you, or another publisher, publish that draft")
        else:
            when = _("When somebody who may publish the page publishes that draft")
        if page.go_live_at and page.go_live_at > timezone.now():
            when += " " + _("(not before %s)") % _date(page.go_live_at)
        return _("Gets a draft with the new file"), when
    keeps = _("Keeps its file (%s)")
    if use.skip is Skip.ALIAS:
        return keeps % use.skip.reason, _("With the page that it follows")
    if use.skip is Skip.NOT_YOURS:
        return keeps % use.skip.reason, _with_its_editors()
    schedule = page.scheduled_revision
    if schedule is not None:
        return keeps % _("scheduled"), _(
            "Not with the schedule of %s: it publishes its own file. "
            "Cancel it, choose the new file there and schedule the page again."
        ) % _date(schedule.approved_go_live_at)
    return keeps % use.skip.reason, _("When it is unlocked, the new file chosen and published")


def _with_its_editors() -> str:
    return _("When somebody who may edit the page chooses the new file and publishes it")


def _date(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")
