"""The "Safeguarding" menu, on wagtail-modeladmin. This is the only module that uses it: that
package is in maintenance mode, and what it shows must not depend on it.

Every listing, export and view is limited to what the user may edit; wagtail-modeladmin by
itself shows everybody everything.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.admin import display
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import Permission
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.log_actions import log
from wagtail_modeladmin.helpers import (
    AdminURLHelper,
    ButtonHelper,
    PageButtonHelper,
    PagePermissionHelper,
    PermissionHelper,
)
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup
from wagtail_modeladmin.views import (
    CreateView,
    DeleteView,
    EditView,
    HistoryView,
    IndexView,
    InspectView,
)

from wagtail_safeguarding.content.kinds import review_models
from wagtail_safeguarding.date_fields import format_partial_date
from wagtail_safeguarding.documents.forms import ReviewDocumentForm
from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.documents.permissions import document_policy
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.upload import stored_file
from wagtail_safeguarding.inspection.media_types import KNOWN
from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.publication.replacement import find_uses, replace_with
from wagtail_safeguarding.publication.takedown import StillPublic, delete_document
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import Vocabulary
from wagtail_safeguarding.vocabularies.models import Term

from .access import (
    may_delete_document,
    may_edit_document,
    may_edit_page,
    may_edit_pages,
    may_see_history,
)
from .document_views import version_rows
from .dossier import dossier
from .listings import (
    CollectionFilter,
    PageStateFilter,
    ReviewTypeFilter,
    ReviewYearFilter,
    VersionStateFilter,
    documents_for,
    reviews_for,
)
from .messages import tell_replacement, titles
from .spreadsheets import QuotedExportMixin
from .uses import use_rows

MAX_QUERY = 200
MAX_WORDS = 20
"""Bounds of a search: each word is a condition of its own."""


class LimitedIndexView(QuotedExportMixin, IndexView):
    """A listing that answers only its own filters and exports no formulas."""

    def get_filters(self, request: Any) -> Any:
        filters = super().get_filters(request)
        # Whatever is left would become a lookup on any field of any related model:
        # ?owner__password__startswith=... would read out what nobody may see.
        unknown = filters[2]
        if unknown:
            raise BadRequest(f"Unknown parameters: {', '.join(sorted(unknown))}")
        words = self.query or ""
        if "\x00" in words or len(words) > MAX_QUERY or len(words.split()) > MAX_WORDS:
            raise BadRequest("The search is too long or has characters that cannot be searched.")
        return filters

    def get_queryset(self, request: Any = None) -> Any:
        try:
            return super().get_queryset(request)
        except IncorrectLookupParameters as error:
            raise BadRequest("A filter has a value that is not one of its choices.") from error


class KnownAddresses(ModelAdmin):
    """An address that has no key in it is not found; wagtail-modeladmin would fail."""

    def edit_view(self, request: Any, instance_pk: str) -> Any:
        return super().edit_view(request, known_key(instance_pk))

    def delete_view(self, request: Any, instance_pk: str) -> Any:
        return super().delete_view(request, known_key(instance_pk))

    def inspect_view(self, request: Any, instance_pk: str) -> Any:
        return super().inspect_view(request, known_key(instance_pk))

    def history_view(self, request: Any, instance_pk: str) -> Any:
        return super().history_view(request, known_key(instance_pk))


def known_key(text: str) -> str:
    if as_pk(text) is None:
        raise Http404
    return text


class PermittedHistoryView(HistoryView):
    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_edit_obj(user, self.instance))


class QuietButtons(ButtonHelper):
    """Buttons without a question to the database for each row: the listing holds only what
    the user may edit."""

    actions: tuple[str, ...] = ("edit",)

    def get_primary_button(self, obj: Any) -> Any:
        return self.edit_button(obj.pk)

    def get_buttons_for_obj(
        self,
        obj: Any,
        exclude: Any = None,
        classnames_add: Any = None,
        classnames_exclude: Any = None,
    ) -> list[Any]:
        return [
            getattr(self, f"{action}_button")(obj.pk, classnames_add, classnames_exclude)
            for action in self.actions
            if action not in (exclude or [])
        ]


# Reviews


class ReviewButtons(QuietButtons, PageButtonHelper):
    actions = ("edit", "inspect")

    def inspect_button(self, *args: Any, **kwargs: Any) -> Any:
        return {**super().inspect_button(*args, **kwargs), "label": _("Dossier")}


class ReviewPermissions(PagePermissionHelper):
    def user_can_list(self, user: Any) -> bool:
        return may_edit_pages(user)

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        return may_edit_page(user, obj)


class ReviewInspectView(InspectView):
    page_title = gettext_lazy("Dossier")

    def get_fields_dict(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> Any:
        # One action on a dark bar: the outlined style of the listing cannot be read there.
        edit = {**self.button_helper.edit_button(self.instance.pk), "classname": "button"}
        context = dossier(self.instance, self.request.user)
        return super().get_context_data(**{"buttons": [edit], **context, **kwargs})


class ReviewAdmin(KnownAddresses):
    """The reviews of one page type. A class of it is made for each (see ``review_admins``)."""

    menu_icon = "doc-full-inverse"
    list_display = ("display_title", "type_label", "date_label", "state_label")
    list_export = (
        "display_title",
        "type_label",
        "date_iso",
        "state_label",
        "reference",
        "register_id",
    )
    list_filter = (ReviewTypeFilter, PageStateFilter, ReviewYearFilter)
    list_per_page = 50
    search_fields = ("title", "draft_title", "reference")
    ordering = ("-review_date", "title")
    export_filename = "practice-reviews"
    inspect_view_enabled = True
    # Wagtail's own history of a page checks permissions; the listing links to the editor.
    history_view_enabled = False
    index_view_class = LimitedIndexView
    inspect_view_class = ReviewInspectView
    inspect_template_name = "wagtail_safeguarding/admin/dossier.html"
    index_template_name = "wagtail_safeguarding/admin/listing.html"
    permission_helper_class = ReviewPermissions
    button_helper_class = ReviewButtons

    def get_queryset(self, request: Any) -> Any:
        # Kept for the row methods below, which are not given the request. Requests may share
        # it: the words are the same for everybody and are translated when they are shown.
        self._vocabulary = Vocabulary.for_request(request)
        return reviews_for(request.user, self.model).order_by(*self.ordering)

    @display(description=gettext_lazy("Title"), ordering="draft_title")
    def display_title(self, page: Any) -> str:
        return str(page.get_admin_display_title())

    @display(description=gettext_lazy("Type"), ordering="review_type")
    def type_label(self, page: Any) -> str:
        return self._vocabulary.get_label(Scheme.REVIEW_TYPE, page.review_type)

    @display(description=gettext_lazy("Date of review"), ordering="review_date")
    def date_label(self, page: Any) -> str:
        return format_partial_date(page.review_date)

    @display(description=gettext_lazy("Date"))
    def date_iso(self, page: Any) -> str:
        return str(page.review_date or "")

    @display(description=gettext_lazy("State"), ordering="live")
    def state_label(self, page: Any) -> str:
        return str(page.status_string).capitalize()

    @display(description=gettext_lazy("Register ID"))
    def register_id(self, page: Any) -> str:
        return str(page.record_uuid or "")


def review_admins() -> list[type[ReviewAdmin]]:
    """A listing for every review page type of the site, its own subclasses included."""
    models = review_models()
    return [
        type(
            f"{model.__name__}Admin",
            (ReviewAdmin,),
            {
                "model": model,
                "menu_label": gettext_lazy("Reviews")
                if len(models) == 1
                else str(model._meta.verbose_name_plural).capitalize(),
                "menu_item_name": "safeguarding-" + model._meta.label_lower.replace(".", "-"),
                "base_url_path": "safeguarding/reviews/"
                + model._meta.label_lower.replace(".", "/"),
            },
        )
        for model in models
    ]


# Documents


class DocumentPermissions(PermissionHelper):
    def user_has_any_permissions(self, user: Any) -> bool:
        return self.user_can_list(user)

    def user_can_list(self, user: Any) -> bool:
        return bool(document_policy.user_has_any_permission(user, ["add", "change", "delete"]))

    def user_can_create(self, user: Any) -> bool:
        return bool(document_policy.user_has_permission(user, "add"))

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return may_edit_document(user, obj)

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return may_delete_document(user, obj)


class DocumentButtons(QuietButtons):
    """What the listing found to be allowed. Whoever may edit deletes on the edit page."""

    def get_primary_button(self, obj: Any) -> Any:
        return self.edit_button(obj.pk) if obj.may_edit else None

    def get_buttons_for_obj(
        self,
        obj: Any,
        exclude: Any = None,
        classnames_add: Any = None,
        classnames_exclude: Any = None,
    ) -> list[Any]:
        button = self.edit_button if obj.may_edit else self.delete_button
        return [button(obj.pk, classnames_add, classnames_exclude)]


class DocumentHistoryView(HistoryView):
    def check_action_permitted(self, user: Any) -> bool:
        return may_see_history(user, self.instance)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.index_url, "label": _("Documents")},
            {"url": "", "label": self.get_page_title(), "sublabel": str(self.instance)},
        ]


class DocumentFormMixin:
    """Our own form in place of one made from panels."""

    request: Any
    instance: Any

    def get_form_class(self) -> Any:
        return ReviewDocumentForm

    def get_edit_handler(self) -> Any:
        return ObjectList([]).bind_to_model(ReviewDocument)


class DocumentIndexView(LimitedIndexView):
    def get_context_data(self, **kwargs: Any) -> Any:
        # The page for several files runs a script of Wagtail's own app for documents.
        user = self.request.user
        may_add = self.permission_helper.user_can_create(user)
        may_restore = document_policy.user_has_permission(user, "delete")
        return super().get_context_data(
            several_url=reverse("safeguarding_several")
            if may_add and apps.is_installed("wagtail.documents")
            else None,
            deleted_url=reverse("safeguarding_deleted_documents") if may_restore else None,
            **kwargs,
        )


class DocumentCreateView(DocumentFormMixin, CreateView):
    def form_valid(self, form: Any) -> Any:
        version = form.save_new()
        self.instance = version.document
        log(instance=self.instance, action="wagtail.create", content_changed=True)
        messages.success(
            self.request,
            self.get_success_message(self.instance),
            buttons=self.get_success_message_buttons(self.instance),
        )
        return redirect(self.get_success_url())


class DocumentEditView(DocumentFormMixin, EditView):
    def form_valid(self, form: Any) -> Any:
        file = form.cleaned_data.get("file")
        if not file:
            return super().form_valid(form)
        # Both or neither: a storage that fails must not leave half of what was sent.
        with stored_file(file, file.name) as stored, transaction.atomic():
            super().form_valid(form)
            done = replace_with(self.instance, stored, user=self.request.user)
            stored.is_committing = True
        tell_replacement(self.request, done)
        return redirect(self.edit_url)

    def get_context_data(self, form: Any = None, **kwargs: Any) -> Any:
        user = self.request.user
        rows = version_rows(self.instance, user)
        return super().get_context_data(
            form=form,
            rows=rows,
            uses=use_rows(self.instance, find_uses(self.instance, user=user), user),
            may_withdraw_all=sum(row["may_withdraw"] for row in rows) > 1,
            **kwargs,
        )


class DocumentDeleteView(DeleteView):
    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            delete_document(self.instance, user=request.user)
        except StillPublic:
            messages.error(
                request,
                _("“%s” is public. Withdraw it or take it off the published pages first.")
                % self.instance,
            )
            may_edit = may_edit_document(request.user, self.instance)
            return redirect(self.edit_url if may_edit else self.index_url)
        messages.success(request, _("“%s” was deleted. It can be restored.") % self.instance)
        return redirect(self.index_url)

    def confirmation_message(self) -> str:
        uses = find_uses(self.instance, user=self.request.user)
        message = _("Delete this document and all its versions from the lists?")
        if uses:
            used = _("It is used on: %s.") % titles(uses)
            return f"{message} {used}"
        return message


class DocumentAdmin(KnownAddresses):
    model = ReviewDocument
    menu_label = gettext_lazy("Documents")
    menu_item_name = "safeguarding-documents"
    menu_icon = "doc-full"
    base_url_path = "safeguarding/documents"
    list_display = (
        "title",
        "collection_name",
        "version_number",
        "state_label",
        "media_label",
        "uploaded_label",
        "used_on_count",
    )
    list_filter = (CollectionFilter, VersionStateFilter)
    list_per_page = 50
    search_fields = ("title", "versions__file_name")
    ordering = ("title", "pk")
    index_view_class = DocumentIndexView
    create_view_class = DocumentCreateView
    edit_view_class = DocumentEditView
    delete_view_class = DocumentDeleteView
    history_view_class = DocumentHistoryView
    index_template_name = "wagtail_safeguarding/admin/document_listing.html"
    create_template_name = "wagtail_safeguarding/admin/document_create.html"
    edit_template_name = "wagtail_safeguarding/admin/document_edit.html"
    permission_helper_class = DocumentPermissions
    button_helper_class = DocumentButtons

    def get_extra_attrs_for_field_col(self, obj: Any, field_name: str) -> dict[str, str]:
        # Narrow columns would be broken within a word.
        return {"style": "white-space: nowrap"} if field_name == "state_label" else {}

    def get_queryset(self, request: Any) -> Any:
        return documents_for(request.user).order_by(*self.ordering)

    def get_permissions_for_registration(self) -> Any:
        # The other rights are given for each collection, not for the model.
        return Permission.objects.filter(
            content_type__app_label=self.opts.app_label, codename="override_inspection"
        )

    @display(description=gettext_lazy("Collection"), ordering="collection__name")
    def collection_name(self, document: Any) -> str:
        return str(document.collection.name)

    @display(description=gettext_lazy("Version"), ordering="latest_number")
    def version_number(self, document: Any) -> Any:
        return document.latest_number

    @display(description=gettext_lazy("State"), ordering="latest_state")
    def state_label(self, document: Any) -> str:
        state = document.latest_state
        return str(VersionState(state).label) if state else ""

    @display(description=gettext_lazy("Type of file"), ordering="latest_media_type")
    def media_label(self, document: Any) -> str:
        known = KNOWN.get(document.latest_media_type)
        return known.label if known else document.latest_media_type or ""

    @display(description=gettext_lazy("Uploaded"), ordering="latest_uploaded_at")
    def uploaded_label(self, document: Any) -> str:
        at = document.latest_uploaded_at
        return date_format(localtime(at), "SHORT_DATE_FORMAT") if at else ""

    @display(description=gettext_lazy("Used on"), ordering="used_on")
    def used_on_count(self, document: Any) -> str:
        return str(document.used_on)


# Vocabularies


class TermForm(WagtailAdminModelForm):
    """Pages refer to a term by vocabulary and key, so both are fixed once it exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["scheme"].disabled = True
            self.fields["key"].disabled = True


