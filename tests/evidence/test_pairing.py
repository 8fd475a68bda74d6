"""What may be compared file by file, what is said of the rest, and what a comparison does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from litdb.catalogue.scores import Mean, System
from litdb.errors import UsageError
from litdb.evidence.pairing import Comparison, Group, Measure, compare_groups, compare_systems
from litdb.evidence.significance import Grouped, Paired, grouped, paired
from litdb.protocol import NOTHING_STATED, Protocol
from litdb.vocabulary import MetricName

FILES = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(20)]
PESQ = [MetricName("PESQ")]


def scores(shift: float, seed: int = 0) -> dict[str, float]:
    generator = np.random.default_rng(seed)
    easy = np.random.default_rng(99).normal(2.8, 0.5, len(FILES))
    return dict(zip(FILES, (easy + shift + generator.normal(0, 0.05, len(FILES))).tolist(), strict=True))


def system(name: str, by_metric: Mapping[str, Mapping[str, float]], **known: object) -> System:
    run = name.partition("/")[0]
    return replace(
        System(name, "MyNet", "vbd", run, name, scores=by_metric),
        **known,  # type: ignore[arg-type]
    )


def only(found: list[Comparison]) -> Comparison:
    assert len(found) == 1
    return found[0]


def test_two_checkpoints_over_the_files_they_share() -> None:
    a, b = scores(0.0), scores(0.1, seed=1)
    found = only(compare_systems([system("a/best", {"PESQ": a}), system("b/best", {"PESQ": b})], PESQ))
    (measure,) = found.measures
    expected = paired([a[f] for f in FILES], [b[f] for f in FILES])
    assert measure.difference == expected
    assert measure.verdict == "better"
    assert (measure.a, measure.b) == pytest.approx((np.mean(list(a.values())), np.mean(list(b.values()))))
    assert [(part.kind, part.value, part.difference.utterances) for part in measure.parts] == [
        ("speaker", "p232", 20), ("speaker", "p257", 20),
    ]  # fmt: skip
    assert measure.notes == ("40 of the 824 files of VoiceBank+DEMAND",)
    assert any("training variance is not assessed" in note for note in found.notes)
    assert any("2 test speakers" in note for note in found.notes)


def test_p_is_corrected_over_everything_compared() -> None:
    made = {metric: scores(0.02, seed) for seed, metric in enumerate(("PESQ", "STOI", "SSNR"))}
    base = {metric: scores(0.0, seed + 7) for seed, metric in enumerate(("PESQ", "STOI", "SSNR"))}
    found = compare_systems([system("a/x", base), system("b/x", made), system("c/x", made)])
    measures = [measure for comparison in found for measure in comparison.measures]
    assert len(measures) == 6
    smallest = min(measures, key=lambda m: m.difference.p)
    assert smallest.corrected == pytest.approx(min(1.0, 6 * smallest.difference.p))


def test_lower_can_be_better_and_nothing_can_be_shown() -> None:
    one = {"LSD": scores(0.0), "PESQ": scores(0.0)}
    two = {"LSD": scores(-0.1, 1), "PESQ": scores(0.0, 2)}
    metrics = [MetricName("LSD"), MetricName("PESQ")]
    found = only(compare_systems([system("a/x", one), system("b/x", two)], metrics))
    assert [(m.metric, m.verdict) for m in found.measures] == [
        ("LSD", "better"),
        ("PESQ", "no difference shown"),
    ]


def test_files_without_a_score_are_counted_with_their_reason() -> None:
    lacking = {f: v for f, v in scores(0.1, 1).items() if f not in FILES[:3]}
    b = system("b/x", {"PESQ": lacking}, failed={"PESQ": dict.fromkeys(FILES[:3], "no utterance detected")})
    (measure,) = only(compare_systems([system("a/x", {"PESQ": scores(0)}), b], PESQ)).measures
    assert measure.difference.utterances == 37
    assert measure.notes[1] == "3 files have no score of b/x (no utterance detected)"


def means(**values: float) -> dict[str, Mean]:
    return {name.replace("_", "@"): Mean(value, str(value)) for name, value in values.items()}


def refused(a: System, b: System, metric: str = "PESQ") -> tuple[str, str]:
    found = only(compare_systems([a, b], [MetricName.parse(metric)]))
    assert found.measures == ()
    (one,) = found.refused
    return one.reason, one.command


def test_only_means_are_known() -> None:
    reason, command = refused(
        system("a/x", {"PESQ": scores(0)}), System("MUSE", "MUSE", "vbd", means=means(PESQ=3.37))
    )
    assert reason == "only a mean is known of MUSE"
    assert "litdb model evaluate --enhanced" in command
    reason, command = refused(system("a/x", {"PESQ": scores(0)}), system("b/x", {}, means=means(PESQ=3.0)))
    assert reason == "only a mean is known of b/x"
    assert command == "litdb model evaluate --all b --data DIR && litdb add b"


def test_means_that_are_not_comparable_either() -> None:
    def known(**items: str) -> System:
        found = {"PESQ": Mean(3.0, "3.0", Protocol.stated(**items) if items else NOTHING_STATED)}
        return system("b/x", {}, means=found)

    narrow = replace(known(band="NB"), name="c/x")
    assert "not comparable either: PESQ band" in refused(known(band="WB"), narrow)[0]
    assert "is not stated: sampling rate" in refused(known(rate="16000"), replace(known(), name="c/x"))[0]


def test_nothing_known_other_files_other_scale() -> None:
    assert refused(system("a/x", {"PESQ": scores(0)}), system("b/x", {}))[0].startswith(
        "nothing is known of b/x"
    )
    elsewhere = {f"q{number}": 1.0 for number in range(9)}
    assert (
        "no file in common"
        in refused(system("a/x", {"PESQ": scores(0)}), system("b/x", {"PESQ": elsewhere}))[0]
    )
    reason, command = refused(
        system("a/x", {"CSIG@unit": scores(0)}), system("b/x", {"CSIG": scores(0)}), "CSIG"
    )
    assert reason == "a/x is scored as CSIG@unit, b/x as CSIG: not the same scale"
    assert "--all a " in command


def test_both_on_unit_scale_are_compared_as_such() -> None:
    unit = [system(f"{name}/x", {"CSIG@unit": scores(shift)}) for name, shift in (("a", 0.0), ("b", 0.5))]
    (measure,) = only(compare_systems(unit, [MetricName("CSIG")])).measures
    assert measure.metric == "CSIG@unit"


def test_scores_known_to_be_of_another_rate_are_refused() -> None:
    a, b = (
        system(f"{name}/x", {"PESQ": scores(0)}, means={"PESQ": Mean(3.0, "3.0", Protocol.stated(rate=rate))})
        for name, rate in (("a", "16000"), ("b", "48000"))
    )
    assert refused(a, b)[0] == "known to differ in sampling rate"


def test_partial_means_do_not_forbid_pairing() -> None:
    a, b = (
        system(
            f"{name}/x",
            {"PESQ": scores(0, seed)},
            means={"PESQ": Mean(3.0, "3.0", Protocol.stated(files=files, files_expected="824"))},
        )
        for name, files, seed in (("a", "820", 0), ("b", "824", 1))
    )
    assert only(compare_systems([a, b], PESQ)).measures


def test_a_selection_on_the_test_set_is_said() -> None:
    a, b = system("a/x", {"PESQ": scores(0)}, selected_on="test"), system("b/x", {"PESQ": scores(0, 1)})
    assert any(
        "selected on the test set" in n and "a/x" in n for n in only(compare_systems([a, b], PESQ)).notes
    )


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_is_no_comparison(count: int) -> None:
    with pytest.raises(UsageError):
        compare_systems([system("a/x", {"PESQ": scores(0)})] * count, PESQ)


# --- groups -----------------------------------------------------------------------------------------------


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
        mean = Mean(3.0, "3.0", Protocol.stated(files=files, files_expected="824"))
        return Group(name, tuple(system(f"{name}{n}/x", {}, means={"PESQ": mean}) for n in range(2)))

    (why,) = only(compare_groups([runs("base", one), runs("full", other)], PESQ)).refused
    assert said in why.reason


def test_a_run_in_two_groups_is_refused() -> None:
    base = group("base", 0.0)
    with pytest.raises(UsageError, match="named twice"):
        compare_groups([base, Group("full", base.runs)], PESQ)
    with pytest.raises(UsageError, match="two groups"):
        compare_groups([base], PESQ)
