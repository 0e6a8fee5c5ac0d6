"""What is found: all that is public, and nothing else whatever is tried."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from modelsearch.backends.elasticsearchbase import (
    ElasticsearchBaseMapping,
    ElasticsearchBaseSearchQueryCompiler,
)

from tests.register.test_passages import record, version_with
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.register import search
from wagtail_safeguarding.register.models import Record, RecordDocument, RecordState
from wagtail_safeguarding.register.passages import (
    Passage,
    open_versions,
    write_record_passages,
    write_version_passages,
)
from wagtail_safeguarding.register.queries import Query, read_query
from wagtail_safeguarding.register.search import (
    MAX_WITHIN,
    find_records,
    find_within,
    rank,
    snippets,
)

pytestmark = pytest.mark.django_db


def query(text: str) -> Query:
    read = read_query(text)
    assert read is not None
    return read


def review(*texts: str, files: tuple[tuple[str, ...], ...] = ()) -> Record:
    versions = [version_with(*pages) for pages in files]
    found = record(RecordState.PUBLIC, *versions)
    write_record_passages({found.pk: list(texts)})
    for version in versions:
        write_version_passages(version.pk)
    return found


def found(text: str) -> set[int]:
    """The records found, by both ways, which must agree."""
    everywhere = find_records(query(text))
    assert everywhere.complete
    assert find_within(query(text), Record.objects.values_list("pk", flat=True)) == everywhere.hits
    return set(everywhere.hits)


def test_own_text_and_files_are_found() -> None:
    own = review("Neglect of a baby")
    filed = review("Another", files=(("Page one", "Serious NEGLECT"),))
    assert found("neglect") == {own.pk, filed.pk}
    assert found("serious neglect") == {filed.pk}
    assert found("neglect page") == set()  # each on its own page


def test_a_phrase_is_found_as_it_stands() -> None:
    first = review("A serious case review")
    review("A review of a serious case")
    assert found('"serious case review"') == {first.pk}
    assert found('"case review" serious') == {first.pk}


def test_words_without_accents_find_words_with_them_on_sqlite_as_marked() -> None:
    from django.db import connection

    own = review("L’École maternelle")
    assert found("École") == {own.pk}
    if connection.vendor == "sqlite":
        assert found("ecole") == {own.pk}


def test_the_first_passage_is_told_own_text_before_files() -> None:
    both = review("Title", "neglect", files=(("neglect", "neglect again"),))
    filed = review("Title", files=(("nothing",), ("x", "neglect two", "neglect three")))
    hits = find_records(query("neglect")).hits
    assert Passage.objects.get(pk=hits[both.pk]).text == "neglect"
    assert Passage.objects.get(pk=hits[both.pk]).record_id == both.pk
    assert Passage.objects.get(pk=hits[filed.pk]).text == "neglect two"


def test_a_file_of_two_records_is_found_for_both() -> None:
    first = review("One", files=(("neglect",),))
    second = review("Two")
    version = DocumentVersion.objects.get()
    RecordDocument.objects.create(record=second, version=version)
    assert found("neglect") == {first.pk, second.pk}
    assert set(find_within(query("neglect"), [second.pk])) == {second.pk}


def test_more_than_the_cap_is_not_complete(monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "_FEW", 1)
    for _ in range(5):
        review("neglect")
    assert find_records(query("neglect"), cap=5).complete
    few = find_records(query("neglect"), cap=3)
    assert len(few.hits) == 3
    assert not few.complete
    version = version_with("bruise")
    for _ in range(4):
        RecordDocument.objects.create(record=record(), version=version)
    write_version_passages(version.pk)
    assert not find_records(query("bruise"), cap=3).complete
    assert len(find_records(query("bruise"), cap=4).hits) == 4


def test_many_expected_are_looked_at_only_on_demand(monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "_FEW", 1)
    monkeypatch.setattr(search, "_are_many", lambda *args: True)
    for _ in range(5):
        review("neglect")
    few = find_records(query("neglect"), cap=10)
    assert (len(few.hits), few.complete) == (1, False)
    filled = find_records(query("neglect"), cap=10, fill=True)
    assert (len(filled.hits), filled.complete) == (5, True)


@pytest.mark.database("postgresql")
def test_postgresql_knows_that_a_word_is_common() -> None:
    from django.db import connection

    review(*[f"neglect word{number}" for number in range(1000)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    public = Passage.objects.filter(public=True)
    assert search._are_many(query("neglect"), public, 100)
    assert not search._are_many(query("word7"), public, 100)


def test_only_so_many_records_are_asked_for_at_once() -> None:
    with pytest.raises(ValueError, match="500"):
        find_within(query("neglect"), range(MAX_WITHIN + 1))
    assert find_within(query("neglect"), []) == {}


def test_a_thousand_files_are_two_queries_more(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        review("Title", files=(("neglect",),))
    with django_assert_max_num_queries(10):
        assert len(find_records(query("neglect")).hits) == 5


# What is not public


def nothing(record: Record, *words: str) -> None:
    """No way of asking finds the record or shows a word."""
    for word in words:
        assert record.pk not in found(word)
        assert find_within(query(word), [record.pk]) == {}


def test_nothing_private_closed_withdrawn_or_deleted_is_found() -> None:
    uploaded = version_with("secretupload")
    write_version_passages(uploaded.pk)
    closed = review("secretown", files=(("secretfile",),))
    # Each line of defence alone: the passages are as if they were public.
    Record.objects.filter(pk=closed.pk).update(state=RecordState.WITHDRAWN)
    nothing(closed, "secretown", "secretfile", "secretupload")
    dropped = review("Title", files=(("secretdropped",),))
    RecordDocument.objects.filter(record=dropped).delete()
    nothing(dropped, "secretdropped")
    withdrawn = review("Title", files=(("secretwithdrawn",),))
    DocumentVersion.objects.filter(recorddocument__record=withdrawn).update(
        state=VersionState.WITHDRAWN
    )
    nothing(withdrawn, "secretwithdrawn")
    deleted = review("Title", files=(("secretdeleted",),))
    ReviewDocument.objects.filter(versions__recorddocument__record=deleted).update(
        deleted_at=timezone.now()
    )
    nothing(deleted, "secretdeleted")
    private = review("Title", files=(("secretprivate",),))
    Passage.objects.filter(version__isnull=False).update(public=False)
    nothing(private, "secretprivate")


def test_a_private_passage_has_no_snippet() -> None:
    version = version_with("secretupload")
    write_version_passages(version.pk)
    assert snippets(query("secretupload"), [Passage.objects.get().pk, 0]) == {}
    record(RecordState.PUBLIC, version)
    open_versions([version.pk])
    shown = snippets(query("secretupload"), [Passage.objects.get().pk])
    assert [each.html for each in shown.values()] == ["<mark>secretupload</mark>"]


def test_a_withdrawn_version_is_found_no_more() -> None:
    filed = review("Title", files=(("neglect",),))
    assert found("neglect") == {filed.pk}
    DocumentVersion.objects.get().move(VersionState.WITHDRAWN, reason="Names a child")
    nothing(filed, "neglect")
    assert not Passage.objects.filter(version__isnull=False).exists()


def test_private_text_changes_no_order() -> None:
    first, second = review("abuse"), review("neglect")
    before = rank(query("abuse"), {first.pk: 1, second.pk: 2})
    for _ in range(3):
        write_version_passages(version_with("abuse abuse").pk)
    assert rank(query("abuse"), {first.pk: 1, second.pk: 2}) == before


# Order and snippets


def test_titles_come_first_then_own_text_then_files() -> None:
    filed = review("One", files=(("neglect " * 50,),))
    body = review("Two", "neglect")
    title = review("neglect")
    twice = review("Three", "neglect and more neglect")
    assert rank(query("neglect"), find_records(query("neglect")).hits) == [
        title.pk,
        twice.pk,
        body.pk,
        filed.pk,
    ]


def test_a_snippet_tells_the_file_and_its_page() -> None:
    filed = review("One", files=(("nothing", "Signs of neglect & <b>"),))
    own = review("neglect")
    hits = find_records(query("neglect")).hits
    shown = snippets(query("neglect"), hits.values())
    snippet = shown[hits[filed.pk]]
    assert (snippet.html, snippet.page, snippet.version_pk) == (
        "Signs of <mark>neglect</mark> &amp; &lt;b&gt;",
        2,
        DocumentVersion.objects.get().pk,
    )
    assert (shown[hits[own.pk]].page, shown[hits[own.pk]].version_pk) == (None, None)


# Other backends


class Outside:
    """A backend outside of the database: its results are objects, and have no queryset."""

    catch_indexing_errors = True

    def search(self, query: Any, queryset: Any, **options: Any) -> list[Passage]:
        assert options == {"order_by_relevance": False}
        return list(queryset.filter(text__contains="neglect"))


def test_an_index_outside_of_the_database_is_searched(monkeypatch: Any) -> None:
    filed = review("One", files=(("neglect",),))
    monkeypatch.setattr(search, "search_backend", Outside)
    assert found("neglect") == {filed.pk}
    assert not search._are_many(query("neglect"), Passage.objects.all(), 1)


def test_elasticsearch_maps_and_is_asked_for_what_is_needed() -> None:
    mapping = ElasticsearchBaseMapping(Passage)
    properties = mapping.get_mapping()["properties"]
    types = {name: field.get("type") for name, field in properties.items()}
    assert types["text"] == "text"
    assert types["public_filter"] == "boolean"
    assert types["record_id_filter"] == types["version_id_filter"] == "long"
    passage = Passage(pk=7, record_id=3, number=0, text="neglect", public=True)
    document = mapping.get_document(passage)
    assert (document["text"], document["public_filter"], document["record_id_filter"]) == (
        "neglect",
        True,
        3,
    )
    for text in ("one", "one two", '"one two"', 'one "two three" "four five"'):
        for passages in (
            Passage.objects.filter(public=True),
            Passage.objects.filter(public=True).filter(record__in=[1, 2]),
            Passage.objects.filter(public=True).filter(version__in={1, 2}),
        ):
            compiler = ElasticsearchBaseSearchQueryCompiler(
                passages, query(text).search_query, order_by_relevance=False
            )
            compiler.check()
            asked = json.dumps(compiler.get_query())
            assert '{"term": {"public_filter": true}}' in asked
            assert all(word in asked for word in query(text).words)
