"""Passages: nothing of a text is lost, and only what a public record names is public."""

from __future__ import annotations

import json
import threading
import zlib
from typing import Any
from unittest import mock

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TestCase
from hypothesis import given
from hypothesis import strategies as st
from modelsearch.conf import get_app_config
from wagtail.models import Collection
from wagtail.search.backends import get_search_backend

from tests.beside import at_once
from tests.factories import cleared_version
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.texts import TextState, VersionText
from wagtail_safeguarding.register import indexing, passages
from wagtail_safeguarding.register.models import Record, RecordDocument, RecordState
from wagtail_safeguarding.register.passages import (
    LENGTH,
    Passage,
    close_versions,
    cut,
    erase_record_passages,
    erase_version_passages,
    open_versions,
    settle,
    write_record_passages,
    write_version_passages,
)

database = pytest.mark.django_db


def record(state: RecordState = RecordState.PUBLIC, *versions: DocumentVersion) -> Record:
    found = Record.objects.create(
        page_id=Record.objects.count() + 1000, kind="review", state=state, title="A review"
    )
    for version in versions:
        RecordDocument.objects.create(record=found, version=version)
    return found


def version_with(*pages: str, pdf: bool = True) -> DocumentVersion:
    if not Collection.objects.exists():  # flushed by an earlier test with real transactions
        Collection.add_root(name="Root")
    version = cleared_version(name="report.pdf", text="".join(pages))
    if not pdf:
        DocumentVersion.objects.filter(pk=version.pk).update(media_type="application/msword")
    # With real transactions the file, which says nothing, has been read already.
    VersionText.objects.update_or_create(
        version=version,
        defaults={
            "state": TextState.EXTRACTED,
            "pages": zlib.compress(json.dumps(pages).encode()),
            "characters": sum(map(len, pages)),
        },
    )
    return version


def found(words: str) -> list[Passage]:
    return list(get_search_backend().search(words, Passage.objects.filter(public=True)))


def entries() -> int:
    ours = ContentType.objects.get_for_model(Passage)
    return get_app_config().get_model("IndexEntry").objects.filter(content_type=ours).count()


# Cutting


@pytest.mark.once
@given(st.text(alphabet="ab. \n"), st.integers(2, 20))
def test_nothing_is_lost_in_cutting(text: str, length: int) -> None:
    pieces = list(cut(text, length))
    assert all(len(piece) <= length for piece in pieces)
    assert "".join(pieces).rstrip() == text.rstrip()


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One two. Three four five", "One two. "),
        ("One two\nthree four five", "One two\n"),
        ("One two three four five", "One two three "),
        ("x" * 50, "x" * 15),
    ],
)
def test_it_is_cut_after_a_sentence_a_line_or_a_word(text: str, first: str) -> None:
    assert next(cut(text, 15)) == first


# Files


@database
def test_the_text_of_a_file_is_private_until_a_public_record_names_it() -> None:
    version = version_with("On page one", "", "neglect " * 800)
    record(RecordState.WITHDRAWN, version)
    write_version_passages(version.pk)
    assert list(Passage.objects.order_by("number").values_list("number", "page", "public")) == [
        (0, 1, False),
        (1, 3, False),
        (2, 3, False),
    ]
    assert all(len(passage.text) <= LENGTH for passage in Passage.objects.all())
    assert entries() == 3
    assert not found("neglect")


@database
def test_the_text_of_a_file_that_is_public_already_is_found() -> None:
    version = version_with("On page one")
    record(RecordState.PUBLIC, version)
    write_version_passages(version.pk)
    assert [passage.version_id for passage in found("page")] == [version.pk]
    write_version_passages(version.pk)
    assert entries() == Passage.objects.count() == 1


@database
def test_only_a_pdf_has_page_numbers() -> None:
    version = version_with("On page one", pdf=False)
    write_version_passages(version.pk)
    assert Passage.objects.get().page is None


@database
def test_files_are_opened_and_closed_with_the_records_that_name_them() -> None:
    version = version_with("neglect")
    write_version_passages(version.pk)
    first, second = record(RecordState.PUBLIC, version), record(RecordState.PUBLIC, version)
    open_versions([version.pk])
    assert found("neglect")
    RecordDocument.objects.filter(record=first).delete()
    close_versions([version.pk])
    assert found("neglect")
    Record.objects.filter(pk=second.pk).update(state=RecordState.WITHDRAWN)
    close_versions([version.pk])
    assert not found("neglect")
    assert entries() == 1


