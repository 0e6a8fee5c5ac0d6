"""Mutants of the corpus: each is read or refused, within the limits, and what nobody can open is
never passed. SAFEGUARDING_FUZZ_EXAMPLES=5000 tries as many new ones; `make test-fuzz` goes on for
as long as you like, led by coverage."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Iterator

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.inspection import files
from tests.inspection import test_corpus_office as office
from tests.inspection import test_corpus_pdf as pdfs
from tests.inspection import test_corpus_pictures as pictures
from tests.inspection import test_corpus_recordings as recordings
from tests.inspection.corpus.case import Case
from tests.inspection.mutant_reader import MutantReader
from tests.inspection.mutants import KINDS, Damage, unpacked, within, zipped
from wagtail_safeguarding.inspection.media_types import DOCX, PDF, sniff

pytestmark = pytest.mark.once

_EXAMPLES = int(os.environ.get("SAFEGUARDING_FUZZ_EXAMPLES", "0"))
_LARGEST = 60_000


def _few(examples: int) -> settings:
    """The same examples in each run; new ones where more are asked for."""
    return settings(
        max_examples=_EXAMPLES or examples,
        derandomize=not _EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def _small(cases: list[Case]) -> list[Case]:
    return [case for case in cases if len(case.data) <= _LARGEST]


PDFS = _small(pdfs.CASES)
OFFICE = _small(office.CASES)
OTHERS = _small([*pictures.CASES, *recordings.CASES])
SCRAPS = [
    Case(name, data, sniff(io.BytesIO(data)), "by hand")
    for name, data in {
        "pdf": files.PDF,
        "words": files.readable_pdf("Amelia Sparrow"),
        "jpeg": files.JPEG,
        "png": files.png(),
        "mp3": files.MP3_TAGGED,
        "mp4": files.MP4,
        "docx": files.office("word/document.xml"),
        "odt": files.open_document("text"),
    }.items()
]

damages = st.lists(
    st.tuples(
        st.builds(
            Damage,
            st.sampled_from(KINDS),
            st.floats(0, 1, exclude_max=True),
            st.floats(0, 1, exclude_max=True),
            st.binary(min_size=1, max_size=6),
        ),
        st.none() | st.floats(0, 1, exclude_max=True),
    ),
    min_size=1,
    max_size=3,
)
"""What is done, and where inside of the file; None for its bytes as they are."""


@pytest.fixture(scope="module")
def reader() -> Iterator[MutantReader]:
    reader = MutantReader()
    yield reader
    reader.close()


def mutant(
    case: Case, other: Case, done: list[tuple[Damage, float | None]], *, unpack: bool = False
) -> bytes:
    data = case.data
    if unpack:
        with contextlib.suppress(pikepdf.PasswordError):
            data = unpacked(data)
    for damage, place in done:

        def change(inner: bytes, damage: Damage = damage) -> bytes:
            return damage(inner, other.data)

        data = change(data) if place is None else within(data, place, change)
    return data


def check(reader: MutantReader, data: bytes) -> None:
    answer = reader.read(data)
    assert not answer.died, f"the child was ended by signal {answer.died}"
    assert "MemoryError" not in answer.refused
    assert answer.opens or answer.blockers, "nobody can open it, and it passed"


@_few(250)
@given(st.sampled_from(PDFS), st.sampled_from(PDFS), damages, st.booleans())
def test_damaged_pdfs_are_refused_or_read(
    reader: MutantReader,
    case: Case,
    other: Case,
    done: list[tuple[Damage, float | None]],
    unpack: bool,
) -> None:
    check(reader, mutant(case, other, done, unpack=unpack))


@_few(400)
@given(st.sampled_from(OFFICE), st.sampled_from(OFFICE), damages)
def test_damaged_office_files_are_refused_or_read(
    reader: MutantReader, case: Case, other: Case, done: list[tuple[Damage, float | None]]
) -> None:
    check(reader, mutant(case, other, done))


@_few(800)
@given(st.sampled_from(OTHERS), st.sampled_from(OTHERS), damages)
def test_damaged_pictures_and_recordings_are_refused_or_read(
    reader: MutantReader, case: Case, other: Case, done: list[tuple[Damage, float | None]]
) -> None:
    check(reader, mutant(case, other, done))


@_few(100)
@given(st.sampled_from(SCRAPS), st.sampled_from(SCRAPS), damages)
def test_damaged_scraps_are_refused_or_read(
    reader: MutantReader, case: Case, other: Case, done: list[tuple[Damage, float | None]]
) -> None:
    check(reader, mutant(case, other, done))


def test_the_reader_tells_what_it_is_asked_for(reader: MutantReader) -> None:
    # Or all of the above would pass with one that knows nothing.
    answer = reader.read(files.readable_pdf("words"))
    assert (answer.blockers, answer.refused, answer.opens) == ([], "", True)
    answer = reader.read(files.PDF)
    assert (answer.blockers, answer.opens) == (["uninspectable"], False)
    assert answer.refused


# What follows changes nothing that a reader of the file sees or finds.

_OF_A_SAVE = frozenset(
    {
        "pdf-earlier-text",
        "pdf-earlier-picture",
        "pdf-removed-content",
        "pdf-removed-page",
        "pdf-trailing-data",
    }
)
"""What a program leaves out when it saves a file anew."""
PLANTED_PDFS = [
    case for case in PDFS if case.blockers - _OF_A_SAVE and case.blockers != {"uninspectable"}
]
PLANTED_OFFICE = [case for case in OFFICE if case.blockers]
PLANTED = [case for case in [*PDFS, *OFFICE, *OTHERS] if case.blockers]

SAVES = {
    "as it is": {},
    "unpacked": {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.all},
    "in object streams": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
    "without object streams": {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
    "packed anew": {"recompress_flate": True},
    "for fast web view": {"linearize": True},
    "for people": {"qdf": True},
    "content as one": {"normalize_content": True},
}


@_few(40)
@given(case=st.sampled_from(PLANTED_PDFS), how=st.sampled_from(sorted(SAVES)))
def test_a_pdf_that_is_saved_anew_blocks_as_before(
    reader: MutantReader, case: Case, how: str
) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(case.data)) as pdf:
        pdf.save(out, **SAVES[how])
    answer = reader.read(out.getvalue())
    assert case.blockers - _OF_A_SAVE <= set(answer.blockers)


@_few(80)
@given(
    case=st.sampled_from(PLANTED_OFFICE),
    compression=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    level=st.sampled_from([1, 9]),
    backwards=st.booleans(),
)
def test_an_office_file_that_is_packed_anew_blocks_as_before(
    reader: MutantReader, case: Case, compression: int, level: int, backwards: bool
) -> None:
    with zipfile.ZipFile(io.BytesIO(case.data)) as file:
        parts = [(entry.filename, file.read(entry)) for entry in file.infolist()]
    parts.sort(key=lambda part: part[0] != "mimetype")
    if backwards:
        parts = [*parts[:1], *reversed(parts[1:])]
    answer = reader.read(zipped(parts, compression, level))
    # What lies between the parts is not packed anew.
    found = set(answer.blockers)
    assert case.blockers - {"office-leftover"} <= found or "type-refused" in found


@_few(80)
@given(
    case=st.sampled_from(PLANTED),
    junk=st.sampled_from(
        [b"\n", b"\0" * 40, b"x" * 2_000, b"%%EOF\n", b"\0" * 70_000, b"\nstartxref\n0\n%%EOF\n"]
    ),
)
def test_whatever_follows_a_file_does_not_clear_it(
    reader: MutantReader, case: Case, junk: bytes
) -> None:
    found = set(reader.read(case.data + junk).blockers)
    assert case.blockers <= found or found & {"uninspectable", "type-refused"}


@pytest.mark.parametrize("case", SCRAPS, ids=lambda case: case.name)
def test_the_beginning_of_a_file_is_never_passed(reader: MutantReader, case: Case) -> None:
    """Cut off anywhere: what is left is no whole file, or was refused before."""
    for end in range(0, len(case.data), max(1, len(case.data) // 40)):
        check(reader, case.data[:end])


def test_the_kinds_are_all_there() -> None:
    assert {DOCX, PDF, "image/png", "image/jpeg", "audio/mpeg", "video/mp4"} <= {
        case.media_type for case in [*PDFS, *OFFICE, *OTHERS]
    }
