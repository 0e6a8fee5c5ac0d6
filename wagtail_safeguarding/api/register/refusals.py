"""Answers that are no answer: raised anywhere in the API, sent as ``application/problem+json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from wagtail_safeguarding.problems import problem


class Refusal(Exception):
    """What was asked for cannot be given. ``members`` extend the problem object."""

    def __init__(self, status: int, title: str, detail: str = "", **members: Any) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.members = members

    def as_response(self) -> HttpResponse:
        return problem(self.status, self.title, self.detail, **self.members)


class Malformed(Refusal):
    """Parameters that cannot be read, each with what is wrong with it."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        errors = [{"parameter": name, "detail": detail} for name, detail in wrong.items()]
        names = ", ".join(wrong)
        super().__init__(
            422, "Parameters cannot be read", f"Look again at: {names}.", errors=errors
        )


def not_found() -> Refusal:
    """Unknown and not public: one and the same."""
    return Refusal(404, "Not found")
