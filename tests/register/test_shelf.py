"""Reading a record asks Wagtail the same question as ``visible_pages``, only in two steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from wagtail_safeguarding.register import overview, shelf
from wagtail_safeguarding.register.clock import now, number_entries
from wagtail_safeguarding.register.facets import Value, terms_among
from wagtail_safeguarding.register.models import Record, RecordState
from wagtail_safeguarding.register.surroundings import Surroundings
from wagtail_safeguarding.vocabularies.defaults import Scheme

pytestmark = pytest.mark.django_db

API = "/api/safeguarding/v1/"
FACETS = {"theme": Scheme.THEME, "harm": Scheme.HARM, "role": Scheme.DOCUMENT_ROLE}
terms = st.tuples(
    st.sampled_from([*FACETS]), st.sampled_from(["a", "b", 'c"', "é", "a-b", "x" * 80])
)
WHOLE = '{"sha256":"%s"}' % ("0" * 64)
Change = Callable[[Any, Any], object]


def restrict(page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def restrict_source_of_alias(index: Any, review: Any) -> None:
    source = factories.review_index(slug="source")
    inner = factories.review(source, slug="inner")
    inner.create_alias(parent=index, update_slug="alias")
    restrict(source)


def long_chain_of_aliases(index: Any, review: Any) -> None:
    page = review
    for number in range(4):
        page = page.create_alias(parent=index, update_slug=f"alias-{number}")
    restrict(factories.review_index(slug="elsewhere"))


CHANGES: dict[str, Change] = {
    "nothing": lambda index, review: None,
    "not live": lambda index, review: Page.objects.filter(pk=review.pk).update(live=False),
    "page restricted": lambda index, review: restrict(review),
    "section restricted": lambda index, review: restrict(index),
    "another section restricted": lambda index, review: restrict(
        factories.review_index(slug="other")
    ),
    "source of an alias restricted": restrict_source_of_alias,
    "too long a chain of aliases": long_chain_of_aliases,
    "outside of the site": lambda index, review: Site.objects.update(
        root_page=factories.review_index(slug="root")
    ),
    "no site": lambda index, review: Site.objects.all().delete(),
    "page gone": lambda index, review: Record.objects.filter(page_id=review.pk).update(
        page_id=10**6
    ),
}


@pytest.fixture(autouse=True)
def _fresh_site_cache() -> None:
    cache.clear()
    Site.clear_site_root_paths_cache()


@pytest.mark.parametrize("i18n", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_what_can_be_read_is_what_is_visible(change: str, i18n: bool, settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = i18n
    index = factories.review_index()
    review = factories.review(index)
    factories.review(index, slug="second")
    CHANGES[change](index, review)
    # Whatever the register thinks of it: the question is Wagtail's.
    Record.objects.update(state=RecordState.PUBLIC, item=WHOLE)
    everything = list(Record.objects.values_list("pk", flat=True))
    visible = set(shelf.readable().values_list("pk", flat=True))
    assert set(shelf.read(everything, "title")) == visible
    for record in Record.objects.all():
        assert (shelf.read_whole(record.uuid)[0] is not None) is (record.pk in visible)


def test_some_of_it_is_visible_and_some_is_not() -> None:
    """The cases above would pass if nothing or everything could be read."""
    index = factories.review_index()
    hidden = factories.review(index)
    shown = factories.review(index, slug="second")
    Page.objects.filter(pk=hidden.pk).update(live=False)
    pks = dict(Record.objects.values_list("page_id", "pk"))
    found = shelf.read(list(pks.values()), "title")
    assert pks[hidden.pk] not in found
    assert found[pks[shown.pk]] == (shown.title,)


def test_as_many_queries_for_a_hundred_as_for_one(django_assert_num_queries: Any) -> None:
    index = factories.review_index()
    for number in range(30):
        factories.review(index, slug=f"review-{number}")
    pks = list(Record.objects.values_list("pk", flat=True))
    seen = now()
    for some in (pks[:1], pks):
        with django_assert_num_queries(2):
            assert len(shelf.read(some, "item")) == len(some)
        with django_assert_num_queries(1):
            assert len(shelf.read(some, "item", seen=seen)) == len(some)
        with django_assert_num_queries(1):
            rows, then = shelf.read_now(some, "item")
        assert (len(rows), then) == (len(some), seen)
    restrict(factories.review_index(slug="private"))
    now()
    with django_assert_num_queries(2):  # and the aliases of what is restricted
        shelf.read_now(pks, "item")


@pytest.mark.database("sqlite")
def test_records_are_read_by_their_keys_whatever_sqlite_knows_of_their_number() -> None:
    """It hardly ever counts its rows, and would go through all public records for each list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone()[0]:
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl LIKE '%_record'")
        for reading in (
            shelf._by_keys("default", shelf.tree(), 20, ("utf8",)),
            shelf._by_uuid("default", shelf.tree(), inside=True),
        ):
            for statement in (reading._rows, reading._statement):
                assert statement is not None
                cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
                steps = [step for *_numbers, step in cursor.fetchall() if "_record " in step]
                assert steps
                for step in steps:
                    assert step.startswith("SEARCH")
                    assert "PRIMARY KEY" in step or "(uuid=?)" in step


