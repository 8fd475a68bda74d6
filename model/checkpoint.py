"""Checkpoint files: written whole or not at all, read without running anything they contain.

A file is a `torch.save` dictionary with `model_state_dict` under the stored names (`model.networks.names`),
`network_config` (the configuration as plain values), and the fields of `CheckpointMeta`. Files of the group's earlier
scripts (other names for the same, optimizer states, scores as NumPy numbers, no `network_config`; or a bare state dict) load
as well (`model.stored.reading`): what network they hold is then read from the names and shapes.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from model.errors import ModelUsageError
from model.networks import BSRNNConfig, Network, NetworkConfig, UNetConfig, build, config_from_json
from model.networks.config import BRANCHES
from model.networks.names import from_stored, mismatches, to_stored
from model.stored.reading import CheckpointError as CheckpointError
from model.stored.reading import StoredWeights, find_weights
from model.stored.reading import read_safely as read_safely

SHOWN_MISMATCHES = 3


@dataclass(frozen=True)
class CheckpointMeta:
    """What a checkpoint says besides its weights."""

    path: Path
    sha256: str
    """Of the file's bytes."""
    config: NetworkConfig
    config_source: Literal["stored", "given", "inferred"]
    """Inferred: from names and shapes, which cannot tell additive from multiplicative gates, whether the decoder fits
    exactly, whether norms and attention are causal, or dropout; additive, not causal, not exact and 0.1 are assumed, and num_channel 64 where a smaller one would give the
    same shapes."""
    types: Mapping[str, int]
    """How many tensors of weights the file holds of which type of real numbers, such as `float16`; all are loaded as float32."""
    epoch: int | None
    gen_loss: float | None
    pesq_score: float | None
    stoi_score: float | None
    composite_score: float | None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "path": str(self.path), "config": self.config.to_json()}


def save_checkpoint(
    path: Path,
    network: Network,
    *,
    epoch: int | None = None,
    gen_loss: float | None = None,
    pesq_score: float | None = None,
    stoi_score: float | None = None,
    composite_score: float | None = None,
) -> str:
    """Write the network's weights and configuration; returns the file's sha256. `path` appears complete or not at all."""
    return atomic_save(
        path,
        {
            "model_state_dict": {name: tensor.cpu() for name, tensor in to_stored(network).items()},
            "network_config": network.config.to_json(),
            "epoch": epoch,
            "gen_loss": gen_loss,
            "pesq_score": pesq_score,
            "stoi_score": stoi_score,
            "composite_score": composite_score,
        },
    )


def load_checkpoint(path: Path, config: NetworkConfig | None = None) -> tuple[Network, CheckpointMeta]:
    """The network of a checkpoint file, in evaluation mode on the CPU, and what the file says about it.

    `config` overrides the file's own configuration (for files that have none and hold a variant that names and shapes
    do not tell). Raises CheckpointError when the file cannot be read safely or does not fit.
    """
    path = Path(path)
    content = read_safely(path)
    found = network_weights(path, content)
    fields, stored = content if found.key else {}, found.tensors
    chosen, source = _config(path, fields, stored, config)
    held = sum(tensor.numel() for tensor in stored.values())
    if chosen.fewest_weights > held:  # before such a network takes up memory: a file may claim any width
        raise CheckpointError(
            f"{path} does not hold the network that it describes ({source} configuration {chosen}): that has at least "
            f"{chosen.fewest_weights:,} weights, and the file {held:,}."
        )
    network = build(chosen)
    if wrong := mismatches(network, stored):
        more = f" and {len(wrong) - SHOWN_MISMATCHES} more" if len(wrong) > SHOWN_MISMATCHES else ""
        raise CheckpointError(
            f"{path} does not hold this network ({source} configuration {chosen}): "
            f"{'; '.join(wrong[:SHOWN_MISMATCHES])}{more}."
        )
    with torch.no_grad():
        from_stored(network, stored)
    epoch = fields.get("epoch")
    meta = CheckpointMeta(
        path=path,
        sha256=sha256_of(path),
        config=chosen,
        config_source=source,
        types=found.types,
        epoch=int(epoch) if isinstance(epoch, int | np.integer) and not isinstance(epoch, bool) else None,
        gen_loss=_score(fields, "gen_loss", "best_loss", "loss"),
        pesq_score=_score(fields, "pesq_score", "best_pesq", "pesq"),
        stoi_score=_score(fields, "stoi_score", "best_stoi", "stoi"),
        composite_score=_score(fields, "composite_score", "best_composite"),
    )
    return network.eval(), meta


