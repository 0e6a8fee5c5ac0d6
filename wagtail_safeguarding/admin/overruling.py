"""Overrule what the inspection found, one finding at a time, each with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.overrules import (
    fingerprint,
    may_be_overruled,
    open_blockers,
    overrule,
    was_inspected,
)
from wagtail_safeguarding.documents.permissions import may_overrule
from wagtail_safeguarding.documents.states import IllegalMove, VersionState

from .access import may_edit_document
from .findings import where
from .takedown import DocumentActionView

ASKED = 50
"""How many findings are decided on at a time."""
_PREFIX = "reason-"


class OverruleForm(forms.Form):
    """A reason for each finding; what has none stays as it is."""

    def __init__(self, *args: Any, asked: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, words in asked.items():
            self.fields[_PREFIX + key] = forms.CharField(
                label=words,
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        if not self.reasons and not self.errors:
            raise ValidationError(_("Give a reason for at least one finding."))
        return self.cleaned_data

    @property
    def reasons(self) -> dict[str, str]:
        return {
            name.removeprefix(_PREFIX): reason
            for name, reason in self.cleaned_data.items()
            if reason
        }


class OverruleView(DocumentActionView):
    page_title = gettext_lazy("Overrule the inspection")
    form_class = OverruleForm
    submit_label = gettext_lazy("Yes, overrule these findings")

    version: DocumentVersion

    def may(self, user: Any, document: ReviewDocument) -> bool:
        version = document.versions.filter(
            number=self.kwargs["number"], state=VersionState.BLOCKED
        ).first()
        if version is None or not may_edit_document(user, document):
            return False
        self.version = version
        return may_overrule(user, version)

    def get_form_kwargs(self) -> dict[str, Any]:
        asked: dict[str, str] = {}
        for finding in open_blockers(self.version):
            if may_be_overruled(finding) and len(asked) < ASKED:
                asked[fingerprint(finding)] = _in_words(finding)
        return {**super().get_form_kwargs(), "asked": asked}

    def get_explanation(self) -> list[str]:
        words = {"number": self.version.number, "name": self.version.file_name}
        said = [
            _(
                "The inspection blocked version %(number)s (%(name)s). Read the file, and look at "
                "each place. Give a reason for each finding that is not to keep the file from "
                "being published: it is kept on record with your name, for good. The file is "
                "cleared when all are overruled."
            )
            % words
        ]
        if not was_inspected(self.version):
            said.append(
                _("The stored file is not the one that was uploaded. Upload the right one again.")
            )
        for_good = {
            str(finding.get("message"))
            for finding in open_blockers(self.version)
            if not may_be_overruled(finding)
        }
        if for_good:
            said.append(_("This cannot be overruled, whoever decides on the rest:"))
        return [*said, *sorted(for_good)]

    def form_valid(self, form: Any) -> Any:
        try:
            cleared = overrule(self.version, form.reasons, user=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        except IllegalMove:
            form.add_error(None, _("A file changed at this very moment. Please try again."))
            return self.form_invalid(form)
        if cleared:
            messages.success(self.request, _("Version %s is cleared.") % self.version.number)
        else:
            messages.success(
                self.request,
                _("Your reasons are on record. Other findings still block version %s.")
                % self.version.number,
            )
        return redirect(self.get_back_url())


def _in_words(finding: Mapping[str, Any]) -> str:
    excerpt = str(finding.get("excerpt") or "")
    place = ": ".join(part for part in (where(finding), f"“{excerpt}”" if excerpt else "") if part)
    message = str(finding.get("message", ""))
    return f"{message} ({place})" if place else message
