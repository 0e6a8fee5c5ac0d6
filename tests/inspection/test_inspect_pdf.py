"""PDF files through the child process: what is planted, and what is hostile."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inspection.corpus import pdf_hidden
from tests.inspection.corpus.hostile import by_hand, page
from tests.inspection.corpus.pdf_page import OPEN, SECRET, Draft, saved, text
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.pdf.worker import read
from wagtail_safeguarding.inspection.report import Report

pytestmark = pytest.mark.once

OPEN_PAGE = Draft(text(OPEN))


def report_on(data: bytes) -> Report:
    """Without what is said of accessibility, which is tested by itself."""
    report = inspect_file(io.BytesIO(data), "report.pdf", max_bytes=50_000_000)
    others = (one for one in report.findings if not one.code.startswith("access-"))
    return replace(report, findings=tuple(others))


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_an_ordinary_page_passes() -> None:
    report = report_on(OPEN_PAGE.data())
    assert report.findings == ()
    assert report.pages == 1
    assert report.looked_inside


def test_words_under_a_box_block_and_say_where() -> None:
    planted = next(case for case in pdf_hidden.cases() if case.blockers)
    (finding,) = report_on(planted.data).findings
    assert finding.code == "hidden-shape"
    assert finding.page == 1
    assert finding.excerpt == SECRET
    left, bottom, right, top = finding.box or (0, 0, 0, 0)
    assert 29 < left < 32
    assert 116 < bottom < 121
    assert 125 < right < 132
    assert 128 < top < 133


def test_the_box_is_told_on_the_page_as_it_is_shown() -> None:
    page = {"MediaBox": [50, 20, 450, 220], "CropBox": [50, 20, 450, 220], "Rotate": 90}
    planted = Draft(text(OPEN, x=60, y=180) + text(SECRET, before="1 g", x=60, y=40), page=page)
    (finding,) = report_on(planted.data()).findings
    # Turned clockwise, the lower left corner of the page is at its upper left.
    left, bottom, right, top = finding.box or (0, 0, 0, 0)
    assert 15 < left < right < 35
    assert top - bottom > 90
    assert 385 < top < 395


def pages(count: int) -> bytes:
    """A file by hand, with pages that differ in nothing but their number."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{number + 4} 0 R" for number in range(count))
    objects.append(f"<</Type/Pages/Count {count}/Kids[{kids}]/MediaBox[0 0 360 240]>>")
    objects.append(f"<</Length 60>>stream\n{text(OPEN).replace('/F 14 Tf', ''):60}\nendstream")
    objects += ["<</Type/Page/Parent 2 0 R/Contents 3 0 R>>"] * count
    body = "%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer<</Root 1 0 R/Size {size}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def nested_forms(depth: int) -> bytes:
    pdf = OPEN_PAGE.pdf()
    inner = None
    for _ in range(depth):
        form = pdf.make_stream(b"/X Do" if inner is not None else text(SECRET).encode())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 400, 400]
        form.Resources = pikepdf.Dictionary(Font=pdf.pages[0].Resources.Font)
        if inner is not None:
            form.Resources.XObject = pikepdf.Dictionary(X=inner)
        inner = form
    pdf.pages[0].Resources.XObject = pikepdf.Dictionary(X=inner)
    pdf.pages[0].Contents = pdf.make_stream(b"/X Do")
    return saved(pdf)


def boxed(*box: float) -> bytes:
    content = text(OPEN) + text(OPEN, x=box[2] - 500, y=box[3] - 50)
    return Draft(content, page={"MediaBox": list(box)}).data()


def encrypted(user: str) -> bytes:
    return OPEN_PAGE.data(
        deterministic_id=False, encryption=pikepdf.Encryption(owner="owner", user=user)
    )


NEVER_PASSED: dict[str, Callable[[], bytes]] = {
    "truncated": lambda: OPEN_PAGE.data()[:-400],
    "a header only": lambda: b"%PDF-1.7\n",
    "no pages": lambda: saved(pikepdf.new()),
    "a password": lambda: encrypted("user"),
    "forms without end": lambda: nested_forms(200),
    "too many pages": lambda: pages(10_000),
    "words all over a page without end": lambda: Draft(
        "".join(text(OPEN, x=9000 * n, y=9000 * n) for n in range(150)),
        page={"MediaBox": [0, 0, 2_000_000, 2_000_000]},
    ).data(),
}


@pytest.mark.parametrize("name", sorted(NEVER_PASSED))
def test_what_cannot_be_read_is_never_passed(name: str) -> None:
    report = report_on(NEVER_PASSED[name]())
    assert report.blocked
    assert set(codes(report)) <= {"uninspectable", "page-too-large", "page-unreadable"}


def test_large_pages_and_many_of_them_are_read() -> None:
    assert report_on(boxed(0, 0, 14_400, 14_400)).findings == ()
    assert report_on(boxed(0, 0, 5_000_000, 5_000_000)).findings == ()
    assert report_on(boxed(-7000, -7000, 7000, 7000)).findings == ()
    report = report_on(pages(300))
    assert (report.findings, report.pages) == ((), 300)


PACKED = zlib.compress("".join(text(f"Line {y}", y=y) for y in range(10, 200, 15)).encode())
HALF = len(PACKED) // 2


@pytest.mark.parametrize(
    ("packed", "damaged"),
    [
        (PACKED, False),
        (PACKED[:-4], False),
        (PACKED[:-1] + b"x", False),
        (b"\0\0" + PACKED[2:], True),
        (PACKED[:HALF] + b"\xff\xff\xff\xff" + PACKED[HALF + 4 :], True),
    ],
    ids=["whole", "without-checksum", "wrong-checksum", "no-beginning", "torn"],
)
def test_content_that_cannot_be_unpacked_blocks(packed: bytes, damaged: bool) -> None:
    expected = ["page-unreadable"] if damaged else []
    packed_as = pikepdf.Name.FlateDecode
    of_page, of_form = OPEN_PAGE.pdf(), Draft("/X Do", streams={"X": (b"", {})}).pdf()
    of_page.pages[0].Contents.write(packed, filter=packed_as)
    form = of_form.pages[0].Resources.XObject.X
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = [0, 0, 360, 240]
    form.write(packed, filter=packed_as)
    for pdf in (of_page, of_form):
        found = codes(report_on(saved(pdf, compress_streams=False)))
        assert [code for code in found if code == "page-unreadable"] == expected


def test_names_and_strings_need_not_be_what_they_are_said_to_be() -> None:
    odd = "/Extra<</Type/\xe9/S/\xe9/\xe9/\xe9>>/Lang(\xef\xbb\xbfen\xff)/Outlines<</First 6 0 R>>"
    objects = [*page(text("Words"), more=odd), "<</Title(\xef\xbb\xbf" + SECRET + "\xff)>>"]
    objects[4] = "<</Type/Font/Subtype/Type1/BaseFont/Helv\xe9tica>>"
    report = report_on(by_hand(objects))
    assert codes(report) == ["pdf-bookmark"]
    assert report.findings[0].excerpt.startswith(SECRET)
    assert report.facts["fonts"] == ["Helvética"]


SEED = Draft(text(OPEN) + text(SECRET, before="1 g")).data()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SEED) - 1), st.binary(min_size=1, max_size=4)), max_size=6
    )
)
def test_no_damage_crashes_the_reader(damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(SEED)
    for at, junk in damage:
        data[at : at + len(junk)] = junk
    try:
        reading = read(io.BytesIO(bytes(data)))
    except Exception:
        return
    assert reading.pages
