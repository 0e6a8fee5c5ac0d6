"""Forms that receive a file from an editor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection

from .models import DocumentVersion, ReviewDocument
from .permissions import document_policy
from .upload import add_version, check_upload

FILE_HELP_TEXT = _(
    "A PDF where possible. The file stays private until a page that names it is published."
)


class ReviewDocumentUploadForm(forms.Form):
    """A new review document with its first version."""

    title = forms.CharField(label=_("Title"), max_length=255)
    file = forms.FileField(label=_("File"), help_text=FILE_HELP_TEXT, allow_empty_file=True)
    collection = forms.ModelChoiceField(
        label=_("Collection"),
        queryset=Collection.objects.none(),
        empty_label=None,
        help_text=_("Decides who may edit the document. A private collection keeps it closed."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        collections = document_policy.collections_user_has_permission_for(user, "add")
        self.fields["collection"].queryset = collections  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial["collection"] = collections.first()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        check_upload(file, file.name)
        return file

    def save(self) -> DocumentVersion:
        document = ReviewDocument(
            title=self.cleaned_data["title"],
            collection=self.cleaned_data["collection"],
            created_by=self.user,
        )
        file = self.cleaned_data["file"]
        return add_version(document, file, file.name, user=self.user)
