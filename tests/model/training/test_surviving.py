"""What a training outlives: a full disk, a killed worker, a closed pipe, a deadline; and how a run is built upon."""

import errno
import os
import shlex
import shutil
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from model.checkpoint import load_checkpoint  # noqa: E402
from model.data import Crops  # noqa: E402
from model.errors import ModelError, ModelUsageError, Stopped, TrainingError  # noqa: E402
from model.networks import build, variant  # noqa: E402
from model.runs import RunFolder  # noqa: E402
from model.training.average import Average  # noqa: E402
from model.training.machine.processes import Machine  # noqa: E402
from model.training.machine.stopping import Stop  # noqa: E402
from model.training.origin import origin_of  # noqa: E402
from model.training.recipe import Recipe, recipe  # noqa: E402
from model.training.trainer import resume, training_data  # noqa: E402
from model.training.watching.progress import Progress  # noqa: E402
from model.workers import SteadyPool  # noqa: E402
from tests.model.dying import die  # noqa: E402
from tests.model.signals import RATE, put, speech  # noqa: E402
from tests.model.training.conftest import WORDS  # noqa: E402

HERE = Machine(cpu=True, workers=1)


@pytest.fixture(scope="module")
def whole(small, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """An uninterrupted run of two epochs, two steps each."""
    return small.train(tmp_path_factory.mktemp("whole") / "run")


def state(run: Path) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = torch.load(run / "resume.pt", weights_only=True)["network"]
    return found


def same_weights(one: Path, other: Path) -> bool:
    a, b = state(one), state(other)
    return all(torch.equal(a[name], b[name]) for name in a)


def test_a_log_on_a_full_disk_costs_nothing(small, whole: RunFolder, tmp_path: Path) -> None:
    """The state is saved before the log says so, and the log's line with it."""
    run = tmp_path / "full"
    run.mkdir()
    (run / "log.jsonl").symlink_to("/dev/full")
    with pytest.raises(
        TrainingError, match=r"no room left on the disk of .* from epoch 1, step 0 with --resume"
    ):
        small.train(run)
    (run / "log.jsonl").unlink()
    resumed = resume(run, machine=HERE)
    assert same_weights(run, whole.path)
    assert [epoch["train"] for epoch in resumed.epochs()] == [epoch["train"] for epoch in whole.epochs()]


def test_a_state_that_does_not_fit_on_the_disk_leaves_the_one_before(
    small, whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model import checkpoint

    written = 0
    honest = os.fsync

    def full(descriptor: int) -> None:
        nonlocal written
        written += 1
        if written == 9:  # in the second epoch
            raise OSError(errno.ENOSPC, "No space left on device")
        honest(descriptor)

    run = tmp_path / "full"
    monkeypatch.setattr(checkpoint.os, "fsync", full)
    with pytest.raises(TrainingError, match="no room left on the disk"):
        small.train(run)
    assert not list(run.glob(".*.part"))
    monkeypatch.setattr(checkpoint.os, "fsync", honest)
    resume(run, machine=HERE)
    assert same_weights(run, whole.path)


def test_a_run_ends_at_its_deadline_and_goes_on(small, whole: RunFolder, tmp_path: Path) -> None:
    run = tmp_path / "stopped"
    late = Stop()
    late.told = True
    with pytest.raises(
        Stopped, match=r"was stopped \(SIGTERM\) in epoch 1 after step 1, and is saved"
    ) as stopped:
        small.train(run, stop=late)
    assert stopped.value.told
    with pytest.raises(Stopped, match="the time of --hours is over") as over:
        resume(run, machine=Machine(cpu=True, workers=1, stop=Stop(1e-9)))
    assert not over.value.told
    resumed = resume(run, machine=HERE)
    assert same_weights(run, whole.path)
    assert [event["event"] for event in resumed.events()] == [
        "stopped", "resumed", "stopped", "resumed", "epoch", "epoch", "finished",
    ]  # fmt: skip


def test_a_killed_worker_is_replaced_and_its_work_done(tmp_path: Path) -> None:
    deaths: list[int] = []
    with SteadyPool(1, lambda: deaths.append(1)) as pool:
        jobs = [pool.submit(die, str(tmp_path / "killed")), pool.submit(abs, -3)]
        assert [job.result() for job in jobs] == ["done", 3]
        assert len(deaths) == 1
        with pytest.raises(ModelError, match=r"killed 3 times.*fewer --workers"):
            pool.submit(die, "").result()
        with pytest.raises(ZeroDivisionError):  # an error of the work is no death
            pool.submit(divmod, 1, 0).result()
        assert pool.submit(abs, -4).result() == 4


def test_nobody_reading_does_not_stop_a_training() -> None:
    class Closed:
        asked = 0

        def isatty(self) -> bool:
            return False

        def write(self, _words: str) -> None:
            self.asked += 1
            raise BrokenPipeError

    stream = Closed()
    progress = Progress(Recipe(), stream)  # type: ignore[arg-type]
    progress.epoch(0, {"total": 1.0}, None, 1.0)
    progress.epoch(1, {"total": 1.0}, None, 1.0)
    progress.step(1, 1, 2, 0.5)
    assert stream.asked == 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize("closed", ["pipe", "streams"])
def test_a_command_that_nobody_listens_to_trains_to_its_end(small, tmp_path: Path, closed: str) -> None:
    """`2>&1 | head -1`, whose reader goes after the first line; and `>&- 2>&-`."""
    values = [*WORDS, "network.num_channel=4", "network.num_layer=1"]
    words = ["--model", "bsrnn", "--cpu", "--workers", "1", "--out", "run"]
    words += [word for value in values for word in ("--set", value)]
    command = shlex.join(
        [sys.executable, "-m", "litdb", "model", "train", "--data", str(small.corpus), *words]
    )
    root = Path(__file__).resolve().parents[3]
    line = (
        f"{{ {command}; echo $? > code; }} 2>&1 | head -1"
        if closed == "pipe"
        else f"{command} >&- 2>&-; echo $? > code"
    )
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    said = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (tmp_path / "code").read_text().strip() == "0", said
    assert said.stdout.startswith("epoch 1/2 " if closed == "pipe" else "")
    assert list(RunFolder(tmp_path / "run").events())[-1]["event"] == "finished"


def test_files_of_a_hundred_samples_train_and_validate(small, tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(small.corpus, tmp_path / "corpus"))
    for place, name in enumerate(("p1_000", "p3_005")):
        for beside, kind in enumerate(("clean", "noisy")):
            first = 4000 * (1 + 2 * place + beside)  # four files, all different
            put(corpus / "train" / kind / f"{name}.wav", speech(2.0)[first : first + 100], RATE)
    data = training_data(corpus, ("p3_*",))
    assert min(Crops.of(data.training, 100, 1).lengths) == 100
    small_here = type(small)(corpus)
    validated = small_here.train(tmp_path / "run", "epochs=1").epochs()[0]["validation"]
    assert (validated["files"], validated["pesq_files"]) == (2, 1)
    assert np.isfinite(validated["loss"])


@pytest.mark.parametrize("word", ["rate=nan", "clip=inf", "weight_wave=nan", "ema=nan"])
def test_nan_is_no_value_of_a_recipe(word: str) -> None:
    with pytest.raises(ModelUsageError, match=f"{word.split('=')[0]} must be a finite number"):
        recipe("improved", [word])


def test_a_finished_run_is_extended(small, whole: RunFolder, tmp_path: Path) -> None:
    run = small.train(tmp_path / "run", "epochs=1")
    assert run.epochs()[-1]["epoch"] == 1
    longer = resume(run.path, machine=HERE, epochs=2)
    assert same_weights(run.path, whole.path)
    config = longer.config()
    assert config["recipe"]["epochs"] == 2
    assert [(step["from"], step["to"]) for step in config["extended"]] == [(1, 2)]
    with pytest.raises(
        ModelUsageError, match="the run has 2 epochs; to extend it, epochs must be more, not 2"
    ):
        resume(run.path, machine=HERE, epochs=2)


def test_an_extension_does_not_move_the_discriminator() -> None:
    short = Recipe(epochs=250)
    for epochs in (251, 300, 400, 777):
        assert short.extended(epochs).first_adversarial_epoch == short.first_adversarial_epoch == 150


def test_fine_tuning_begins_with_the_weights_and_says_so(small, whole: RunFolder, tmp_path: Path) -> None:
    path = whole.path / "checkpoint_last.pt"
    network, origin = origin_of(path)
    tuned = small.train(tmp_path / "tuned", "epochs=1", "rate=1e-12", begin_with=(network, origin))
    after, _ = load_checkpoint(tuned.path / "checkpoint_last.pt")
    for one, other in zip(network.parameters(), after.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-9)
    said = tuned.config()["from"]
    assert said == {
        "file": "checkpoint_last.pt",
        "sha256": next(record.sha256 for record in whole.checkpoints() if record.name == "last"),
        "epoch": 2,
        "run": whole.config()["name"],
        "model": "small",
        "data_fingerprint": small.data.fingerprint,
        "training_files": "run",
        "types": {"float32": 40},
    }
    elsewhere = tmp_path / "alone.pt"
    shutil.copy(path, elsewhere)
    assert (origin_of(elsewhere)[1].run, origin_of(elsewhere)[1].data_fingerprint) == (None, None)


def test_the_average_is_what_is_validated_saved_and_resumed(small, whole: RunFolder, tmp_path: Path) -> None:
    averaged = small.train(tmp_path / "whole", "ema=0.5")
    assert same_weights(averaged.path, whole.path)  # the training itself is the same
    saved, _ = load_checkpoint(averaged.path / "checkpoint_last.pt")
    followed = torch.load(averaged.path / "resume.pt", weights_only=True)["average"]
    assert followed["steps"] == 4
    for name, value in saved.state_dict().items():
        assert torch.equal(value, followed["network"][name])
    assert averaged.epochs()[1]["validation"]["loss"] != whole.epochs()[1]["validation"]["loss"]
    halved = tmp_path / "halved"
    stop = Stop()
    stop.told = True
    with pytest.raises(Stopped):
        small.train(halved, "ema=0.5", stop=stop)
    resume(halved, machine=HERE)
    again = torch.load(halved / "resume.pt", weights_only=True)["average"]["network"]
    assert all(torch.equal(again[name], value) for name, value in followed["network"].items())


def test_the_average_follows_by_its_formula() -> None:
    network = build(variant("M1"))
    average = Average(network, 0.3)
    parameter, own = next(network.parameters()), next(average.network.parameters())
    expected = parameter.detach().clone()
    for step in range(1, 5):
        with torch.no_grad():
            parameter.add_(1.0)
        average.follow(network)
        keep = min(0.3, (1 + step) / (10 + step))
        expected = keep * expected + (1 - keep) * parameter.detach()
        torch.testing.assert_close(own, expected)


def test_loggers_take_every_epoch_and_cannot_stop_a_training(
    small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[tuple[str, object, int]] = []

    def fails(*_words: object, **_more: object) -> None:
        raise RuntimeError("the server is gone")

    mlflow = types.SimpleNamespace(
        start_run=lambda run_name: taken.append(("run", run_name, 0)),
        log_params=lambda values: taken.append(("params", values["network.kind"], values["epochs"])),
        log_metrics=lambda values, step: taken.append(("metrics", set(values), step)),
        end_run=lambda: taken.append(("end", "", 0)),
    )
    wandb = types.SimpleNamespace(init=lambda **_: None, log=fails, finish=fails)
    monkeypatch.setitem(sys.modules, "mlflow", mlflow)
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    run = small.train(tmp_path / "run", loggers=("mlflow", "wandb", "tensorboard"))
    names = {f"train/{name}" for name in run.epochs()[0]["train"]} | {
        f"validation/{name}" for name in ("loss", "pesq", "stoi", "composite")
    }
    assert taken == [
        ("run", "run", 0), ("params", "bsrnn", 2), ("metrics", names, 1), ("metrics", names, 2), ("end", "", 0),
    ]  # fmt: skip
    lost = {event["logger"]: event["reason"] for event in run.events() if event["event"] == "logger_lost"}
    assert lost == {
        "wandb": "the server is gone",
        "tensorboard": "it is not installed (pip install tensorboard)",
    }
    assert "nothing more goes to tensorboard" in capsys.readouterr().err


def test_how_a_run_was_carried_out_is_recorded_and_kept(small, tmp_path: Path) -> None:
    run = small.train(tmp_path / "run", "epochs=1", precision="bf16")
    said = run.environment()
    assert (said["processes"], said["backend"], said["devices"], said["machines"]) == (1, None, ["cpu"], 1)
    assert (said["precision"], said["compiled"]) == ("bf16", False)
    resume(run.path, machine=HERE, epochs=2)
    resumed = next(event for event in run.events() if event["event"] == "resumed")
    assert (resumed["precision"], resumed["processes"]) == ("bf16", 1)