def network_weights(path: Path, content: Mapping[str, Any]) -> StoredWeights:
    """The weights of a network of this package in a file's content. Raises CheckpointError when there are none."""
    return find_weights(path, content, _recognised)


def _recognised(stored: Mapping[str, Tensor]) -> bool:
    try:
        return infer_config(stored) is not None
    except ModelUsageError:
        return True  # named like a network of this package, with shapes that none has


def atomic_save(path: Path, content: Mapping[str, Any]) -> str:
    """`torch.save` into a file beside `path`, flushed to disk, then renamed over it; returns its sha256."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # through memory: writing straight into the file, torch turns a full disk into an error about its own archive
    packed = io.BytesIO()
    torch.save(dict(content), packed)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(packed.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        digest = sha256_of(part)
        part.chmod(0o644)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest


def sha256_of(path: Path) -> str:
    """sha256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_REDUCING = ("input", "input_proj")
"""What the convolution into the bottleneck is called, by its kind."""


def infer_config(stored: Mapping[str, Tensor]) -> NetworkConfig | None:
    """The configuration that names and shapes point to, or None when they are no network's of this package."""
    if "band_split.fc1.weight" in stored:
        layers = max(_numbered(stored, "norm_t{}.weight"), default=0)
        widths = [
            _length(stored[f"band_split.norm{k}.weight"]) // 2
            for k in _numbered(stored, "band_split.norm{}.weight")
            if f"band_split.fc{k}.weight" in stored
        ]
        return BSRNNConfig(_length(stored["band_split.fc1.weight"]), layers, tuple(widths))
    if "conv4.conv.weight" not in stored:
        return None
    # Channels of layer 4 are num_channel itself from 64 up; smaller ones all have 64.
    reduced = next(
        (stored[f"m1.{name}.0.weight"] for name in _REDUCING if f"m1.{name}.0.weight" in stored), None
    )
    usual = reduced is None or reduced.dim() < 2 or 2 * reduced.shape[0] == reduced.shape[1]
    return UNetConfig(
        inner_width=0 if reduced is None or usual else reduced.shape[0],
        num_channel=_length(stored["conv4.conv.weight"]),
        num_layer=max(_numbered(stored, "conv{}.conv.weight"), default=0),
        gate=(
            "direct"
            if "conv1.band_weighting.band_gains" in stored
            else "additive"
            if any(name.startswith("conv1.gated_pe.") for name in stored)
            else "none"
        ),
        branches=tuple(branch for branch in BRANCHES if f"m1.col_trans.query_{branch}.weight" in stored),
    )


def _config(
    path: Path, fields: Mapping[str, Any], stored: Mapping[str, Tensor], given: NetworkConfig | None
) -> tuple[NetworkConfig, Literal["stored", "given", "inferred"]]:
    if given is not None:
        return given, "given"
    try:
        if isinstance(fields.get("network_config"), Mapping):
            return config_from_json(fields["network_config"]), "stored"
        inferred = infer_config(stored)
    except ModelUsageError as error:
        raise CheckpointError(f"{path} describes no network of this package: {error}") from error
    if inferred is None:
        first = ", ".join(list(stored)[:SHOWN_MISMATCHES])
        raise CheckpointError(f"{path} holds no network of this package; its first weights are {first}.")
    return inferred, "inferred"


def _numbered(stored: Mapping[str, Tensor], name: str) -> list[int]:
    """The numbers that stand in the place of `{}` in names, in order; none of more digits than a network has layers."""
    pattern = re.compile(re.escape(name).replace(r"\{\}", r"(\d{1,9})", 1))
    return sorted(int(match[1]) for match in map(pattern.fullmatch, stored) if match)


def _length(tensor: Tensor) -> int:
    """The first dimension; 0 of a single number, which no network has as its width."""
    return tensor.shape[0] if tensor.dim() else 0


def _score(fields: Mapping[str, Any], *names: str) -> float | None:
    """The first of these fields that is a number; trainers have called them differently."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, np.generic) or (isinstance(value, Tensor) and value.numel() == 1):
            value = value.item()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def load_weights(module: nn.Module, stored: Mapping[str, Tensor], what: str) -> None:
    """Load weights under stored names into an existing network or discriminator.

    Raises CheckpointError naming the first tensors of `what` that do not fit.
    """
    if wrong := mismatches(module, stored):
        raise CheckpointError(f"{what} does not fit: {'; '.join(wrong[:SHOWN_MISMATCHES])}.")
    with torch.no_grad():
        from_stored(module, stored)
