"""The words of a query are marked where a backend would find them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wagtail_safeguarding.register.matching import LENGTH, Matcher, fold
from wagtail_safeguarding.register.queries import read_query

pytestmark = pytest.mark.once


def matcher(text: str) -> Matcher:
    query = read_query(text)
    assert query is not None
    return Matcher(query)


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("neglect", "Of NEGLECT.", "Of <mark>NEGLECT</mark>."),
        ("ecole", "L’École", "L’<mark>École</mark>"),
        ("École", "ecole", "<mark>ecole</mark>"),
        ("neglect", "neglected neglecting neglectedly", None),
        ("neglecting", "neglects", "<mark>neglects</mark>"),
        ("agencies", "an agency", "an <mark>agency</mark>"),
        ("abused", "abuse and abusing", "<mark>abuse</mark> and <mark>abusing</mark>"),
        ("age", "page agent ages", "page agent <mark>ages</mark>"),
        ("child", "children", "children"),
        ("2019", "2019 20199 2019s", "<mark>2019</mark> 20199 2019s"),
        ("mark", "<mark> & </script>", "&lt;<mark>mark</mark>&gt; &amp; &lt;/script&gt;"),
        ("case review", "case\n\n  review", "<mark>case</mark> <mark>review</mark>"),
        ("strasse", "Straße", "<mark>Straße</mark>"),
    ],
)
def test_words_are_marked(query: str, text: str, html: str | None) -> None:
    marked = matcher(query).snippet(text)
    if html is None:
        assert marked.count("<mark>") == 3
    else:
        assert marked == html


def test_the_piece_with_most_of_the_words_is_chosen() -> None:
    text = "neglect " + "x " * 400 + "serious neglect of a child " + "y " * 400
    html = matcher("neglect serious child").snippet(text)
    assert html.startswith("…x x")
    assert html.endswith("y…")
    assert "<mark>serious</mark> <mark>neglect</mark> of a <mark>child</mark>" in html


def test_a_text_without_the_words_is_shown_from_its_beginning() -> None:
    html = matcher("nothing").snippet("One two " * 100)
    assert html.startswith("One two")
    assert html.endswith("…")


@given(
    st.lists(
        st.sampled_from(["a", "é", "ﬁ", "İ", "<", "&", '"', " ", "\n", "neglect ", "x" * 70])
    ).map("".join),
    st.sampled_from(["neglect", "a", "neglect a", "fi", "i"]),
)
def test_a_snippet_is_safe_short_and_a_piece_of_the_text(text: str, query: str) -> None:
    html = matcher(query).snippet(text)
    bare = re.sub(r"</?mark>", "", html)
    assert "<" not in bare
    plain = unescape(bare)
    assert len(plain) <= LENGTH
    assert plain.removeprefix("…").removesuffix("…") in " ".join(text.split())


@given(
    st.text(st.sampled_from("aceghlnrtu s_-éÉ2"), max_size=60),
    st.lists(st.sampled_from(["neglect", "car", "cared", "é2", "a", "learn", "2"]), min_size=1),
)
@example("neglect neglects xneglect neglect_ed", ["neglect"])
@example("cared cars carcar", ["car", "cared"])
def test_matches_are_counted_as_they_are_marked(text: str, words: list[str]) -> None:
    asked = read_query(" ".join(words))
    assert asked is not None
    counting = Matcher(asked)
    # In the folded text a place may be another one.
    starts = [found.start() for found in counting._pattern.finditer(fold(text))]
    assert counting.count(text) == (len(starts), starts[0] if starts else len(text))


def test_many_matches_cost_little() -> None:
    html = matcher("a b c").snippet("a " * 2000)
    assert html.count("<mark>") > 50
