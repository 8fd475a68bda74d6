"""What a checkpoint file holds, and what it was selected on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from model.checkpoint import load_checkpoint, network_weights, read_safely
from model.networks import variant
from model.networks.variants import VARIANTS
from model.runs import RunFolder
from model.stored.precision import conversion


@dataclass(frozen=True)
class Entry:
    """A top-level entry of the file: its name and what it is, in words."""

    name: str
    content: str


@dataclass(frozen=True)
class Header:
    """A checkpoint file: size in bytes, network, entries, and what it was selected on.

    `weights_key` is where its weights lie (empty for a bare state dict), `prefixes` what was taken off their names, `types`
    how many of them are of which type of numbers (`float16` and others are turned into float32 when loaded). `variants`
    are the named networks that have this configuration. `selected_on` is what the run folder says of this very file; `unknown`
    for a file that lies in none: scores in it do not say which files they are of.
    """

    path: Path
    sha256: str
    bytes: int
    network: str
    config_source: str
    variants: tuple[str, ...]
    parameters: int
    weights_key: str
    prefixes: tuple[str, ...]
    types: Mapping[str, int]
    entries: tuple[Entry, ...]
    selected_on: str
    criterion: str

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "path": str(self.path)}


def read_header(path: Path) -> Header:
    """Read a checkpoint file. Raises CheckpointError when it does not load, with what to do."""
    content = read_safely(path)
    network, meta = load_checkpoint(path)
    stored = network_weights(path, content)
    records = RunFolder(path.parent).checkpoints()
    known = next(
        (record for record in records if (record.file, record.sha256) == (path.name, meta.sha256)), None
    )
    return Header(
        path=path,
        sha256=meta.sha256,
        bytes=path.stat().st_size,
        network=str(meta.config),
        config_source=meta.config_source,
        variants=tuple(name for name in VARIANTS if variant(name) == meta.config),
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        weights_key=stored.key,
        prefixes=stored.prefixes,
        types=meta.types,
        entries=tuple(Entry(str(name), _words(value)) for name, value in content.items())
        if stored.key
        else (Entry("(weights alone)", _words(content)),),
        selected_on=known.selected_on if known else "unknown",
        criterion=known.criterion if known else "",
    )


def describe_header(header: Header) -> str:
    """The header as text."""
    called = f" ({', '.join(header.variants)})" if header.variants else ""
    taken = f", without {' '.join(header.prefixes)}" if header.prefixes else ""
    selected = {
        "unknown": "unknown: the file lies in no run folder that lists it, and scores in it do not say of which files they are",
        "none": f"nothing: {header.criterion}",
    }.get(header.selected_on, f"{header.selected_on}: {header.criterion}")
    lines = [
        f"{header.path}: {header.bytes / 1e6:.2f} MB, sha256 {header.sha256}",
        f"  network: {header.parameters:,} parameters{called}, configuration {header.config_source}: {header.network}",
        f"  weights: {header.weights_key or 'the file itself'}{taken}, {' and '.join(header.types)}",
        *([f"  attention: {converted}"] if (converted := conversion(header.types)) else []),
        f"  selected on: {selected}",
    ]
    return "\n".join([*lines, *(f"  {entry.name}: {entry.content}" for entry in header.entries)])


def _words(value: object) -> str:
    """An entry in words."""
    if isinstance(value, Tensor):
        return repr(value.item()) if value.numel() == 1 else f"tensor {list(value.shape)}"
    if isinstance(value, np.generic):
        return f"{value.item()!r} ({type(value).__name__} of NumPy)"
    if isinstance(value, np.ndarray):
        return f"array {list(value.shape)}"
    if isinstance(value, Mapping):
        if {"state", "param_groups"} <= set(value):
            return f"state of an optimizer, {len(value['state'])} tensors' worth"
        tensors = [item for item in value.values() if isinstance(item, Tensor)]
        if tensors and len(tensors) == len(value):
            return f"{len(tensors)} tensors, {sum(tensor.numel() for tensor in tensors):,} numbers"
        return f"{len(value)} entries: {', '.join(map(str, list(value)[:5]))}" + (
            ", ..." if len(value) > 5 else ""
        )
    if isinstance(value, list | tuple):
        return f"{len(value)} values"
    return repr(value)[:80]
