"""Processes, precision, lock and deadline, without starting a group (`test_training` starts one)."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from accelerate import Accelerator  # noqa: E402

from model.errors import ModelUsageError, NotFinite, TrainingError  # noqa: E402
from model.networks import BSRNNConfig, MetricDiscriminator, build, variant  # noqa: E402
from model.stft import stft  # noqa: E402
from model.training.machine.lock import HOLDER, locked, refuse_held  # noqa: E402
from model.training.machine.precision import Forward, LossScale, precision_of  # noqa: E402
from model.training.machine.processes import (  # noqa: E402
    Machine,
    accelerator,
    first_host,
    from_slurm,
    not_repeatable,
)
from model.training.machine.stopping import Stop, heeding_sigterm  # noqa: E402
from model.training.recipe import Recipe  # noqa: E402
from model.training.step import Batch, Stepper  # noqa: E402

SLURM = {
    "SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "3", "SLURM_LOCALID": "1", "SLURM_STEP_TASKS_PER_NODE": "2(x2)",
    "SLURM_STEP_NODELIST": "gpu[03-04]", "SLURM_JOB_ID": "7", "SLURM_STEP_ID": "2",
}  # fmt: skip


def test_tasks_of_srun_find_each_other() -> None:
    found = from_slurm(SLURM)
    assert {name: found[name] for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")} == {
        "RANK": "3",
        "WORLD_SIZE": "4",
        "LOCAL_RANK": "1",
        "LOCAL_WORLD_SIZE": "2",
    }
    assert (found["MASTER_ADDR"], found["MASTER_PORT"]) == ("gpu03", "15219")
    assert from_slurm({**SLURM, "MASTER_ADDR": "here"})["MASTER_ADDR"] == "here"
    assert from_slurm({**SLURM, "RANK": "0"}) == {}  # torchrun under srun
    assert from_slurm({"SLURM_NTASKS": "4", "SLURM_PROCID": "0"}) == {}  # the batch script, alone
    assert from_slurm({**SLURM, "SLURM_STEP_NUM_TASKS": "1"}) == {}


@pytest.mark.parametrize(
    ("nodes", "first"),
    [("cpu1", "cpu1"), ("gpu[03-05,9],cpu1", "gpu03"), ("a-1,a-2", "a-1"), ("n[1,4]-ib", "n1-ib")],
)
def test_the_first_node_is_where_all_meet(nodes: str, first: str) -> None:
    assert first_host(nodes) == first


def test_processes_that_cannot_be_joined_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Accelerator(cpu=True)
    monkeypatch.setattr("model.training.machine.processes.Accelerator", lambda **_: alone)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(TrainingError, match="2 processes were started, but on cpu each is alone"):
        accelerator(Machine())


def test_torchs_warnings_name_what_is_not_repeatable() -> None:
    said = [
        "reflection_pad1d_backward_out_cuda does not have a deterministic implementation, but you set ...",
        "The given NumPy array is not writable",
        "cumsum_cuda_kernel does not have a deterministic implementation, but you set ...",
    ]
    assert not_repeatable(said) == ["cumsum_cuda_kernel", "reflection_pad1d_backward_out_cuda"]


def test_a_second_trainer_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from model.training.machine.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)\n"
    )
    root = Path(__file__).resolve().parents[4]
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for ask in (lambda: refuse_held(tmp_path), lambda: locked(tmp_path).__enter__()):
            with pytest.raises(
                TrainingError, match=f"is being trained by process {holder.pid} on .* since 20"
            ):
                ask()
    finally:
        holder.kill()
        holder.wait()
    assert (tmp_path / HOLDER).exists()  # a kill leaves its name, but not the lock
    with locked(tmp_path):
        assert json.loads((tmp_path / HOLDER).read_text())["process"] == os.getpid()
    assert not (tmp_path / HOLDER).exists()


def test_a_folder_nobody_trains_in_is_left_alone(tmp_path: Path) -> None:
    refuse_held(tmp_path)
    with locked(tmp_path / "other", wanted=False):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_stop_is_due_by_time_or_signal() -> None:
    group = Accelerator(cpu=True)
    hour = Stop(1.0)
    assert not hour.due()
    assert not hour.agreed(group, reserve=3000)
    assert hour.agreed(group, reserve=3601)
    assert hour.reason == "the time of --hours is over"
    with heeding_sigterm(Stop()) as stop:
        assert not stop.due(reserve=1e12)
        os.kill(os.getpid(), signal.SIGTERM)
        deadline = time.monotonic() + 5
        while not stop.due() and time.monotonic() < deadline:
            pass
        assert stop.reason == "SIGTERM"
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    for hours in (0.0, -1.0, float("nan")):
        with pytest.raises(ModelUsageError, match="--hours must be above 0"):
            Stop(hours)


@pytest.mark.parametrize(("precision", "digits"), [("bf16", 2e-2), ("fp16", 3e-3)])
@pytest.mark.parametrize("name", ["M4", "M1"])
def test_low_precision_is_near_the_network(precision: str, digits: float, name: str) -> None:
    network = build(variant(name)).eval()
    spec = stft(0.1 * torch.randn(1, 4000))
    with torch.no_grad():
        exact, rough = network(spec), Forward(network, precision_of(precision))(spec)
    assert rough.dtype == torch.complex64
    error = float((rough - exact).abs().mean() / exact.abs().mean())
    assert 0 < error < digits
    assert torch.equal(Forward(network)(spec), network(spec))


@pytest.mark.timeout(120)
def test_what_cannot_be_compiled_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """As torch fails without a C++ compiler."""
    honest = torch.compile

    def failing(_graph, _inputs):  # type: ignore[no-untyped-def]
        raise RuntimeError("No working C++ compiler found\nsecond line")

    monkeypatch.setattr(torch, "compile", lambda function: honest(function, backend=failing))
    network = build(BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200)))
    with pytest.raises(
        TrainingError, match=r"--compile does not work here \(.*No working C\+\+ compiler.*--no-compile"
    ) as told:
        Forward(network, compiled=True)(stft(torch.randn(1, 2000)))
    assert "second line" not in str(told.value)


def test_a_compiled_network_is_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traced as for compiling, and run without what a C++ compiler makes of it, which takes minutes."""
    traced: list[str] = []
    honest = torch.compile

    def without_compiler(function, **_how):  # type: ignore[no-untyped-def]
        traced.append(function.__name__)
        return honest(function, backend="eager")

    monkeypatch.setattr(torch, "compile", without_compiler)
    network = build(BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200))).eval()
    spec = stft(0.1 * torch.randn(1, 4000))
    with torch.no_grad():
        torch.testing.assert_close(Forward(network, compiled=True)(spec), network(spec))
    assert traced == ["real"]


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ModelUsageError, match="precision is fp32, bf16, fp16, not 'half'"):
        precision_of("half")


