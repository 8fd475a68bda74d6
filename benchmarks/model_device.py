"""What can be checked on a GPU alone: how fast training and enhancing are there, how near to the processor, what repeats.

    python benchmarks/model_device.py                  # M4, batch 6; some minutes on one GPU
    python benchmarks/model_device.py --model M1 --steps 20 --no-compile
    python benchmarks/model_device.py --rehearse       # the same on the processor, to try this script

Where there is no GPU (CUDA or MPS) it says so and measures nothing. For each precision, compiled and not: the time of a step
(median, after some that are not timed), the peak memory (CUDA), and the loss after the same steps in single precision and in
this one. Then: the real-time factor of enhancing 4 and 16 s; the largest difference of the enhanced wave from the
processor's; whether two trainings from the same seed end with the same weights, bit by bit; and which operations torch says
have no repeatable kernel there.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from accelerate import Accelerator

from model.evaluation.pool import best_device
from model.networks import MetricDiscriminator, build, variant
from model.stft import SAMPLE_RATE, enhance
from model.training.machine.precision import precision_of
from model.training.machine.processes import Machine, accelerator, not_repeatable
from model.training.recipe import Recipe
from model.training.step import Batch, Stepper

WARM_UP = 5


class Given:
    """Labels that are known: what workers compute is not what is measured here."""

    def submit(self, references: object, _degraded: object) -> Given:
        self.number = len(references)  # type: ignore[arg-type]
        return self

    def result(self) -> list[float | None]:
        return [0.5] * self.number


def batches(number: int, size: int, seconds: float, device: torch.device) -> list[Batch]:
    """Noise in noise: the values do not matter for time."""
    random = torch.Generator().manual_seed(0)
    found = []
    for _ in range(number):
        clean = 0.1 * torch.randn(size, int(seconds * SAMPLE_RATE), generator=random)
        noisy = clean + 0.05 * torch.randn(clean.shape, generator=random)
        found.append(
            Batch(clean.to(device), noisy.to(device), torch.ones(size, device=device), size, ["noise"])
        )
    return found


def stepper(name: str, group: Accelerator, precision: str = "fp32", compiled: bool = False) -> Stepper:
    torch.manual_seed(0)
    network, judge = build(variant(name)), MetricDiscriminator(16)
    return Stepper(Recipe(), network, judge, group, precision=precision_of(precision), compiled=compiled)


def wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def train(own: Stepper, data: list[Batch], device: torch.device) -> tuple[list[float], float]:
    """Seconds of each step with the discriminator, and the last loss."""
    seconds, loss = [], 0.0
    for place, batch in enumerate(data):
        torch.manual_seed(place)
        wait(device)
        started = time.perf_counter()
        loss = own.step(batch, 0.3, Given()).values["total"]  # type: ignore[arg-type]
        wait(device)
        seconds.append(time.perf_counter() - started)
    return seconds, loss


def steps(name: str, group: Accelerator, data: list[Batch], compile_too: bool) -> None:
    device = group.device
    print(f"{'precision':10} {'compiled':8} {'s a step':>9} {'peak MB':>8} {'last loss':>10}")
    for precision in ("fp32", "bf16", "fp16"):
        for compiled in (False, True) if compile_too else (False,):
            if device.type == "cuda":
                torch.cuda.reset_peak_memory_stats()
            try:
                seconds, loss = train(stepper(name, group, precision, compiled), data, device)
            except Exception as error:  # one way that fails does not hide the others
                print(f"{precision:10} {compiled!s:8} failed: {str(error).splitlines()[0][:90]}")
                continue
            peak = f"{torch.cuda.max_memory_allocated() / 1e6:.0f}" if device.type == "cuda" else "-"
            print(
                f"{precision:10} {compiled!s:8} {statistics.median(seconds[WARM_UP:]):9.4f} {peak:>8} {loss:10.5f}"
            )


def enhancing(name: str, device: torch.device) -> None:
    network = build(variant(name)).eval()
    for seconds in (4, 16):
        wave = 0.1 * torch.randn(1, seconds * SAMPLE_RATE, generator=torch.Generator().manual_seed(0))
        expected = enhance(network.cpu(), wave)
        there, moved = network.to(device), wave.to(device)
        enhance(there, moved)
        times = []
        for _ in range(9):
            wait(device)
            started = time.perf_counter()
            found = enhance(there, moved)
            wait(device)
            times.append(time.perf_counter() - started)
        apart = float((found.cpu() - expected).abs().max() / expected.abs().max())
        print(
            f"enhancing {seconds} s: RTF {statistics.median(times) / seconds:.5f}, {apart:.1e} from the processor's"
        )


def repeats(name: str, group: Accelerator, data: list[Batch]) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        ends = []
        for _ in range(2):
            own = stepper(name, group)
            train(own, data[: WARM_UP + 2], group.device)
            ends.append({key: value.cpu() for key, value in own.network.state_dict().items()})
    same = all(torch.equal(ends[0][key], value) for key, value in ends[1].items())
    apart = max(float((ends[0][key] - value).abs().max()) for key, value in ends[1].items())
    print(f"two trainings from one seed: {'the same bit by bit' if same else f'{apart:.1e} apart'}")
    names = not_repeatable([str(warning.message) for warning in seen])
    print(f"no repeatable kernel: {', '.join(names) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="M4")
    parser.add_argument("--batch", type=int, default=6)
    parser.add_argument("--crop", type=float, default=2.0, help="seconds of a crop")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--rehearse", action="store_true")
    chosen = parser.parse_args()
    if best_device() is None and not chosen.rehearse:
        print("There is no GPU here (neither CUDA nor MPS): nothing was measured.")
        return
    group = accelerator(Machine(cpu=chosen.rehearse))
    device = group.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    print(f"{chosen.model} on {name}, torch {torch.__version__}, batch {chosen.batch}, {chosen.crop} s")
    data = batches(chosen.steps + WARM_UP, chosen.batch, chosen.crop, device)
    steps(chosen.model, group, data, not chosen.no_compile)
    enhancing(chosen.model, device)
    repeats(chosen.model, group, data)


if __name__ == "__main__":
    main()
