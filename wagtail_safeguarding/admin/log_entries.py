"""What the audit log says, in words."""

from __future__ import annotations

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from wagtail_safeguarding.documents.overrules import OVERRULED
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.inspection.cleaning.removals import WORDS
from wagtail_safeguarding.preview.tokens import FILE_READ, OPENED, REVOKED, SHARED
from wagtail_safeguarding.publication.cleaned import CLEANED_COPY
from wagtail_safeguarding.publication.door import NOT_PUBLISHED
from wagtail_safeguarding.publication.restricted import CHANGED
from wagtail_safeguarding.publication.takedown import DELETED, RESTORED

from .document_views import DOWNLOADED


class VersionStateFormatter(LogFormatter):
    label = gettext_lazy("Change the state of a file")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        before, after = (_label(data.get(key)) for key in ("from", "to"))
        words = {"number": data.get("version"), "from": before, "to": after}
        if data.get("to") == VersionState.WITHDRAWN:
            text = _("Version %(number)s was withdrawn")
        elif data.get("from") == VersionState.UPLOADED:
            text = _("Version %(number)s was uploaded")
        elif (data.get("from"), data.get("to")) == (VersionState.BLOCKED, VersionState.CLEARED):
            text = _("The inspection of version %(number)s was overruled")
        else:
            text = _("Version %(number)s changed from “%(from)s” to “%(to)s”")
        message = text % words
        return f"{message}: {data['reason']}" if data.get("reason") else message


class OverruledFormatter(LogFormatter):
    label = gettext_lazy("Overrule a finding of the inspection")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        words = {key: data.get(key) for key in ("version", "code", "page", "reason")}
        if data.get("page"):
            text = _("“%(code)s” on page %(page)s of version %(version)s was overruled: %(reason)s")
        else:
            text = _("“%(code)s” of version %(version)s was overruled: %(reason)s")
        return text % words


class CleanedCopyFormatter(LogFormatter):
    label = gettext_lazy("Make a cleaned copy")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        left_out = [str(_(WORDS[code])) for code in data.get("removed", []) if code in WORDS]
        return _("Version %(version)s is a cleaned copy of version %(of)s, without: %(what)s") % {
            "version": data.get("version"),
            "of": data.get("of"),
            "what": "; ".join(left_out),
        }


class DownloadFormatter(LogFormatter):
    label = gettext_lazy("Download a file")

    def format_message(self, log_entry: Any) -> str:
        number = log_entry.data.get("version")
        return str(_("Version %s was downloaded") % number)


class SharedFormatter(LogFormatter):
    label = gettext_lazy("Share a draft")

    def format_message(self, log_entry: Any) -> str:
        until = parse_datetime(str(log_entry.data.get("expires")))
        if until is None:
            return _("The draft was shared")
        return _("The draft was shared until %s") % date_format(localtime(until), "DATETIME_FORMAT")


class FileOfADraftFormatter(LogFormatter):
    """Tells no title: whoever may edit the page may have no right to the document."""

    label = gettext_lazy("Read a file of a shared draft")

    def format_message(self, log_entry: Any) -> str:
        return _("A file of the shared draft was read: version %(version)s of %(document)s") % {
            "version": log_entry.data.get("version"),
            "document": log_entry.data.get("document"),
        }


class NamesFormatter(LogFormatter):
    """How many, and never which."""

    label = gettext_lazy("Change the list of names")

    def format_message(self, log_entry: Any) -> str:
        count = log_entry.data.get("names") or 0
        if not count:
            return _("The list of names that must not appear was cleared")
        return ngettext(
            "The list of names that must not appear was changed: it has %(count)s name",
            "The list of names that must not appear was changed: it has %(count)s names",
            count,
        ) % {"count": count}


def _label(state: Any) -> str:
    return str(VersionState(state).label) if state in VersionState.values else str(state)


def register(actions: Any) -> None:
    """For the hook ``register_log_actions``."""
    actions.register_action("wagtail_safeguarding.version_state")(VersionStateFormatter)
    actions.register_action(OVERRULED)(OverruledFormatter)
    actions.register_action(CLEANED_COPY)(CleanedCopyFormatter)
    actions.register_action(DOWNLOADED)(DownloadFormatter)
    actions.register_action(SHARED)(SharedFormatter)
    actions.register_action(FILE_READ)(FileOfADraftFormatter)
    actions.register_action(CHANGED)(NamesFormatter)
    actions.register_action(
        OPENED,
        gettext_lazy("Read a shared draft"),
        gettext_lazy("The shared draft was read for the first time"),
    )
    actions.register_action(
        REVOKED,
        gettext_lazy("End the sharing of a draft"),
        gettext_lazy("The sharing of the draft was ended"),
    )
    actions.register_action(
        NOT_PUBLISHED,
        gettext_lazy("Refuse a scheduled publication"),
        gettext_lazy("The scheduled publication was refused"),
    )
    actions.register_action(
        DELETED, gettext_lazy("Delete a document"), gettext_lazy("The document was deleted")
    )
    actions.register_action(
        RESTORED, gettext_lazy("Restore a document"), gettext_lazy("The document was restored")
    )
