"""A draft that is shared, and everybody who may try to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page, Site

from tests import factories
from tests.admin.people import collection, editor
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.preview import tokens
from wagtail_safeguarding.preview.models import PreviewToken


@pytest.fixture(autouse=True)
def _fresh_site_cache() -> None:
    cache.clear()
    Site.clear_site_root_paths_cache()


@dataclass
class Shared:
    """A draft and the token of it."""

    token: str
    page: Any
    revision: Any
    version: DocumentVersion
    user: Any
    files: Collection

    @property
    def url(self) -> str:
        return reverse("wagtail_safeguarding:preview", kwargs={"token": self.token})

    def file_url(self, version: DocumentVersion | None = None, token: str = "") -> str:
        version = version or self.version
        return reverse(
            "wagtail_safeguarding:preview_document",
            kwargs={
                "token": token or self.token,
                "document": version.document.uuid,
                "filename": version.public_name,
            },
        )

    @property
    def row(self) -> PreviewToken:
        return PreviewToken.objects.latest("pk")

    @property
    def is_open(self) -> bool:
        """Whether both addresses answer. Nothing in between: one alone fails the test."""
        page, file = Client().get(self.url), Client().get(self.file_url())
        assert {page.status_code, file.status_code} <= {200, 404}
        assert page.status_code == file.status_code
        return page.status_code == 200


@pytest.fixture
def files() -> Collection:
    return collection("Reviews")


@pytest.fixture
def section() -> Page:
    return factories.review_index()


@pytest.fixture
def ellen(section: Page, files: Collection) -> Any:
    return editor("ellen", section=section, documents=files)


@pytest.fixture
def share(section: Page, files: Collection, ellen: Any) -> Callable[..., Shared]:
    def make(title: str = "Child M", seconds: int = 3600, **values: Any) -> Shared:
        version = factories.cleared_version(f"Report on {title}", collection=files)
        page = factories.review(
            section,
            title=title,
            versions=values.pop("versions", (version,)),
            live=False,
            **values,
        )
        revision = page.save_revision(user=ellen)
        token = tokens.issue(page, revision, user=ellen, seconds=seconds)
        return Shared(token, page, revision, version, ellen, files)

    return make


@pytest.fixture
def shared(share: Callable[..., Shared]) -> Shared:
    return share()
