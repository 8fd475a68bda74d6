"""A checkpoint as an ONNX file, checked against the network it came from."""

from __future__ import annotations

import logging
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from model.checkpoint import load_checkpoint
from model.errors import ModelError
from model.networks import Network
from model.onnx_files import opened
from model.stft import N_FFT

TOLERANCE = 1e-4
"""Largest difference allowed, as a share of the largest modulus of the network's output."""
TRACED_FRAMES = 64
CHECKED_FRAMES = (40, 64, 251)
"""Lengths the comparison is made at: other than the traced one too, as T must remain free."""
OPSET = 18


class ExportError(ModelError):
    """A network that cannot be exported, or whose ONNX output differs from its own."""


@dataclass(frozen=True)
class ExportReport:
    """What was written and how closely it agrees."""

    path: Path
    bytes: int
    opset: int
    input_shape: tuple[str, ...]
    """Name of each dimension; T, the number of frames, is free."""
    max_difference: float
    """Largest difference to the network over the checked lengths, as a share of the output's largest modulus."""
    checked_frames: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path)}


class _RealNetwork(nn.Module):
    """The network on real numbers, without a batch: the form an ONNX runtime takes."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, spectrum: Tensor) -> Tensor:  # [1, F, T, re/im]
        return self.network.real(spectrum)


def onnx_runtime() -> ModuleType:
    """The module onnxruntime. Raises ExportError when it or what torch's exporter needs is not installed."""
    try:
        import onnxruntime
        import onnxscript  # noqa: F401  (torch's exporter needs it)
    except ImportError as error:
        raise ExportError(
            "Exporting needs more packages: pip install onnx onnxscript onnxruntime."
        ) from error
    return onnxruntime  # type: ignore[no-any-return]


def export_onnx(path: Path, out: Path) -> ExportReport:
    """Write the checkpoint `path` as the ONNX file `out`, and compare both in onnxruntime.

    The file maps `spectrum`, float32 [1, 257, T, 2] (real and imaginary part of the STFT of `model.stft`), to
    `enhanced` of the same shape, for any T. Raises ExportError when onnx, onnxscript or onnxruntime is not installed, or when
    outputs differ by more than TOLERANCE (the file is removed then); CheckpointError when `path` does not load.
    """
    runtime = onnx_runtime()
    network, _ = load_checkpoint(path)
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    _write(_RealNetwork(network).eval(), out)
    session = opened(runtime, out)
    if not isinstance(session.get_inputs()[0].shape[2], str):
        out.unlink()
        raise ExportError(f"This network exports for {TRACED_FRAMES} frames only, so {out} was not kept.")
    worst = max(_difference(network, session, frames) for frames in CHECKED_FRAMES)
    if not worst <= TOLERANCE:
        out.unlink()
        raise ExportError(
            f"The ONNX output differs from the network's by {worst:.1e} of its largest value; at most {TOLERANCE:.0e} is "
            f"allowed, so {out} was not kept."
        )
    shape = ("1", str(N_FFT // 2 + 1), "T", "2")
    return ExportReport(out, out.stat().st_size, OPSET, shape, worst, CHECKED_FRAMES)


def _write(module: nn.Module, out: Path) -> None:
    example = torch.randn(1, N_FFT // 2 + 1, TRACED_FRAMES, 2)
    frames = torch.export.Dim("T", min=8, max=1 << 20)
    write_onnx(module, out, (example,), ["spectrum"], ["enhanced"], ({2: frames},))


def write_onnx(
    module: nn.Module,
    out: Path,
    example: tuple[Tensor, ...],
    inputs: list[str],
    outputs: list[str],
    dynamic_shapes: tuple[dict[int, Any], ...] | None = None,
) -> None:
    """Write a module as one ONNX file with these names; sizes are those of `example` but for the `dynamic_shapes`."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)  # the exporter reports its progress and every operator it looked at
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                module,
                example,
                out,
                input_names=inputs,
                output_names=outputs,
                dynamic_shapes=dynamic_shapes,
                opset_version=OPSET,
                external_data=False,  # one file
                dynamo=True,
                optimize=False,
                verbose=False,
            )
    finally:
        logger.setLevel(level)


def _difference(network: Network, session: Any, frames: int) -> float:
    generator = torch.Generator().manual_seed(frames)
    spectrum = torch.randn(1, N_FFT // 2 + 1, frames, 2, generator=generator)
    with torch.inference_mode():
        expected = network.real(spectrum).numpy()
    (found,) = session.run(None, {"spectrum": spectrum.numpy()})
    largest = np.linalg.norm(expected, axis=-1).max()
    return float(np.linalg.norm(found - expected, axis=-1).max() / max(largest, np.finfo(np.float32).tiny))
