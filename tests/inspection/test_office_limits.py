"""Office files that want to do harm, and damaged ones: refused, and never passed."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import pytest
from defusedxml.common import DefusedXmlException
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inspection.corpus.case import Case
from tests.inspection.corpus.ooxml import Parts, changed, package, xml
from tests.inspection.corpus.word import OPEN, paragraph, plain, run, word
from tests.inspection.test_corpus_office import CASES, read
from wagtail_safeguarding.inspection import gathered
from wagtail_safeguarding.inspection.gathered import Gathered, TooMuch
from wagtail_safeguarding.inspection.inside import look_inside
from wagtail_safeguarding.inspection.media_types import DOCX
from wagtail_safeguarding.inspection.office import package as package_module
from wagtail_safeguarding.inspection.office.file import inspect
from wagtail_safeguarding.inspection.office.package import DAMAGED, Budget
from wagtail_safeguarding.inspection.reading import UNKNOWN_DATA
from wagtail_safeguarding.inspection.xml_events import MAX_DEPTH, TooDeep

pytestmark = pytest.mark.once

REFUSED = (*DAMAGED, TooMuch)

LETTERS = "abcdefghijklmnopqrst"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "&{a};&{a};">' for a, b in pairwise(LETTERS))
    + "]><x>&t;</x>"
)
FOREIGN = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def with_part(name: str, content: str | bytes) -> bytes:
    def change(parts: Parts) -> None:
        parts[name] = content

    return changed(plain(), change)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("content", [BOMB, FOREIGN])
def test_entities_are_refused(part: str, content: str) -> None:
    with pytest.raises(DefusedXmlException):
        read(with_part(part, content))


def test_elements_are_not_nested_without_end() -> None:
    deep = "<w:sdt>" * (MAX_DEPTH + 1) + "</w:sdt>" * (MAX_DEPTH + 1)
    with pytest.raises(TooDeep):
        read(word(deep))


def test_what_is_unpacked_is_bounded() -> None:
    data = with_part("word/media/image9.png", bytes(5_000_000))
    assert len(data) < 100_000
    with pytest.raises(TooMuch):
        inspect(io.BytesIO(data), Gathered(), Budget(4_000_000))


def test_files_in_files_share_one_bound() -> None:
    case = next(case for case in CASES if case.name == "word-embedded-document")
    with zipfile.ZipFile(io.BytesIO(case.data)) as file:
        size = sum(entry.file_size for entry in file.infolist())
    with pytest.raises(TooMuch):
        inspect(io.BytesIO(case.data), Gathered(), Budget(size + 100))


def test_the_number_of_parts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MAX_PARTS", 10)
    with pytest.raises(TooMuch):
        read(plain())


def test_the_length_of_all_text_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "MAX_TEXT", 20)
    with pytest.raises(TooMuch):
        read(plain())


def test_findings_are_counted_where_there_are_too_many() -> None:
    reading = read(word(paragraph(run("secret", "<w:vanish/>")) * 500))
    found = [found for found in reading.found if found.code == "office-hidden-formatting"]
    assert len(found) == gathered.MAX_OF_A_CODE + 1
    assert found[-1].excerpt == "and 400 more"


def test_a_child_answers_for_the_worst_of_them() -> None:
    for data in (with_part("word/document.xml", BOMB), plain()[:-500], b"PK\x03\x04"):
        reading = look_inside(io.BytesIO(data), DOCX)
        assert [found.code for found in reading.found] == ["uninspectable"]


def test_a_child_answers_for_a_good_one() -> None:
    reading = look_inside(io.BytesIO(word(paragraph(run(OPEN)))), DOCX)
    meant = [text.text for text in reading.texts if text.where != UNKNOWN_DATA]
    assert meant == [OPEN + "\n"]
    assert {found.code for found in reading.found} == {"access-no-title", "access-no-language"}


def encrypted(data: bytes) -> bytes:
    """With the bit set in both lists that says that its parts are."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = -1
        while (position := data.find(mark, position + 1)) >= 0:
            place = position + at
            data = data[:place] + bytes([data[place] | 1]) + data[place + 1 :]
    return data


def twice(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("Word/Document.xml", xml("w:document"))
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        encrypted(plain()),
        twice(plain()),
        package("word/document.xml", {}),
        package("word/document.xml", {"word/document.xml": "<x/>"}),
        package("word/document.xml", {"word/document.xml": xml("w:document")[:-3]}),
        with_part("word/media/x.xml", "<a><b></a>"),
        with_part("word/styles.xml", b"\xff\xfe<a>"),
    ],
    ids=["encrypted", "two-parts", "no-document", "no-word", "cut", "broken-part", "broken-styles"],
)
def test_what_cannot_be_read_is_not_passed(data: bytes) -> None:
    with pytest.raises(REFUSED):
        read(data)


SMALL = [case for case in CASES if len(case.data) < 60_000]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    case=st.sampled_from(SMALL),
    kind=st.sampled_from(["cut", "flip", "drop", "swap", "damage"]),
    place=st.floats(0, 1, exclude_max=True),
    other=st.floats(0, 1, exclude_max=True),
)
def test_damaged_files_are_refused_or_read(
    case: Case, kind: str, place: float, other: float
) -> None:
    """Whatever happens to a file, it is read or refused; never anything else, and what cannot be
    unpacked is never passed."""
    data = mutated(case.data, kind, place, other)
    try:
        read(data)
    except REFUSED:
        return
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None


def mutated(data: bytes, kind: str, place: float, other: float) -> bytes:
    at = int(place * len(data))
    if kind == "cut":
        return data[:at]
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ (1 + int(other * 255))]) + data[at + 1 :]

    def change(parts: Parts) -> None:
        names = list(parts)
        one, two = names[int(place * len(names))], names[int(other * len(names))]
        if kind == "drop":
            del parts[one]
        elif kind == "swap":
            parts[one], parts[two] = parts[two], parts[one]
        else:
            content = parts[one]
            assert isinstance(content, bytes)
            cut = int(other * len(content))
            parts[one] = content[:cut] + content[cut + 1 :]

    return changed(data, change)
