"""An answer of the register API costs the same number of queries however many records there are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from tests import factories
from wagtail_safeguarding.register import shelf
from wagtail_safeguarding.register.clock import _new_surroundings, number_entries
from wagtail_safeguarding.register.models import Record
from wagtail_safeguarding.register.schema import Described
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db

API = "/api/safeguarding/v1/"


@pytest.fixture(autouse=True)
def _fresh_site_cache() -> None:
    cache.clear()
    Site.clear_site_root_paths_cache()


def add(index: Any, first: int, count: int) -> None:
    for number in range(first, first + count):
        version = factories.cleared_version(f"Report {number}")
        factories.review(index, slug=f"review-{number}", versions=(version,))
    number_entries()


def queries(path: str) -> int:
    Client().get(path)  # what is kept in memory is there
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "path",
    ["records", "records?limit=100", "records?facets=*", "records?fields=*", "records?sort=title"],
)
def test_lists(path: str) -> None:
    """The records with the clock and what Wagtail shows: one, however many there are."""
    index = factories.review_index()
    add(index, 0, 2)
    assert queries(API + path) == 1
    add(index, 2, 25)
    assert queries(API + path) == 1


def test_what_was_known_last_holds_no_more() -> None:
    """A list is chosen by what the clock said last; it is chosen anew where that has changed."""
    index = factories.review_index()
    add(index, 0, 2)
    assert Client().get(f"{API}records?kind=review").json()["count"] == 2
    add(index, 2, 1)
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(f"{API}records?kind=review")
    assert len(captured) > 1
    assert [len(answer.json()["items"]), answer.json()["count"]] == [3, 3]
    assert Client().get(f"{API}records?theme=tides").status_code == 422
    Term.objects.create(scheme=Scheme.THEME, key="tides", label="Tides")
    _new_surroundings()  # as after the commit
    found = Client().get(f"{API}records?theme=tides")
    assert (found.status_code, found.json()["count"]) == (200, 0)


def test_beginning_of_an_item_is_what_is_known_besides_the_form() -> None:
    title = 'The "sha256":"' + "0" * 64 + '" of a title'
    factories.review(factories.review_index(title=title), title=title)
    for record in Record.objects.all():
        item = json.loads(record.item)
        whole, _seen = shelf.read_whole(record.uuid)
        assert whole is not None
        described = whole.described
        assert record.item.encode().startswith(described)
        assert json.loads(described + b"}") == {name: item[name] for name in Described.model_fields}


def test_one_record() -> None:
    add(factories.review_index(), 0, 2)
    record = Record.objects.filter(kind="review")[0]
    url = f"{API}records/{record.uuid}"
    assert queries(url) == 2
    Client().get(f"{API}records")
    # What the terms of all records are is known now.
    assert queries(url) == 1


def test_what_is_known_already_costs_the_clock_alone(django_assert_num_queries: Any) -> None:
    add(factories.review_index(), 0, 2)
    etag = Client().get(f"{API}records")["ETag"]
    with django_assert_num_queries(1):
        answer = Client().get(f"{API}records", headers={"If-None-Match": etag})
    assert answer.status_code == 304