@database
def test_closing_touches_no_other_text() -> None:
    closed, kept = version_with("neglect"), version_with("neglect too")
    own = record(RecordState.PUBLIC, kept)
    write_record_passages({own.pk: ["neglect as well"]})
    for version in (closed, kept):
        write_version_passages(version.pk)
    close_versions([closed.pk])
    settle([closed.pk, kept.pk])
    assert len(found("neglect")) == 2


@database
def test_settling_makes_right_what_is_wrong() -> None:
    opened, closed = version_with("neglect one"), version_with("neglect two")
    for version in (opened, closed):
        write_version_passages(version.pk)
    Passage.objects.filter(version=closed).update(public=True)
    record(RecordState.PUBLIC, opened)
    settle([opened.pk, closed.pk])
    assert [passage.version_id for passage in found("neglect")] == [opened.pk]


# Records


@database
def test_the_own_text_of_a_record_is_found_at_once_and_replaced() -> None:
    own, other = record(), record()
    write_record_passages({own.pk: ["A title", "neglect " * 800]})
    write_record_passages({other.pk: ["Another title"]})
    assert list(
        Passage.objects.filter(record=own).order_by("number").values_list("number", "page")
    ) == [(0, None), (1, None), (2, None)]
    assert {passage.record_id for passage in found("title")} == {own.pk, other.pk}
    write_record_passages({own.pk: ["A new \x00title"]})
    assert not found("neglect")
    assert entries() == 2


@database
def test_only_pieces_that_are_others_are_written() -> None:
    own = record()
    write_record_passages({own.pk: ["A title", "neglect " * 400 + "harm " * 1000]})
    before = list(Passage.objects.filter(record=own).order_by("number"))
    Passage.objects.filter(pk=before[2].pk).update(public=False)
    write_record_passages({own.pk: ["A better title", "neglect " * 400 + "harm " * 1000]})
    after = list(Passage.objects.filter(record=own).order_by("number"))
    assert [one.pk for one in after] == [one.pk for one in before]
    assert [one.text for one in after] == ["A better title", *(one.text for one in before[1:])]
    assert all(one.public for one in after)
    assert [one.pk for one in found("better")] == [before[0].pk]
    assert entries() == len(after)


@database
def test_the_same_text_is_not_written_again(django_assert_num_queries: Any) -> None:
    own = record()
    write_record_passages({own.pk: ["A title", "A body"]})
    with django_assert_num_queries(1):
        write_record_passages({own.pk: ["A title", "A body"]})


@database
def test_erasing_leaves_no_trace_in_the_index() -> None:
    own, version = record(), version_with("neglect")
    write_record_passages({own.pk: ["neglect"]})
    write_version_passages(version.pk)
    assert entries() == 2
    erase_record_passages([own.pk])
    assert [passage.version_id for passage in Passage.objects.all()] == [version.pk]
    erase_version_passages([version.pk])
    assert entries() == Passage.objects.count() == 0


# The index


@database
def test_a_text_that_the_index_refuses_costs_no_other_its_place(monkeypatch: Any) -> None:
    backend = get_search_backend()
    add_items = backend.index_class.add_items

    def refuse(self: Any, model: Any, objs: Any) -> None:
        add_items(self, model, objs)
        if any("bad" in each.text for each in objs):
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM nowhere")

    monkeypatch.setattr(backend.index_class, "add_items", refuse)
    own = record()
    write_record_passages({own.pk: ["good one", "bad two", "good three"]})
    assert [passage.text for passage in found("good")] == ["good three", "good one"]
    assert Passage.objects.count() == 3
    assert entries() == 2
    # What a piece said before is not found either.
    write_record_passages({own.pk: ["good one", "bad two", "bad three"]})
    assert [passage.text for passage in found("good")] == ["good one"]
    assert entries() == 1


@database
def test_an_index_outside_of_the_database_is_written_on_commit(monkeypatch: Any) -> None:
    index = mock.Mock()
    backend = mock.Mock(catch_indexing_errors=True)
    backend.get_index_for_model.return_value = index
    backend.delete.side_effect = OSError
    monkeypatch.setattr(indexing, "get_search_backend", lambda name: backend)
    own = record()
    with TestCase.captureOnCommitCallbacks(execute=True):
        write_record_passages({own.pk: ["One"]})
        index.add_items.assert_not_called()
    passage = Passage.objects.get()
    index.add_items.assert_called_once_with(Passage, [passage])
    with TestCase.captureOnCommitCallbacks(execute=True):
        erase_record_passages([own.pk])
    assert [call.args[0].pk for call in backend.delete.call_args_list] == [passage.pk]
    assert entries() == 0


