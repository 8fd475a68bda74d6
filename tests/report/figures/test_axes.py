"""Axes: four ticks at least, round numbers, and no value that takes the room of all others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.errors import UsageError
from litdb.report.figures.axes import axis_for
from litdb.report.figures.points import YEAR
from litdb.values.table import Column
from litdb.vocabulary.ranges import Range
from tests.report.samples import PARAMS, PESQ


@pytest.mark.parametrize(
    ("low", "high"), [(1e4, 2e8), (4e5, 1e6), (4.5e5, 5.5e5), (9.9e5, 1.01e6), (3e3, 9e9), (1e6, 1e6)]
)
def test_a_logarithmic_axis_has_four_ticks_at_least_and_not_too_many(low: float, high: float) -> None:
    axis = axis_for([low, high], PARAMS)
    assert axis.log
    assert 4 <= len(axis.ticks) <= 10
    assert len(set(axis.texts)) == len(axis.texts)
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks)


@given(st.lists(st.floats(1e3, 1e10), min_size=1, max_size=30))
def test_ticks_lie_on_the_axis_whatever_the_values(values: list[float]) -> None:
    axis = axis_for(values, PARAMS)
    assert len(axis.ticks) >= 4
    assert list(axis.ticks) == sorted(set(axis.ticks))
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks)
    assert all(0 <= axis.share(value / 1e6) <= 1 for value in values)


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=40))
def test_most_values_stay_on_the_axis(values: list[float]) -> None:
    axis = axis_for(values, PESQ)
    beyond = sum(axis.beyond(value) != "" for value in values)
    assert beyond <= max(1, len(values) // 10)
    assert len(values) >= 6 or beyond == 0


@pytest.mark.parametrize("far", [[0.5], [9.0], [0.5, 9.0], [0.4, 0.5]])
def test_a_few_values_far_off_lie_beyond_the_axis(far: list[float]) -> None:
    others = [2.5 + number / 30 for number in range(30)]
    axis = axis_for([*others, *far], PESQ)
    assert all(axis.beyond(value) for value in far)
    assert not any(axis.beyond(value) for value in others)
    assert all(axis.low < axis.held(value) < axis.high for value in far)


def test_an_even_spread_keeps_all() -> None:
    axis = axis_for([2.0 + number / 10 for number in range(20)], PESQ)
    assert not any(axis.beyond(2.0 + number / 10) for number in range(20))


def test_a_range_that_is_asked_for_is_kept() -> None:
    axis = axis_for([1e5, 1e6, 1e9], PARAMS, Range(2e5, 5e6))
    assert (axis.low, axis.high) == pytest.approx((0.2, 5.0))
    assert axis.asked
    with pytest.raises(UsageError, match="begins above 0"):
        axis_for([1e5, 1e6], PARAMS, Range(0, 5e6))
    with pytest.raises(UsageError, match="leaves no room"):
        axis_for([1e5, 1e6], PARAMS, Range(2e5, 2e5))


def test_years_are_whole() -> None:
    assert axis_for([2019.2, 2026.9], YEAR).texts == ("2020", "2022", "2024", "2026")
    assert axis_for([2024.1, 2024.3], YEAR).texts == ("2024", "2025")


def test_a_count_of_nothing_makes_the_axis_linear() -> None:
    assert not axis_for([0, 1e6], PARAMS).log
    assert axis_for([1e9, 2e9], Column("MACs", "MACs (G)", "G", "lower")).log
