"""The tags of sound and video."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inspection.corpus import recordings
from tests.inspection.corpus.case import Case
from tests.inspection.corpus.recordings import SOUND, box, mp4
from tests.inspection.test_corpus_office import codes_by_severity
from wagtail_safeguarding.inspection.inside import look_inside
from wagtail_safeguarding.inspection.media_types import sniff
from wagtail_safeguarding.inspection.reading import Found, Reading, Text
from wagtail_safeguarding.inspection.recordings.worker import answer

pytestmark = pytest.mark.once

CASES = list(recordings.cases())


def read(data: bytes) -> Reading:
    said = answer(io.BytesIO(data))
    found = [Found(**one) for one in said["found"]]
    return Reading(found, [Text(**one) for one in said["texts"]])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_planted_is_found_and_nothing_else(case: Case) -> None:
    assert sniff(io.BytesIO(case.data)) == case.media_type
    reading = read(case.data)
    blockers, warnings, notes = codes_by_severity(reading)
    assert blockers == case.blockers, reading.found
    assert warnings == case.warnings, reading.found
    assert case.notes <= notes, reading.found
    if case.hidden:
        assert any(case.hidden in text.text for text in reading.texts)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + SOUND, "audio/mpeg"),
        (mp4()[:-10], "video/mp4"),
        (mp4(*(box(b"free") for _ in range(60_000))), "video/mp4"),
    ],
    ids=["tag-cut-off", "video-cut-off", "boxes-without-end"],
)
def test_what_cannot_be_read_is_not_passed(data: bytes, media_type: str) -> None:
    reading = look_inside(io.BytesIO(data), media_type)
    assert [found.code for found in reading.found] == ["uninspectable"]


def test_boxes_are_not_followed_without_end() -> None:
    deep = b""
    for _ in range(2_000):
        deep = box(b"udta", deep)
    assert {found.code for found in read(mp4(deep)).found} == {"recording-comment"}


@settings(max_examples=200, deadline=None)
@given(
    case=st.sampled_from(CASES),
    place=st.floats(0, 1, exclude_max=True),
    byte=st.integers(1, 255),
    cut=st.booleans(),
)
def test_damaged_ones_are_refused_or_read(case: Case, place: float, byte: int, cut: bool) -> None:
    at = int(place * len(case.data))
    data = case.data[:at]
    if not cut:
        data += bytes([case.data[at] ^ byte]) + case.data[at + 1 :]
    try:
        read(data)
    except ValueError:
        return