@database
def test_an_index_outside_of_the_database_is_told_what_became_public(monkeypatch: Any) -> None:
    version = version_with("neglect")
    write_version_passages(version.pk)
    index = mock.Mock()
    backend = mock.Mock(catch_indexing_errors=True)
    backend.get_index_for_model.return_value = index
    monkeypatch.setattr(indexing, "get_search_backend", lambda name: backend)

    def told() -> list[bool]:
        return [each.public for call in index.add_items.call_args_list for each in call.args[1]]

    with TestCase.captureOnCommitCallbacks(execute=True):
        named = record(RecordState.PUBLIC, version)
        open_versions([version.pk])
    assert told() == [True]
    with TestCase.captureOnCommitCallbacks(execute=True):
        open_versions([version.pk])  # nothing new
    named.delete()
    with TestCase.captureOnCommitCallbacks(execute=True):
        close_versions([version.pk])
    assert told() == [True, False]


@database
def test_the_backend_is_the_one_of_the_setting(settings: Any) -> None:
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "nowhere"},
        "register": {"BACKEND": "wagtail.search.backends.database"},
    }
    settings.SAFEGUARDING = {"SEARCH_BACKEND": "register"}
    write_record_passages({record().pk: ["neglect"]})
    assert entries() == 1


@database
@pytest.mark.database("postgresql")
def test_postgresql_has_the_index_that_a_search_needs() -> None:
    write_record_passages({record().pk: [f"word{number} report" for number in range(500)]})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
    results = get_search_backend().search(
        "word7", Passage.objects.filter(public=True), order_by_relevance=False
    )
    plan = results.get_queryset().order_by().values_list("pk").explain()
    assert "safeguarding_search_all" in plan


# Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.database("postgresql")
@pytest.mark.parametrize("first", ["extraction", "publication"])
@pytest.mark.parametrize("what", ["opened", "closed"])
def test_an_extraction_and_a_publication_at_once_agree(what: str, first: str) -> None:
    version = version_with("neglect")
    named = record(RecordState.PUBLIC)
    if what == "closed":
        RecordDocument.objects.create(record=named, version=version)
    both = threading.Barrier(2, timeout=20)
    done = threading.Event()

    def end(name: str) -> None:
        """Both have done their work and neither sees the other; ``first`` is committed first."""
        both.wait()
        if name != first:
            assert done.wait(20)

    def extract() -> None:
        with transaction.atomic():
            write_version_passages(version.pk)
            end("extraction")
        done.set()

    def publish() -> None:
        with transaction.atomic():
            if what == "opened":
                RecordDocument.objects.create(record=named, version=version)
                open_versions([version.pk])
            else:
                RecordDocument.objects.filter(record=named).delete()
                close_versions([version.pk])
            end("publication")
        done.set()

    at_once(extract, publish)
    assert Passage.objects.get().public is (what == "opened")


@pytest.mark.django_db(transaction=True)
@pytest.mark.database("postgresql")
@pytest.mark.parametrize("first", ["opening", "closing"])
def test_one_record_opens_while_another_closes(first: str) -> None:
    version = version_with("neglect")
    leaving, coming = record(RecordState.PUBLIC, version), record(RecordState.PUBLIC)
    write_version_passages(version.pk)
    both = threading.Barrier(2, timeout=20)
    done = threading.Event()

    def opening() -> None:
        with transaction.atomic():
            RecordDocument.objects.create(record=coming, version=version)
            open_versions([version.pk])
            both.wait()
            assert first == "opening" or done.wait(20)
        done.set()

    def closing() -> None:
        with transaction.atomic():
            RecordDocument.objects.filter(record=leaving).delete()
            close_versions([version.pk])
            both.wait()
            assert first == "closing" or done.wait(20)
        done.set()

    at_once(opening, closing)
    assert Passage.objects.get().public


@pytest.mark.django_db(transaction=True)
@pytest.mark.database("postgresql")
def test_settling_is_done_by_one_at_a_time() -> None:
    entered = threading.Event()
    order: list[str] = []

    def hold() -> None:
        with transaction.atomic():
            passages._one_at_a_time()
            entered.set()
            both.wait()
            order.append("held")

    def wait() -> None:
        assert entered.wait(20)
        both.wait()
        settle([1])
        order.append("settled")

    both = threading.Barrier(2, timeout=20)
    at_once(hold, wait)
    assert order == ["held", "settled"]
