"""May this become public? The rules, each with a code and words an editor understands.

A *blocker* stops publication; a *warning* is shown and left to the editor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_safeguarding.documents.inspections import WAITING
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.inspection.restricted import CODE as RESTRICTED_NAME


class Level(StrEnum):
    BLOCKER = "blocker"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One reason not to publish, or to look again. ``field`` is the page's field, if one."""

    code: str
    level: Level
    message: str
    field: str | None = None
    beside_field: bool = False
    """Whether the editor shows it at the field too, and not only in the list of all."""


class NotReady(ValidationError):
    """A page that may not be published as it is. The message names the page and every reason."""

    def __init__(self, title: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        # This is logged and mailed.
        in_title = any(p.code == RESTRICTED_NAME and p.field == "title" for p in self.problems)
        self.title = title = "•••" if in_title else title
        reasons = " ".join(problem.message for problem in self.problems)
        super().__init__(
            _("“%(title)s” cannot be published: %(reasons)s")
            % {"title": title, "reasons": reasons},
            code="not_ready",
        )

    @classmethod
    def of(cls, page: Any, error: ValidationError) -> NotReady:
        """A refusal with the words of Django's own validation, by the labels of the fields."""
        labels = {field.name: str(field.verbose_name) for field in page._meta.fields}
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        problems = [
            Problem(
                "invalid",
                Level.BLOCKER,
                f"{labels[name].capitalize()}: {' '.join(texts)}"
                if name in labels
                else " ".join(texts),
                name if name in labels else None,
            )
            for name, texts in found.items()
        ]
        return cls(page.title, problems)

    @property
    def text(self) -> str:
        return str(self.messages[0])


def judge_version(version: DocumentVersion) -> list[Problem]:
    """Why this exact file may not become public; empty when it may."""
    title = version.document.title

    def blocker(code: str, message: str) -> list[Problem]:
        return [Problem(code, Level.BLOCKER, message % {"title": title}, "documents")]

    if version.document.deleted_at is not None:
        return blocker("document-deleted", _("The document “%(title)s” was deleted."))
    if version.state == VersionState.WITHDRAWN:
        return blocker("version-withdrawn", _("The file of “%(title)s” was withdrawn."))
    if version.state in WAITING:
        return blocker(
            "version-inspecting",
            _(
                "The file of “%(title)s” is being inspected. Publish the page when that is done, "
                "in a few minutes."
            ),
        )
    if version.state != VersionState.CLEARED:
        return blocker("version-not-cleared", _("The file of “%(title)s” has not been cleared."))
    return []


def judge_versions(versions: Iterable[DocumentVersion]) -> list[Problem]:
    return [problem for version in versions for problem in judge_version(version)]


def blockers(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level is Level.BLOCKER]
