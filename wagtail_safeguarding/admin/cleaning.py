"""Offer a cleaned copy of a file: say what it leaves out, and make it if the editor agrees."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.inspection.cleaning.removals import WORDS, NotCleaned
from wagtail_safeguarding.publication.cleaned import (
    find_removable,
    may_be_cleaned,
    replace_by_cleaned_copy,
)

from .access import may_edit_document
from .messages import tell_replacement
from .takedown import DocumentActionView


class CleanedCopyView(DocumentActionView):
    page_title = gettext_lazy("Make a cleaned copy")
    serious = False

    version: DocumentVersion

    def may(self, user: Any, document: ReviewDocument) -> bool:
        version = document.versions.filter(number=self.kwargs["number"]).first()
        if version is None or not may_edit_document(user, document):
            return False
        self.version = version
        return may_be_cleaned(version)

    @cached_property
    def removable(self) -> list[tuple[str, int]] | None:
        """None where no copy can be made."""
        try:
            return find_removable(self.version)
        except NotCleaned:
            return None

    @property
    def submit_label(self) -> Any:
        return _("Yes, make the copy") if self.removable else ""

    def get_explanation(self) -> list[str]:
        words = {"number": self.version.number, "name": self.version.file_name}
        if self.removable is None:
            return [
                _(
                    "No cleaned copy can be made of version %(number)s (%(name)s): it is damaged, "
                    "signed, protected, or something that readers see would change."
                )
                % words
            ]
        if not self.removable:
            return [_("There is nothing to leave out of version %(number)s (%(name)s).") % words]
        return [
            _("A copy of version %(number)s (%(name)s) becomes the next version. It leaves out:")
            % words,
            *(f"– {_(WORDS[code])} ({number})" for code, number in self.removable),
            _("What the file says and shows is not altered. The copy is inspected like any file."),
            _("Nothing that is public changes until the pages that use it are published."),
        ]

    def form_valid(self, form: Any) -> Any:
        try:
            done = replace_by_cleaned_copy(self.version, user=self.request.user)
        except (NotCleaned, ValidationError):
            form.add_error(None, _("No copy was made: it would change something that stays."))
            return self.form_invalid(form)
        tell_replacement(self.request, done)
        return redirect(self.get_back_url())
