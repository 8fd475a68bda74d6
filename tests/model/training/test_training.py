"""Training end to end on a toy corpus: the run folder, resume after a kill, several processes, and NaN."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from model.checkpoint import load_checkpoint  # noqa: E402
from model.errors import DataError, NotFinite, TrainingError  # noqa: E402
from model.networks import variant  # noqa: E402
from model.runs import RunFolder, sha256  # noqa: E402
from model.training.recipe import Recipe  # noqa: E402
from model.training.trainer import Machine, resume, start, training_data  # noqa: E402
from tests.model.signals import corpus  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
VALUES = [
    "epochs=3", "batch=3", "crop_seconds=0.4", "adversarial_start=0.4", "adversarial_ramp=1", "validation=p3_*",
    "discriminator_width=8",
]  # fmt: skip
MACHINE = Machine(cpu=True, workers=1)


def settings(*words: str) -> Recipe:
    return Recipe().with_overrides([*VALUES, *words])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five files to train on (so that batches are 3 and 2), one to validate on."""
    root = corpus(tmp_path_factory.mktemp("corpus"), train=6, test=1, seconds=0.9)
    for kind in ("clean", "noisy"):
        (root / "train" / kind / "p3_005.wav").rename(root / "train" / kind / "p2_005.wav")
    return root


@pytest.fixture(scope="module")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """An uninterrupted run."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    recipe = settings()
    return start(folder, "M1", variant("M1"), recipe, training_data(data, recipe.validation), MACHINE)


def weights(run: Path, of: str = "network") -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(run / "resume.pt", weights_only=True)[of]
    return state


def largest_difference(a: Path, b: Path, of: str = "network") -> float:
    one, other = weights(a, of), weights(b, of)
    return max(float((one[name] - other[name]).abs().max()) for name in one)


def test_a_run_folder_says_what_was_done(whole: RunFolder, data: Path) -> None:
    config, environment = whole.config(), whole.environment()
    assert config["format"] == "litdb-run/1"
    assert config["model"] == "M1"
    assert config["parameters"] == 361_700
    assert config["recipe"] == settings().to_json()
    assert config["data"]["training_files"] == 5
    assert config["data"]["validation_files"] == 1
    assert environment["seed"] == 1
    assert environment["data_fingerprint"] == training_data(data, ("p3_*",)).fingerprint
    assert {"torch", "numpy", "pesq"} <= set(environment["libraries"])
    epochs = whole.epochs()
    assert [epoch["epoch"] for epoch in epochs] == [1, 2, 3]
    assert [epoch["adversarial_weight"] for epoch in epochs] == [0, 0, 0.3]
    assert [epoch["labels"] for epoch in epochs] == [
        0,
        10,
        10,
    ]  # two for each of five files, none before the phase
    assert "discriminator" not in epochs[0]["train"]
    assert epochs[2]["validation"]["files"] == epochs[2]["validation"]["stoi_files"] == 1
    assert list(whole.events())[-1]["event"] == "finished"


def test_the_five_checkpoints_are_what_the_records_say(whole: RunFolder) -> None:
    records = {record.name: record for record in whole.checkpoints()}
    assert list(records) == ["best-loss", "best-pesq", "best-stoi", "best-composite", "last"]
    by_epoch = {epoch["epoch"]: epoch["validation"] for epoch in whole.epochs()}
    for name, record in records.items():
        assert sha256(whole.path / record.file) == record.sha256
        _, meta = load_checkpoint(whole.path / record.file)
        assert meta.epoch == record.epoch
        assert meta.config == variant("M1")
        assert record.selected_on == ("none" if name == "last" else "validation")
    assert records["last"].epoch == 3
    for term, best in (("loss", min), ("pesq", max), ("stoi", max), ("composite", max)):
        chosen = records[f"best-{term}"].epoch
        assert by_epoch[chosen][term] == best(values[term] for values in by_epoch.values())
    values = by_epoch[records["best-composite"].epoch]
    expected = 0.5 * (values["pesq"] - 1) / 3.5 + 0.3 * values["stoi"] - 0.2 * values["loss"]
    assert values["composite"] == pytest.approx(expected)


def command(data: Path, *more: str) -> list[str]:
    words = [word for value in VALUES for word in ("--set", value)]
    train = ["-m", "litdb", "model", "train", "--data", str(data), "--model", "M4", "--workers", "1"]
    return [*train, *words, *more]


def child_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("every", [0, 1])
def test_killed_and_resumed_ends_with_the_same_weights(
    whole: RunFolder, data: Path, tmp_path: Path, every: int
) -> None:
    run = tmp_path / "killed"
    script = [sys.executable, "-c", _TRAIN, str(data), str(run), str(every)]
    process = subprocess.Popen(script, cwd=ROOT, env=child_environment(), stderr=subprocess.DEVNULL)
    stop = time.monotonic() + 120
    while not (run / "resume.pt").exists() and process.poll() is None and time.monotonic() < stop:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    position = torch.load(run / "resume.pt", weights_only=True)
    assert position["epoch"] < 3
    with (run / "log.jsonl").open("a") as log:
        log.write('{"time": "cut sho')  # what a kill while writing leaves
    resumed = resume(run, machine=MACHINE)
    assert largest_difference(run, whole.path) == 0
    assert [epoch["train"] for epoch in resumed.epochs()] == [epoch["train"] for epoch in whole.epochs()]
    assert [record.sha256 for record in resumed.checkpoints()] == [
        record.sha256 for record in whole.checkpoints()
    ]
    assert "resumed" in {event["event"] for event in resumed.events()}


_TRAIN = f"""
import sys, torch
from pathlib import Path
from model.networks import variant
from model.training.recipe import Recipe
from model.training.trainer import Machine, start, training_data
if __name__ == "__main__":
    recipe = Recipe().with_overrides({VALUES!r} + [f"save_every_steps={{sys.argv[3]}}"])
    data = training_data(Path(sys.argv[1]), recipe.validation)
    start(Path(sys.argv[2]), "M1", variant("M1"), recipe, data, Machine(cpu=True, workers=1))
