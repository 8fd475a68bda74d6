"""How often the intervals of litdb.evidence.runs.significance cover the truth, and how often its tests err.

    python benchmarks/significance.py [--simulations 2000] [--seed 1]

Prints one line a scenario: coverage of the 95% interval (which for no difference is also 1 - false positives of the
interval), and false positives at 5%. A share of 2,000 simulations has a standard error of 0.5 points.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from litdb.evidence.runs.significance import grouped, grouped_means, holm, paired

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Floats]
SHIFT = 0.05


def normal(generator: np.random.Generator, n: int) -> Floats:
    """Differences of PESQ as two runs of one network show them: sd 0.15."""
    return generator.normal(0, 0.15, n)


def heavy(generator: np.random.Generator, n: int) -> Floats:
    """Mostly small differences and a few large ones: Student's t with 3 degrees of freedom."""
    return 0.1 * generator.standard_t(3, n)


def skewed(generator: np.random.Generator, n: int) -> Floats:
    """A system that loses much on a few files: exponential, centred."""
    return 0.15 * (1 - generator.exponential(1.0, n))


PAIRS: list[tuple[str, Draw, int]] = [
    ("normal, 824 files", normal, 824),
    ("heavy tails, 824 files", heavy, 824),
    ("skewed, 824 files", skewed, 824),
    ("normal, 60 files", normal, 60),
    ("skewed, 60 files", skewed, 60),
    ("normal, 20 files", normal, 20),
]


def pairs(simulations: int, resamples: int, seed: int) -> None:
    """Print coverage and false positives of paired comparisons."""
    print(f"pairs, {simulations} simulations, {resamples} resamples, shift {SHIFT}")
    print(
        f"{'differences':26} {'covers':>7} {'percentile':>11} {'false+ interval':>16} {'false+ permutation':>19}"
    )
    for name, draw, n in PAIRS:
        generator = np.random.default_rng(seed)
        covers = plain = outside = flipped = 0
        for number in range(simulations):
            base, noise = generator.normal(2.8, 0.6, n), draw(generator, n)
            found = paired(base, base + noise + SHIFT, resamples=resamples, seed=number)
            covers += found.low <= SHIFT <= found.high
            drawn = noise[generator.integers(0, n, (resamples, n))].mean(axis=1)
            low, high = np.quantile(drawn, [0.025, 0.975])
            plain += low <= 0 <= high
            none = paired(base, base + noise, resamples=resamples, seed=number)
            outside += not none.low <= 0 <= none.high
            flipped += none.p <= 0.05
        shares = [100 * count / simulations for count in (covers, plain, outside, flipped)]
        print(
            f"{name:26} {shares[0]:6.1f}% {shares[1]:10.1f}% {shares[2]:15.1f}% {shares[3]:18.1f}%",
            flush=True,
        )


#: name, seeds in each group, seed sd in each, sd of group by utterance, sd of seed by utterance, utterances
GROUPS: list[tuple[str, tuple[int, int], tuple[float, float], float, float, int]] = [
    ("3 and 3, seed sd .02", (3, 3), (0.02, 0.02), 0.05, 0.1, 824),
    ("3 and 3, sd .005, groups differ by file", (3, 3), (0.005, 0.005), 0.3, 0.1, 824),
    ("3 and 3, sd .01, 60 files", (3, 3), (0.01, 0.01), 0.1, 0.1, 60),
    ("3 and 3, sd .01 and .03", (3, 3), (0.01, 0.03), 0.05, 0.1, 824),
    ("3 and 5, seed sd .02", (3, 5), (0.02, 0.02), 0.05, 0.1, 824),
    ("3 and 3, no seed variance", (3, 3), (0.0, 0.0), 0.1, 0.1, 824),
]


def simulate(
    generator: np.random.Generator,
    seeds: tuple[int, int],
    spread: tuple[float, float],
    by_group: float,
    by_seed: float,
    n: int,
) -> tuple[Floats, Floats]:
    """Two groups (seeds, utterances) of the same true mean: utterances shared, seeds and interactions drawn anew."""
    utterance = generator.normal(2.8, 0.6, n)
    made = []
    for count, sd in zip(seeds, spread, strict=True):
        of_group = generator.normal(0, by_group / math.sqrt(2), n)
        made.append(
            utterance
            + of_group
            + generator.normal(0, sd, (count, 1))
            + generator.normal(0, by_seed, (count, n))
        )
    return made[0], made[1]


def groups(simulations: int, seed: int) -> None:
    """Print coverage and false positives of comparisons of groups."""
    print(f"\ngroups, {simulations} simulations; the first three columns cover, without a difference")
    print(
        f"{'groups':42} {'mixed':>7} {'seed means':>11} {'bootstrap of seeds':>19} {'false+':>8} {'covers shift':>13}"
    )
    for name, seeds, spread, by_group, by_seed, n in GROUPS:
        generator = np.random.default_rng(seed)
        mixed = means = resampled = false = shifted = 0
        for _ in range(simulations):
            one, other = simulate(generator, seeds, spread, by_group, by_seed, n)
            found = grouped(one, other)
            mixed += found.low <= 0 <= found.high
            false += found.p <= 0.05
            moved = grouped(one, other + SHIFT)
            shifted += moved.low <= SHIFT <= moved.high
            a, b = one.mean(axis=1), other.mean(axis=1)
            welch = grouped_means(a.tolist(), b.tolist())
            means += welch.low <= 0 <= welch.high
            gains = b[generator.integers(0, len(b), (999, len(b)))].mean(axis=1) - a[
                generator.integers(0, len(a), (999, len(a)))
            ].mean(axis=1)
            low, high = np.quantile(gains, [0.025, 0.975])
            resampled += low <= 0 <= high
        shares = [100 * count / simulations for count in (mixed, means, resampled, false, shifted)]
        print(
            f"{name:42} {shares[0]:6.1f}% {shares[1]:10.1f}% {shares[2]:18.1f}% {shares[3]:7.1f}% {shares[4]:12.1f}%",
            flush=True,
        )


def family(simulations: int, resamples: int, seed: int) -> None:
    """Print how often any of six correlated metrics without a difference is called one, with and without Holm."""
    generator = np.random.default_rng(seed)
    plain = corrected = 0
    for number in range(simulations):
        shared = generator.normal(0, 0.1, 100)
        ps = [
            paired(
                np.zeros(100),
                shared + generator.normal(0, 0.1, 100),
                resamples=resamples,
                seed=6 * number + m,
            ).p
            for m in range(6)
        ]
        plain += min(ps) <= 0.05
        corrected += min(holm(ps)) <= 0.05
    shares = [100 * count / simulations for count in (plain, corrected)]
    print(
        f"\nsix correlated metrics, any false positive: {shares[0]:.1f}% without, {shares[1]:.1f}% with Holm's correction"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--simulations", type=int, default=2000)
    parser.add_argument("--resamples", type=int, default=999)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    groups(given.simulations, given.seed)
    pairs(given.simulations, given.resamples, given.seed)
    family(given.simulations, given.resamples, given.seed)


if __name__ == "__main__":
    main()
