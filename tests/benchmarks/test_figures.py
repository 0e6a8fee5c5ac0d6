"""The table tells the truth: a goal that is not met is said, and no goal makes no claim."""

from __future__ import annotations

import pytest

from tests.benchmarks.figures import Figure, compare, ratio, table


def test_goals_that_are_met_and_not_met_and_none() -> None:
    assert Figure("speed", 0.8, "ratio", 5, at_least=0.8).met is True
    assert Figure("speed", 0.79, "ratio", 5, at_least=0.8).met is False
    assert Figure("memory", 64.0, "MiB", 3, at_most=64).met is True
    assert Figure("memory", 64.1, "MiB", 3, at_most=64).met is False
    assert Figure("seconds", 1.0, "s", 3).met is None


def test_table_says_what_is_not_met() -> None:
    _, slow, fast, plain = table(
        [
            Figure("slow", 0.5, "ratio", 5, at_least=0.8),
            Figure("fast", 0.9, "ratio", 5, at_least=0.8),
            Figure("plain", 1.0, "s", 3),
        ]
    ).splitlines()
    assert slow.endswith("NOT MET")
    assert "median of 5" in slow
    assert fast.endswith("  met")
    assert "met" not in plain.lower()


def test_a_pair_is_measured_in_turns() -> None:
    order: list[str] = []
    ours, plain = compare(lambda: order.append("o"), lambda: order.append("p"), runs=4)
    assert "".join(order) == "op" + "op" + "po" + "op" + "po"
    assert len(ours) == len(plain) == 4


def test_ratio_below_one_means_that_ours_is_slower() -> None:
    assert ratio([2.0, 2.0, 9.0], [1.0, 1.0, 1.0]) == pytest.approx(0.5)