"""


@pytest.mark.timeout(900)  # three interpreters; a loaded machine is slow to start them
def test_one_and_two_processes_take_the_same_steps(data: Path, tmp_path: Path) -> None:
    """Five files in batches of three and two: the second process has one item, once filled up and once of its own."""
    words = ["network.dropout=0", "discriminator_dropout=0", "epochs=2"]
    more = [word for value in words for word in ("--set", value)]
    environment = {**child_environment(), "OMP_NUM_THREADS": "2"}  # torchrun gives its processes one each
    single = subprocess.run(
        [sys.executable, *command(data, *more, "--out", str(tmp_path / "one"))],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert single.returncode == 0, single.stderr
    launch = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node",
        "2",
        "--rdzv-backend",
        "c10d",
    ]
    launch += ["--rdzv-endpoint", "localhost:0", "--local-addr", "localhost"]
    double = subprocess.run(
        [*launch, *command(data, *more, "--out", str(tmp_path / "two"))],
        cwd=ROOT, env=child_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert double.returncode == 0, double.stderr
    runs = [RunFolder.open(tmp_path / name) for name in ("one", "two")]
    said = runs[1].environment()
    assert (said["processes"], said["backend"], said["devices"]) == (2, "gloo", ["cpu", "cpu"])
    for one, other in zip(*(run.epochs() for run in runs), strict=True):
        assert other["train"] == pytest.approx(one["train"], abs=1e-5)
        assert other["validation"] == pytest.approx(one["validation"], abs=1e-5)
    assert runs[1].epochs()[1]["train"]["discriminator"] > 0
    assert largest_difference(tmp_path / "one", tmp_path / "two") < 1e-5
    assert largest_difference(tmp_path / "one", tmp_path / "two", "discriminator") < 1e-5


def test_nan_is_named_and_reaches_no_checkpoint(
    whole: RunFolder, data: Path, tmp_path: Path, monkeypatch
) -> None:
    from model.training import step

    steps = 0
    honest = step.parts

    def spoiled(outcome):  # type: ignore[no-untyped-def]
        nonlocal steps
        steps += 1
        losses = honest(outcome)
        if steps == 5:  # two steps and a validation each epoch: the second epoch
            losses["magnitude"] = losses["magnitude"] * float("nan")
        return losses

    monkeypatch.setattr(step, "parts", spoiled)
    recipe = settings("epochs=4")
    run = tmp_path / "nan"
    with pytest.raises(NotFinite, match=r"the magnitude loss is nan for the batch p\d_\d+"):
        start(run, "M1", variant("M1"), recipe, training_data(data, recipe.validation), MACHINE)
    stopped = [event for event in RunFolder.open(run).events() if event["event"] == "stopped"]
    assert "magnitude loss is nan" in stopped[0]["reason"]
    for record in RunFolder.open(run).checkpoints():
        network, _ = load_checkpoint(run / record.file)
        assert all(parameter.isfinite().all() for parameter in network.parameters())
        assert sha256(run / record.file) == record.sha256


def test_a_gradient_that_is_not_finite_is_named(data: Path) -> None:
    from accelerate import Accelerator

    from model.networks import MetricDiscriminator, build
    from model.training.step import Batch, Stepper

    recipe = settings()
    network = build(variant("M1"))
    stepper = Stepper(recipe, network, MetricDiscriminator(8), Accelerator(cpu=True))
    name, parameter = next(iter(network.named_parameters()))
    parameter.register_hook(lambda gradient: gradient * float("inf"))
    before = parameter.detach().clone()
    wave = torch.randn(1, 6400) * 0.1
    with pytest.raises(NotFinite, match=f"generator's gradient of {name} is not finite for the batch it"):
        stepper.step(Batch(wave, wave, torch.ones(1), 1, ["it"]), 0.0, None)
    assert torch.equal(parameter, before)


def test_an_existing_run_is_not_overwritten(whole: RunFolder, data: Path) -> None:
    recipe = settings()
    with pytest.raises(TrainingError, match="already holds a run"):
        start(whole.path, "M1", variant("M1"), recipe, training_data(data, recipe.validation), MACHINE)


def test_a_finished_run_resumes_to_itself(whole: RunFolder) -> None:
    before = weights(whole.path)
    resume(whole.path, machine=MACHINE)
    assert all(torch.equal(before[name], value) for name, value in weights(whole.path).items())


def test_other_data_is_no_data_to_resume_with(whole: RunFolder, tmp_path: Path) -> None:
    other = corpus(tmp_path / "other", train=6, seconds=1.0)
    with pytest.raises(TrainingError, match="does not hold the files"):
        resume(whole.path, other, MACHINE)


def test_validation_must_hold_out_something(data: Path) -> None:
    with pytest.raises(
        DataError, match=r"validation=p226_\* holds out 0 of 6 utterances; speakers here are p1, p2, p3"
    ):
        training_data(data, ("p226_*",))
    with pytest.raises(DataError, match="holds out 6 of 6"):
        training_data(data, ("*",))


def test_the_log_is_json_lines(whole: RunFolder) -> None:
    for line in (whole.path / "log.jsonl").read_text().splitlines():
        assert {"time", "event"} <= set(json.loads(line))
