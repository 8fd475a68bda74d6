"""Memory and real-time factor of M1 to M4, M4-causal and BSRNN over the length of the audio, and M4-causal's by frame.

    python benchmarks/model_lengths.py                      # 4, 16 and 60 s, about fifteen minutes on one core
    python benchmarks/model_lengths.py --seconds 4 --models M1 M4 --repeats 3

One thread. Whole files go through `model.stft.enhance`, STFT and back included. Times are processor time, in which waiting for a
core does not count; the load of the machine is printed before and after, as a busy one still shows in caches. Networks take
turns, the median of the repeats counts (above 30 s a third of them). Memory is what enhancing adds to the peak resident
memory of a fresh process (Linux). Frame by frame: one frame of a spectrogram (8 ms) through `model.streaming.Step` and, where
onnxruntime is installed, through the exported file.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch

from model.checkpoint import save_checkpoint
from model.cost import measure_memory
from model.networks import build, variant
from model.processor import processor_model
from model.stft import HOP, N_FFT, SAMPLE_RATE, enhance
from model.streaming import Step

MODELS = ("M1", "M2", "M3", "M4", "M4-causal", "bsrnn")
FRAMES = 400
"""Frames timed one by one; attention's window is full after 128."""


def timed(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def whole_files(models: list[str], lengths: list[float], repeats: int) -> None:
    networks = {name: build(variant(name)) for name in models}
    print(f"{'model':10} {'s':>4} {'RTF':>8} {'(fastest)':>10} {'MB':>7} {'MB a second':>12}")
    for seconds in lengths:
        wave = 0.1 * torch.randn(1, int(seconds * SAMPLE_RATE), generator=torch.Generator().manual_seed(0))
        times: dict[str, list[float]] = {name: [] for name in models}
        for network in networks.values():
            enhance(network, wave[:, :SAMPLE_RATE])
        for _ in range(repeats if seconds <= 30 else max(1, repeats // 3)):
            for name, network in networks.items():
                times[name].append(timed(partial(enhance, network, wave)) / seconds)
        for name, found in times.items():
            bytes_added = measure_memory(variant(name), seconds)
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


def say(how: str, times: list[float]) -> None:
    median, fastest = statistics.median(times), min(times)
    print(
        f"M4-causal by frame, {how}: {median * 1e3:.2f} ms (fastest {fastest * 1e3:.2f}), RTF {median * SAMPLE_RATE / HOP:.3f} "
        f"(fastest {fastest * SAMPLE_RATE / HOP:.3f})",
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
    args = parser.parse_args()
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {processor_model()}, one thread, load before {os.getloadavg()[0]:.2f}")
    if args.only in (None, "files"):
        whole_files(args.models, args.seconds, args.repeats)
    if args.only in (None, "frames"):
        frame_by_frame()
    print(f"load after {os.getloadavg()[0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
