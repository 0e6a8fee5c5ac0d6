"""Hidden letters put together to words and runs of words, and how bad each run is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from wagtail_safeguarding.inspection.reading import Box, Found
from wagtail_safeguarding.inspection.report import Severity

from .gathered import plain
from .letters import Letters
from .sheet import Sheet
from .sight import CAUSES, SEEN, Cause, Sight

CODES = {cause: f"hidden-{cause.value}" for cause in Cause}

_COVERED = {Cause.SHAPE, Cause.ANNOTATION, Cause.IMAGE, Cause.TEXT, Cause.SCAN_BOX}
_ASIDE = {Cause.OFF_PAGE, Cause.CLIPPED}
_FURNITURE_PAGES = 3

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
            continues=_continues(letters, sight, counted, group),
            is_certain=sight.is_aligned,
        )


def _continues(letters: Letters, sight: Sight, counted: np.ndarray, group: np.ndarray) -> bool:
    for inner, outer in ((group[0], group[0] - 1), (group[-1], group[-1] + 1)):
        if 0 <= outer < len(counted):
            index, other = int(counted[inner]), int(counted[outer])
            if sight.causes[other] == SEEN and letters.object_of(other) == sight.objects.get(index):
                return True
    return False


def findings(runs: Iterable[Run], shown_text: str) -> Iterator[Found]:
    """What is said of the runs of all pages, once the text that is shown is known."""
    runs = list(runs)
    if not runs:
        return
    shown = f" {plain(shown_text)} "
    pages: Counter[tuple[Cause, str]] = Counter()
    for cause, text, _ in {(run.cause, plain(run.text), run.page) for run in runs}:
        pages[cause, text] += 1
    for run in runs:
        text = plain(run.text)
        is_furniture = pages[run.cause, text] >= _FURNITURE_PAGES
        severity = severity_of(run, is_shown=f" {text} " in shown, is_furniture=is_furniture)
        yield Found(
            code=CODES[run.cause],
            page=run.page,
            box=run.box,
            excerpt=run.text,
            severity=severity.value,
        )


def severity_of(run: Run, *, is_shown: bool, is_furniture: bool) -> Severity:
    """A blocker is what would tell something to whoever looks for it. ``is_shown``: the same words
    are shown elsewhere in the file. ``is_furniture``: they are hidden so on several pages."""
    words = [word for word in re.findall(r"[^\W\d_]+", run.text) if len(word) > 1]
    names_something = run.letters >= 3 and any(len(word) >= 3 for word in words)
    digits = sum(character.isdigit() for character in run.text)
    if run.cause in (Cause.BLANK, Cause.FIELD) or not run.is_certain:
        return Severity.WARNING
    if run.cause in _COVERED:
        # "Dates under an image", numbers under a bar of a chart: still a blocker when long
        # enough to be somebody's number, or a date of birth.
        return Severity.BLOCKER if names_something or digits >= 6 else Severity.WARNING
    if not names_something and digits < 8:
        return Severity.NOTE if run.letters < 3 else Severity.WARNING
    if is_shown or is_furniture:
        return Severity.NOTE if is_shown else Severity.WARNING
    if run.cause in _ASIDE:
        overflows = run.continues
        if overflows or _SLUG.search(run.text) or _DATES.fullmatch(run.text):
            return Severity.WARNING
        return Severity.BLOCKER if run.letters >= 6 else Severity.WARNING
    return Severity.BLOCKER
