"""Figures of a benchmark, and how pairs are compared: in turns, in one run, by the median.

A machine that is busy for a moment then slows both of a pair alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """``at_least`` or ``at_most`` is the goal, in the figure's own ``unit``; or there is none.

    ``value`` is what ``of`` says ("median", "most") of so many ``runs``.
    """

    name: str
    value: float
    unit: str
    runs: int
    of: str = "median"
    at_least: float | None = None
    at_most: float | None = None

    @property
    def goal(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return "-"

    @property
    def met(self) -> bool | None:
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def compare(
    ours: Callable[[], object], plain: Callable[[], object], *, runs: int
) -> tuple[list[float], list[float]]:
    """Seconds of both, run in turns; each goes first every other time.

    One of each before is not counted: connections, caches and imports are then there.
    """
    ours()
    plain()
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(runs):
        pair = [(ours, seconds[0]), (plain, seconds[1])]
        for run, results in pair if number % 2 == 0 else reversed(pair):
            results.append(timed(run))
    return seconds


def timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def ratio(ours: list[float], plain: list[float]) -> float:
    """Our speed as a part of the plain one's: 1 is as fast, 0.5 takes twice as long.

    The median of the pairs' ratios: what ran side by side is compared.
    """
    return median(theirs / own for own, theirs in zip(ours, plain, strict=True))


def table(figures: list[Figure]) -> str:
    rows = [("figure", "value", "unit", "of runs", "goal", "")]
    rows += [
        (
            figure.name,
            f"{figure.value:.2f}",
            figure.unit,
            f"{figure.of} of {figure.runs}",
            figure.goal,
            {True: "met", False: "NOT MET", None: ""}[figure.met],
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
