"""What a fine-tuning starts from: a checkpoint, and what its run says of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from model.checkpoint import load_checkpoint
from model.networks import Network, NetworkConfig


@dataclass(frozen=True)
class Origin:
    """A checkpoint that a training begins with, as `config.json` records it (`from`).

    `run`, `model` and `data_fingerprint` are those of the run folder it lies in, None outside one: what it was
    trained on is then not known.
    """

    file: str
    sha256: str
    epoch: int | None
    run: str | None
    model: str | None
    data_fingerprint: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def origin_of(path: Path, config: NetworkConfig | None = None) -> tuple[Network, Origin]:
    """The network of a checkpoint, and where it is from. Raises CheckpointError when it does not hold `config`."""
    network, meta = load_checkpoint(path, config)
    run: dict[str, Any] = _read(path.parent / "config.json")
    environment: dict[str, Any] = _read(path.parent / "environment.json")
    return network, Origin(
        file=path.name,
        sha256=meta.sha256,
        epoch=meta.epoch,
        run=run.get("name"),
        model=run.get("model"),
        data_fingerprint=environment.get("data_fingerprint"),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
