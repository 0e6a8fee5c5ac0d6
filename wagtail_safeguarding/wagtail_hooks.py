"""Registers what the package adds to Wagtail's admin; the logic lives elsewhere."""

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.admin.admin_url_finder import register_admin_url_finder

from .admin import log_entries
from .admin.bulk import refuse_unready
from .admin.cleaning import CleanedCopyView
from .admin.collections import GroupReviewDocumentPermissionFormSet, describe_contents
from .admin.document_views import download
from .admin.messages import warn_after_save
from .admin.modeladmin import register_menu
from .admin.names import NAMES, NamesView, names_button, names_permissions
from .admin.overruling import OverruleView
from .admin.previews import REVOKE, SHARE, ShareDraftView, end_sharing, share_button
from .admin.several import AddSeveralView, delete_one, edit_one
from .admin.takedown import DeletedDocumentsView, RestoreView, WithdrawView
from .admin.unprotected import UnprotectedLinksMenuItem, UnprotectedLinksView
from .admin.url_finders import DocumentVersionURLFinder
from .documents.chooser import viewset
from .documents.models import DocumentVersion

DOCUMENT = "<int:document_id>/"
VERSION = f"{DOCUMENT}versions/<int:number>/"

register_menu()
register_admin_url_finder(DocumentVersion, DocumentVersionURLFinder)
hooks.register("after_create_page", warn_after_save)
hooks.register("after_edit_page", warn_after_save)
hooks.register("before_bulk_action", refuse_unready)
hooks.register("describe_collection_contents", describe_contents)
hooks.register("register_log_actions", log_entries.register)
hooks.register("register_page_header_buttons", share_button)
hooks.register("register_page_header_buttons", names_button)
hooks.register("register_permissions", names_permissions)


@hooks.register("register_admin_viewset")
def register_document_chooser() -> Any:
    return viewset


@hooks.register("register_admin_urls")
def register_document_urls() -> list[Any]:
    return [
        path(f"safeguarding/documents/{route}", view, name=name)
        for route, view, name in [
            ("download/<int:version_id>/", download, "safeguarding_document_download"),
            ("deleted/", DeletedDocumentsView.as_view(), "safeguarding_deleted_documents"),
            (f"{DOCUMENT}withdraw/", WithdrawView.as_view(), "safeguarding_document_withdraw"),
            (f"{VERSION}withdraw/", WithdrawView.as_view(), "safeguarding_version_withdraw"),
            (f"{VERSION}overrule/", OverruleView.as_view(), "safeguarding_version_overrule"),
            (f"{VERSION}clean/", CleanedCopyView.as_view(), "safeguarding_version_clean"),
            (f"{DOCUMENT}restore/", RestoreView.as_view(), "safeguarding_document_restore"),
            ("several/", AddSeveralView.as_view(), "safeguarding_several"),
            ("several/<int:document_id>/", edit_one, "safeguarding_several_edit"),
            ("several/<int:document_id>/delete/", delete_one, "safeguarding_several_delete"),
        ]
    ]


@hooks.register("register_admin_urls")
def register_preview_urls() -> list[Any]:
    route = "safeguarding/preview/<int:page_id>/"
    return [
        path(route, ShareDraftView.as_view(), name=SHARE),
        path(f"{route}revoke/<int:token_id>/", end_sharing, name=REVOKE),
    ]


@hooks.register("register_admin_urls")
def register_names_urls() -> list[Any]:
    return [path("safeguarding/names/<int:page_id>/", NamesView.as_view(), name=NAMES)]


@hooks.register("register_admin_urls")
def register_report_urls() -> list[Any]:
    view = UnprotectedLinksView
    route = "reports/unprotected-links/"
    return [
        path(route, view.as_view(), name=view.index_url_name),
        path(
            f"{route}results/",
            view.as_view(results_only=True),
            name=view.index_results_url_name,
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_report_menu_item() -> Any:
    return UnprotectedLinksMenuItem()


@hooks.register("register_group_permission_panel")
def register_document_permissions() -> Any:
    return GroupReviewDocumentPermissionFormSet
