"""Time and memory of the networks against their literal transcription (`model_reference`), side by side in one run.

    python benchmarks/model_speed.py                              # everything, about eight minutes on 2 cores
    python benchmarks/model_speed.py --only forward --threads 1 --repeats 31

Spectrogram in, spectrogram out: the STFT before and its inverse after the network are not timed. The input is the STFT of
noise in the memory order in which `torch.stft` leaves it. Networks take turns, medians are compared (the fastest pass is
in brackets): absolute times depend on the machine, ratios hardly. One thread is timed by the processor time of the process,
in which waiting for a core does not count, several threads by the clock on the wall. The load of the machine is printed
before and after; several threads slow each other down on a busy machine, so there repeat the run. Memory is what a
forward pass adds to the peak resident memory of a fresh process (Linux). Exit code 1 when a ratio misses what is promised
in the headings of the tables.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from torch import nn

from benchmarks.model_reference import reference
from model.networks import build, variant
from model.networks.names import from_stored
from model.stft import SAMPLE_RATE, stft

FORWARD_SECONDS = (4, 16)
MEMORY_SECONDS = (4, 8, 16, 30, 60, 120)
YARDSTICK_MEMORY_SECONDS = 30
"""The yardstick's grows with the square of the length: gigabytes beyond."""
CROP_SECONDS, BATCH = 2, 2
FORWARD_PROMISE = "(promised: <= 0.68 of the yardstick at 4 s, <= 0.46 at 16 s, equal to 1e-5, yardstick <= 0.20 of BSRNN at 4 s)"
TRAINING_PROMISE = "(promised: no slower)"
MEMORY_PROMISE = "(promised: M4 linear in the length up to 120 s)"


def spectrum(seconds: float, batch: int = 1) -> torch.Tensor:
    return stft(torch.randn(batch, int(seconds * SAMPLE_RATE), generator=torch.Generator().manual_seed(0)))


def pair(name: str = "M4") -> tuple[nn.Module, nn.Module]:
    """The yardstick and the package's network with the same weights."""
    torch.manual_seed(0)
    yardstick, network = reference(name), build(variant(name))
    with torch.no_grad():
        from_stored(network, yardstick.state_dict())
    return yardstick, network


@dataclass(frozen=True)
class Timing:
    """Seconds of one call: the median of all calls and the fastest."""

    median: float
    fastest: float

    def __str__(self) -> str:
        return f"{self.median * 1e3:7.1f} ({self.fastest * 1e3:.1f}) ms"


def interleaved(functions: dict, repeats: int) -> dict[str, Timing]:
    """All functions called in turn."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    times = {name: [] for name in functions}
    for function in functions.values():
        function()
    for _ in range(repeats):
        for name, function in functions.items():
            start = clock()
            function()
            times[name].append(clock() - start)
    return {name: Timing(statistics.median(values), min(values)) for name, values in times.items()}


def forward(repeats: int) -> bool:
    yardstick, network = pair()
    networks = {"yardstick": yardstick, "package": network, "BSRNN": reference("bsrnn")}
    for module in networks.values():
        module.eval()
    kept = True
    for seconds in FORWARD_SECONDS:
        x = spectrum(seconds)
        with torch.inference_mode():
            difference = (yardstick(x) - network(x)).abs().max().item()
            scale = yardstick(x).abs().max().item()
            passes = {name: partial(module, x) for name, module in networks.items()}
            times = interleaved(passes, repeats if seconds <= 4 else max(5, repeats // 3))
        median = {name: timing.median for name, timing in times.items()}
        gain, share = median["yardstick"] / median["package"], median["yardstick"] / median["BSRNN"]
        print(
            f"{seconds:3d} s: {', '.join(f'{name} {timing}' for name, timing in times.items())}; {1 / gain:.3f} of the yardstick, "
            f"yardstick {share:.3f} and package {median['package'] / median['BSRNN']:.3f} of BSRNN; "
            f"largest difference {difference:.1e} (largest value {scale:.1f})"
        )
        kept &= (
            1 / gain <= (0.68 if seconds == 4 else 0.46)
            and difference <= 1e-5
            and (seconds != 4 or share <= 0.20)
        )
    return kept


def training(repeats: int) -> bool:
    x = spectrum(CROP_SECONDS, BATCH)
    steps = {}
    for name, network in zip(("yardstick", "package"), pair()):
        network.train()
        optimiser = torch.optim.Adam(network.parameters())

        def step(network: nn.Module = network, optimiser: torch.optim.Optimizer = optimiser) -> None:
            optimiser.zero_grad()
            (network(x) - x).abs().mean().backward()
            optimiser.step()

        steps[name] = step
    times = interleaved(steps, max(5, repeats // 2))
    gain = times["yardstick"].median / times["package"].median
    print(f"yardstick {times['yardstick']}, package {times['package']}; gain {gain:.2f}x")
    return gain >= 1.0


def peak_resident() -> int:
    """Highest resident memory of this process so far, in bytes (getrusage would give the parent's when that is higher)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def added_by_a_pass(which: str, seconds: float) -> int:
    """Bytes a forward pass adds to this (fresh) process's peak resident memory."""
    network = dict(zip(("yardstick", "package"), pair()))[which].eval()
    x = spectrum(seconds)
    with torch.inference_mode():
        network(spectrum(0.5))
        before = peak_resident()
        network(x)
    return peak_resident() - before


def memory() -> bool:
    context = multiprocessing.get_context("spawn")
    package = {}
    for seconds in MEMORY_SECONDS:
        found = {}
        for which in ("yardstick", "package") if seconds <= YARDSTICK_MEMORY_SECONDS else ("package",):
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                found[which] = pool.submit(added_by_a_pass, which, seconds).result() / 2**20
        package[seconds] = found["package"]
        print(
            f"{seconds:4d} s: {', '.join(f'{which} {megabytes:.0f} MB' for which, megabytes in found.items())} "
            f"({found['package'] / seconds:.2f} MB a second)"
        )
    doubled = (package[120] - package[60]) / (package[60] - package[30])
    print(
        f"from 60 to 120 s it grows {doubled:.2f} times as much as from 30 to 60 s (linear: 2, quadratic: 4)"
    )
    return doubled <= 2.2


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--only", choices=("forward", "training", "memory"))
    parser.add_argument("--threads", type=int, nargs="+", default=sorted({os.cpu_count() or 1, 1}))
    args = parser.parse_args()
    print(f"torch {torch.__version__}, load before {os.getloadavg()[0]:.2f}")
    kept = []
    for threads in args.threads:
        torch.set_num_threads(threads)
        if args.only in (None, "forward"):
            print(f"\nForward pass, {threads} thread(s) {FORWARD_PROMISE}")
            kept.append(forward(args.repeats))
        if args.only in (None, "training"):
            print(
                f"\nTraining step, {BATCH} crops of {CROP_SECONDS} s, no discriminator, {threads} thread(s) {TRAINING_PROMISE}"
            )
            kept.append(training(args.repeats))
    if args.only in (None, "memory"):
        print(f"\nMemory of a forward pass {MEMORY_PROMISE}")
        kept.append(memory())
    print(
        f"\nload after {os.getloadavg()[0]:.2f}; {'all promises kept' if all(kept) else 'a promise was NOT kept'}"
    )
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
