"""What the text of a page gives away: identifiers, and names of the review's list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wagtail_safeguarding.inspection.identifiers import find_identifiers
from wagtail_safeguarding.inspection.inside import in_words
from wagtail_safeguarding.inspection.reading import Found
from wagtail_safeguarding.inspection.report import Severity
from wagtail_safeguarding.publication.readiness import Level, Problem
from wagtail_safeguarding.publication.restricted import lists_of

from .texts import texts_of
from .unprotected import field_label


def text_problems(page: Any, before: Any = None) -> list[Problem]:
    """The problems of the text of ``page``; without those that the page ``before`` has too."""
    texts = texts_of(page)
    found: list[Found] = find_identifiers(texts)
    lost = False
    for one in lists_of(page):
        names = one.get_names()
        if names is None:
            lost = True
        else:
            found += names.find(texts)
    problems = [problem for one in found if (problem := _as_problem(page, one)) is not None]
    if lost:
        problems.append(_lost())
    if problems and before is not None:
        known = text_problems(before)
        problems = [problem for problem in problems if problem not in known]
    return problems


def _as_problem(page: Any, found: Found) -> Problem | None:
    finding = in_words(found)
    if finding.severity is Severity.NOTE:
        return None
    level = Level.BLOCKER if finding.severity is Severity.BLOCKER else Level.WARNING
    words = {
        "field": field_label(type(page), found.where),
        "what": finding.message,
        "excerpt": finding.excerpt,
    }
    message = _("%(field)s: %(what)s “%(excerpt)s”") % words
    return Problem(finding.code, level, message, found.where)


def _lost() -> Problem:
    return Problem(
        "restricted-names-lost",
        Level.BLOCKER,
        _(
            "The list of names of this review was made with a key that this site does not have any "
            "more. Enter the names again, or clear the list."
        ),
    )
