"""Hidden letters put together to words and runs of words, and how bad each run is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wagtail_safeguarding.inspection.identifiers import hits_in, plain_text
from wagtail_safeguarding.inspection.reading import Box, Found, Text
from wagtail_safeguarding.inspection.report import Severity

from .cause import Cause
from .gathered import plain
from .letters import Letters
from .sheet import Sheet
from .sight import CAUSES, SEEN, Sight

CODES = {cause: f"hidden-{cause.value}" for cause in Cause}

_COVERED = {Cause.SHAPE, Cause.ANNOTATION, Cause.IMAGE, Cause.TEXT, Cause.SCAN_BOX}
_ASIDE = {Cause.OFF_PAGE, Cause.CLIPPED}
_FURNITURE_PAGES = 3
_PAGE_DIGITS = 3
_NO_LENS_HELPS = 0.5
"""Points."""

_SLUG = re.compile(
    r"\.(indd|indb|qxd|qxp|ai|eps|psd|pdf|docx?|pub|cdr)\b|\bcyan\b|\bmagenta\b|\bcmyk\b|\bpantone\b",
    re.IGNORECASE,
)
_DATES = re.compile(r"[\d\s/:.,()\-–—+%£$€]*(?:am|pm|gmt|bst)?", re.IGNORECASE)


@dataclass(frozen=True)
class Run:
    """Words that cannot be seen, one after the other, for one reason."""

    page: int
    cause: Cause
    text: str
    letters: int
    """Hidden letters and digits; ``text`` has the whole words that they belong to."""
    box: Box
    continues: bool
    """Whether it goes on from, or on to, letters that are seen in the same piece of text."""
    is_certain: bool = True
    """False where recognised text and its picture do not lie on each other."""


def runs_of(page: int, sheet: Sheet, letters: Letters, sight: Sight) -> Iterator[Run]:
    counted = np.flatnonzero(letters.counted)
    causes = sight.causes[counted]
    if (causes == SEEN).all():
        return
    words = list(letters.words())
    starts = np.array([start for start, _ in words])
    edges = np.flatnonzero(np.diff(causes)) + 1
    for group in np.split(np.arange(len(counted)), edges):
        cause = int(causes[group[0]])
        if cause == SEEN:
            continue
        indices = counted[group]
        first, last = int(indices[0]), int(indices[-1])
        begin = words[int(np.searchsorted(starts, first, side="right")) - 1][0]
        end = words[int(np.searchsorted(starts, last, side="right")) - 1][1]
        in_word = int(letters.counted[begin:end].sum())
        if len(indices) == 1 and in_word > 1:
            continue  # one letter within a word that is seen
        boxes = sight.boxes[indices]
        around = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
        yield Run(
            page=page,
            cause=CAUSES[cause],
            text=letters.text_of(begin, end),
            letters=len(indices),
            box=sheet.shown_box(around),
            continues=_continues(sheet, letters, sight, counted, group),
            is_certain=sight.is_aligned,
        )


def _continues(
    sheet: Sheet, letters: Letters, sight: Sight, counted: NDArray[np.intp], group: NDArray[np.intp]
) -> bool:
    """Whether a line or a column of letters that are seen runs on into these, or out of them."""
    for inner, outer in ((group[0], group[0] - 1), (group[-1], group[-1] + 1)):
        if 0 <= outer < len(counted):
            index, other = int(counted[inner]), int(counted[outer])
            if sight.causes[other] != SEEN:
                continue
            if letters.object_of(other) == sight.objects.get(index):
                return True
            if not sheet.was_cropped and _is_next(sight.boxes[index], sight.boxes[other]):
                return True
    return False


def _is_next(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether two letters follow each other in a line, or stand in lines that do."""
    size = max(one[3] - one[1], other[3] - other[1], 1.0)
    gaps = np.maximum(one[:2] - other[2:], other[:2] - one[2:])
    across, down = float(gaps[0]), float(gaps[1])
    return bool(across < 3 * size if down < 0 else down < 3 * size and across < 40 * size)


def findings(runs: Iterable[Run], texts: Iterable[Text]) -> Iterator[Found]:
    """What is said of the runs of all pages, once the texts that are shown are known."""
    runs = list(_once_a_page(runs))
    if not runs:
        return
    by_page = {text.page: plain(text.text) for text in texts if text.shown}
    shown = f" {' '.join(by_page.values())} "
    pages: Counter[tuple[Cause, str]] = Counter()
    for cause, text, _ in {(run.cause, plain(run.text), run.page) for run in runs}:
        pages[cause, text] += 1
    for run in runs:
        text = plain(run.text)
        is_furniture = pages[run.cause, text] >= _FURNITURE_PAGES
        # Either as it is, or all of its words on the same page: a label that is there twice.
        is_shown = f" {_unnumbered(text)} " in shown or set(text.split()) <= set(
            by_page.get(run.page, "").split()
        )
        severity = severity_of(run, is_shown=is_shown, is_furniture=is_furniture)
        yield Found(
            code=CODES[run.cause],
            page=run.page,
            box=run.box,
            excerpt=run.text,
            severity=severity.value,
        )


def _unnumbered(text: str) -> str:
    """A heading without the numbers of its section and page."""
    words = [word for word in text.split() if not (word.isdigit() and len(word) <= _PAGE_DIGITS)]
    return " ".join(words) or text


def _once_a_page(runs: Iterable[Run]) -> Iterator[Run]:
    """Where recognised text lies beside its picture, one word of a page tells it all."""
    told: set[int] = set()
    for run in runs:
        if run.cause is Cause.SCAN_BLANK and not run.is_certain:
            if run.page in told:
                continue
            told.add(run.page)
        yield run


def severity_of(run: Run, *, is_shown: bool, is_furniture: bool) -> Severity:
    """A blocker is what would tell something to whoever looks for it. ``is_shown``: the same words
    are shown elsewhere in the file. ``is_furniture``: they are hidden so on several pages."""
    words = [word for word in re.findall(r"[^\W\d_]+", run.text) if len(word) > 1]
    names_something = run.letters >= 3 and any(len(word) >= 3 for word in words)
    # Long enough to be somebody's number, or a date of birth.
    numbers = any(sum(map(str.isdigit, part)) >= 6 for part in run.text.split())
    numbers = numbers or bool(hits_in(plain_text(run.text)))
    if run.cause in (Cause.BLANK, Cause.FIELD) or (
        run.cause is Cause.SCAN_BLANK and not run.is_certain
    ):
        return Severity.WARNING
    if run.cause in _COVERED:
        return Severity.BLOCKER if names_something or numbers else Severity.WARNING
    if not names_something and not numbers:
        return Severity.NOTE if run.letters < 3 else Severity.WARNING
    if is_shown or is_furniture:
        return Severity.NOTE if is_shown else Severity.WARNING
    if run.cause is Cause.TINY and len(words) < 2 and run.box[3] - run.box[1] > _NO_LENS_HELPS:
        return Severity.WARNING
    if run.cause in _ASIDE:
        if run.continues or _SLUG.search(run.text) or _DATES.fullmatch(run.text):
            return Severity.WARNING
        return Severity.BLOCKER if run.letters >= 6 else Severity.WARNING
    return Severity.BLOCKER
