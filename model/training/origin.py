"""What a fine-tuning starts from: a checkpoint, and what its run says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.checkpoint import load_checkpoint
from model.leaks.marks import FileMark, as_earlier
from model.leaks.seen import Known, known_files
from model.networks import Network, NetworkConfig
from model.runs import RunFolder, training_of


@dataclass(frozen=True)
class Origin:
    """A checkpoint that a training begins with, as `config.json` records it (`from`).

    `types` says how many of its tensors of weights are of which type of numbers. `run`, `model` and `data_fingerprint` are those of the run folder it is from, None outside one. `training_files` says how
    much is known of what it was trained on, `marks` are the files as far as they are known, and `leaks` says which of them
    were for testing, as that run recorded it.
    """

    file: str
    sha256: str
    epoch: int | None
    run: str | None
    model: str | None
    data_fingerprint: str | None
    types: Mapping[str, int]
    training_files: Known = "unknown"
    marks: tuple[FileMark, ...] = ()
    leaks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Without the files, which `files.csv` lists, and the leaks, which are among those of the data."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "epoch": self.epoch,
            "run": self.run,
            "model": self.model,
            "data_fingerprint": self.data_fingerprint,
            "types": dict(self.types),
            "training_files": self.training_files,
        }


def origin_of(path: Path, config: NetworkConfig | None = None) -> tuple[Network, Origin]:
    """The network of a checkpoint, and where it is from. Raises CheckpointError when it does not hold `config`."""
    network, meta = load_checkpoint(path, config)
    run = training_of(path)
    known, marks = known_files(run)
    told = {} if run is None else run.config()
    return network, Origin(
        file=path.name,
        sha256=meta.sha256,
        epoch=meta.epoch,
        run=told.get("name"),
        model=told.get("model"),
        data_fingerprint=_fingerprint(run),
        types=meta.types,
        training_files=known,
        marks=as_earlier(marks),
        leaks=tuple(leak["detail"] for leak in told.get("data", {}).get("leaks", ())),
    )


def _fingerprint(run: RunFolder | None) -> str | None:
    if run is None or not (run.path / "environment.json").exists():
        return None
    return run.environment().get("data_fingerprint")
