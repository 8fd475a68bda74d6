"""Memory and real-time factor of M1 to M4, M4-causal and BSRNN over the length of the audio, and M4-causal's by frame.

    python benchmarks/model_lengths.py                      # 4, 16 and 60 s, about fifteen minutes on one core
    python benchmarks/model_lengths.py --seconds 4 --models M1 M4 --repeats 3
    python benchmarks/model_lengths.py --gtcrn ../gtcrn     # beside a clone of github.com/Xiaobin-Rong/gtcrn

One thread. Whole files go through `model.stft.enhance`, STFT and back included. Times are processor time, in which waiting for a
core does not count; the load of the machine is printed before and after, as a busy one still shows in caches. Networks take
turns, the median of the repeats counts (above 30 s a third of them). Memory is what enhancing adds to the peak resident
memory of a fresh process (Linux). Frame by frame: one frame of a spectrogram (8 ms) through `model.streaming.Step` and, where
onnxruntime is installed, through the exported file. GTCRN is run from its own public code (its folder `stream`; it needs einops), with
random weights, its own STFT (hop 256) and its own frame of 16 ms; nothing of it is kept here.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import importlib
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch

from benchmarks.model_speed import peak_resident
from model.checkpoint import save_checkpoint
from model.cost import measure_memory
from model.networks import build, variant
from model.processor import processor_model
from model.stft import HOP, N_FFT, SAMPLE_RATE, enhance
from model.streaming import Step

MODELS = ("M1", "M2", "M3", "M4", "M4-causal", "bsrnn")
GTCRN = "GTCRN"
GTCRN_HOP = 256
FRAMES = 400
"""Frames timed one by one; attention's window is full after 128."""


