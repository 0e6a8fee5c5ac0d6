"""Forms that receive a file from an editor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.collections import BaseCollectionMemberForm, CollectionChoiceField
from wagtail.models import Collection

from .models import DocumentVersion, ReviewDocument
from .permissions import document_policy
from .upload import add_version, check_upload

FILE_HELP_TEXT = _(
    "A PDF where possible. The file stays private until a page that names it is published."
)
REPLACE_HELP_TEXT = _(
    "The new file becomes the next version. What is public stays as it is until you publish "
    "the pages that use this document."
)
COLLECTION_HELP_TEXT = _("Decides who may edit the document. A private collection keeps it closed.")


def file_input(title_id: str) -> forms.FileInput:
    """A file input that suggests the file's name as the title, as Wagtail's own does."""
    return forms.FileInput(
        attrs={
            "data-controller": "w-sync",
            "data-action": "input->w-sync#apply",
            "data-w-sync-bubbles-param": "true",
            "data-w-sync-name-value": "wagtail:documents-upload",
            "data-w-sync-normalize-value": "true",
            "data-w-sync-target-value": f"#{title_id}",
        }
    )


class CheckedFileField(forms.FileField):
    """A file that was looked at. Its errors say what is wrong and what to do."""

    def __init__(self, **kwargs: Any) -> None:
        # An empty file is refused by the inspection, in its words and not in Django's.
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if data and file:
            check_upload(file, file.name)
        return file


class ReviewDocumentUploadForm(forms.Form):
    """A new review document with its first version, as the chooser asks for it."""

    # The chooser opens over the page editor, whose own fields must not share these ids.
    prefix = "review-document"

    file = CheckedFileField(label=_("File"), help_text=FILE_HELP_TEXT)
    title = forms.CharField(label=_("Title"), max_length=255)
    collection = CollectionChoiceField(
        label=_("Collection"),
        queryset=Collection.objects.none(),
        empty_label=None,
        help_text=COLLECTION_HELP_TEXT,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["file"].widget = file_input(self["title"].id_for_label)
        collections = document_policy.collections_user_has_permission_for(user, "add")
        self.fields["collection"].queryset = collections  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial["collection"] = collections.first()

    def save(self) -> DocumentVersion:
        document = ReviewDocument(
            title=self.cleaned_data["title"],
            collection=self.cleaned_data["collection"],
            created_by=self.user,
        )
        file = self.cleaned_data["file"]
        return add_version(document, file, file.name, user=self.user)


def _formfield(field: Any, **kwargs: Any) -> Any:
    if field.name == "collection":
        return CollectionChoiceField(
            label=_("Collection"),
            queryset=Collection.objects.all(),
            empty_label=None,
            help_text=COLLECTION_HELP_TEXT,
        )
    return field.formfield(**kwargs)


class ReviewDocumentForm(BaseCollectionMemberForm):
    """All that is known of a document. A new one needs a file, an old one may get another."""

    permission_policy = document_policy

    file = CheckedFileField(label=_("File"), help_text=FILE_HELP_TEXT)

    class Meta:
        model = ReviewDocument
        fields = [
            "title",
            "collection",
            "language",
            "audience",
            "publication_date",
            "licence",
            "rights_holder",
            "alternative_format_contact",
        ]
        formfield_callback = _formfield

    field_order = ["file"]

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=for_user, **kwargs)
        self.user = for_user
        if self.instance.pk is None:
            self.fields["file"].widget = file_input(self["title"].id_for_label)
            return
        field = self.fields["file"]
        field.required = field.widget.is_required = False
        field.label = _("Replace the file")
        field.help_text = REPLACE_HELP_TEXT
        self.order_fields(["title"])

    def save_new(self) -> DocumentVersion:
        """Store the file and the document together."""
        document: ReviewDocument = self.save(commit=False)
        document.created_by = self.user
        file = self.cleaned_data["file"]
        return add_version(document, file, file.name, user=self.user)


class ReviewDocumentTitleForm(BaseCollectionMemberForm):
    """What several documents, uploaded at once, are each asked for first."""

    permission_policy = document_policy

    class Meta:
        model = ReviewDocument
        fields = ["title", "collection", "language"]
        formfield_callback = _formfield
