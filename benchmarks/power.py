"""Whether what `litdb try plan` plans for 80% is seen in 80% of cases (litdb.evidence.runs.power).

    python benchmarks/power.py [--simulations 2000] [--seed 1]

First with the spread known: the effect is the one that has a power of exactly 80% with so many seeds, runs are simulated
by file and compared by `grouped`. Then with the spread estimated from 3, 5 and 10 pilot seeds: the power that the planned
number of seeds really has. A share of 2,000 simulations has a standard error of 0.9 points at 80%.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from litdb.evidence.runs.power import (
    MOST_SEEDS,
    POWER,
    Pilot,
    Spread,
    power,
    seeds_for,
    spread_of,
    stated_spread,
)
from litdb.evidence.runs.significance import grouped

Floats = NDArray[np.float64]
#: name, seeds a side, files, S (seeds), E (rest), C (change by file)
KNOWN: list[tuple[str, int, int, float, float, float]] = [
    ("2 seeds, 824 files", 2, 824, 0.02, 0.12, 0.10),
    ("3 seeds, 824 files", 3, 824, 0.02, 0.12, 0.10),
    ("5 seeds, 824 files", 5, 824, 0.02, 0.12, 0.10),
    ("10 seeds, 824 files", 10, 824, 0.02, 0.12, 0.10),
    ("3 seeds, 60 files", 3, 60, 0.02, 0.12, 0.10),
    ("3 seeds, change by file only", 3, 100, 0.002, 0.05, 0.30),
    ("5 seeds, no change by file", 5, 824, 0.02, 0.12, 0.0),
]
PILOTS = (3, 5, 10)
EFFECTS = (1.0, 1.5, 2.5)  # in units of the deviation of run means
CHECKED = 50
"""Plans of each case that are made by the planner itself as well."""


def effect_for(spread: Spread, seeds: int, files: int) -> float:
    """The effect that has the planned power."""
    low, high = 0.0, 1.0
    while power(high, spread, seeds, files) < POWER:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle, spread, seeds, files) >= POWER else (middle, high)
    return high


def runs(generator: np.random.Generator, parts: tuple[float, float, float], shape: tuple[int, int]) -> Floats:
    """Scores (runs, files) of a recipe: C / sqrt(2) for its files, so that the difference of two has C."""
    seed, rest, change = parts
    of_recipe = generator.normal(0, change / np.sqrt(2), shape[1])
    return of_recipe + generator.normal(0, seed, (shape[0], 1)) + generator.normal(0, rest, shape)


def known(simulations: int, seed: int) -> None:
    """Print the share of cases in which the effect is found, with the spread known."""
    print(f"spread known, planned for {POWER:.0%}, {simulations} simulations")
    print(f"{'case':30} {'effect':>8} {'found':>7}")
    for name, seeds, files, *parts in KNOWN:
        of_seed, rest, change = parts
        means = float(np.sqrt(of_seed**2 + rest**2 / files))
        spread = Spread(means, files, 1, None, None, of_seed, rest, change, ())
        effect = effect_for(spread, seeds, files)
        generator = np.random.default_rng(seed)
        by_file = generator.normal(2.8, 0.6, files)
        found = 0
        for _ in range(simulations):
            a = by_file + runs(generator, (of_seed, rest, change), (seeds, files))
            b = by_file + effect + runs(generator, (of_seed, rest, change), (seeds, files))
            found += grouped(a, b).p <= 0.05
        print(f"{name:30} {effect:8.4f} {100 * found / simulations:6.1f}%", flush=True)


def planned_seeds(effect: float, deviations: Floats, thresholds: Floats) -> NDArray[np.int64]:
    """The seeds that plans ask for, for each estimated deviation of run means; more than MOST_SEEDS where 100 are not enough.

    A plan from means alone asks for the fewest seeds whose power at `effect / deviation` is the planned one, so for the first
    whose threshold (`effect_for` at a deviation of 1) lies below that.
    """
    reach = effect / deviations
    return 2 + np.searchsorted(-thresholds, -reach, side="left")


def estimated(simulations: int, seed: int) -> None:
    """Print the power that plans from few pilot seeds really have."""
    print(f"\nspread estimated from pilot seeds, planned for {POWER:.0%}, {simulations} plans each")
    print(
        f"{'pilot seeds':>11} {'effect / spread':>16} {'seeds right':>12} {'seeds planned (10..90%)':>24} "
        f"{'power: mean':>12} {'10%':>6} {'90%':>6} {'over 100 seeds':>15}"
    )
    truth = stated_spread(1.0, None, "true")
    numbers = range(2, MOST_SEEDS + 1)
    thresholds = np.array([effect_for(truth, number, 0) for number in numbers])
    exact = {effect: np.array([power(effect, truth, number, 0) for number in numbers]) for effect in EFFECTS}
    for pilots in PILOTS:
        for effect in EFFECTS:
            means = np.random.default_rng(seed).normal(0, 1, (simulations, pilots))
            planned = planned_seeds(effect, means.std(axis=1, ddof=1), thresholds)
            check(effect, means[:CHECKED], planned[:CHECKED])
            beyond = planned > MOST_SEEDS
            planned = planned.clip(max=MOST_SEEDS)
            reached = exact[effect][planned - 2]
            low, high = np.quantile(reached, [0.1, 0.9])
            few, many = np.quantile(planned, [0.1, 0.9])
            print(
                f"{pilots:11} {effect:16.1f} {seeds_for(effect, truth, 0) or 0:12} {f'{few:.0f}..{many:.0f}':>24} "
                f"{np.mean(reached):12.1%} {low:6.1%} {high:6.1%} {np.mean(beyond):15.1%}",
                flush=True,
            )


def check(effect: float, means: Floats, planned: NDArray[np.int64]) -> None:
    """Exit where `litdb try plan` itself would plan otherwise from these pilots."""
    for values, number in zip(means, planned, strict=True):
        pilot = Pilot("pilot", ("",) * len(values), tuple(values.tolist()))
        spread = spread_of([pilot])
        asked = seeds_for(effect, spread, 0) if spread else None
        if (asked or MOST_SEEDS + 1) != number:
            raise SystemExit(f"the plan from {values} is for {asked} seeds, not {number}")


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    known(options.simulations, options.seed)
    estimated(options.simulations, options.seed)


if __name__ == "__main__":
    main()
