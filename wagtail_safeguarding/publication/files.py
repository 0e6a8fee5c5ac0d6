"""Where page and files meet: names of the review's list, and files of another review."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django_tasks import task

from wagtail_safeguarding.documents.models import DocumentVersion, versions_by_pk
from wagtail_safeguarding.inspection.identifiers import file_name_text
from wagtail_safeguarding.inspection.pseudonyms import (
    plain_reference,
    pseudonyms_in,
)
from wagtail_safeguarding.inspection.reading import Text
from wagtail_safeguarding.inspection.restricted import CODE as RESTRICTED_NAME
from wagtail_safeguarding.pagemodel import get_base_page_model

from .readiness import Level, Problem
from .restricted import NameCheck, RestrictedList, checked, lists_of

logger = logging.getLogger(__name__)

NAMED = 5
"""How many places or pseudonyms a message tells."""


def names_in_files(
    page: Any, versions: Iterable[DocumentVersion], *, read_now: bool
) -> list[Problem]:
    """A blocker for each file that has a name of the review's list in it, or in what the page says
    of it. With ``read_now`` files are read that were not compared with the list before."""
    versions = list(versions)
    lists = lists_of(page) if versions else []
    if not lists:
        return []
    checks = checked(versions, lists, now=read_now)
    return [
        problem
        for version in versions
        for one in lists
        for problem in _judge(version, one, checks[version.pk, one.digest], read_now)
    ]


def _judge(
    version: DocumentVersion, one: RestrictedList, check: NameCheck | None, read_now: bool
) -> Iterator[Problem]:
    title = version.document.title
    names = one.get_names()
    if names is None:
        return  # said of the page
    if found := names.find(_words_about(version)):
        yield _blocker(
            RESTRICTED_NAME,
            _("A document has a name of the list of names in %(places)s: “%(excerpt)s”."),
            places=", ".join(place.where for place in found),
            excerpt=found[0].excerpt,
        )
    title = names.masked(title)
    if check is None:
        if read_now:
            yield _blocker(
                "restricted-name-unchecked",
                _("The file of “%(title)s” could not be compared with the list of names."),
                title=title,
            )
        else:
            message = _(
                "The file of “%(title)s” will be compared with the list of names when the page is "
                "published."
            )
            yield Problem(
                "restricted-name-pending", Level.WARNING, message % {"title": title}, "documents"
            )
    elif check.places:
        yield _blocker(
            RESTRICTED_NAME,
            _("The file of “%(title)s” has a name of the list of names: %(places)s."),
            title=title,
            places=_places(check.places),
        )
    elif not check.readable:
        message = _("The file of “%(title)s” cannot be read, so nobody knows what names it has.")
        yield Problem(
            "restricted-name-unread", Level.WARNING, message % {"title": title}, "documents"
        )


def _words_about(version: DocumentVersion) -> list[Text]:
    document = version.document
    return [
        Text(document.title, _("its title")),
        file_name_text(version.file_name),
        Text(document.rights_holder, _("its rights holder")),
        Text(document.licence, _("its licence")),
        Text(document.alternative_format_contact, _("its contact")),
    ]


def _blocker(code: str, message: str, **values: str) -> Problem:
    return Problem(code, Level.BLOCKER, message % values, "documents")


def _places(places: list[dict[str, Any]]) -> str:
    said = []
    for place in places[:NAMED]:
        where = str(place.get("where") or "")
        if place.get("page") is not None:
            number = _("page %s") % place["page"]
            where = number if where in ("", "page") else f"{number}, {where}"
        said.append(where)
    rest = len(places) - NAMED
    return "; ".join([*said, _("and more")] if rest > 0 else said)


def other_reviews(page: Any, versions: Iterable[DocumentVersion]) -> list[Problem]:
    """A warning for each file that seems to be of another review than the page."""
    pseudonyms = set(_pseudonyms_of(page))
    reference = str(getattr(page, "reference", "") or "")
    found = []
    for version in versions:
        facts = (version.inspection or {}).get("facts") or {}
        others = _other_pseudonyms(facts, pseudonyms) or _other_references(
            facts, reference, version.file_name
        )
        if others:
            message = _(
                "The file of “%(title)s” names %(others)s, and not what this page is about. Is it "
                "the right file?"
            )
            words = {"title": version.document.title, "others": ", ".join(others[:NAMED])}
            found.append(Problem("other-review", Level.WARNING, message % words, "documents"))
    return found


def _pseudonyms_of(page: Any) -> Iterator[str]:
    for subject in getattr(page, "subject_names", []):
        yield from pseudonyms_in(str(subject))
    yield from pseudonyms_in(page.title)


def _listed(facts: Any, name: str) -> list[str]:
    values = facts.get(name) if isinstance(facts, dict) else None
    return [str(value) for value in values] if isinstance(values, list) else []


def _other_pseudonyms(facts: Any, own: set[str]) -> list[str]:
    """The pseudonyms of the file's title, else those that it names often, where none of them is
    the page's. A file names siblings too, and cites other reviews."""
    for name in ("pseudonyms_in_title", "pseudonyms"):
        if own and (named := _listed(facts, name)):
            return [] if own.intersection(named) else named
    return []


def _other_references(facts: Any, own: str, file_name: str) -> list[str]:
    """References in the file's title that are made like the review's, and are others."""
    named = _listed(facts, "references_in_title")
    if not own or not named:
        return []
    known = {plain_reference(one) for one in [*named, *_listed(facts, "references")]}
    if plain_reference(own) in known or plain_reference(own) in plain_reference(file_name):
        return []
    return [one for one in named if _shape(one) == _shape(own)]


def _shape(reference: str) -> str:
    return re.sub(r"\d", "9", plain_reference(reference))


@task()
def compare_files(page_id: int) -> None:
    """Compare the files of a page, as it is and as it is drafted, with its lists of names."""
    page = get_base_page_model().objects.filter(pk=page_id).first()
    if page is None:
        return
    stored = page.specific
    drafts = (stored, stored.get_latest_revision_as_object())
    versions = versions_by_pk({pk for one in drafts for pk in one.get_named_versions()})
    checked(versions.values(), lists_of(stored), now=True)


def compare_later(page_id: int) -> None:
    """Have it done by a task. Never fails the caller: publishing compares what is missing."""
    try:
        compare_files.enqueue(page_id)
    except Exception as error:
        reason = type(error).__name__
        logger.error("No task was made for the names in the files of %s: %s", page_id, reason)
