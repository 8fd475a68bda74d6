"""Is a difference more than noise? Pairs of systems over utterances, and groups of runs over seeds and utterances.

Pure functions over arrays. numpy and scipy are imported when they are needed: most of litdb does without them. How
often the intervals cover and the tests err is measured by `benchmarks/significance.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.95
RESAMPLES = 9999
_EXACT = 13  # up to this many utterances all sign patterns are gone through
_AT_ONCE = 1_000_000  # numbers held at once while resampling


@dataclass(frozen=True, slots=True)
class Paired:
    """B - A over the utterances that both have.

    `effect` is the mean divided by the standard deviation of the differences (Cohen's d_z), None when they are all the
    same; `p` is that of a sign-flip permutation test; `higher` and `lower` count utterances.
    """

    mean: float
    low: float
    high: float
    level: float
    p: float
    effect: float | None
    utterances: int
    higher: int
    lower: int


@dataclass(frozen=True, slots=True)
class Grouped:
    """Mean of the second group of runs minus that of the first, for new seeds and new utterances of the same kind.

    `spread` is the standard deviation of the seed means in each group; `effect` the difference divided by their
    pooled value with Hedges' correction for few seeds (None when no seed differs). `df` are the degrees of freedom.
    `utterances` is 0 when only means were given: then the interval is for new seeds on this very test set.
    """

    mean: float
    low: float
    high: float
    level: float
    p: float
    effect: float | None
    df: float
    spread: tuple[float, float]
    runs: tuple[int, int]
    utterances: int


def paired(
    a: Sequence[float] | Floats,
    b: Sequence[float] | Floats,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Paired:
    """Compare two systems on the same utterances; `a` and `b` are (n,) scores in the same order.

    The interval is the studentised bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 12.5), which
    keeps its level where the percentile interval is too narrow: with few or skewed differences. The test flips the
    signs of the differences, all patterns for up to 13 utterances, else `resamples` random ones, counted with the observed
    one. Raises ValueError for different lengths, fewer than two utterances or numbers that are not finite.
    """
    import numpy as np

    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1 or len(first) < 2:
        raise ValueError("a paired comparison needs the same utterances on both sides, at least two")
    gain = second - first
    if not np.isfinite(gain).all():
        raise ValueError("a score is not a finite number")
    mean, spread = float(gain.mean()), float(gain.std(ddof=1))
    higher, lower = int((gain > 0).sum()), int((gain < 0).sum())
    if spread <= 1e-12 * max(1.0, abs(mean)):  # the same difference everywhere: nothing to resample
        p = 1.0 if abs(mean) <= 1e-12 else max(2.0 ** (1 - len(gain)), 1 / (resamples + 1))
        return Paired(mean, mean, mean, level, p, None, len(gain), higher, lower)
    generator = np.random.default_rng(seed)
    low, high = _studentised(gain, level, resamples, generator)
    p = _sign_flip(gain, resamples, generator)
    return Paired(mean, low, high, level, p, mean / spread, len(gain), higher, lower)


def _studentised(
    gain: Floats, level: float, resamples: int, generator: np.random.Generator
) -> tuple[float, float]:
    """The bootstrap-t interval of the mean of `gain` (n,)."""
    import numpy as np

    n = len(gain)
    mean, error = gain.mean(), gain.std(ddof=1) / math.sqrt(n)
    statistics = []
    for size in _pieces(resamples, n):
        drawn = gain[generator.integers(0, n, size=(size, n))]  # (size, n)
        errors = drawn.std(axis=1, ddof=1) / math.sqrt(n)
        usable = errors > 1e-9 * error  # a sample of one value alone has no standard error
        statistics.append((drawn.mean(axis=1)[usable] - mean) / errors[usable])
    tail = (1 - level) / 2
    lower, upper = np.quantile(np.concatenate(statistics), [tail, 1 - tail])
    return float(mean - upper * error), float(mean - lower * error)


def _sign_flip(gain: Floats, resamples: int, generator: np.random.Generator) -> float:
    """The two-sided p value of the hypothesis that the differences (n,) are symmetric around zero.

    The sum is the statistic: its order is that of the t statistic, since flips leave the squares alone.
    """
    import numpy as np

    n = len(gain)
    observed = abs(gain.sum()) * (1 - 1e-12)  # equal sums may differ in the last bit
    if n <= _EXACT:
        patterns = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        return float((np.abs((2.0 * patterns - 1.0) @ gain) >= observed).mean())
    as_large = 0
    for size in _pieces(resamples, n):
        bits = np.frombuffer(generator.bytes(size * n // 8 + 1), dtype=np.uint8)
        signs = np.unpackbits(bits)[: size * n].reshape(size, n).astype(np.float64) * 2 - 1
        as_large += int((np.abs(signs @ gain) >= observed).sum())
    return (as_large + 1) / (resamples + 1)


def _pieces(total: int, width: int) -> list[int]:
    size = max(1, _AT_ONCE // max(width, 1))
    return [min(size, total - start) for start in range(0, total, size)]


def grouped(
    a: Sequence[Sequence[float]] | Floats, b: Sequence[Sequence[float]] | Floats, *, level: float = LEVEL
) -> Grouped:
    """Compare two groups of runs; `a` is (runs, utterances), `b` likewise with the same utterances, two runs or more.

    A mixed model by its mean squares: runs are random and nested in their group, utterances random and crossed with
    both. The variance of the difference is that of the seed means, each group its own, plus that of the difference by
    utterance, less what the two share; the degrees of freedom are Satterthwaite's, as Hillis (Statistics in Medicine
    26, 2007) uses them for readers and cases. Without seed differences it is a t test over utterances, with
    negligible utterance variance Welch's t test of the seed means. Raises ValueError for other shapes.
    """
    import numpy as np

    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1] or first.shape[1] < 2:
        raise ValueError("groups need the same utterances in every run, at least two")
    if min(len(first), len(second)) < 2:
        raise ValueError("two runs in each group are needed to see the variance of training")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("a score is not a finite number")
    utterances = first.shape[1]
    by_utterance = second.mean(axis=0) - first.mean(axis=0)
    shared = math.fsum(residual(group) / (len(group) * utterances) for group in (first, second))
    extra = max(0.0, float(by_utterance.var(ddof=1)) / utterances - shared)
    return _welch(first.mean(axis=1), second.mean(axis=1), level, extra, utterances)


def residual(group: Floats) -> float:
    """The mean square of what neither run nor utterance explains in a group (runs, utterances)."""
    rest = group - group.mean(axis=1, keepdims=True) - group.mean(axis=0, keepdims=True) + group.mean()
    runs, utterances = map(int, group.shape)
    return float((rest**2).sum()) / ((runs - 1) * (utterances - 1))


def grouped_means(a: Sequence[float], b: Sequence[float], *, level: float = LEVEL) -> Grouped:
    """Welch's t test of seed means, for runs of which only means are known. Raises ValueError for fewer than two."""
    import numpy as np

    if min(len(a), len(b)) < 2:
        raise ValueError("two runs in each group are needed to see the variance of training")
    return _welch(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64), level, 0.0, 0)


