"""How many seeds and files a gain needs to be seen, from how far runs of one recipe lie apart.

What is planned is the comparison of `grouped` (:mod:`litdb.evidence.runs.significance`): two groups of runs that differ
in their seed, on the same files. Its variance is 2 (S² + E² / F) / n + C² / F for n seeds a side and F files: S is the
deviation of a run's mean over very many files, E what neither run nor file explains of a score, C how differently a
change treats single files. How often a plan holds is measured by `benchmarks/power.py`.

numpy and scipy are imported when they are needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from litdb.errors import UsageError
from litdb.evidence.runs.significance import LEVEL, residual

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POWER = 0.8
"""The share of cases in which the gain is to be seen."""
MOST_SEEDS = 100
_NODES = 48  # of the quadrature, for each of two dimensions
_SHOWN_FILES = (25, 50, 100, 200, 400, 800, 1600)


@dataclass(frozen=True, slots=True)
class Pilot:
    """Runs of one recipe: the mean of each, and where they are kept the scores (runs, files) on the same files."""

    name: str
    runs: tuple[str, ...]
    means: tuple[float, ...]
    scores: tuple[tuple[float, ...], ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """How far runs lie apart. `means` is the deviation of run means on `files` files (0: not known on how many).

    `low` and `high` are its 95% interval by `df` degrees of freedom, None where it is not said of how many runs it is.
    `seed`, `rest` and `change` are S, E and C of the module's head; `sources` say in words where it is from.
    """

    means: float
    files: int
    df: int
    low: float | None
    high: float | None
    seed: float
    rest: float
    change: float
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def scaled(self, means: float) -> Spread:
        """The same with another deviation of run means."""
        factor = means / self.means
        return replace(self, means=means, seed=self.seed * factor, rest=self.rest * factor)


@dataclass(frozen=True, slots=True)
class Chance:
    """The power with so many seeds a side: by the spread as estimated, and by the ends of its interval."""

    seeds: int
    power: float
    if_low: float | None
    if_high: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a gain of `effect` needs. `seeds` on each side, on `files` files (0: those of the test set, unknown number).

    `seeds` is None where no number up to 100 is enough; `fewest_files` is what is enough with that many seeds. `seeds_low`
    and `seeds_high` are what the ends of the spread's interval ask for. `curve` is over seeds on all files, `by_files`
    the seeds that a number of files asks for.
    """

    metric: str
    dataset: str
    effect: float
    wanted: float
    level: float
    spread: Spread
    files: int
    seeds: int | None
    power: float | None
    fewest_files: int | None
    seeds_low: int | None
    seeds_high: int | None
    curve: tuple[Chance, ...]
    by_files: tuple[tuple[int, int | None], ...]


def spread_of(pilots: Sequence[Pilot]) -> Spread | None:
    """The spread that groups of runs show, pooled over those with two runs or more; None where there is no such group."""
    several = [pilot for pilot in pilots if len(pilot.means) > 1]
    if not several:
        return None
    df = sum(len(pilot.means) - 1 for pilot in several)
    variance = math.fsum(_squares(pilot.means) for pilot in several) / df
    scored = [pilot for pilot in several if pilot.scores]
    rest, notes = 0.0, []
    files = max((len(pilot.files) for pilot in scored), default=0)
    if scored:
        freedom = sum((len(p.means) - 1) * (len(p.files) - 1) for p in scored)
        rest = math.fsum(_residual(p) * (len(p.means) - 1) * (len(p.files) - 1) for p in scored) / freedom
    else:
        notes.append("only means are known: what fewer files would do is not known")
    change, pairs = _change(pilots, rest)
    if not pairs and scored:
        notes.append(
            "one recipe is scored by file: how differently a change treats files is taken as nothing"
        )
    if variance <= 0:
        raise UsageError(
            f"{', '.join(several[0].runs)} have the same mean to the last digit: are they of different seeds?"
        )
    seed = math.sqrt(max(0.0, variance - (rest / files if files else 0.0)))
    told = tuple(f"{pilot.name}: {', '.join(pilot.runs)}" for pilot in several)
    deviation = math.sqrt(variance)
    low, high = interval(deviation, df)
    return Spread(
        deviation, files, df, low, high, seed, math.sqrt(rest), math.sqrt(change), told, tuple(notes)
    )


#: The largest gain or spread that is planned with: no score, in any unit, spans more.
_LARGEST = 1e6


def stated_spread(deviation: float, runs: int | None, source: str) -> Spread:
    """A spread that somebody gives, over so many runs where that is said. Raises UsageError for what is none."""
    if not 0 < deviation <= _LARGEST:
        raise UsageError(
            f"a spread of {deviation:g} is none: give the standard deviation over seeds, above 0"
        )
    if runs is not None and runs < 2:
        raise UsageError("a spread over fewer than two runs is none")
    low, high = interval(deviation, runs - 1) if runs else (None, None)
    notes = ["only means are known: what fewer files would do is not known"]
    if runs is None:
        notes.append("over how many seeds the spread is taken is not said: how sure it is cannot be told")
    df = runs - 1 if runs else 0
    return Spread(deviation, 0, df, low, high, deviation, 0.0, 0.0, (source,), tuple(notes))


