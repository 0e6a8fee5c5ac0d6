"""Choose a review document in the editor, or upload one there.

What is chosen is the newest *version*: a page names exact files, so a later upload changes
nothing that is public.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    ChosenMultipleViewMixin,
    ChosenResponseMixin,
    ChosenViewMixin,
    CreateViewMixin,
    CreationFormMixin,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import ChooserBlock
from wagtail.models import Collection

from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.loaded import LoadedObjectsMixin

from .models import DocumentVersion, versions_by_pk
from .permissions import admin_user, document_policy, may_tell
from .states import VersionState

MAX_WORDS = 20
"""Words of a search that are looked at; more would only cost time."""


def _select() -> forms.Select:
    """A filter that the chooser's script applies as soon as it is changed."""
    return forms.Select(attrs={"data-chooser-modal-search-filter": True})


class VersionFilterForm(BaseFilterForm):
    """Search by title or file name; filter by collection, language and state."""

    q = forms.CharField(label=_("Search"), required=False)
    collection_id = forms.ModelChoiceField(
        label=_("Collection"),
        # The view puts in those that the user may see.
        queryset=Collection.objects.none(),
        empty_label=_("All collections"),
        required=False,
        widget=_select(),
    )
    # The view puts in those that the documents have.
    language = forms.ChoiceField(label=_("Language"), required=False, widget=_select())
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("All states")),
            *(choice for choice in VersionState.choices if choice[0] != VersionState.WITHDRAWN),
        ],
        required=False,
        widget=_select(),
    )

    def filter(self, objects: Any) -> Any:
        objects = super().filter(objects)
        if collection := self.cleaned_data.get("collection_id"):
            self.is_filtering_by_collection = True
            objects = objects.filter(
                document__collection__in=collection.get_descendants(inclusive=True)
            )
        if language := self.cleaned_data.get("language"):
            objects = objects.filter(document__language=language)
        if state := self.cleaned_data.get("state"):
            objects = objects.filter(state=state)
        if words := self.cleaned_data.get("q", "").split()[:MAX_WORDS]:
            self.is_searching = True
            self.search_query = " ".join(words)
            for word in words:
                objects = objects.filter(
                    Q(document__title__icontains=word) | Q(file_name__icontains=word)
                )
        return objects


class VersionCreationMixin(CreationFormMixin):
    request: Any

    def can_create(self) -> bool:
        return bool(document_policy.user_has_permission(self.request.user, "add"))

    def get_creation_form_class(self) -> type[forms.Form]:
        # Page models import this module for its block, before Wagtail's admin forms can be.
        from .forms import ReviewDocumentUploadForm

        return ReviewDocumentUploadForm

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_creation_form_kwargs(), "user": self.request.user}


def choosable_documents(user: Any) -> Any:
    """The documents, without deleted ones, that ``user`` may put on a page."""
    documents = document_policy.instances_user_has_any_permission_for(user, ["choose", "change"])
    return documents.filter(deleted_at=None)


class BaseVersionChooseView(VersionCreationMixin, BaseChooseView):
    filter_form_class = VersionFilterForm
    ordering = ("document__title", "pk")

    def get_object_list(self) -> Any:
        return (
            DocumentVersion.objects.newest()
            .filter(document__in=choosable_documents(self.request.user))
            # It could only be refused when the page is published.
            .exclude(state=VersionState.WITHDRAWN)
            .select_related("document__collection")
        )

    def get_filter_form(self) -> VersionFilterForm:
        form: VersionFilterForm = super().get_filter_form()
        user = self.request.user
        collections = document_policy.collections_user_has_any_permission_for(
            user, ["choose", "change", "add"]
        )
        form.fields["collection_id"].queryset = collections
        documents = choosable_documents(user).order_by("language")
        languages = documents.values_list("language", flat=True).distinct()
        form.fields["language"].choices = [
            ("", _("All languages")),
            *((language, language) for language in languages),
        ]
        return form

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("file_name", label=_("File"), accessor="file_name"),
            Column("media_label", label=_("Type"), accessor="media_label"),
            Column("language", label=_("Language"), accessor="document.language"),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("collection", label=_("Collection"), accessor="document.collection"),
        ]


