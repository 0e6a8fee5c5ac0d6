"""A proposal becomes pages: an index and its reviews, as drafts or published.

All in one transaction, so a fault leaves nothing. What exists is never overwritten: an
import made again creates what is missing and, asked to publish, publishes what nobody has
touched since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.log_actions import log

from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import term_choices

from .matching import LOG_ACTION, Known, know_pages, log_data, match
from .places import (
    find_parent,
    index_model_below,
    indexes_below,
    review_model_below,
    reviews_below,
)
from .proposed import ProposedIndex
from .refusal import ImportRefused
from .report import ImportReport, ReportedPage
from .values import Values, index_values, review_values

INDEX_FIELDS = ("title", "publisher")
REVIEW_FIELDS = ("title",)
NO_TYPE = "its type is not known; choose one and publish it"


@dataclass(frozen=True)
class Options:
    """``user`` acts, and needs the rights for it; without one the import acts as nobody."""

    parent_path: str = ""
    publish: bool = False
    dry_run: bool = False
    user: Any = None


def import_proposal(proposal: ProposedIndex, options: Options) -> ImportReport:
    """Make the pages of ``proposal``. Raises :class:`ImportRefused`, and nothing is written."""
    index = index_values(proposal)
    known_types = [key for key, _label in term_choices(Scheme.REVIEW_TYPE)]
    reviews = [review_values(review, known_types) for review in proposal.reviews]
    unsure = [note for values in (index, *reviews) for note in values.unsure]
    report = ImportReport(proposal, options.dry_run, unsure=unsure)
    try:
        with transaction.atomic():
            _Import(options, report).run(index, reviews)
    except ValidationError as error:
        raise ImportRefused(_as_line(error)) from error
    except (PermissionDenied, PublishPermissionError) as error:
        raise ImportRefused(f"{options.user} may not do this: {error}") from error
    return report


class _Import:
    def __init__(self, options: Options, report: ImportReport) -> None:
        self.options = options
        self.report = report

    def run(self, index: Values, reviews: Sequence[Values]) -> None:
        parent = find_parent(self.options.parent_path, lock=not self.options.dry_run)
        wanted = tuple(index.fields[name] for name in INDEX_FIELDS)
        (found,) = match([wanted], know_pages(indexes_below(parent), INDEX_FIELDS))
        model = type(found.page) if found else index_model_below(parent)
        review_model = review_model_below(model)
        below: list[Known | None] = [None] * len(reviews)
        if found:
            headings = [(values.fields["title"],) for values in reviews]
            below = match(headings, know_pages(reviews_below(found.page), REVIEW_FIELDS))
        self._check_rights(found.page if found else parent, creates=not all([found, *below]))

        page = self._index(parent, model, index, found)
        for values, known in zip(reviews, below, strict=True):
            self._review(page, review_model, values, known)

    def _check_rights(self, above: Any, *, creates: bool) -> None:
        user = self.options.user
        if user is None:
            return
        rights = above.permissions_for_user(user)
        if creates and not rights.can_add_subpage():
            raise ImportRefused(f"{user} may not add pages below “{above.title}”.")
        if self.options.publish and not rights.can_publish_subpage():
            raise ImportRefused(f"{user} may not publish pages below “{above.title}”.")

    def _index(self, parent: Any, model: Any, values: Values, known: Known | None) -> Any:
        kind = "review index"
        if known:
            self._take_existing(kind, known)
            return known.page
        return self._create(kind, parent, model, values, INDEX_FIELDS)

    def _review(self, index: Any, model: Any, values: Values, known: Known | None) -> None:
        kind = "review"
        if known:
            self._take_existing(kind, known)
        else:
            self._create(kind, index, model, values, REVIEW_FIELDS)

    def _take_existing(self, kind: str, known: Known) -> None:
        page = known.page
        line = ReportedPage(
            kind, page.title, created=False, live=page.live, id=page.pk, path=_path(page)
        )
        if self.options.publish and not page.live:
            line.left = known.why_left or _why_not_ready(page)
            if not line.left:
                self._publish(page, line)
        self.report.pages.append(line)

    def _create(
        self, kind: str, parent: Any, model: Any, values: Values, key: Sequence[str]
    ) -> Any:
        line = ReportedPage(kind, values.fields["title"], created=True)
        self.report.pages.append(line)
        page = model(**values.fields, live=False, has_unpublished_changes=True)
        line.left = _why_not_ready(page) if self.options.publish else ""
        if self.options.dry_run:
            line.published = line.live = self.options.publish and not line.left
            return page
        page.owner = self.options.user
        if not slugify(page.title):  # Wagtail makes no slug of a title without letters it knows
            page.slug = _free_slug(parent, slugify(kind))
        parent.add_child(instance=page)
        # A review without a type is a draft that Wagtail's form accepts, but not its clean().
        revision = page.save_revision(user=self.options.user, clean=not _why_not_ready(page))
        log(
            instance=page,
            action=LOG_ACTION,
            user=self.options.user,
            revision=revision,
            content_changed=True,
            data=log_data({name: values.fields[name] for name in key}, revision),
        )
        line.id, line.path = page.pk, _path(page)
        if self.options.publish and not line.left:
            self._publish(page, line)
        return page

    def _publish(self, page: Any, line: ReportedPage) -> None:
        line.published = line.live = True
        if not self.options.dry_run:
            page.get_latest_revision().publish(user=self.options.user)
            page.refresh_from_db()


def _why_not_ready(page: Any) -> str:
    return "" if getattr(page, "review_type", True) else NO_TYPE


def _free_slug(parent: Any, base: str) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := base if number == 1 else f"{base}-{number}") not in taken
    )


def _path(page: Any) -> str | None:
    parts = page.get_url_parts()
    return parts[2] if parts else None


def _as_line(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return " ".join(
            f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()
        )
    return " ".join(error.messages)
