"""What the editor is told, in few words: after saving a page, after replacing a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from wagtail_safeguarding.documents.inspections import WAITING
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.publication.door import SafeguardingPage
from wagtail_safeguarding.publication.readiness import Level
from wagtail_safeguarding.publication.replacement import Replacement, Skip, Use

from .uses import public_numbers

SHOWN = 3
"""How many problems a message names. The panel in the editor names all of them."""


def warn_after_save(request: Any, page: Any) -> None:
    """Say what is still to do with ``page``; silent for autosaves, which come every second."""
    if _is_autosave(request) or not isinstance(page, SafeguardingPage):
        return
    problems = page.get_problems()
    blocking = [p.message for p in problems if p.level is Level.BLOCKER]
    other = [p.message for p in problems if p.level is not Level.BLOCKER]
    if blocking:
        messages.warning(request, _("Not ready to publish: %s") % _few(blocking))
    if other:
        messages.warning(request, _("Please look again: %s") % _few(other))


def _is_autosave(request: Any) -> bool:
    return (
        "application/json" in request.headers.get("accept", "")
        or request.headers.get("x-requested-with") == "XMLHttpRequest"
    )


def _few(texts: Iterable[str]) -> str:
    texts = list(dict.fromkeys(str(text) for text in texts))
    said = " ".join(texts[:SHOWN])
    more = len(texts) - SHOWN
    if more <= 0:
        return said
    rest = ngettext("And %(count)s more.", "And %(count)s more.", more) % {"count": more}
    return f"{said} {rest}"


def tell_replacement(request: Any, done: Replacement) -> None:
    """After a file was replaced: what readers get now, which pages have a new draft, and
    which have not; with links to those that the user may edit."""
    version = done.version
    # A task has looked at it meanwhile, or is still at it.
    version.refresh_from_db(fields=["state"])
    said = _("“%(name)s” is version %(number)s.") % {
        "name": version.file_name,
        "number": version.number,
    }
    numbers = {n for found in public_numbers(version.document).values() for n in found}
    if numbers:
        public = ", ".join(str(number) for number in sorted(numbers))
        said += " " + _("Until pages are published with it, readers get version %s.") % public
    messages.success(request, said)
    if version.state == VersionState.BLOCKED:
        messages.warning(
            request,
            _("The inspection blocked this file. No page can be published with it: see below why."),
        )
    elif version.state in WAITING:
        messages.warning(
            request,
            _("The file is being inspected. Pages can be published with it when that is done."),
        )
    if done.drafted:
        messages.success(
            request,
            _("Version %(number)s is in new drafts of: %(pages)s. Publish them to show it.")
            % {"number": version.number, "pages": titles(done.drafted)},
            buttons=_buttons(done.drafted),
        )
    if done.skipped:
        messages.warning(
            request,
            _("Still with the older file: %(pages)s.") % {"pages": titles(done.skipped)},
            buttons=_buttons(done.skipped),
        )


def _buttons(uses: Iterable[Use]) -> list[Any]:
    return [
        messages.button(reverse("wagtailadmin_pages:edit", args=[use.page.pk]), use.page.title)
        for use in uses
        if use.skip in (None, Skip.LOCKED)
    ]


def titles(uses: Iterable[Use]) -> str:
    """The pages by title, with the reason where one is skipped. Drafts that the user may
    not see are counted and not named."""
    uses = list(uses)
    said = [
        f"“{use.page.title}” ({use.skip.reason})" if use.skip else f"“{use.page.title}”"
        for use in uses
        if use.named
    ]
    hidden = sum(not use.named for use in uses)
    if hidden:
        said.append(
            ngettext(
                "%(count)s page that you may not see",
                "%(count)s pages that you may not see",
                hidden,
            )
            % {"count": hidden}
        )
    return ", ".join(said)
