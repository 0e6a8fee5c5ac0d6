"""What an inspection finds in the corpus, what it says of harmless files, its time and memory.

The corpus is the tests' own: files with something planted in them, and harmless twins. Speed is
that of the worker for PDF against pdfium that renders the same pages at the same resolution and
does nothing else; both in this process. Memory is that of a process of its own.
"""

from __future__ import annotations

import io
import runpy
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

import pypdfium2
import pypdfium2.raw as raw

from tests.inspection.corpus.kinds import cases
from tests.inspection.corpus.large import report, scans
from wagtail_safeguarding.inspection.inside import WORKERS, in_words
from wagtail_safeguarding.inspection.pdf.sheet import SCALE
from wagtail_safeguarding.inspection.pdf.worker import read
from wagtail_safeguarding.inspection.report import Severity

from .child import MIB, peak
from .figures import Figure, compare, ratio

RUNS = 7


def run() -> list[Figure]:
    return [*found(), *speed(), *memory()]


def found() -> list[Figure]:
    """Of each code how many of the planted are found, and how many harmless files have it."""
    answers = {
        media_type: runpy.run_path(str(path))["answer"] for media_type, path in WORKERS.items()
    }
    planted: Counter[str] = Counter()
    recalled: Counter[str] = Counter()
    false: dict[str, set[str]] = defaultdict(set)
    twins = 0
    for case in cases():
        said = [in_words(one) for one in _found(answers[case.media_type](io.BytesIO(case.data)))]
        codes = {one.code for one in said}
        blockers = {one.code for one in said if one.severity is Severity.BLOCKER}
        expected = case.blockers | case.warnings | case.notes
        planted.update(expected)
        recalled.update(expected & codes)
        twins += case.is_twin
        for code in blockers if case.is_twin else blockers - case.blockers:
            false[code].add(case.name)
    figures = [
        Figure(
            f"found: {code}", 100 * recalled[code] / planted[code], "%", planted[code], of="share",
            at_least=100,
        )
        for code in sorted(planted)
    ]  # fmt: skip
    figures += [
        Figure(f"wrongly: {code}", len(names), "files", twins, of="sum", at_most=0)
        for code, names in sorted(false.items())
    ]
    wrong = len(set().union(*false.values())) if false else 0
    return [
        *figures,
        Figure("harmless files with a blocker", wrong, "files", twins, of="sum", at_most=0),
    ]


def _found(answer: dict) -> list:
    from wagtail_safeguarding.inspection.reading import Found

    return [Found(**one) for one in answer["found"]]


def render(data: bytes) -> int:
    """What pdfium needs to show the file, and no more."""
    with pypdfium2.PdfDocument(data) as pdf:
        for number in range(len(pdf)):
            page = raw.FPDF_LoadPage(pdf.raw, number)
            wide = round(raw.FPDF_GetPageWidthF(page) * SCALE)
            high = round(raw.FPDF_GetPageHeightF(page) * SCALE)
            bitmap = raw.FPDFBitmap_Create(wide, high, 0)
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, 0xFFFFFFFF)
            raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, wide, high, 0, raw.FPDF_ANNOT)
            raw.FPDFBitmap_Destroy(bitmap)
            raw.FPDF_ClosePage(page)
        return len(pdf)


def speed() -> list[Figure]:
    data = report(100)
    pages = render(data)
    ours, plain = compare(lambda: read(io.BytesIO(data)), lambda: render(data), runs=RUNS)
    return [
        Figure(
            f"PDF, {pages} pages: times of plain rendering", 1 / ratio(ours, plain), "x", RUNS,
            at_most=4,
        ),
        Figure("PDF: pages in a second", pages / median(ours), "pages/s", RUNS, at_least=25),
    ]  # fmt: skip


def memory() -> list[Figure]:
    return [
        Figure("PDF, report of 100 pages: memory", peak_of(report(100)), "MB", 1, at_most=200),
        Figure("PDF, scan of 500 pages: memory", peak_of(scans(500)), "MB", 1, at_most=512),
    ]


def peak_of(data: bytes) -> float:
    """The most memory that a process takes which reads this file, all libraries included."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            stdin=file,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
            check=True,
        )
    return int(done.stdout) / MIB


if __name__ == "__main__":
    read(sys.stdin.buffer)
    print(peak())
