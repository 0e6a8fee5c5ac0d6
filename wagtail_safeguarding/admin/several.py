"""Add several documents at once: Wagtail's own multiple upload, on the private storage.

Wagtail's view keeps a file whose other fields are refused in its own ``UploadedFile``, which
lies in the site's media storage, where anybody can read it. Here such a file is refused
whole: what is not added as a review document is not stored at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.multiple_upload import AddView
from wagtail.log_actions import log

from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.forms import ReviewDocumentTitleForm, ReviewDocumentUploadForm
from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.documents.permissions import document_policy
from wagtail_safeguarding.inspection.names import NameProblem
from wagtail_safeguarding.publication.takedown import StillPublic, delete_document

from .access import may_delete_document, may_edit_document

FILE = "files[]"
"""What Wagtail's script calls the file it sends, one with each request."""


def edit_form(document: ReviewDocument, user: Any, data: Any = None) -> Any:
    return ReviewDocumentTitleForm(
        data, instance=document, prefix=f"review-document-{document.pk}", user=user
    )


def render_edit_form(request: Any, document: ReviewDocument, form: Any) -> str:
    may_delete = may_delete_document(request.user, document)
    return render_to_string(
        "wagtail_safeguarding/admin/add_several_form.html",
        {
            "form": form,
            "version": document.latest_version,
            "edit_action": reverse("safeguarding_several_edit", args=[document.pk]),
            "delete_action": reverse("safeguarding_several_delete", args=[document.pk])
            if may_delete
            else None,
        },
        request=request,
    )


class AddSeveralView(WagtailAdminTemplateMixin, AddView):
    """The page with the drop zone, and what receives each file of it."""

    permission_policy = document_policy
    template_name = "wagtail_safeguarding/admin/add_several.html"
    page_title = gettext_lazy("Add several review documents")
    header_icon = "doc-full"

    def get_model(self) -> Any:
        return ReviewDocument

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("safeguarding_documents_modeladmin_index"), "label": _("Documents")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_upload_form_class(self) -> Any:
        return ReviewDocumentUploadForm

    def get_context_data(self, **kwargs: Any) -> Any:
        max_bytes = safeguarding_settings.max_document_bytes
        too_large = _("The file is larger than %(megabytes)s MB.")
        return super().get_context_data(
            max_filesize=max_bytes,
            error_max_file_size=too_large % {"megabytes": max_bytes // (1024 * 1024)},
            max_title_length=self.model._meta.get_field("title").max_length,
            **kwargs,
        )

    def post(self, request: Any) -> HttpResponseBase:
        files = request.FILES.getlist(FILE)
        if len(files) != 1:
            return HttpResponseBadRequest("Send one file with each request.")
        file = files[0]
        form = ReviewDocumentUploadForm(
            {
                "title": request.POST.get("title") or file.name,
                "collection": request.POST.get("collection") or self._only_collection(),
            },
            {"file": file},
            user=request.user,
            prefix="",
        )
        if not form.is_valid():
            return JsonResponse({"success": False, "error_message": error_message(form)})
        document = form.save().document
        log(instance=document, action="wagtail.create", user=request.user, content_changed=True)
        html = render_edit_form(request, document, edit_form(document, request.user))
        return JsonResponse({"success": True, "document_id": document.pk, "form": html})

    def _only_collection(self) -> int | None:
        """The collection of a user who has no choice: the page shows none."""
        collections = document_policy.collections_user_has_permission_for(self.request.user, "add")
        pks = list(collections.values_list("pk", flat=True)[:2])
        return pks[0] if len(pks) == 1 else None


def error_message(form: Any) -> str:
    """What is wrong with a file, in words. Wagtail's script puts it in as HTML."""
    errors = form.errors
    texts = errors.get("file") or (
        # The title is made of the file's name.
        [f"{NameProblem.TOO_LONG.message} {NameProblem.TOO_LONG.advice}"]
        if "title" in errors
        else [f"{form[name].label}: {text}" for name in errors for text in errors[name]]
    )
    return str(format_html_join(" ", "{}", ((text,) for text in texts)))


@require_POST
def edit_one(request: Any, document_id: int) -> HttpResponseBase:
    document = _find(document_id, request.user, may_edit_document)
    form = edit_form(document, request.user, request.POST)
    if not form.is_valid():
        html = render_edit_form(request, document, form)
        return JsonResponse({"success": False, "document_id": document.pk, "form": html})
    form.save()
    log(instance=document, action="wagtail.edit", user=request.user)
    return JsonResponse({"success": True, "document_id": document.pk})


@require_POST
def delete_one(request: Any, document_id: int) -> HttpResponseBase:
    document = _find(document_id, request.user, may_delete_document)
    try:
        delete_document(document, user=request.user)
    except StillPublic:
        return JsonResponse({"success": False, "document_id": document.pk}, status=409)
    return JsonResponse({"success": True, "document_id": document.pk})


def _find(document_id: int, user: Any, may: Callable[[Any, ReviewDocument], bool]) -> Any:
    """The document; unknown, deleted and forbidden ones are refused alike."""
    document = ReviewDocument.objects.filter(pk=document_id).first()
    if document is None or not may(user, document):
        raise PermissionDenied
    return document
