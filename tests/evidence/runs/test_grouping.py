"""Groups of seeds: seeds and files together, and what is said when one of them is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litdb.errors import UsageError
from litdb.evidence.runs.grouping import Group, compare_groups
from litdb.evidence.runs.pairing import Measure
from litdb.evidence.runs.significance import Grouped, Paired, grouped
from litdb.vocabulary.protocol import Protocol
from tests.evidence.systems import PESQ, means, only, scores, system
from tests.evidence.systems import mean as one_mean


def group(name: str, shift: float, count: int = 3, **known: object) -> Group:
    runs = [
        system(
            f"{name}{n}/x",
            {"PESQ": scores(shift, len(name) * 100 + n + (500 if name == "full" else 0))},
            **known,
        )
        for n in range(count)
    ]
    return Group(name, tuple(replace(run, seed=n) for n, run in enumerate(runs)))


def measure_of(*groups: Group) -> tuple[Measure, tuple[str, ...]]:
    found = only(compare_groups(groups, PESQ))
    (measure,) = found.measures
    return measure, found.notes


def test_groups_of_seeds_use_seeds_and_files() -> None:
    base, full = group("base", 0.0), group("full", 0.2)
    measure, notes = measure_of(base, full)
    tables = [[list(run.scores["PESQ"].values()) for run in g.runs] for g in (base, full)]
    assert measure.difference == grouped(tables[0], tables[1])
    assert measure.verdict == "better"
    assert not any("training variance" in note for note in notes)
    assert any("2 test speakers" in note for note in notes)


def test_one_seed_in_a_group_is_said() -> None:
    measure, notes = measure_of(group("base", 0.0), group("full", 0.2, count=1))
    assert isinstance(measure.difference, Paired)
    assert "one run in full: training variance is not assessed" in notes


def test_runs_of_one_seed_or_of_several_recipes_are_said() -> None:
    base = group("base", 0.0)
    same = Group("full", tuple(replace(run, seed=7) for run in group("full", 0.1).runs))
    mixed = Group("full", tuple(replace(r, recipe=str(n)) for n, r in enumerate(group("full", 0.1).runs)))
    assert any("same seed (7)" in note for note in measure_of(base, same)[1])
    assert any("different recipes" in note for note in measure_of(base, mixed)[1])


def test_groups_of_which_only_means_are_known() -> None:
    def runs(name: str, *values: float) -> Group:
        return Group(
            name, tuple(system(f"{name}{n}/x", {}, means=means(PESQ=v)) for n, v in enumerate(values))
        )

    measure, _ = measure_of(runs("base", 2.8, 2.83, 2.79), runs("full", 2.95, 2.92, 2.96))
    assert isinstance(measure.difference, Grouped)
    assert measure.difference.utterances == 0
    assert "for new seeds on these files" in measure.notes[0]
    (why,) = only(compare_groups([runs("base", 2.8), runs("full", 2.9, 2.95)], PESQ)).refused
    assert "nothing tells a difference from noise" in why.reason


@pytest.mark.parametrize(
    ("one", "other", "said"), [("820", "820", "820 of 824"), ("824", "820", "files covered")]
)
def test_means_over_fewer_files_make_no_groups(one: str, other: str, said: str) -> None:
    def runs(name: str, files: str) -> Group:
        mean = one_mean("PESQ", "3.0", Protocol.stated(files=files, files_expected="824"))
        return Group(name, tuple(system(f"{name}{n}/x", {}, means={"PESQ": mean}) for n in range(2)))

    (why,) = only(compare_groups([runs("base", one), runs("full", other)], PESQ)).refused
    assert said in why.reason


def test_a_run_in_two_groups_is_refused() -> None:
    base = group("base", 0.0)
    with pytest.raises(UsageError, match="named twice"):
        compare_groups([base, Group("full", base.runs)], PESQ)
    with pytest.raises(UsageError, match="two groups"):
        compare_groups([base], PESQ)


def test_runs_known_to_be_scored_otherwise_make_no_groups() -> None:
    base = group("base", 0.0)
    runs = [
        replace(run, means={"PESQ": one_mean("PESQ", "3.0", Protocol.stated(rate=rate))})
        for run, rate in zip(base.runs, ("16000", "16000", "48000"), strict=True)
    ]
    (why,) = only(compare_groups([Group("base", tuple(runs)), group("full", 0.1)], PESQ)).refused
    assert why.reason == "base0/x and base2/x are known to differ in sampling rate"
