"""Names on a list are found however they are written, and no name can be read from the list."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inspection import files
from tests.inspection.workers import put_answer, put_worker
from wagtail_safeguarding.inspection.identifiers import file_name_text
from wagtail_safeguarding.inspection.inspect import find_names, inspect_file
from wagtail_safeguarding.inspection.media_types import PDF
from wagtail_safeguarding.inspection.reading import Text
from wagtail_safeguarding.inspection.report import Severity
from wagtail_safeguarding.inspection.restricted import BadName, RestrictedNames, hash_names
from wagtail_safeguarding.inspection.words import pairs_at, units_at, words_of

pytestmark = pytest.mark.once

KEY = b"k" * 32
LIST = """
John Smith
Seán O'Brien
Anna Smith-Jones
Maria de la Cruz
Zbigniewska
Angus McDonald
Åse Øl
Pieter VanDerBerg
"""


def names(text: str = LIST, key: bytes = KEY) -> RestrictedNames:
    return RestrictedNames(hash_names(text, key)[0], key)


def is_found(text: str) -> bool:
    return bool(names().find([Text(text, "page", 1)]))


@pytest.mark.parametrize(
    "text",
    [
        "John Smith was seen.",
        "SMITH, John",
        "JOHN SMITH",
        "John Smith's mother",
        "John Smith’s",
        "the John Smiths of this world",
        "john-smiths-review",
        "john_smith.docx",
        "ChildE_JohnSmith.pdf",
        "C:\\Users\\johnsmith\\review.docx",
        "johnsmith1@example.org",
        "Joh-\nn Smith",
        "John Smi-\nth",
        "John Smi\u00adth",
        "John Smi\x02th",
        "John\n   Smith",
        "John\u00a0Smith",
        "Jo\u200bhn Smith",
        "J o h n  S m i t h",
        "John A. Smith",
        "john a smith",
        "John Paul Smith",
        "Sean O’Brien",
        "SEAN O BRIEN",
        "sean obrien",
        "Sea\u0301n O`Brien",
        "Anna Smith Jones",
        "Smith-\nJones, Anna",
        "anna jones",
        "Mr Cruz (Maria)",
        "Zbigniewska’s",
        "ZBIGNIEWSKA",
        "angus mc donald",
        "AngusMcDonald",
        "Ase Ol",
        "Pieter VanDerBerg",
        "Vanderberg, Pieter",
        "PieterVanDerBerg",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert is_found(text)
    assert is_found(f"Before it stood 12 words. {text} and so on.")


@pytest.mark.parametrize(
    "text",
    [
        "John was seen by Ms Smith.",
        "John told her. Smith did not.",
        "John Smithson, Johnson Smith",
        "John Smythe",
        "de la place, O B, Mc",
        "Angus Donald",
        "Anna and Jones",
        "",
        "123 456",
        "johnsmithy",
    ],
)
def test_what_is_no_name_of_the_list_is_not(text: str) -> None:
    assert not is_found(text)


def test_the_finding_says_where_and_repeats_neither_name_nor_number() -> None:
    texts = [
        Text("Nothing here.", "page", 1),
        Text("Then 943 476 5919 called John Smith on Monday.", "page", 2),
        Text("By John Smith", "metadata: Author", None, False),
    ]
    page, author = names().find(texts)
    assert (page.code, page.page, page.where) == ("restricted-name", 2, "page")
    assert "called ••• on Monday" in page.excerpt
    assert "476" not in page.excerpt
    assert (author.page, author.where, author.excerpt) == (None, "metadata: Author", "By •••")


def test_a_place_is_told_once_and_places_are_bounded() -> None:
    assert len(names().find([Text("John Smith " * 50, "page", 1)] * 2)) == 1
    pages = [Text("John Smith", "page", number) for number in range(1, 500)]
    assert len(names().find(pages)) == 100


def test_a_file_name_is_a_text_too() -> None:
    assert names().find([file_name_text("ChildE_JohnSmith.pdf")])
    assert names().masked("note of John Smith") == "note of •••"


def test_the_hashes_tell_nothing_without_the_key() -> None:
    hashes, count = hash_names(LIST, KEY)
    assert count == 8
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in hashes)
    other, _count = hash_names(LIST, b"x" * 32)
    assert not set(hashes) & set(other)
    assert not RestrictedNames(hashes, b"x" * 32).find([Text("John Smith", "page")])
    assert "smith" not in repr(RestrictedNames(hashes, KEY)).lower()


@pytest.mark.parametrize("line", ["123", "J", "-", "x" * 201, "a b c d e f g h i"])
def test_a_line_that_is_no_name_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(BadName) as error:
        hash_names(f"John Smith\n\n{line}", KEY)
    assert error.value.line == 3
    assert line not in str(error.value) or line in "line 3"


def test_a_list_is_bounded() -> None:
    with pytest.raises(BadName):
        hash_names("John Smith\n" * 501, KEY)
    assert hash_names("", KEY) == ([], 0)


def test_a_long_text_is_read_in_pieces_and_no_name_is_lost_between_them() -> None:
    for filler in ("word ", "x"):
        for length in range(199_980, 200_020, 7):
            text = (filler * length)[:length] + " John Smith " + filler * 10
            assert is_found(text), (filler, length)


@pytest.mark.parametrize(
    "piece", ["a ", "A", "aB", "a-\n", "'", "a'", "\u0301", "é", "x", "O ", "Wörd aBc-\n", "aaaB"]
)
def test_what_is_asked_of_a_text_grows_with_its_words_and_no_faster(piece: str) -> None:
    said = words_of(piece * 5_000)
    asked = sum(1 for at in range(len(said)) for _ in (*units_at(said, at), *pairs_at(said, at)))
    assert asked <= 15 * len(said)


@given(st.text(max_size=300))
def test_any_text_can_be_looked_through(text: str) -> None:
    listed = names()
    listed.find([Text(text, "page")])
    listed.masked(text)


def test_a_name_of_particles_alone_is_a_name() -> None:
    listed = names("Ben Mac\nMaria de la Cruz")
    assert listed.find([Text("Ben Mac was seen", "page")])
    assert not listed.find([Text("de la place", "page")])


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll"]), min_size=3, max_size=12),
                min_size=1, max_size=4))  # fmt: skip
def test_a_name_that_was_taken_is_found_as_it_was_given(parts: list[str]) -> None:
    name = " ".join(parts)
    try:
        hashes, _count = hash_names(name, KEY)
    except BadName:
        return
    listed = RestrictedNames(hashes, KEY)
    for written in (name, name.lower(), f"about {name}, who", name.replace(" ", "_")):
        assert listed.find([Text(written, "page")]), written


def test_an_inspection_that_is_given_names_repeats_none_in_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {
        "found": [{"code": "too-many", "excerpt": "by John Smith", "where": "John Smith's note"}],
        "texts": [{"text": "John Smith", "where": "metadata: Author", "shown": False}],
        "facts": {"author": "John Smith", "John Smith": ["John Smith"]},
    }
    put_answer(tmp_path, monkeypatch, answer)
    report = inspect_file(io.BytesIO(files.PDF), "report.pdf", max_bytes=1000, names=names())
    named = [finding for finding in report.findings if finding.code == "restricted-name"]
    assert [(one.severity, one.where) for one in named] == [(Severity.BLOCKER, "metadata: Author")]
    assert "John" not in str(report.as_dict())


def test_of_a_stored_file_only_the_names_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_answer(tmp_path, monkeypatch, {"texts": [{"text": "John Smith", "where": "page"}]})
    found = find_names(io.BytesIO(files.PDF), "report.pdf", PDF, names())
    assert found is not None
    assert [one.where for one in found] == ["page"]
    put_worker(tmp_path, monkeypatch, "raise ValueError")
    assert find_names(io.BytesIO(files.PDF), "report.pdf", PDF, names()) is None
    by_name = find_names(io.BytesIO(files.MP4), "JohnSmith.mp4", "video/mp4", names())
    assert by_name is not None
    assert [one.where for one in by_name] == ["the name of the file"]
