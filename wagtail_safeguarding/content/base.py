"""What every page type of the package shares."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.template.loader import select_template
from django.utils.translation import gettext as _
from wagtail.blocks import PageChooserBlock, RichTextBlock
from wagtail.fields import RichTextField

from wagtail_safeguarding.api.shapes import EmergencyLineShape
from wagtail_safeguarding.conf import safeguarding_settings
from wagtail_safeguarding.documents.chooser import DocumentVersionChooserBlock
from wagtail_safeguarding.documents.models import versions_by_pk
from wagtail_safeguarding.keys import as_pk
from wagtail_safeguarding.publication.door import Before, SafeguardingPage
from wagtail_safeguarding.publication.readiness import Level, Problem
from wagtail_safeguarding.register.answers import Answers
from wagtail_safeguarding.register.schema import PublicTranslation
from wagtail_safeguarding.register.sources import Sources, Standing, linked_pages
from wagtail_safeguarding.vocabularies.defaults import NEVER_PUBLISHED_ROLES
from wagtail_safeguarding.vocabularies.lookup import Vocabulary, terms_read_once

from .documents import DocumentBlock, DocumentRow, iter_values, rows_for_request
from .emergency import lines_as_dicts
from .inspected import text_problems
from .links import FurtherInformationMixin, LinkBlock, is_unclear, link_text_problem
from .public import walk_page as walk_stored_page
from .settings import SafeguardingSiteSettings
from .shared import SharedContent
from .unprotected import find_unprotected, values_of
from .walk import walk_page

FALLBACK_BASE_TEMPLATE = "wagtail_safeguarding/base.html"


class ContentPage(SafeguardingPage):
    """A page whose content is made of our blocks: it knows the files it names, its problems
    and the templates it is shown with."""

    kind = ""
    """What the page is, one of ``kinds``; a site's subclass is of the same kind."""

    safeguarding_template = ""
    """The package's template of this type. A site overrides it under its own page's name."""

    class Meta:
        abstract = True

    # Files

    def get_named_versions(self) -> list[int]:
        return list(
            dict.fromkeys(
                pk
                for _block, value in walk_stored_page(self, DocumentVersionChooserBlock)
                if (pk := as_pk(value)) is not None
            )
        )

    def get_named_pages(self) -> set[int]:
        """Ids of the pages that this one links to, or names, or repeats."""
        found = {self.alias_of_id} if self.alias_of_id else set()
        for block, value in walk_stored_page(self, PageChooserBlock, RichTextBlock):
            if isinstance(block, PageChooserBlock):
                found.add(as_pk(value) or 0)
            elif isinstance(value, str):
                found.update(linked_pages(value))
        for field in self._meta.get_fields():
            if isinstance(field, RichTextField):
                found.update(linked_pages(getattr(self, field.name) or ""))
        return found - {0}

    def get_rows(self, field: str, request: Any = None) -> list[DocumentRow]:
        """The rows of a document list, with the files that anybody may read now."""
        return rows_for_request(iter_values(getattr(self, field)), request)

    def get_public_basics(self, sources: Sources) -> dict[str, Any]:
        """The fields that the public form of every kind has."""
        standing = sources.standing.get(self.pk, Standing())
        repeats = sources.records_of([self.alias_of_id]) if self.alias_of_id else []
        return {
            "title": self.title,
            "language": sources.languages.get(self.locale_id) or self.get_language(),
            "publisher": standing.publisher,
            "translations": [
                PublicTranslation(language=language, record=record)
                for language, record in sources.translations.get(self.pk, [])
            ],
            "alias_of": repeats[0] if repeats else None,
        }

    def get_api_rows(self, field: str, request: Any = None) -> list[dict[str, Any]]:
        vocabulary = Vocabulary.for_request(request)
        return [row.as_dict(vocabulary, request) for row in self.get_rows(field, request)]

    def get_api_documents(self, request: Any = None) -> list[dict[str, Any]]:
        return self.get_api_rows("documents", request)

    def get_api_uuid(self, request: Any = None) -> str | None:
        return Answers.for_request(request).get_uuids([self.pk]).get(self.pk)

    @classmethod
    def read_for_api(cls, pages: list[Any], names: Collection[str], request: Any) -> None:
        """Read in one go what the API fields ``names`` will ask of each of these pages.

        Called by ``SafeguardingPagesAPIViewSet`` with pages of this very type. What a site
        adds here must be kept on ``request``.
        """
        if "uuid" in names:
            Answers.for_request(request).get_uuids(page.pk for page in pages)
        if "emergency_lines" in names:
            SharedContent.for_request(request).read_lines(pages)

    def get_language(self) -> str:
        locale = self.locale
        return str(locale.language_code)

    # Problems

    def clean_fields(self, exclude: Any = None) -> None:
        with terms_read_once():
            super().clean_fields(exclude)

    def get_opening_problems(self, before: Before | None = None) -> list[Problem]:
        return [
            *super().get_opening_problems(before),
            *self._never_published(),
            *text_problems(self, before.page if before else None),
        ]

    def get_judged(self) -> Any:
        # A site's own rules may go by any of its fields. As text: the values of blocks are those
        # that the page goes on with.
        return json.dumps(values_of(self), default=str)

    def get_refused_versions(self) -> set[int]:
        return {as_pk(value["version"]) or 0 for value in self._never_published_values()}

    def get_problems(self) -> list[Problem]:
        return [
            *super().get_problems(),
            *self._never_published(),
            *self._warnings(),
            *(link.as_problem() for link in find_unprotected(self)),
            *text_problems(self),
        ]

    def _never_published_values(self) -> list[Any]:
        return [
            value
            for _block, value in walk_stored_page(self, DocumentBlock)
            if isinstance(value, dict)
            and value.get("role") in NEVER_PUBLISHED_ROLES
            and as_pk(value.get("version")) is not None
        ]

    def _never_published(self) -> list[Problem]:
        refused = self._never_published_values()
        versions = versions_by_pk(as_pk(value["version"]) or 0 for value in refused)
        return [
            Problem(
                "role-never-published",
                Level.BLOCKER,
                _("“%(title)s” is an individual management review, which is never published.")
                % {"title": version.document.title},
                "documents",
            )
            for value in refused
            if (version := versions.get(as_pk(value["version"]) or 0)) is not None
        ]

    def _warnings(self) -> list[Problem]:
        found: list[Problem] = []
        for field, block, value in walk_page(self):
            if isinstance(block, LinkBlock):
                if is_unclear(value.get("title") or ""):
                    found.append(link_text_problem(value["title"], field))
                if not value.get("url") and value.get("page") is None:
                    message = _("“%(title)s” has no address yet.") % {"title": value.get("title")}
                    found.append(Problem("link-without-target", Level.WARNING, message, field))
            elif isinstance(block, DocumentBlock) and value.get("version") is None:
                message = _("“%(title)s” has no file yet.") % {"title": value.get("title") or "?"}
                found.append(Problem("file-to-be-supplied", Level.WARNING, message, field))
        return found

    # Templates

    def get_template(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The site's template for its page type where it has one, else the package's."""
        theirs = super().get_template(request, *args, **kwargs)  # type: ignore[misc]
        return [*([theirs] if isinstance(theirs, str) else theirs), self.safeguarding_template]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(  # type: ignore[misc]
            request, *args, **kwargs
        )
        context["base_template"] = select_template(
            [safeguarding_settings.base_template or "base.html", FALLBACK_BASE_TEMPLATE]
        )
        context["vocabulary"] = Vocabulary.for_request(request)
        context["emergency_lines"] = self.get_emergency_lines(request)
        context["site_settings"] = self.get_site_settings(request)
        context["documents"] = (
            self.get_rows("documents", request) if hasattr(self, "documents") else []
        )
        context["further_information"] = (
            self.get_further_information(request)
            if isinstance(self, FurtherInformationMixin)
            else []
        )
        return context

    def get_site_settings(self, request: Any = None) -> SafeguardingSiteSettings | None:
        """The settings of the page's site."""
        return SharedContent.for_request(request).settings_of(self)

    def get_emergency_lines(self, request: Any = None) -> list[EmergencyLineShape]:
        """The emergency lines of the nearest index above that has its own, else the site's."""
        own = getattr(self, "emergency_lines", None)
        if own:
            return lines_as_dicts(own)
        if above := SharedContent.for_request(request).lines_above(self):
            return above
        settings = self.get_site_settings(request)
        return lines_as_dicts(settings.emergency_lines) if settings else []