def _welch(first: Floats, second: Floats, level: float, extra: float, utterances: int) -> Grouped:
    """t over seed means with `extra` variance of the difference from `utterances` utterances."""
    from scipy.special import stdtr, stdtrit

    mean = float(second.mean() - first.mean())
    spread = (float(first.std(ddof=1)), float(second.std(ddof=1)))
    runs = (len(first), len(second))
    parts = [(s**2 / n, n - 1) for s, n in zip(spread, runs, strict=True)]
    if utterances:
        parts.append((extra, utterances - 1))
    variance = math.fsum(part for part, _ in parts)
    if variance <= (1e-12 * max(1.0, abs(mean))) ** 2:
        p = 1.0 if abs(mean) <= 1e-12 else 0.0
        return Grouped(mean, mean, mean, level, p, None, float(sum(runs) - 2), spread, runs, utterances)
    df = variance**2 / math.fsum(part**2 / freedom for part, freedom in parts)
    reach = float(stdtrit(df, (1 + level) / 2)) * math.sqrt(variance)
    p = 2 * float(stdtr(df, -abs(mean) / math.sqrt(variance)))
    return Grouped(
        mean, mean - reach, mean + reach, level, p, _hedges(mean, spread, runs), df, spread, runs, utterances
    )


def _hedges(mean: float, spread: tuple[float, float], runs: tuple[int, int]) -> float | None:
    freedom = runs[0] + runs[1] - 2
    pooled = math.sqrt(math.fsum(s**2 * (n - 1) for s, n in zip(spread, runs, strict=True)) / freedom)
    return None if pooled <= 1e-12 else mean / pooled * (1 - 3 / (4 * freedom - 1))


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """p values corrected for having made all these tests (Holm 1979), in the same order."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    corrected = [0.0] * len(ps)
    worst = 0.0
    for place, index in enumerate(order):
        worst = max(worst, min(1.0, ps[index] * (len(ps) - place)))
        corrected[index] = worst
    return tuple(corrected)
