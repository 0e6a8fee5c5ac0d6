"""Any text at all is a query or none, and no query is an error to a backend."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wagtail_safeguarding.register.models import Record, RecordState
from wagtail_safeguarding.register.passages import write_record_passages
from wagtail_safeguarding.register.queries import MAX_WORDS, read_query
from wagtail_safeguarding.register.search import find_records, find_within, rank, snippets


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("neglect", "neglect"),
        ("  Neglect,  of; a-child ", "Neglect of a child"),
        ("neglect neglect", "neglect"),
        ('serious "case review" 2019', 'serious "case review" 2019'),
        ("“case review”", '"case review"'),
        ('"one"', "one"),
        ('neglect "of a', 'neglect "of a"'),
        ("e\u0301cole", "\u00e9cole"),
        ("हिन्दी", "हिन्दी"),
        ("a* OR b:c NOT (d) %s {x} \\", "a OR b c NOT d s x"),
    ],
)
def test_words_and_phrases_are_read(text: str, read: str) -> None:
    assert str(read_query(text)) == read


@pytest.mark.once
@pytest.mark.parametrize(
    "text", ["", " ", '"', '""', "'\\%*&|!()<>:", "\x00", "\ud800", "\u0301", "…"]
)
def test_what_has_no_word_is_no_query(text: str) -> None:
    assert read_query(text) is None


@pytest.mark.once
def test_a_query_is_bounded() -> None:
    query = read_query(" ".join(f"w{number}" for number in range(50)))
    assert query is not None
    assert len(query.words) == MAX_WORDS
    assert str(read_query("x" * 1000)) == "x" * 200


@pytest.mark.once
@given(st.text(max_size=300))
def test_a_query_read_again_is_the_same(text: str) -> None:
    query = read_query(text)
    if query is not None and len(str(query)) <= 200:
        assert read_query(str(query)) == query


def ask(text: str) -> None:
    query = read_query(text)
    if query is None:
        return
    found = find_records(query)
    assert found.complete
    record_pks = list(Record.objects.values_list("pk", flat=True))
    assert find_within(query, record_pks) == found.hits
    assert set(rank(query, found.hits)) == set(found.hits)
    assert set(snippets(query, found.hits.values())) == set(found.hits.values())


WORDS = (
    "the AND NOT OR NEAR neglect a \" ' \\ %s % :* <-> ! é ﬁ İ ß ½ ² 24/7 a-b x.y ª { title: 𞤀 中文"
)
words = st.sampled_from([*WORDS.split(), "\x00"])


@pytest.mark.django_db
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.lists(words, max_size=8).map(" ".join), st.text(max_size=40)))
@example('"the a"')
@example('neglect "\u0e01\u0e33 \u0e02"')
def test_no_query_is_an_error_to_the_backend(text: str) -> None:
    if not Record.objects.exists():
        record = Record.objects.create(page_id=1, kind="review", state=RecordState.PUBLIC)
        write_record_passages({record.pk: ["The neglect of a child, 24/7 é ½"]})
    ask(text)
