"""Intervals that cover as often as they say, tests that err as often as they may, and the edges of both."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from litdb.evidence.runs.significance import Grouped, grouped, grouped_means, holm, paired


@pytest.mark.slow
def test_a_known_shift_is_covered_as_often_as_the_level_says() -> None:
    generator = np.random.default_rng(11)
    covered = false = 0
    for number in range(400):
        base = generator.normal(2.8, 0.6, 60)
        noise = 0.15 * (
            1 - generator.exponential(1.0, 60)
        )  # skewed: the percentile interval is too narrow here
        found = paired(base, base + noise + 0.05, resamples=399, seed=number)
        covered += found.low <= 0.05 <= found.high
        false += paired(base, base + noise, resamples=399, seed=number).p <= 0.05
    assert 0.92 <= covered / 400 <= 0.98  # three standard errors around 95%
    assert 0.02 <= false / 400 <= 0.085


def test_groups_of_three_seeds_keep_their_level_where_seed_means_alone_do_not() -> None:
    generator = np.random.default_rng(12)
    covered = alone = 0
    for _ in range(600):
        made = []
        for _group in range(2):
            of_group = generator.normal(0, 0.2, 100)
            made.append(
                2.8 + of_group + generator.normal(0, 0.01, (3, 1)) + generator.normal(0, 0.1, (3, 100))
            )
        found = grouped(made[0], made[1] + 0.05)
        covered += found.low <= 0.05 <= found.high
        means = grouped_means(made[0].mean(axis=1).tolist(), (made[1] + 0.05).mean(axis=1).tolist())
        alone += means.low <= 0.05 <= means.high
    assert 0.925 <= covered / 600 <= 0.985
    assert alone / 600 < 0.9


def test_seed_means_alone_are_welch() -> None:
    a, b = [2.80, 2.83, 2.79], [2.90, 2.86, 2.95, 2.91]
    found = grouped_means(a, b)
    known = stats.ttest_ind(b, a, equal_var=False)
    interval = known.confidence_interval(0.95)
    assert found.p == pytest.approx(known.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.df == pytest.approx(known.df)
    assert found.effect is not None and found.effect > 1
    assert (found.runs, found.utterances) == ((3, 4), 0)


def test_utterances_that_all_runs_share_cancel() -> None:
    """Hard and easy files are the same for both groups: they widen nothing."""
    generator = np.random.default_rng(3)
    rest = generator.normal(0, 0.01, (2, 3, 50))
    files = generator.normal(0, 2.0, 50)
    plain, with_files = grouped(rest[0], rest[1]), grouped(rest[0] + files, rest[1] + files)
    for field in Grouped.__slots__:
        assert getattr(plain, field) == pytest.approx(getattr(with_files, field), rel=1e-6, abs=1e-9), field


def test_few_utterances_are_permuted_exactly() -> None:
    gain = np.array([0.3, -0.1, 0.2, 0.4, 0.05])
    sums = [
        abs(sum(s * g for s, g in zip(signs, gain, strict=True)))
        for signs in itertools.product((1, -1), repeat=5)
    ]
    expected = sum(value >= abs(gain.sum()) - 1e-9 for value in sums) / len(sums)
    assert paired(np.zeros(5), gain).p == pytest.approx(expected)


def test_the_permutation_agrees_with_scipy() -> None:
    generator = np.random.default_rng(5)
    gain = generator.normal(0.03, 0.15, 80)
    known = stats.permutation_test(
        (gain,), np.mean, permutation_type="samples", n_resamples=9999, rng=np.random.default_rng(1)
    )
    assert paired(np.zeros(80), gain).p == pytest.approx(known.pvalue, abs=0.02)


def test_what_a_pair_says_of_its_files() -> None:
    found = paired([1.0, 2.0, 3.0, 4.0], [1.5, 2.0, 2.9, 4.6])
    assert (found.utterances, found.higher, found.lower) == (4, 2, 1)
    assert found.mean == pytest.approx(0.25)
    gains = np.array([0.5, 0.0, -0.1, 0.6])
    assert found.effect == pytest.approx(gains.mean() / gains.std(ddof=1))
    assert found == paired([1.0, 2.0, 3.0, 4.0], [1.5, 2.0, 2.9, 4.6])  # the same twice


def test_a_system_against_itself_and_against_itself_plus_a_constant() -> None:
    scores = [2.1, 2.9, 3.3, 2.2]
    same = paired(scores, scores)
    assert (same.mean, same.low, same.high, same.p, same.effect) == (0, 0, 0, 1, None)
    moved = paired(np.zeros(4), np.full(4, 0.1))
    assert (moved.low, moved.high, moved.effect) == (0.1, 0.1, None)
    assert moved.p == 0.125  # two of sixteen patterns
    assert paired(np.zeros(824), np.full(824, 0.1)).p == 1e-4  # no less than resampling would show


def test_groups_without_any_spread() -> None:
    same = grouped([[1.0, 2.0], [1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]])
    assert (same.mean, same.p, same.effect) == (0, 1, None)
    moved = grouped([[1.0, 2.0], [1.0, 2.0]], [[2.0, 3.0], [2.0, 3.0]])
    assert (moved.mean, moved.low, moved.high, moved.p) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1.0, 2.0], [1.0]),
        ([1.0], [2.0]),
        ([], []),
        ([1.0, math.nan], [1.0, 2.0]),
        ([1.0, 2.0], [math.inf, 2.0]),
    ],
)
def test_pairs_that_are_none(a: list[float], b: list[float]) -> None:
    with pytest.raises(ValueError, match=r"the same utterances|not a finite number"):
        paired(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([[1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]]),
        ([[1.0, 2.0], [1.0, 2.0]], [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]),
        ([[1.0], [1.0]], [[1.0], [1.0]]),
        ([[1.0, math.nan], [1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]]),
    ],
)
def test_groups_that_are_none(a: list[list[float]], b: list[list[float]]) -> None:
    with pytest.raises(ValueError, match=r"two runs in each group|the same utterances|not a finite number"):
        grouped(a, b)


def test_one_seed_mean_is_no_group() -> None:
    with pytest.raises(ValueError, match="two runs in each group"):
        grouped_means([2.8], [2.9, 2.95])


def test_holm_on_a_worked_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_order_and_never_gains(ps: list[float]) -> None:
    corrected = holm(ps)
    assert all(before <= after <= 1 for before, after in zip(ps, corrected, strict=True))
    for (one, after_one), (two, after_two) in itertools.combinations(zip(ps, corrected, strict=True), 2):
        if one < two:
            assert after_one <= after_two
