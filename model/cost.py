"""What a network costs: parameters, multiply-accumulates, real-time factor, memory."""

from __future__ import annotations

import multiprocessing
import os
import statistics
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from model.networks import Network, NetworkConfig, build
from model.networks.attention import HybridAttention, SelfAttention
from model.networks.unet import DecoderLayer
from model.processor import QUIET_CORES, Span, load_average, processor_model, wait_for_quiet
from model.stft import HOP, N_FFT, SAMPLE_RATE, enhance

MACS_CONVENTION = (
    "multiply-accumulates of convolutions, linear layers, LSTMs and attention products; norms, activations, gates' "
    "products, STFT not counted; transposed convolutions by their input positions; a quarter of those of 4 s"
)
#: Attention over time grows with the square of the length, so a count for 1 s depends on what it is taken from.
MACS_SECONDS = 4
WARM_UP_SECONDS = 0.5


@dataclass(frozen=True)
class Cost:
    """Measured cost of one network."""

    parameters: int
    macs_per_second: int
    """For 1 s of audio within 4 s (a quarter of those of 501 frames), see `macs_convention`."""
    macs_convention: str
    real_time_factor: float | None
    """Median time of `enhance` (STFT and back included) over the audio's length, by the clock on the wall; below 1 is
    faster than real time. None when the machine was busy, as such a figure says nothing about the network."""
    processor_time_factor: float
    """The same by processor time, all threads together: waiting for a core does not count in it, so it is also given for a
    busy machine, though others' use of caches and memory shows a little."""
    quiet: bool
    """Whether other processes kept fewer than QUIET_CORES cores busy, before and while it was measured."""
    busy_elsewhere: float
    """Cores that other processes kept busy while it was measured."""
    load: float | None
    """The machine's load average (1 minute) before; None where the system does not tell."""
    peak_memory_bytes: int | None
    """What `enhance` adds to the resident memory of a fresh process; None where the system does not tell."""
    seconds: float
    """Length of audio that time and memory were measured with."""
    threads: int
    processor: str
    """The processor's model."""
    torch_version: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def measure_cost(
    network: NetworkConfig | Network, seconds: float = 4.0, repeats: int = 5, wait: float = 0.0
) -> Cost:
    """Count and measure one network, on the CPU with torch's current number of threads, batch 1.

    Weights do not matter, so a configuration is as good as a trained network. `wait`: how many seconds to wait, at the
    longest, for other processes to leave the machine alone; when they do not, there is no real-time factor.
    """
    built = build(network) if isinstance(network, NetworkConfig) else network
    wave = torch.randn(1, int(seconds * SAMPLE_RATE), generator=torch.Generator().manual_seed(0))
    enhance(built, wave)
    quiet_before, load = wait_for_quiet(wait), load_average()
    measured, passes = Span.begin(), []
    for _ in range(repeats):
        one = Span.begin()
        enhance(built, wave)
        passes.append((one.wall_seconds(), one.processor_seconds()))
    busy = measured.busy_elsewhere()
    wall, processor = (statistics.median(times) / seconds for times in zip(*passes, strict=True))
    quiet = quiet_before and busy < QUIET_CORES
    return Cost(
        parameters=sum(p.numel() for p in built.parameters()),
        macs_per_second=round(count_macs(built, 1 + MACS_SECONDS * SAMPLE_RATE // HOP) / MACS_SECONDS),
        macs_convention=MACS_CONVENTION,
        real_time_factor=wall if quiet else None,
        processor_time_factor=processor,
        quiet=quiet,
        busy_elsewhere=busy,
        load=load,
        peak_memory_bytes=measure_memory(built.config, seconds),
        seconds=seconds,
        threads=torch.get_num_threads(),
        processor=processor_model(),
        torch_version=torch.__version__,
    )


def measure_memory(config: NetworkConfig, seconds: float) -> int | None:
    """Bytes that enhancing so much audio adds to the peak resident memory of a fresh process (Linux; else None)."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(_memory_of, config, seconds, torch.get_num_threads()).result()


def count_macs(network: Network, frames: int) -> int:
    """Multiply-accumulates of one forward pass over so many frames, batch 1, by `MACS_CONVENTION`."""
    total = 0
    handles = []
    was_training = network.training

    def counter(
        macs: Callable[[Any, Tensor, Any], int],
    ) -> Callable[[nn.Module, tuple[Tensor, ...], Any], None]:
        def count(module: nn.Module, args: tuple[Tensor, ...], output: Any) -> None:
            nonlocal total
            total += macs(module, args[0], output)

        return count

    for module in network.modules():
        if (macs := _macs_of(module)) is not None:
            handles.append(module.register_forward_hook(counter(macs)))
    try:
        network.eval()
        with torch.inference_mode():
            network.real(torch.zeros(1, N_FFT // 2 + 1, frames, 2))
    finally:
        for handle in handles:
            handle.remove()
        network.train(was_training)
    return total


def _macs_of(module: nn.Module) -> Callable[[Any, Tensor, Any], int] | None:
    """How to count one module from its input and output; None for what is not counted or counted by its parent."""
    if isinstance(module, nn.Conv2d):
        return lambda m, _x, out: int(out.numel() // m.out_channels * m.weight.numel())
    if isinstance(module, nn.Linear):
        return lambda m, _x, out: int(out.numel() // m.out_features * m.weight.numel())
    if isinstance(module, DecoderLayer):
        return lambda m, x, _out: int(x.shape[0] * x.shape[2] * x.shape[3] * m.conv.weight.numel())
    if isinstance(module, nn.LSTM):
        return lambda m, x, _out: int(
            x.shape[0]
            * x.shape[1]
            * sum(p.numel() for name, p in m.named_parameters() if name.startswith("weight"))
        )
    if isinstance(module, SelfAttention):  # its projection out is a linear layer of its own
        return lambda m, x, _out: int(
            x.shape[1] * m.in_proj_weight.numel() + 2 * x.shape[1] ** 2 * x.shape[2]
        )
    if isinstance(module, HybridAttention):
        return lambda m, x, _out: _hybrid_macs(m, x)
    return None


def _hybrid_macs(attention: HybridAttention, x: Tensor) -> int:
    """Projections, queries times keys and shares times values of every branch, and the downsampling convolution."""
    _, t, f, w = x.shape
    length, sequences = (t, f) if attention.along_time else (f, t)
    half = (length + 1) // 2
    total = t * f * attention.project.weight.numel()
    for branch in attention.branches:
        total += 2 * sequences * length * (half if branch == "cross" else length) * w
    if "cross" in attention.branches:
        total += (
            sequences * half * (attention.downsample.weight.numel() + attention.project_half.weight.numel())
        )
    return total


def _memory_of(config: NetworkConfig, seconds: float, threads: int) -> int | None:
    torch.set_num_threads(threads)
    network = build(config)
    enhance(network, torch.zeros(1, int(WARM_UP_SECONDS * SAMPLE_RATE)))  # what is loaded once does not count
    before = _peak_resident()
    enhance(network, torch.randn(1, int(seconds * SAMPLE_RATE)))
    after = _peak_resident()
    return None if before is None or after is None else after - before


def _peak_resident() -> int | None:
    """Highest resident memory of this process so far, in bytes (Linux)."""
    status = f"/proc/{os.getpid()}/status"
    if not os.path.exists(status):
        return None
    with open(status) as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None
