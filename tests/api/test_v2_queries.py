"""A listing costs the same number of queries however long it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

from .content import TYPES, page_of, site_settings

pytestmark = pytest.mark.django_db

MOST = 14


def queries(client: Any, url: str, **params: Any) -> tuple[int, list[Any]]:
    client.get(url, params)  # content types and Wagtail's list of sites are known from now on
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, params)
    assert response.status_code == 200, response.content
    return len(captured), response.json()["items"]


@pytest.fixture
def versions() -> list[Any]:
    return [factories.cleared_version(f"Report {n}", name=f"r{n}.pdf") for n in range(4)]


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.WAGTAILAPI_LIMIT_MAX = 100


@pytest.mark.parametrize("kind", TYPES)
def test_listing_of_one_type(client: Any, kind: str, versions: list[Any]) -> None:
    site_settings()
    index = factories.review_index(slug="top")
    targets = [factories.review(index, slug=f"t{n}", title=f"T{n}") for n in range(3)]
    for number in range(24):
        page_of(kind, index, number, versions, targets[number % 3])
    found = [
        queries(
            client,
            "/api/v2/pages/",
            type=f"safeguarding_pages.{kind}",
            fields="*",
            order="-id",
            limit=limit,
        )
        for limit in (5, 20, 100)
    ]
    assert [len(items) for _count, items in found][:2] == [5, 20]
    assert len(found[2][1]) >= 24
    counts = [count for count, _items in found]
    assert len(set(counts)) == 1, counts
    assert counts[0] <= MOST
