"""A causal checkpoint as an ONNX file that takes one frame and the state, and gives the enhanced frame and the next state."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from model.checkpoint import load_checkpoint
from model.export import OPSET, ExportError, onnx_runtime, write_onnx
from model.networks import Network
from model.onnx_files import opened
from model.stft import N_FFT
from model.streaming.step import State, Step

TOLERANCE = 1e-4
"""Largest difference allowed to the network over the whole signal, as a share of its output's largest modulus."""
CHECKED_FRAMES = 300
"""Frames of the comparison: more than a window of attention holds."""


@dataclass(frozen=True)
class StreamingReport:
    """What was written and how closely it agrees."""

    path: Path
    bytes: int
    opset: int
    states: dict[str, tuple[int, ...]]
    """Name of each state input and its shape; the output is called the same with `_next` behind it."""
    state_bytes: int
    max_difference: float
    """Largest difference of frame after frame in onnxruntime to the network over the whole signal, as a share of the
    largest modulus."""
    checked_frames: int

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


class FlatStep(nn.Module):
    """`Step` with its state as a row of tensors in the order of `names`, which is the form ONNX knows."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.step = Step(network)
        frame = torch.zeros(1, N_FFT // 2 + 1, 1, 2)
        with torch.inference_mode(False), torch.no_grad():
            _, state = self.step(frame, {})
        self.names = tuple(sorted(state))
        self.start: State = {name: torch.zeros_like(state[name]) for name in self.names}
        """The state before the first frame."""

    def forward(self, frame: Tensor, *state: Tensor) -> tuple[Tensor, ...]:  # [1, F, 1, re/im]
        enhanced, after = self.step(frame, dict(zip(self.names, state, strict=True)))
        return (enhanced, *(after[name] for name in self.names))


def export_streaming(path: Path, out: Path) -> StreamingReport:
    """Write the causal checkpoint `path` as the ONNX file `out`, run it frame by frame and compare with the network.

    The file maps `frame`, float32 [1, 257, 1, 2] (real and imaginary part), and one tensor for each name of `states`, all
    zeros before the first frame, to `enhanced` and to every state's next value. Raises ModelUsageError for a network that
    is not causal, otherwise as `model.export.export_onnx`.
    """
    runtime = onnx_runtime()
    network, _ = load_checkpoint(path)
    flat = FlatStep(network).eval()
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    example = (torch.randn(1, N_FFT // 2 + 1, 1, 2), *(flat.start[name] for name in flat.names))
    names = [_plain(name) for name in flat.names]
    outputs = ["enhanced", *(f"{name}_next" for name in names)]
    write_onnx(flat, out, example, ["frame", *names], outputs)
    session = opened(runtime, out)
    worst = _difference(network, flat, session)
    if not worst <= TOLERANCE:
        out.unlink()
        raise ExportError(
            f"The ONNX output differs from the network's by {worst:.1e} of its largest value; at most {TOLERANCE:.0e} is "
            f"allowed, so {out} was not kept."
        )
    shapes = {_plain(name): tuple(tensor.shape) for name, tensor in flat.start.items()}
    size = sum(tensor.numel() * tensor.element_size() for tensor in flat.start.values())
    return StreamingReport(out, out.stat().st_size, OPSET, shapes, size, worst, CHECKED_FRAMES)


def run_frame(
    session: Any, frame: np.ndarray[Any, Any], state: dict[str, np.ndarray[Any, Any]]
) -> tuple[np.ndarray[Any, Any], dict[str, np.ndarray[Any, Any]]]:
    """One frame through the file in onnxruntime: the enhanced frame and the next state."""
    enhanced, *after = session.run(None, {"frame": frame, **state})
    return enhanced, dict(zip(state, after, strict=True))


def start_of(flat: FlatStep) -> dict[str, np.ndarray[Any, Any]]:
    """The state before the first frame, by the names in the file and in their order."""
    return {_plain(name): flat.start[name].numpy() for name in flat.names}


def _plain(name: str) -> str:
    return name.replace(".", "_")


def _difference(network: Network, flat: FlatStep, session: Any) -> float:
    generator = torch.Generator().manual_seed(CHECKED_FRAMES)
    spectrum = torch.randn(1, N_FFT // 2 + 1, CHECKED_FRAMES, 2, generator=generator)
    with torch.inference_mode():
        expected = network.real(spectrum).numpy()
    state, frames = start_of(flat), []
    for t in range(CHECKED_FRAMES):
        frame, state = run_frame(session, spectrum[:, :, t : t + 1].numpy(), state)
        frames.append(frame)
    found = np.concatenate(frames, axis=2)
    largest = np.linalg.norm(expected, axis=-1).max()
    return float(np.linalg.norm(found - expected, axis=-1).max() / max(largest, np.finfo(np.float32).tiny))
