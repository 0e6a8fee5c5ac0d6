"""Withdraw a file, restore a document: each asks once more, and says first what will happen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.models import ModelLogEntry

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.permissions import document_policy
from wagtail_safeguarding.documents.states import IllegalMove, VersionState
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.publication.replacement import find_uses
from wagtail_safeguarding.publication.takedown import DELETED, restore_document, withdraw
from wagtail_safeguarding.register.visibility import open_links

from .access import deleted_documents, may_edit_document, may_restore_document
from .messages import titles

INDEX = "safeguarding_documents_modeladmin_index"
EDIT = "safeguarding_documents_modeladmin_edit"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithdrawForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Shown to everybody who asks for the file. Name no child and no family."
        )


class DocumentActionView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """Something that is done to a document after a question. Unknown documents and those of
    others are refused alike."""

    template_name = "wagtail_safeguarding/admin/document_action.html"
    header_icon = "doc-full"
    form_class: Any = forms.Form
    submit_label: Any = ""
    serious = True

    document: ReviewDocument

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        document = (
            ReviewDocument.objects.select_related("collection")
            .filter(pk=kwargs["document_id"])
            .first()
        )
        if document is None or not self.may(request.user, document):
            raise PermissionDenied
        self.document = document
        return super().dispatch(request, *args, **kwargs)

    def may(self, user: Any, document: ReviewDocument) -> bool:
        raise NotImplementedError

    def get_explanation(self) -> list[str]:
        """What will happen, in sentences."""
        return []

    def get_pages(self) -> list[Any]:
        """Published pages that it will happen to."""
        return []

    def get_back_url(self) -> str:
        return reverse(EDIT, args=[self.document.pk])

    def get_page_subtitle(self) -> str:
        return self.document.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(INDEX), "label": _("Documents")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.document.title},
        ]

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(
            explanation=self.get_explanation(),
            pages=self.get_pages(),
            back_url=self.get_back_url(),
            submit_label=self.submit_label,
            serious=self.serious,
            **kwargs,
        )


class WithdrawView(DocumentActionView):
    """One version, or all that are not withdrawn yet."""

    page_title = gettext_lazy("Withdraw")
    form_class = WithdrawForm
    submit_label = gettext_lazy("Yes, withdraw")

    def may(self, user: Any, document: ReviewDocument) -> bool:
        return may_edit_document(user, document)

    def get_versions(self) -> list[DocumentVersion]:
        versions = self.document.versions.exclude(state=VersionState.WITHDRAWN)
        if "number" in self.kwargs:
            versions = versions.filter(number=self.kwargs["number"])
        return list(versions.select_related("document").order_by("number"))

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs) if self.get_versions() else self.nothing_left()

    def nothing_left(self) -> Any:
        messages.warning(self.request, _("There is nothing to withdraw."))
        return redirect(self.get_back_url())

    def get_explanation(self) -> list[str]:
        numbers = [str(version.number) for version in self.get_versions()]
        words = {"title": self.document.title, "numbers": ", ".join(numbers)}
        which = (
            ngettext(
                "Version %(numbers)s of “%(title)s” will be withdrawn.",
                "All these versions of “%(title)s” will be withdrawn: %(numbers)s.",
                len(numbers),
            )
            % words
        )
        return [
            which,
            _("Whoever asks for a file that was public is told that it was withdrawn, and why."),
            _("Pages that name it cannot be published until another file is chosen there."),
            _("A withdrawn version cannot be brought back. Upload the file again instead."),
        ]

    def get_pages(self) -> list[Any]:
        links = open_links().filter(version__in=self.get_versions())
        pages = get_base_page_model().objects.filter(pk__in=links.values("record__page_id"))
        return list(pages.order_by("title"))

    def form_valid(self, form: Any) -> Any:
        versions = self.get_versions()
        if not versions:
            return self.nothing_left()
        try:
            withdraw(versions, reason=form.cleaned_data["reason"], user=self.request.user)
        except IllegalMove:
            form.add_error(None, _("A file changed at this very moment. Please try again."))
            return self.form_invalid(form)
        numbers = ", ".join(str(version.number) for version in versions)
        messages.success(
            self.request,
            _("“%(title)s”: withdrawn and closed to the public: version %(numbers)s.")
            % {"title": self.document.title, "numbers": numbers},
        )
        return redirect(self.get_back_url())


class RestoreView(DocumentActionView):
    """Bring a deleted document back."""

    page_title = gettext_lazy("Restore")
    submit_label = gettext_lazy("Yes, restore")
    serious = False

    def may(self, user: Any, document: ReviewDocument) -> bool:
        return may_restore_document(user, document)

    def get_back_url(self) -> str:
        return reverse("safeguarding_deleted_documents")

    def get_explanation(self) -> list[str]:
        explanation = [_("The document comes back to the lists with all its versions.")]
        if uses := find_uses(self.document, user=self.request.user):
            used = _("It is used on: %s.") % titles(uses)
            again = _("A published page that names one of its cleared files shows that file again.")
            explanation += [used, again]
        return explanation

    def form_valid(self, form: Any) -> Any:
        restore_document(self.document, user=self.request.user)
        messages.success(self.request, _("“%s” was restored.") % self.document)
        if may_edit_document(self.request.user, self.document):
            return redirect(EDIT, self.document.pk)
        return redirect(self.get_back_url())


class RestoreColumn(Column):
    cell_template_name = "wagtail_safeguarding/admin/restore_cell.html"

    def get_value(self, instance: Any) -> str:
        return reverse("safeguarding_document_restore", args=[instance.pk])


class DeletedDocumentsView(BaseListingView):
    page_title = gettext_lazy("Deleted documents")
    header_icon = "bin"
    index_url_name = "safeguarding_deleted_documents"
    verbose_name_plural = gettext_lazy("deleted documents")
    paginate_by = 50

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not document_policy.user_has_permission(request.user, "delete"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Title"),
            get_url=lambda document: reverse("safeguarding_document_restore", args=[document.pk]),
        ),
        Column("collection", label=gettext_lazy("Collection")),
        DateColumn("deleted_at", label=gettext_lazy("Deleted")),
        Column("deleted_by", label=gettext_lazy("By")),
        RestoreColumn("restore", label=gettext_lazy("Action")),
    ]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()
        return [*items[:-1], {"url": reverse(INDEX), "label": _("Documents")}, items[-1]]

    def get_queryset(self) -> Any:
        entries = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(ReviewDocument),
            object_id=Cast(OuterRef("pk"), CharField()),
            action=DELETED,
        ).order_by("-timestamp")
        name = f"user__{get_user_model().USERNAME_FIELD}"
        return (
            deleted_documents(self.request.user)
            .select_related("collection")
            .annotate(deleted_by=Subquery(entries.values(name)[:1]))
            .order_by("-deleted_at", "pk")
        )
