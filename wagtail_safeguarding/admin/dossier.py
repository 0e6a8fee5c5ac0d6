"""The dossier of a review: everything that is known of it, on one page."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from wagtail_safeguarding.content.documents import DocumentBlock
from wagtail_safeguarding.content.walk import walk_page
from wagtail_safeguarding.date_fields import format_partial_date
from wagtail_safeguarding.documents.models import versions_by_pk
from wagtail_safeguarding.publication.readiness import Level
from wagtail_safeguarding.register.models import Record
from wagtail_safeguarding.register.visibility import publicly_named
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import Vocabulary

from .access import may_read_version


def dossier(page: Any, user: Any) -> dict[str, Any]:
    """Template context for the review as its latest draft has it."""
    draft = page.get_latest_revision_as_object()
    distinct = {(p.level, p.message): p for p in draft.get_problems()}.values()
    problems = sorted(distinct, key=lambda p: p.level is not Level.BLOCKER)
    record = Record.objects.filter(page_id=page.pk, page_deleted=False).first()
    return {
        "draft": draft,
        "fields": _fields(draft),
        "documents": _documents(draft, user),
        "problems": problems,
        "record": record,
    }


def _fields(draft: Any) -> list[dict[str, Any]]:
    vocabulary = Vocabulary.load()

    def terms(scheme: Scheme, keys: list[str]) -> str:
        return ", ".join(vocabulary.get_label(scheme, key) for key in keys)

    changed = draft.latest_revision_created_at
    rows = [
        (_("State"), str(draft.status_string).capitalize()),
        (_("Type"), vocabulary.get_label(Scheme.REVIEW_TYPE, draft.review_type)),
        (_("Date of the review"), format_partial_date(draft.review_date)),
        (_("Children (pseudonyms)"), ", ".join(draft.subject_names)),
        (_("Reference"), draft.reference),
        (_("Outcome"), vocabulary.get_label(Scheme.OUTCOME, draft.outcome)),
        (_("Age of the child"), vocabulary.get_label(Scheme.AGE_BAND, draft.age_band)),
        (_("Harms"), terms(Scheme.HARM, draft.harms)),
        (_("Practice themes"), terms(Scheme.THEME, draft.themes)),
        (_("Last changed"), date_format(localtime(changed), "DATETIME_FORMAT") if changed else ""),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def _documents(draft: Any, user: Any) -> list[dict[str, Any]]:
    values = [value for _f, block, value in walk_page(draft) if isinstance(block, DocumentBlock)]
    pks = [value["version"].pk for value in values if value.get("version") is not None]
    versions = versions_by_pk(pks)
    public = publicly_named(pks)
    vocabulary = Vocabulary.load()
    rows = []
    for value in values:
        version = versions.get(value["version"].pk) if value.get("version") is not None else None
        rows.append(
            {
                "title": value.get("title") or (version.document.title if version else ""),
                "role": vocabulary.get_label(Scheme.DOCUMENT_ROLE, value.get("role")),
                "version": version,
                "public": version is not None and version.pk in public,
                "readable": version is not None and may_read_version(user, version),
            }
        )
    return rows