@pytest.mark.parametrize(
    "closed", [{"state": RecordState.WITHDRAWN}, {"state": "archived"}, {"page_deleted": True}]
)
def test_what_the_register_closed_is_not_read_whatever_wagtail_shows(closed: Any) -> None:
    factories.review(factories.review_index())
    record = Record.objects.get(kind="review")
    Record.objects.filter(pk=record.pk).update(**closed)
    assert shelf.read([record.pk], "item") == {}
    assert shelf.read_now([record.pk], "utf8")[0] == {}
    assert shelf.read_whole(record.uuid)[0] is None


def test_labels_are_in_the_same_order_whatever_was_asked_before() -> None:
    values = [Value.of("theme", key) for key in ("zeal", "neglect", "abuse")]
    values += [Value.of("harm", "neglect"), Value.of("year", "2019")]
    whole = Surroundings().labels(terms_among(values))
    found = json.loads(whole)
    assert [*found] == sorted([Scheme.THEME, Scheme.HARM])
    assert [*found[Scheme.THEME]] == ["abuse", "neglect", "zeal"]
    around = Surroundings()
    for value in values:
        around.labels(terms_among([value]))
    assert around.labels(terms_among(values)) == whole


@given(st.lists(terms, unique=True), st.lists(terms, unique=True))
def test_labels_are_those_of_the_terms_and_of_no_others(
    before: list[tuple[str, str]], wanted: list[tuple[str, str]]
) -> None:
    around = Surroundings()
    around.__dict__["terms"] = {}  # each key is its own label
    around.labels(terms_among(Value.of(*one) for one in before))
    expected: dict[str, dict[str, str]] = {}
    for facet, key in wanted:
        expected.setdefault(FACETS[facet].value, {})[key] = key
    assert json.loads(around.labels(terms_among(Value.of(*one) for one in wanted))) == expected


@pytest.mark.parametrize("item", ["", "{}", '{"uuid":"x"}'])
def test_a_damaged_record_is_shown_nowhere(item: str, client: Any) -> None:
    index = factories.review_index()
    factories.review(index)
    number_entries()
    record = Record.objects.get(kind="review")
    Record.objects.filter(pk=record.pk).update(item=item)
    found, _seen = shelf.read_whole(record.uuid)
    assert found is None
    assert client.get(f"{API}records/{record.uuid}").status_code == 404
    if not item:
        listed = client.get(f"{API}records").json()["items"]
        assert [one["kind"] for one in listed] == ["index"]
    lines = client.get(f"{API}export.jsonl").getvalue().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["index"]


def test_a_record_that_the_overview_does_not_know_is_shown(client: Any) -> None:
    factories.review(factories.review_index())
    number_entries()
    record = Record.objects.get(kind="review")
    expected = client.get(f"{API}records/{record.uuid}").json()
    assert expected["labels"]
    with mock.patch.object(overview, "_latest", None):
        Record.objects.filter(pk=record.pk).update(state=RecordState.WITHDRAWN)
        assert not overview.overview(now()).has(record.pk)
        Record.objects.filter(pk=record.pk).update(state=RecordState.PUBLIC)
        assert client.get(f"{API}records/{record.uuid}").json() == expected
