"""Wagtail collections: rights to review documents, and why a collection cannot be deleted."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.collections import collection_member_permission_formset_factory

from wagtail_safeguarding.documents.models import ReviewDocument

GroupReviewDocumentPermissionFormSet: Any = collection_member_permission_formset_factory(
    ReviewDocument,
    [
        ("add_reviewdocument", _("Add"), _("Upload review documents, and edit those you uploaded")),
        (
            "change_reviewdocument",
            _("Edit"),
            _("Edit, replace and withdraw any review document"),
        ),
        ("delete_reviewdocument", _("Delete"), _("Delete and restore any review document")),
        ("choose_reviewdocument", _("Choose"), _("Put review documents on pages")),
    ],
    "wagtail_safeguarding/admin/permissions_formset.html",
)


def describe_contents(collection: Any) -> dict[str, Any] | None:
    """What keeps ``collection`` from being deleted. Deleted documents count: they can be
    restored, and their files are on record."""
    count = ReviewDocument.objects.filter(collection=collection).count()
    if not count:
        return None
    text = ngettext("%(count)s review document", "%(count)s review documents", count)
    url = reverse("safeguarding_documents_modeladmin_index")
    return {
        "count": count,
        "count_text": text % {"count": count},
        "url": f"{url}?collection={collection.pk}",
    }