class VersionChooseView(ChooseViewMixin, BaseVersionChooseView):
    pass


class VersionChooseResultsView(ChooseResultsViewMixin, BaseVersionChooseView):
    pass


class ChoosableVersionMixin:
    request: Any

    def _choosable(self, pks: Any) -> Any:
        return (
            DocumentVersion.objects.filter(
                pk__in=[pk for value in pks if (pk := as_pk(value)) is not None],
                document__in=choosable_documents(self.request.user),
            )
            .exclude(state=VersionState.WITHDRAWN)
            .select_related("document")
        )


class VersionChosenView(ChoosableVersionMixin, ChosenViewMixin, ChosenResponseMixin, View):
    def get_object(self, pk: Any) -> DocumentVersion:
        version: DocumentVersion | None = self._choosable([pk]).first()
        if version is None:
            raise PermissionDenied
        return version


class VersionChosenMultipleView(
    ChoosableVersionMixin, ChosenMultipleViewMixin, ChosenResponseMixin, View
):
    def get_objects(self, pks: Any) -> Any:
        return self._choosable(pks)


class VersionCreateView(CreateViewMixin, VersionCreationMixin, ChosenResponseMixin, View):
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.can_create():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def _instance_or_pk(value: Any) -> Any:
    """What a form sent; nonsense chooses no version, and is no error of the server."""
    return value if isinstance(value, DocumentVersion) else as_pk(value)


class BaseVersionChooser(BaseChooser):
    """Tells no title that the user may not know, whatever form it stands in."""

    def get_instance(self, value: Any) -> Any:
        return super().get_instance(_instance_or_pk(value))

    def get_value_data_from_instance(self, instance: DocumentVersion) -> dict[str, Any]:
        if may_tell(admin_user(), instance):
            data: dict[str, Any] = super().get_value_data_from_instance(instance)
            return data
        title = str(_("A document that you may not see"))
        return {"id": instance.pk, "edit_url": None, self.display_title_key: title}


class _ChosenVersions(ChooserBlock):
    """Turns stored keys into versions."""

    def bulk_to_python(self, values: Any) -> list[DocumentVersion | None]:
        # Damaged content names no version; it must not take the page down.
        keys = [as_pk(value) for value in values]
        found = versions_by_pk(pk for pk in keys if pk is not None)
        return [found.get(pk) if pk is not None else None for pk in keys]


class BaseVersionChooserBlock(LoadedObjectsMixin, _ChosenVersions):
    """Stores the primary key of a :class:`DocumentVersion`."""

    def value_from_form(self, value: Any) -> Any:
        return super().value_from_form(_instance_or_pk(value))


class DocumentVersionChooserViewSet(ChooserViewSet):
    model = DocumentVersion
    icon = "doc-full-inverse"
    choose_one_text = _("Choose a review document")
    choose_another_text = _("Choose another review document")
    edit_item_text = _("Edit this document")
    creation_tab_label = _("Upload")
    create_action_label = _("Upload")
    create_action_clicked_label = _("Uploading…")
    per_page = 20
    choose_view_class = VersionChooseView
    choose_results_view_class = VersionChooseResultsView
    chosen_view_class = VersionChosenView
    chosen_multiple_view_class = VersionChosenMultipleView
    create_view_class = VersionCreateView
    base_widget_class = BaseVersionChooser
    base_block_class = BaseVersionChooserBlock


viewset = DocumentVersionChooserViewSet("safeguarding_document_chooser")

DocumentVersionChooserBlock: Any = viewset.get_block_class(
    name="DocumentVersionChooserBlock", module_path=__name__
)
