from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Site

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.register.models import Record, RecordState


@pytest.fixture(autouse=True)
def _fresh_site_cache() -> None:
    """Wagtail caches the roots of sites; a rolled back test must not leave them behind."""
    cache.clear()
    Site.clear_site_root_paths_cache()


@pytest.fixture
def is_public() -> Callable[[DocumentVersion], bool]:
    """What an anonymous visitor gets: the very bytes of this version, or the one 404."""

    def ask(version: DocumentVersion) -> bool:
        response = Client().get(version.get_url())
        if response.status_code == 200:
            sent = b"".join(response.streaming_content)  # type: ignore[attr-defined]
            with version.open() as file:
                return sent == file.read()
        assert response.status_code == 404, response.status_code
        assert version.document.title.encode() not in response.content
        assert version.sha256 not in str(response.headers)
        return False

    return ask


@pytest.fixture
def record_of() -> Callable[[Any], str | None]:
    """The state of a page's record: "public", "withdrawn", or None where it has none."""

    def ask(page: Any) -> str | None:
        state = Record.objects.filter(page_id=page.pk).values_list("state", flat=True).last()
        return None if state is None else str(RecordState(state).value)

    return ask


@pytest.fixture
def version() -> DocumentVersion:
    return factories.cleared_version("Overview report")


@pytest.fixture
def index() -> Any:
    return factories.review_index()
