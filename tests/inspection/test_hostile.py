"""Files that want to use up time, memory or the stack: read, or refused; and the parent is not
touched by them. The limits are smaller here than a site's, so that it takes less time."""

from __future__ import annotations

import io
import tracemalloc
from functools import partial

import pytest

from tests.inspection.corpus import hostile
from wagtail_safeguarding.inspection import inspect
from wagtail_safeguarding.inspection.child import Limits
from wagtail_safeguarding.inspection.inside import LIMITS, look_inside
from wagtail_safeguarding.inspection.report import Verdict

pytestmark = pytest.mark.once

FILES = {
    **{name: (make, "pdf") for name, make in hostile.PDFS.items()},
    **hostile.OFFICE,
    **{f"{name}, {kind}": (make, kind) for name, (make, kind) in hostile.PICTURES.items()},
    **hostile.RECORDINGS,
}
ENDLESS = {"a tile of nothing", "a JPEG drawn a thousand times, jpg"}
"""They are killed when the time is over, so they have less of it."""
PDFS_READ = {
    "a letter that draws itself",
    "a list of two billion objects",
    "a mask of itself",
    "a page of [(a) /b [] <<>>]",
    "a page of [0 0 -360 -240]",
    "a page of [0 0 0 0]",
    "a page of [0 0 0.0001 0.0001]",
    "a page of [0 0 360]",
    "a page of [2147483000 2147483000 2147483360 2147483240]",
    "a page of [360 240 0 0]",
    "a page of [nan nan nan nan]",
    "a predictor",
    "a revision before itself",
    "arrays in arrays",
    "as many states",
    "bookmarks in a circle",
    "boxes on letters on boxes",
    "dashes of nothing",
    "letters on letters",
}
OTHERS_READ = {
    "a billion laughs in XMP, jpg",
    "a file's entity in XMP, jpg",
    "a JPEG at the limit, jpg",
    "a PNG with more than it says, png",
    "attributes without end",
    "blanks repeated a billion times",
    "boxes as deep as a well",
    "documents as deep as a well",
    "names without end",
    "namespaces without end",
    "rows repeated a billion times",
    "rows without end",
    "styles in a circle",
}
EITHER = {
    # As much memory as there is decides.
    "a fax",
    "a JPEG of gigabytes",
    "a million operators",
    "a picture of gigabytes",
    "a PNG at the limit, png",
    # As the libraries' versions have it.
    "JBIG2",
    "JBIG2 beyond numbers",
    "JPEG 2000",
    "JPEG 2000 beyond numbers",
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_they_are_read_or_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, extension = FILES[name]
    data = make()
    limits = Limits(seconds=3 if name in ENDLESS else 60, memory=1024**3, output=LIMITS.output)
    monkeypatch.setattr(inspect, "look_inside", partial(look_inside, limits=limits))
    tracemalloc.start()
    try:
        report = inspect.inspect_file(
            io.BytesIO(data), f"report.{extension}", max_bytes=64 * 1024 * 1024
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * 1024 * 1024
    if name in EITHER:
        return
    if name in PDFS_READ | OTHERS_READ:
        assert report.inspected or "type-refused" in {one.code for one in report.findings}
        assert report.looked_inside
    else:
        assert report.blocked
        codes = {one.code for one in report.findings}
        assert codes & {"uninspectable", "page-too-large", "page-unreadable"}
        assert report.verdict is not Verdict.NO_KNOWN_PROBLEM
