"""The plan of a study, how far it is, and how long the rest takes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from model import ablation  # noqa: E402
from model.ablation import MATCHED, STEPS, Costs, compare, table  # noqa: E402
from model.errors import ModelUsageError, Stopped  # noqa: E402
from model.evaluation.pool import FileScore  # noqa: E402
from model.evaluation.test_data import open_test_set  # noqa: E402
from model.metrics import NAMES  # noqa: E402
from model.networks import BSRNNConfig, variant  # noqa: E402
from model.runs import RunFolder, write_json  # noqa: E402
from model.study.plan import Plan, Planned, in_order, joined, read_plan, write_plan  # noqa: E402
from model.study.status import State, epochs_done, status  # noqa: E402
from model.training.machine.lock import locked  # noqa: E402
from model.training.machine.processes import Machine  # noqa: E402
from model.training.machine.stopping import Stop  # noqa: E402
from model.training.probing.measuring import measure_pace  # noqa: E402
from model.training.probing.pace import Pace  # noqa: E402
from model.training.recipe import Recipe  # noqa: E402
from model.training.trainer import TrainingData, training_data  # noqa: E402
from tests.model.training.conftest import WORDS  # noqa: E402

RECIPE = Recipe(epochs=4, adversarial_start=0.5)
PACE = Pace(plain=1.0, adversarial=2.0, validation=10.0, steps=5, timed=50)
CONFIGS = {
    "one": BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200)),
    "two": BSRNNConfig(num_channel=5, num_layer=1, bands=(57, 200)),
}


@pytest.fixture(scope="module")
def data(toy: Path) -> TrainingData:
    return training_data(toy, ("p3_*",))


def plan_of(data: TrainingData, seeds: tuple[int, ...], *words: str) -> Plan:
    recipe = Recipe().with_overrides([*WORDS, "epochs=1", *words])
    return Plan(recipe, data.fingerprint, "last", in_order(list(CONFIGS), seeds))


# --- plan and pace ----------------------------------------------------------------------------------------


def test_runs_go_seed_by_seed() -> None:
    runs = in_order(["M1", "M4"], [1, 2])
    assert [run.run for run in runs] == ["M1-seed1", "M4-seed1", "M1-seed2", "M4-seed2"]


def test_a_pace_counts_phases_and_validations() -> None:
    assert PACE.seconds(RECIPE) == 2 * 5 * 1.0 + 2 * 5 * 2.0 + 4 * 10
    assert PACE.seconds(RECIPE, begin=3) == 5 * 2.0 + 10
    # epochs 3 and 4 are validated: every third, and the last
    assert PACE.seconds(replace(RECIPE, validate_every=3)) == 30 + 20
    assert replace(PACE, adversarial=None).seconds(replace(RECIPE, weight_adversarial=0)) == 20 + 40
    assert str(PACE) == (
        "a step takes 1.000 s, 2.000 s with the discriminator (median of 50), a validation 10 s"
    )


def test_a_plan_is_kept_and_joined_and_refuses_another_recipe(tmp_path: Path) -> None:
    plan = Plan(RECIPE, "abc", "last", in_order(["M1"], [1]), {"M1": PACE})
    write_plan(tmp_path / "study", plan)
    assert read_plan(tmp_path / "study") == replace(plan, recipe=replace(RECIPE, seed=0))
    more = Plan(replace(RECIPE, seed=9), "abc", "last", in_order(["M4"], [1]))
    write_plan(tmp_path / "study", more)
    kept = read_plan(tmp_path / "study")
    assert [run.run for run in kept.runs] == ["M4-seed1", "M1-seed1"]
    assert kept.paces == {"M1": PACE}
    for other in (replace(plan, fingerprint="other"), replace(plan, recipe=replace(RECIPE, clip=1.0))):
        with pytest.raises(ModelUsageError, match="another recipe or other data"):
            joined(tmp_path / "study", other)
    with pytest.raises(ModelUsageError, match=r"not the folder of a study: it has no study\.json"):
        read_plan(tmp_path)


def test_a_probe_times_steps_with_and_without_discriminator(data: TrainingData) -> None:
    recipe = Recipe().with_overrides([*WORDS, "weight_adversarial=0.3", "discriminator_width=4"])
    pace = measure_pace(CONFIGS["one"], recipe, data, Machine(cpu=True, workers=1), steps=3)
    assert pace.timed == 3
    assert pace.steps == 2  # four files in batches of two
    assert pace.adversarial is not None
    assert min(pace.plain, pace.adversarial, pace.validation) > 0
    assert pace.adversarial > pace.plain
    short = Machine(cpu=True, workers=1, stop=Stop(1e-9))
    assert measure_pace(CONFIGS["one"], replace(recipe, weight_adversarial=0), data, short).timed == 1


# --- how far ----------------------------------------------------------------------------------------------


def run_with(folder: Path, epochs: int, seconds: tuple[float, ...] = ()) -> RunFolder:
    run = RunFolder.create(folder, {"kind": "training", "name": folder.name}, {})
    for epoch in range(1, epochs + 1):
        run.log("epoch", epoch=epoch, seconds=seconds[epoch - 1])
    return run


def test_status_tells_done_open_and_hours_left(tmp_path: Path) -> None:
    plan = Plan(RECIPE, "abc", "last", in_order(["M1", "M2", "M3", "M4", "M1-wide"], [1]), {"M2": PACE})
    write_plan(tmp_path, plan)
    seconds = (3600.0, 3600.0, 7200.0, 7200.0)
    done = run_with(tmp_path / "M1-seed1", 4, seconds)
    entries = {"entries": [{"name": "last"}]}
    (done.path / "scores" / "toy").mkdir(parents=True)
    write_json(done.path / "scores" / "toy" / "summary.json", entries)
    run_with(tmp_path / "M3-seed1", 4, seconds)
    run_with(tmp_path / "M4-seed1", 1, (1800.0,))
    run_with(tmp_path / "M1-wide-seed1", 0)
    with locked(tmp_path / "M1-wide-seed1"):
        found = status(tmp_path)
    states = {run.run: (run.state, run.epochs, run.hours_left) for run in found.runs}
    assert states == {
        "M1-seed1": (State.DONE, 4, 0.0),
        "M2-seed1": (State.OPEN, 0, pytest.approx((2 * 5 + 2 * 10 + 40) / 3600)),  # by its probe
        "M3-seed1": (State.TRAINED, 4, 0.0),
        # one epoch without the discriminator took half an hour; with it 1.6 times that is assumed
        "M4-seed1": (State.STOPPED, 1, pytest.approx(0.5 + 2 * 0.8)),
        # of the other variants' epochs, the median of each phase
        "M1-wide-seed1": (State.RUNNING, 0, pytest.approx(2 * 1 + 2 * 2)),
    }
    assert found.hours_left == pytest.approx(sum(run.hours_left or 0 for run in found.runs))
    assert found.count(State.DONE) == 1


def test_without_probe_and_epochs_hours_are_not_known(tmp_path: Path) -> None:
    write_plan(tmp_path, Plan(RECIPE, "abc", "last", in_order(["M1"], [1, 2])))
    found = status(tmp_path)
    assert found.hours_left is None
    assert [run.state for run in found.runs] == [State.OPEN] * 2
    assert epochs_done(tmp_path, Planned("M1-seed1", "M1", 1)) == 0


# --- a study under way ------------------------------------------------------------------------------------


def test_a_study_out_of_time_compares_what_it_has_and_goes_on(
    data: TrainingData, toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, test = plan_of(data, (1,)), open_test_set(toy, name="toy")
    honest, begun = ablation.start, []
    stop = Stop()

    def counted(folder: Path, *words: object, **more: object) -> RunFolder:
        begun.append(folder.name)
        if len(begun) == 2:
            stop._deadline = 0.0  # the time is over in the last run
        return honest(folder, *words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ablation, "start", counted)
    machine = Machine(cpu=True, workers=1, stop=stop)
    result = ablation.study(tmp_path, plan, CONFIGS, data, test, machine=machine)
    assert begun == ["one-seed1", "two-seed1"]
    assert [(row.variant, row.seeds) for row in result.rows] == [("one", 1)]
    assert "1 of 2 runs are open; the same command goes on with them" in result.notes
    assert [run.state for run in status(tmp_path).runs] == [State.DONE, State.STOPPED]
    assert (tmp_path / "two-seed1" / "resume.pt").exists()
    whole = ablation.study(tmp_path, plan, CONFIGS, data, test, machine=Machine(cpu=True, workers=1))
    assert [(row.variant, row.seeds) for row in whole.rows] == [("one", 1), ("two", 1)]
    assert len(begun) == 2  # nothing was begun again
    assert json.loads((tmp_path / "ablation.json").read_text())["rows"][1]["seeds"] == 1
    assert not any("open" in note for note in whole.notes)


def test_sigterm_ends_a_study_with_its_state_saved(data: TrainingData, toy: Path, tmp_path: Path) -> None:
    stop = Stop()
    stop.told = True
    with pytest.raises(Stopped, match=r"was stopped \(SIGTERM\); the same command goes on"):
        ablation.study(
            tmp_path, plan_of(data, (1,)), CONFIGS, data, open_test_set(toy, name="toy"),
            machine=Machine(cpu=True, workers=1, stop=stop),
        )  # fmt: skip
    assert [run.state for run in status(tmp_path).runs] == [State.OPEN] * 2


# --- what both sides of a step cost -----------------------------------------------------------------------


def scores(value: float) -> list[list[FileScore]]:
    return [[FileScore(name, tuple(value for _ in NAMES)) for name in ("a", "b")]]


def test_steps_whose_sides_differ_in_size_are_not_matched() -> None:
    names = ("M1", "M1-wide", "M1-matched", "M4")
    costs = {name: Costs.of(variant(name)) for name in names}
    result = compare({name: scores(float(place)) for place, name in enumerate(names)}, costs, 2)
    marks = {(step.before, step.after): step.not_matched for step in result.steps}
    assert marks == {
        ("M1", "M4"): ("parameters", "MACs"),
        ("M1", "M1-wide"): ("parameters", "MACs"),
        ("M1-wide", "M4"): ("MACs",),
        ("M1-matched", "M4"): (),
    }
    text = table(result)
    for row in result.rows:
        line = next(line for line in text.splitlines() if line.startswith(f"{row.variant} "))
        assert f"{row.parameters:,}" in line
        assert f"{row.macs_per_second / 1e9:.3f} G" in line
    lines = text.splitlines()
    step = lines.index("M1 -> M4, pesq: isolates both together")
    ratio = costs["M4"].parameters / costs["M1"].parameters
    assert lines[step + 1].startswith(f"    costs       parameters {ratio - 1:+.1%}, MACs ")
    assert lines[step + 1].endswith("*not matched* in parameters and MACs")
    matched = lines.index(
        "M1-matched -> M4, pesq: isolates FAC and MRHA3, against a baseline of the same size and MACs"
    )
    assert "not matched" not in lines[matched + 1]


def test_exactly_five_percent_is_still_matched() -> None:
    assert MATCHED == 0.05
    for parameters, mark in ((1050, ()), (1051, ("parameters",)), (949, ("parameters",))):
        costs = {"M1": Costs(1000, 1000), "M2": Costs(parameters, 1000)}
        result = compare({"M1": scores(1.0), "M2": scores(2.0)}, costs, 2)
        assert result.steps[0].not_matched == mark


def test_variants_with_more_seeds_are_compared_on_the_shared_ones() -> None:
    costs = {"M1": Costs(1, 1), "M2": Costs(1, 1)}
    result = compare({"M1": scores(1.0) + scores(5.0), "M2": scores(1.5)}, costs, 2)
    assert result.steps[0].over_files is not None
    assert result.steps[0].over_files.mean == pytest.approx(0.5)
    assert compare({}, costs, 2).rows == ()


def test_every_step_names_networks_that_exist() -> None:
    assert {name for before, after, _ in STEPS for name in (before, after) if variant(name)}
