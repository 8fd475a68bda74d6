"""What may be compared file by file, what is said of the rest, and what a comparison does not tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from litdb.errors import UsageError
from litdb.evidence.runs.pairing import compare_systems
from litdb.evidence.runs.significance import paired
from litdb.evidence.runs.system import System
from litdb.vocabulary import MetricName
from litdb.vocabulary.protocol import NOTHING_STATED, Protocol
from tests.evidence.systems import FILES, PESQ, means, only, scores, system
from tests.evidence.systems import mean as one_mean


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


def test_a_list_of_conditions_that_lacks_files_makes_no_parts() -> None:
    sides = [system("a/x", {"PESQ": scores(0)}), system("b/x", {"PESQ": scores(0.1, 1)})]
    listed = {file: {"noise": "bus" if number % 2 else "cafe"} for number, file in enumerate(FILES)}
    (measure,) = only(compare_systems(sides, PESQ, listed)).measures
    assert {part.value for part in measure.parts if part.kind == "noise"} == {"bus", "cafe"}
    del listed[FILES[0]]
    (measure,) = only(compare_systems(sides, PESQ, listed)).measures
    assert not [part for part in measure.parts if part.kind == "noise"]
    assert measure.notes[-1] == "1 of 40 files are not in the list of conditions: it makes no parts"


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
        found = {"PESQ": one_mean("PESQ", "3.0", Protocol.stated(**items) if items else NOTHING_STATED)}
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
        system(
            f"{name}/x",
            {"PESQ": scores(0)},
            means={"PESQ": one_mean("PESQ", "3.0", Protocol.stated(rate=rate))},
        )
        for name, rate in (("a", "16000"), ("b", "48000"))
    )
    assert refused(a, b)[0] == "known to differ in sampling rate"


def test_partial_means_do_not_forbid_pairing() -> None:
    a, b = (
        system(
            f"{name}/x",
            {"PESQ": scores(0, seed)},
            means={"PESQ": one_mean("PESQ", "3.0", Protocol.stated(files=files, files_expected="824"))},
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


AS_IT_IS = "scored at 16000 Hz as it is"
RESAMPLED = "resampled before scoring: 40 files of 48000 Hz"
OF_SET = "test files of 48000 Hz brought to 16000 Hz with soxr"


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (((), ()), None),
        (((RESAMPLED,), (RESAMPLED,)), None),
        (((), (RESAMPLED,)), f"sampling rates differ: a/x: {AS_IT_IS}; b/x: {RESAMPLED}"),
        (((OF_SET,), ()), f"sampling rates differ: a/x: {OF_SET}; b/x: {AS_IT_IS}"),
        (
            ((OF_SET,), (OF_SET, RESAMPLED)),
            f"sampling rates differ: a/x: {OF_SET}; b/x: {OF_SET}; {RESAMPLED}",
        ),
    ],
)
def test_that_rates_differ_is_said_in_one_sentence(
    marks: tuple[tuple[str, ...], tuple[str, ...]], said: str | None
) -> None:
    at = {"PESQ": one_mean("PESQ", "3.0", Protocol.stated(rate="16000"))}
    sides = [
        system(name, {"PESQ": scores(shift)}, means=at, marks=(*told, "another mark"))
        for name, shift, told in zip(("a/x", "b/x"), (0.0, 0.1), marks, strict=True)
    ]
    notes = only(compare_systems(sides, PESQ)).notes
    assert [note for note in notes if "sampling rates" in note] == ([said] if said else [])
    assert "b/x: another mark" in notes
    # what the sentence says is not said again, and what it does not say stays
    assert sum(RESAMPLED in note for note in notes) == sum(RESAMPLED in told for told in marks)


def test_a_rate_that_one_side_does_not_state_is_not_called_another() -> None:
    at = {"PESQ": one_mean("PESQ", "3.0", Protocol.stated(rate="16000"))}
    sides = [system("a/x", {"PESQ": scores(0)}, means=at), system("b/x", {"PESQ": scores(0.1)})]
    assert not any("sampling rates differ" in note for note in only(compare_systems(sides, PESQ)).notes)