def interval(deviation: float, df: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a standard deviation that was estimated with `df` degrees of freedom."""
    from scipy.special import chdtri

    tail = (1 - level) / 2
    return (
        deviation * math.sqrt(df / float(chdtri(df, tail))),
        deviation * math.sqrt(df / float(chdtri(df, 1 - tail))),
    )


def power(effect: float, spread: Spread, seeds: int, files: int) -> float:
    """The chance that `grouped` finds a gain at 5%, with two seeds a side or more, on so many files (0: as measured).

    Exact for normal scores: the estimated seed variances are integrated over, as their degrees of freedom by
    Satterthwaite are, which for few seeds are far from those that the true variances would give.
    """
    import numpy as np
    from scipy.special import betaincinv, chdtri, ndtr, stdtrit

    of_run = spread.means**2 if not files else spread.seed**2 + spread.rest**2 / files
    of_change = spread.change**2 / files if files else 0.0
    each = seeds - 1
    middles = (np.arange(_NODES) + 0.5) / _NODES
    # the sum of both estimated variances of the group means, and the share of the first in it, are independent
    seen = (2 * of_run / seeds * chdtri(2 * each, 1 - middles) / (2 * each))[:, None]
    share = betaincinv(each / 2, each / 2, middles)[None, :]
    freedom = seen**2 * (share**2 + (1 - share) ** 2) / each
    if files > 1:
        freedom = freedom + of_change**2 / (files - 1)
    total = seen + of_change
    reach = stdtrit(total**2 / freedom, (1 + LEVEL) / 2) * np.sqrt(total)
    error = math.sqrt(2 * of_run / seeds + of_change)
    found: NDArray[np.float64] = ndtr((effect - reach) / error) + ndtr((-effect - reach) / error)
    return float(found.mean())


def seeds_for(effect: float, spread: Spread, files: int, wanted: float = POWER) -> int | None:
    """The fewest seeds a side that give the power on so many files; None where 100 are not enough."""
    if power(effect, spread, MOST_SEEDS, files) < wanted:
        return None
    return _fewest(lambda seeds: power(effect, spread, seeds, files) >= wanted, MOST_SEEDS)


def make_plan(
    metric: str, dataset: str, effect: float, spread: Spread, files: int, wanted: float = POWER
) -> Plan:
    """Plan for a gain in a metric on a test set of so many files. Raises UsageError for an effect or a power that is none."""
    if not 0 < effect <= _LARGEST:
        raise UsageError(
            f"an effect of {effect:g} needs no plan: give the gain to be seen, above 0 and at most {_LARGEST:g}"
        )
    if not 0 < wanted < 1:
        raise UsageError(f"a power of {wanted:g} is none: give a share such as 0.8")
    on = files if spread.files else 0
    seeds = seeds_for(effect, spread, on, wanted)
    ends = [None if end is None else spread.scaled(end) for end in (spread.low, spread.high)]
    needed = [None if end is None else seeds_for(effect, end, on, wanted) for end in ends]

    def chance(number: int) -> Chance:
        if_low, if_high = (None if end is None else power(effect, end, number, on) for end in ends)
        return Chance(number, power(effect, spread, number, on), if_low, if_high)

    counts = sorted({*_curve(seeds), *(n for n in needed if n is not None)})
    by_files = [number for number in _SHOWN_FILES if number < on] + [on] if on else []
    return Plan(
        metric, dataset, effect, wanted, round(1 - LEVEL, 6), spread, on or files, seeds,
        None if seeds is None else power(effect, spread, seeds, on),
        _fewest(lambda number: power(effect, spread, seeds, number) >= wanted, on) if seeds and on else None,
        needed[0], needed[1],
        tuple(chance(number) for number in counts),
        tuple((number, seeds_for(effect, spread, number, wanted)) for number in by_files),
    )  # fmt: skip


def _curve(seeds: int | None) -> list[int]:
    """The numbers of seeds at which the power is shown: the small ones, then around what is needed."""
    wide = [2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, MOST_SEEDS]
    end = MOST_SEEDS if seeds is None else next(n for n in wide if n >= seeds)
    shown = [number for number in wide if number <= end]
    return shown if seeds is None else [*shown, seeds]


def _fewest(enough: Callable[[int], bool], most: int) -> int:
    """The smallest number above 1 that is enough, where `most` is and more is never less."""
    low, high = 1, most
    while high - low > 1:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle
    return high


def _squares(means: Sequence[float]) -> float:
    mean = math.fsum(means) / len(means)
    return math.fsum((value - mean) ** 2 for value in means)


def _residual(pilot: Pilot) -> float:
    import numpy as np

    return residual(np.asarray(pilot.scores, dtype=np.float64))


def _change(pilots: Sequence[Pilot], rest: float) -> tuple[float, int]:
    """C²: how much the difference of two recipes varies by file, beyond what their runs explain; and of how many pairs."""
    import numpy as np

    found = []
    for one, other in combinations([pilot for pilot in pilots if pilot.scores], 2):
        shared = sorted(set(one.files) & set(other.files))
        if len(shared) < 2:
            continue
        by_file = []
        for pilot in (one, other):
            place = {file: number for number, file in enumerate(pilot.files)}
            columns = [place[file] for file in shared]
            by_file.append(np.asarray(pilot.scores, dtype=np.float64)[:, columns].mean(axis=0))
        own = rest * (1 / len(one.scores) + 1 / len(other.scores))
        found.append(max(0.0, float((by_file[1] - by_file[0]).var(ddof=1)) - own))
    return (math.fsum(found) / len(found) if found else 0.0), len(found)
