"""Time and memory of the networks against their literal transcription (`model_reference`), side by side in one run.

    python benchmarks/model_speed.py                   # everything, about five minutes on 2 cores
    python benchmarks/model_speed.py --only forward --repeats 31

Networks take turns, medians are compared: absolute times depend on the machine, ratios hardly. The load of the machine is
printed before and after; on a busy one repeat the run. Memory is the peak resident memory a forward pass adds to a fresh
process. Exit code 1 when a ratio misses what is promised in the headings of the tables.
"""

import argparse
import multiprocessing
import os
import resource
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from torch import nn

from benchmarks.model_reference import reference
from model.networks import build, variant
from model.networks.names import from_stored

FORWARD_SECONDS = (4, 16)
MEMORY_SECONDS = (4, 8, 16, 30, 60, 120)
CROP_SECONDS, BATCH = 2, 2


def spectrum(seconds: float, batch: int = 1) -> torch.Tensor:
    frames = 1 + int(seconds * 16000) // 128
    return torch.randn(batch, 257, frames, dtype=torch.complex64, generator=torch.Generator().manual_seed(0))


def pair(name: str = "M4") -> tuple[nn.Module, nn.Module]:
    """The yardstick and the package's network with the same weights."""
    torch.manual_seed(0)
    yardstick, network = reference(name), build(variant(name))
    with torch.no_grad():
        from_stored(network, yardstick.state_dict())
    return yardstick, network


def interleaved(functions: dict, repeats: int) -> dict[str, float]:
    """Median seconds of each function, all of them called in turn."""
    times = {name: [] for name in functions}
    for function in functions.values():
        function()
    for _ in range(repeats):
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def forward(repeats: int) -> bool:
    print(
        "\nForward pass (promised: >= 1.3x at 4 s, >= 2x at 16 s, equal to 1e-5, yardstick <= 0.20 of BSRNN at 4 s)"
    )
    yardstick, network = pair()
    bsrnn = reference("bsrnn")
    for module in (yardstick, network, bsrnn):
        module.eval()
    kept = True
    for seconds in FORWARD_SECONDS:
        x = spectrum(seconds)
        with torch.inference_mode():
            difference = (yardstick(x) - network(x)).abs().max().item()
            times = interleaved(
                {
                    "yardstick": lambda x=x: yardstick(x),
                    "package": lambda x=x: network(x),
                    "BSRNN": lambda x=x: bsrnn(x),
                },
                repeats if seconds <= 4 else max(3, repeats // 3),
            )
        gain, share = times["yardstick"] / times["package"], times["yardstick"] / times["BSRNN"]
        own = times["package"] / times["BSRNN"]
        print(
            f"{seconds:3d} s: yardstick {times['yardstick'] * 1e3:7.1f} ms, package {times['package'] * 1e3:7.1f} ms, "
            f"BSRNN {times['BSRNN'] * 1e3:7.1f} ms; gain {gain:.2f}x, yardstick {share:.3f} and package {own:.3f} of BSRNN, "
            f"largest difference {difference:.1e}"
        )
        kept &= (
            gain >= (1.3 if seconds == 4 else 2.0) and difference <= 1e-5 and (seconds != 4 or share <= 0.20)
        )
    return kept


def training(repeats: int) -> bool:
    print(f"\nTraining step, {BATCH} crops of {CROP_SECONDS} s, without discriminator (promised: no slower)")
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
    gain = times["yardstick"] / times["package"]
    print(
        f"yardstick {times['yardstick'] * 1e3:.0f} ms, package {times['package'] * 1e3:.0f} ms, gain {gain:.2f}x"
    )
    return gain >= 1.0


def peak_of(which: str, seconds: float, threads: int) -> int:
    """Bytes a forward pass adds to this (fresh) process's peak resident memory."""
    torch.set_num_threads(threads)
    network = dict(zip(("yardstick", "package"), pair()))[which].eval()
    x = spectrum(seconds)
    with torch.inference_mode():
        network(spectrum(0.5))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        network(x)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024


def memory() -> bool:
    print("\nPeak memory of a forward pass (promised: M4 linear in the length up to 120 s)")
    context = multiprocessing.get_context("spawn")
    per_second = {}
    for seconds in MEMORY_SECONDS:
        figures = []
        for which in ("yardstick", "package") if seconds <= 30 else ("package",):
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                peak = pool.submit(peak_of, which, seconds, torch.get_num_threads()).result()
            figures.append(f"{which} {peak / 2**20:7.0f} MB")
            if which == "package":
                per_second[seconds] = peak / 2**20 / seconds
        print(f"{seconds:4d} s: {', '.join(figures)} ({per_second[seconds]:.1f} MB a second)")
    return per_second[120] <= 1.2 * per_second[16]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=21)
    parser.add_argument("--only", choices=("forward", "training", "memory"))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    print(f"torch {torch.__version__}, {args.threads} threads, load before {os.getloadavg()[0]:.2f}")
    parts = {
        "forward": lambda: forward(args.repeats),
        "training": lambda: training(args.repeats),
        "memory": memory,
    }
    kept = [part() for name, part in parts.items() if args.only in (None, name)]
    print(
        f"\nload after {os.getloadavg()[0]:.2f}; {'all promises kept' if all(kept) else 'a promise was NOT kept'}"
    )
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
