"""Fixtures of the register API."""

from __future__ import annotations

import pytest

from wagtail_safeguarding.register import hidden

from .register_site import (
    RegisterSite,
    hidden_review,
    hide_silently,
    hide_unpublished_things,
    publish_site,
)


@pytest.fixture(autouse=True)
def looks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier test hid has the primary key of another record now."""
    monkeypatch.setattr(hidden, "_found", hidden.Hidden())
    monkeypatch.setattr(hidden, "_until", float("-inf"))


@pytest.fixture
def site(db: None, django_capture_on_commit_callbacks) -> RegisterSite:
    """A site with a record of every kind."""
    with django_capture_on_commit_callbacks(execute=True):
        return publish_site()


@pytest.fixture
def hiding_site(site: RegisterSite, django_capture_on_commit_callbacks) -> RegisterSite:
    """The same with drafts, schedules, private pages and files that nobody is to see."""
    with django_capture_on_commit_callbacks(execute=True):
        hide_unpublished_things(site)
        silent = hidden_review(site, "silent")
    hide_silently(site, silent)
    return site