def test_an_overflow_in_fp16_halves_the_scale_and_leaves_the_step_out() -> None:
    network = build(BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200)))
    stepper = Stepper(Recipe(), network, MetricDiscriminator(4), Accelerator(cpu=True), precision="fp16")
    first = next(iter(network.parameters()))
    handle = first.register_hook(lambda gradient: gradient * float("inf"))
    wave = torch.randn(1, 4000) * 0.1
    batch = Batch(wave, wave + 0.01 * torch.randn(1, 4000), torch.ones(1), 1, ["it"])
    before = first.detach().clone()
    assert stepper.step(batch, 0.0, None).gradient_norm is None
    assert stepper.scale == LossScale(2.0**15, 0)
    assert torch.equal(first, before)
    stepper.scale.value = 1.0
    with pytest.raises(NotFinite, match="generator's gradient"):
        stepper.step(batch, 0.0, None)
    handle.remove()
    norms = []
    for scale in (2.0**10, 2.0**15):
        stepper.scale = LossScale(scale)
        state = {name: value.clone() for name, value in network.state_dict().items()}
        norms.append(stepper.step(batch, 0.0, None).gradient_norm)
        network.load_state_dict(state)
    assert norms[0] == pytest.approx(norms[1], rel=0.02)  # the scale is taken out of the gradient again
    assert stepper.scale.good_steps == 1
