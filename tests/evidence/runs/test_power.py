"""Plans that hold: power against simulation, spreads against what made them, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from litdb.errors import UsageError
from litdb.evidence.runs.power import (
    Pilot,
    Spread,
    interval,
    make_plan,
    power,
    seeds_for,
    spread_of,
    stated_spread,
)
from litdb.evidence.runs.significance import grouped

S, E, C, FILES = 0.02, 0.12, 0.1, 60


def pilot(name: str, generator: np.random.Generator, seeds: int, files: int = FILES) -> Pilot:
    table = (
        2.8
        + generator.normal(0, C / math.sqrt(2), files)
        + generator.normal(0, S, (seeds, 1))
        + generator.normal(0, E, (seeds, files))
    )
    return Pilot(
        name,
        tuple(f"{name}{n}" for n in range(seeds)),
        tuple(map(float, table.mean(axis=1))),
        tuple(tuple(map(float, row)) for row in table),
        tuple(f"f{n}" for n in range(files)),
    )


def true_spread(files: int = FILES) -> Spread:
    return Spread(math.sqrt(S**2 + E**2 / files), files, 4, None, None, S, E, C, ())


@pytest.mark.parametrize("seeds", [2, 4])
def test_power_is_how_often_the_comparison_finds_the_gain(seeds: int) -> None:
    generator = np.random.default_rng(7)
    effect = 0.08 if seeds > 2 else 0.2
    found = 0
    for _ in range(600):
        a, b = (np.asarray(pilot(name, generator, seeds).scores) for name in "ab")
        found += grouped(a, b + effect).p <= 0.05
    # three standard errors of 600 simulations
    assert found / 600 == pytest.approx(power(effect, true_spread(), seeds, FILES), abs=0.06)


def test_parts_of_the_spread_are_found_again() -> None:
    generator = np.random.default_rng(3)
    found = [spread_of([pilot(name, generator, 20, 400) for name in "ab"]) for _ in range(20)]
    spreads = [spread for spread in found if spread is not None]
    assert len(spreads) == 20
    assert np.mean([s.seed**2 for s in spreads]) == pytest.approx(S**2, rel=0.15)
    assert np.mean([s.rest**2 for s in spreads]) == pytest.approx(E**2, rel=0.05)
    assert np.mean([s.change**2 for s in spreads]) == pytest.approx(C**2, rel=0.1)
    assert {s.df for s in spreads} == {38}


def test_the_interval_of_a_spread_covers_it() -> None:
    generator = np.random.default_rng(5)
    covered = 0
    for _ in range(1000):
        low, high = interval(float(generator.normal(0, 1, 3).std(ddof=1)), 2)
        covered += low <= 1 <= high
    assert covered / 1000 == pytest.approx(0.95, abs=0.02)


def test_more_seeds_more_files_and_less_spread_need_less() -> None:
    spread = true_spread(824)
    rising = [power(0.04, spread, seeds, 824) for seeds in (2, 3, 5, 10, 20)]
    assert rising == sorted(rising)
    assert power(0.04, spread, 5, 100) < power(0.04, spread, 5, 824)
    seeds = seeds_for(0.04, spread, 824)
    assert seeds is not None
    assert power(0.04, spread, seeds, 824) >= 0.8 > power(0.04, spread, seeds - 1, 824)
    assert seeds_for(0.04, spread.scaled(spread.means / 2), 824) < seeds
    assert seeds_for(0.001, spread, 824) is None


def test_a_plan_says_how_uncertain_it_is() -> None:
    plan = make_plan("PESQ", "VoiceBank+DEMAND", 0.03, stated_spread(0.02, 3, "a paper"), 824)
    assert plan.seeds == 9
    assert plan.power is not None and plan.power >= 0.8
    assert plan.spread.low is not None and plan.spread.high is not None
    assert plan.spread.low < 0.02 < plan.spread.high
    assert plan.seeds_low is not None and plan.seeds_low < 9
    assert plan.seeds_high is None  # three pilot seeds allow a spread that no number of runs overcomes
    (nine,) = [one for one in plan.curve if one.seeds == 9]
    assert nine.if_high is not None and nine.if_low is not None
    assert nine.if_high < nine.power < nine.if_low
    assert plan.by_files == ()  # from means alone nothing is known of files
    assert plan.fewest_files is None


def test_files_are_planned_where_scores_by_file_are_known() -> None:
    plan = make_plan("PESQ", "set", 0.1, true_spread(), 400)
    assert plan.files == 400
    assert plan.seeds is not None and plan.fewest_files is not None
    assert power(0.1, true_spread(), plan.seeds, plan.fewest_files) >= 0.8
    assert power(0.1, true_spread(), plan.seeds, plan.fewest_files - 1) < 0.8
    needed = [n for _files, n in plan.by_files if n is not None]
    assert needed == sorted(needed, reverse=True)
    assert [files for files, _n in plan.by_files] == [25, 50, 100, 200, 400]


def test_what_shows_no_spread_gives_none() -> None:
    assert spread_of([]) is None
    assert spread_of([Pilot("a", ("r1",), (2.8,)), Pilot("b", ("r2",), (2.9,))]) is None
    with pytest.raises(UsageError, match="different seeds"):
        spread_of([Pilot("a", ("r1", "r2"), (2.8, 2.8))])
    pooled = spread_of([Pilot("a", ("r1", "r2"), (2.8, 2.9)), Pilot("b", ("r3", "r4"), (3.0, 3.1))])
    assert pooled is not None
    assert pooled.means == pytest.approx(0.1 / math.sqrt(2))
    assert (pooled.df, pooled.files) == (2, 0)
    assert any("only means" in note for note in pooled.notes)


@pytest.mark.parametrize(
    ("effect", "wanted", "said"),
    [(0.0, 0.8, "needs no plan"), (math.nan, 0.8, "needs no plan"), (-0.1, 0.8, "gain"), (0.1, 1.0, "power")],
)
def test_what_is_no_plan_is_refused(effect: float, wanted: float, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make_plan("PESQ", "set", effect, stated_spread(0.02, 3, "x"), 824, wanted)


def test_a_stated_spread_is_one() -> None:
    with pytest.raises(UsageError, match="above 0"):
        stated_spread(0.0, 3, "x")
    with pytest.raises(UsageError, match="fewer than two"):
        stated_spread(0.1, 1, "x")
    unknown = stated_spread(0.1, None, "x")
    assert (unknown.low, unknown.high) == (None, None)
    assert any("not said" in note for note in unknown.notes)