def timed(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def gtcrn(folder: Path, name: str) -> torch.nn.Module:
    """A network of GTCRN's public code, in evaluation mode: `gtcrn.GTCRN` or `gtcrn_stream.StreamGTCRN`."""
    sys.path.insert(0, str(folder.resolve() / "stream"))
    module, _, network = name.partition(".")
    found: torch.nn.Module = getattr(importlib.import_module(module), network)().eval()
    return found


def enhance_with_gtcrn(network: torch.nn.Module, wave: torch.Tensor) -> torch.Tensor:
    """As its own `infer.py` does."""
    window = torch.hann_window(N_FFT).sqrt()
    with torch.inference_mode():
        spectrum = torch.stft(wave, N_FFT, GTCRN_HOP, N_FFT, window, return_complex=True)
        enhanced = network(torch.view_as_real(spectrum))
        return torch.istft(torch.view_as_complex(enhanced.contiguous()), N_FFT, GTCRN_HOP, N_FFT, window)


def memory_of_gtcrn(folder: Path, seconds: float) -> int:
    """Bytes that enhancing adds to the peak resident memory of this (fresh) process."""
    torch.set_num_threads(1)
    network = gtcrn(folder, "gtcrn.GTCRN")
    enhance_with_gtcrn(network, torch.randn(1, SAMPLE_RATE // 2))
    before = peak_resident()
    enhance_with_gtcrn(network, 0.1 * torch.randn(1, int(seconds * SAMPLE_RATE)))
    return peak_resident() - before


def added_memory(name: str, seconds: float, folder: Path | None) -> int | None:
    if name != GTCRN or folder is None:
        return measure_memory(variant(name), seconds)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(memory_of_gtcrn, folder, seconds).result()


def whole_files(models: list[str], lengths: list[float], repeats: int, folder: Path | None) -> None:
    networks = {name: partial(enhance, build(variant(name))) for name in models}
    if folder is not None:
        networks[GTCRN] = partial(enhance_with_gtcrn, gtcrn(folder, "gtcrn.GTCRN"))
    print(f"{'model':10} {'s':>4} {'RTF':>8} {'(fastest)':>10} {'MB':>7} {'MB a second':>12}")
    for seconds in lengths:
        wave = 0.1 * torch.randn(1, int(seconds * SAMPLE_RATE), generator=torch.Generator().manual_seed(0))
        times: dict[str, list[float]] = {name: [] for name in networks}
        for run in networks.values():
            run(wave[:, :SAMPLE_RATE])
        for _ in range(repeats if seconds <= 30 else max(1, repeats // 3)):
            for name, run in networks.items():
                times[name].append(timed(partial(run, wave)) / seconds)
        for name, found in times.items():
            bytes_added = added_memory(name, seconds, folder)
            megabytes = float("nan") if bytes_added is None else bytes_added / 1e6
            print(
                f"{name:10} {seconds:4g} {statistics.median(found):8.4f} {min(found):10.4f} {megabytes:7.0f} "
                f"{megabytes / seconds:12.1f}",
                flush=True,
            )


def frame_by_frame() -> None:
    network = build(variant("M4-causal")).eval()
    step, state = Step(network), {}
    spectrum = torch.randn(1, N_FFT // 2 + 1, FRAMES, 2, generator=torch.Generator().manual_seed(0))
    times = []
    with torch.inference_mode():
        for frame in spectrum.split(1, dim=2):
            start = time.process_time()
            _, state = step(frame, state)
            times.append(time.process_time() - start)
    say("torch", times)
    try:
        import onnxruntime
    except ImportError:
        print("onnxruntime is not installed: the exported file was not timed")
        return
    from model.streaming.export import FlatStep, export_streaming, run_frame, start_of

    with tempfile.TemporaryDirectory() as folder:
        save_checkpoint(Path(folder) / "c.pt", network)
        export_streaming(Path(folder) / "c.pt", Path(folder) / "c.onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(Path(folder) / "c.onnx"), options, providers=["CPUExecutionProvider"]
        )
    arrays, times = start_of(FlatStep(network)), []
    for frame in spectrum.split(1, dim=2):
        start = time.process_time()
        _, arrays = run_frame(session, frame.numpy(), arrays)
        times.append(time.process_time() - start)
    say("onnxruntime", times)


def gtcrn_by_frame(folder: Path) -> None:
    """As the end of its own `gtcrn_stream.py` does."""
    network = gtcrn(folder, "gtcrn_stream.StreamGTCRN")
    caches = [torch.zeros(2, 1, 16, 16, 33), torch.zeros(2, 3, 1, 1, 16), torch.zeros(2, 1, 33, 16)]
    spectrum = torch.randn(1, N_FFT // 2 + 1, FRAMES, 2, generator=torch.Generator().manual_seed(0))
    times = []
    with torch.no_grad():
        for frame in spectrum.split(1, dim=2):
            start = time.process_time()
            _, *caches = network(frame, *caches)
            times.append(time.process_time() - start)
    say("torch", times, GTCRN, GTCRN_HOP)


def say(how: str, times: list[float], name: str = "M4-causal", hop: int = HOP) -> None:
    median, fastest = statistics.median(times), min(times)
    print(
        f"{name} by frame of {hop * 1000 // SAMPLE_RATE} ms, {how}: {median * 1e3:.2f} ms (fastest {fastest * 1e3:.2f}), RTF "
        f"{median * SAMPLE_RATE / hop:.3f} (fastest {fastest * SAMPLE_RATE / hop:.3f})",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, nargs="+", default=[4, 16, 60])
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", choices=("files", "frames"))
    parser.add_argument("--gtcrn", type=Path, metavar="DIR", help="a clone of GTCRN's public repository")
    args = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {processor_model()}, one thread, load before {os.getloadavg()[0]:.2f}")
    if args.only in (None, "files"):
        whole_files(args.models, args.seconds, args.repeats, args.gtcrn)
    if args.only in (None, "frames"):
        frame_by_frame()
        if args.gtcrn is not None:
            gtcrn_by_frame(args.gtcrn)
    print(f"load after {os.getloadavg()[0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