class TermPermissions(PermissionHelper):
    def user_can_list(self, user: Any) -> bool:
        return any(
            self.user_has_specific_permission(user, self.get_perm_codename(action))
            for action in ("add", "change", "view")
        )

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        # Pages keep keys: a term is deprecated, never deleted.
        return False


class TermDeleteView(DeleteView):
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied


class TermAdmin(KnownAddresses):
    model = Term
    menu_label = gettext_lazy("Vocabularies")
    menu_item_name = "safeguarding-vocabularies"
    menu_icon = "list-ul"
    base_url_path = "safeguarding/vocabularies"
    list_display = ("label", "abbreviation", "scheme", "key", "in_use")
    list_filter = ("scheme", "deprecated")
    list_per_page = 100
    search_fields = ("label", "abbreviation", "key", "formerly")
    ordering = ("scheme", "sort_order", "label")
    edit_handler = ObjectList(Term.panels, base_form_class=TermForm)
    index_view_class = LimitedIndexView
    delete_view_class = TermDeleteView
    history_view_class = PermittedHistoryView
    index_template_name = "wagtail_safeguarding/admin/listing.html"
    permission_helper_class = TermPermissions

    # wagtail-modeladmin shows a boolean by a picture of Django's own admin, which few sites have.
    @display(description=gettext_lazy("In use"), ordering="deprecated")
    def in_use(self, term: Any) -> str:
        return _("Deprecated") if term.deprecated else _("Yes")

    def get_permissions_for_registration(self) -> Any:
        return Permission.objects.filter(
            content_type__app_label=self.opts.app_label,
            codename__in=["add_term", "change_term"],
        )


class SafeguardingGroup(ModelAdminGroup):
    """The menu entry. Wagtail leaves it out where a user may open none of its items."""

    menu_label = gettext_lazy("Safeguarding")
    menu_item_name = "safeguarding"
    menu_icon = "group"
    menu_order = 150
    items: tuple[type[ModelAdmin], ...] = ()

    def __init__(self) -> None:
        self.items = (*review_admins(), DocumentAdmin, TermAdmin)
        super().__init__()


def document_edit_url(document: ReviewDocument) -> str:
    url: str = AdminURLHelper(
        ReviewDocument, base_url_path=DocumentAdmin.base_url_path
    ).get_action_url("edit", document.pk)
    return url


def register_menu() -> None:
    """Add the menu, its pages, permissions and edit addresses to Wagtail's admin."""
    SafeguardingGroup().register_with_wagtail()
