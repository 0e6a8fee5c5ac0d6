"""The rows of the admin's listings, each with all its columns in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils.translation import gettext_lazy as _
from wagtail.models import ReferenceIndex

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.permissions import document_policy
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.register.models import Record
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import Vocabulary

from .access import editable_pages


def reviews_for(user: Any, model: Any) -> Any:
    """The reviews of one page type that ``user`` may edit, with what the listing shows."""
    record = Record.objects.filter(page_id=OuterRef("pk"), page_deleted=False)
    return (
        model._default_manager.filter(pk__in=editable_pages(user).values("pk"))
        .defer_streamfields()
        .annotate_approved_schedule()
        .prefetch_workflow_states()
        .annotate(record_uuid=Subquery(record.values("uuid")[:1]))
    )


def documents_for(user: Any) -> QuerySet[Any]:
    """The documents that ``user`` may edit or delete, with what may be done, their newest
    version and where they are used."""
    newest = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by("-number")
    own = DocumentVersion.objects.filter(document=OuterRef(OuterRef("pk")))
    using = (
        ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(DocumentVersion),
            to_object_id__in=own.annotate(text=Cast("pk", CharField())).values("text"),
        )
        .order_by()
        .values("to_content_type")
        .annotate(pages=Count("object_id", distinct=True))
        .values("pages")
    )

    def may(action: str) -> Exists:
        allowed = document_policy.instances_user_has_permission_for(user, action)
        return Exists(allowed.filter(pk=OuterRef("pk")))

    found: QuerySet[Any] = (
        ReviewDocument.objects.present()
        .annotate(may_edit=may("change"), may_delete=may("delete"))
        .filter(Q(may_edit=True) | Q(may_delete=True))
        .select_related("collection")
        .annotate(
            latest_number=Subquery(newest.values("number")[:1]),
            latest_state=Subquery(newest.values("state")[:1]),
            latest_media_type=Subquery(newest.values("media_type")[:1]),
            latest_uploaded_at=Subquery(newest.values("uploaded_at")[:1]),
            used_on=Coalesce(Subquery(using, output_field=IntegerField()), 0),
        )
    )
    return found


Choices = Iterable[tuple[str, Any]]


class ChoiceFilter(SimpleListFilter):
    """A filter whose choices are only what the user's own rows can have."""

    def value(self) -> str | None:
        """The chosen value; None for one that is not offered, so that nothing can be probed."""
        value = super().value()
        return value if value in {str(key) for key, _label in self.lookup_choices} else None


class ReviewTypeFilter(ChoiceFilter):
    title = _("type")
    parameter_name = "type"

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        rows = model_admin.get_queryset(request).order_by().values_list("review_type", flat=True)
        vocabulary = Vocabulary.for_request(request)
        labels = {
            key: vocabulary.get_label(Scheme.REVIEW_TYPE, key) for key in rows.distinct() if key
        }
        return sorted(labels.items(), key=lambda item: item[1])

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(review_type=self.value()) if self.value() else queryset


class PageStateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"

    CONDITIONS = {
        "live": Q(live=True),
        "changed": Q(live=True, has_unpublished_changes=True),
        "draft": Q(live=False, expired=False),
        "scheduled": Q(_approved_schedule=True),
        "expired": Q(live=False, expired=True),
    }

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        return [
            ("live", _("Live")),
            ("changed", _("Live, with a draft")),
            ("draft", _("Not published")),
            ("scheduled", _("Scheduled")),
            ("expired", _("Expired")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(self.CONDITIONS[value]) if value else queryset


class ReviewYearFilter(ChoiceFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        years = (
            model_admin.get_queryset(request)
            .exclude(review_date=None)
            .order_by()
            .annotate(review_year=Substr("review_date", 1, 4, output_field=CharField()))
            .values_list("review_year", flat=True)
            .distinct()
        )
        return [(year, year) for year in sorted(years, reverse=True)]

    def queryset(self, request: Any, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(review_date__startswith=value) if value else queryset


class CollectionFilter(ChoiceFilter):
    title = _("collection")
    parameter_name = "collection"

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        collections = document_policy.collections_user_has_any_permission_for(
            request.user, ["add", "change", "delete"]
        )
        return [(str(pk), name) for pk, name in collections.values_list("pk", "name")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(collection=self.value()) if self.value() else queryset


class VersionStateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        return list(VersionState.choices)

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(latest_state=self.value()) if self.value() else queryset
