"""Every planted picture is found out, and no harmless twin is; damaged ones are refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.inspection.corpus import pictures, word
from tests.inspection.corpus.case import Case
from tests.inspection.corpus.ooxml import added
from tests.inspection.corpus.pictures import exif, saved, scene, thumbnail, with_thumbnail
from tests.inspection.test_corpus_office import codes_by_severity, read
from wagtail_safeguarding.inspection.gathered import Gathered
from wagtail_safeguarding.inspection.images import likeness
from wagtail_safeguarding.inspection.images.likeness import differs
from wagtail_safeguarding.inspection.images.picture import inspect_picture
from wagtail_safeguarding.inspection.inside import look_inside
from wagtail_safeguarding.inspection.media_types import sniff
from wagtail_safeguarding.inspection.reading import Reading

pytestmark = pytest.mark.once

CASES = list(pictures.cases())
REFUSED = (OSError, ValueError, SyntaxError)


def read_picture(data: bytes) -> Reading:
    gathered = Gathered()
    inspect_picture(data, gathered, "")
    return gathered.reading()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_planted_is_found_and_nothing_else(case: Case) -> None:
    assert sniff(io.BytesIO(case.data)) == case.media_type
    reading = read_picture(case.data)
    blockers, warnings, notes = codes_by_severity(reading)
    assert blockers == case.blockers, reading.found
    assert warnings == case.warnings, reading.found
    assert case.notes <= notes, reading.found
    if case.hidden:
        assert any(case.hidden in text.text for text in reading.texts)
    assert not any(text.shown for text in reading.texts)


def test_a_child_answers_for_good_and_bad_ones() -> None:
    data = saved(scene())
    reading = look_inside(io.BytesIO(data), "image/jpeg")
    assert (reading.found, reading.facts) == ([], {"width": 480, "height": 320})
    for broken in (data[: len(data) // 2], data[:-2], data[:40]):
        reading = look_inside(io.BytesIO(broken), "image/jpeg")
        assert [found.code for found in reading.found] == ["uninspectable"]


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(content))
        + kind
        + content
        + struct.pack(">L", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    with pytest.raises(likeness.TooLarge):
        read_picture(data)


def test_text_in_a_png_is_unpacked_up_to_a_bound() -> None:
    content = b"Comment\0\0" + zlib.compress(bytes(200_000_000))
    data = pictures.with_chunk(saved(scene(), "PNG"), b"zTXt", content)
    assert len(data) < 1_000_000
    with pytest.raises(ValueError, match="too large"):
        read_picture(data)


@pytest.mark.parametrize("quality", [20, 60, 95])
@pytest.mark.parametrize("size", [(96, 96), (160, 120), (320, 240)])
def test_a_thumbnail_that_shows_the_same_is_none_that_differs(
    quality: int, size: tuple[int, int]
) -> None:
    small = scene()
    small.thumbnail(size)
    assert not differs(Image.open(io.BytesIO(saved(small, quality=quality))), scene())


def test_a_small_patch_is_a_difference() -> None:
    whole = scene()
    patched = whole.copy()
    patched.paste("black", (300, 190, 380, 230))
    assert differs(Image.open(io.BytesIO(thumbnail(whole))), patched)


def test_pictures_within_an_office_file_are_looked_at() -> None:
    place = exif(gps={1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 30.0)})
    link = {"word/_rels/document.xml.rels": (("rI", "image", "media/image1.jpg"),)}
    for data, expected in (
        (saved(scene(), exif=place), {"image-position"}),
        (
            with_thumbnail(saved(scene().crop((0, 0, 200, 320))), thumbnail(scene())),
            {"image-thumbnail-differs"},
        ),
        (saved(scene()), set()),
        (saved(scene())[:-100], {"office-unlisted-part"}),
    ):
        reading = read(added(word.plain(), {"word/media/image1.jpg": data}, link))
        assert codes_by_severity(reading)[0] == expected


SMALL = [case for case in CASES if len(case.data) < 30_000]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    case=st.sampled_from(SMALL),
    kind=st.sampled_from(["cut", "flip", "swap"]),
    place=st.floats(0, 1, exclude_max=True),
    other=st.floats(0, 1, exclude_max=True),
)
def test_damaged_pictures_are_refused_or_read(
    case: Case, kind: str, place: float, other: float
) -> None:
    data = mutated(case.data, kind, place, other)
    try:
        read_picture(data)
    except REFUSED:
        return
    Image.open(io.BytesIO(data)).load()


def mutated(data: bytes, kind: str, place: float, other: float) -> bytes:
    at, to = int(place * len(data)), int(other * len(data))
    if kind == "cut":
        return data[:at]
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ (1 + int(other * 255))]) + data[at + 1 :]
    first, last = sorted((at, to))
    return data[:first] + data[last : last + 50] + data[first : first + 50] + data[last + 50 :]
