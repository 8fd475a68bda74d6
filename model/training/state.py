"""The resume state of a run: everything the next step depends on.

Random numbers need no place in it: crops follow from seed, epoch and position, dropout is seeded anew at every step
from seed, epoch, step and process, and the learning rate follows from the epoch.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from model.checkpoint import atomic_save, read_safely
from model.training.machine.precision import LossScale
from model.training.selection import Best
from model.training.step import Stepper

FILE = "resume.pt"


@dataclass(frozen=True)
class Position:
    """Where a run stands: the next epoch and step (from 0), the sums of the epoch so far, and the best checkpoints."""

    epoch: int
    step: int
    sums: dict[str, float]
    best: Best
    seconds: float
    report: dict[str, Any] | None = None
    """The log's line of the epoch before, which may not have reached the log."""

    @classmethod
    def beginning(cls) -> Position:
        """Of a run of which nothing was saved yet."""
        return cls(0, 0, {}, Best(), 0.0)


def save_state(folder: Path, stepper: Stepper, position: Position) -> None:
    """Write the state, whole or not at all."""
    atomic_save(
        folder / FILE,
        {
            "network": stepper.network.state_dict(),
            "discriminator": stepper.discriminator.state_dict(),
            "optimizer": stepper.optimizer.state_dict(),
            "discriminator_optimizer": stepper.discriminator_optimizer.state_dict(),
            "epoch": position.epoch,
            "step": position.step,
            "sums": position.sums,
            "best": position.best.to_json(),
            "seconds": position.seconds,
            "report": position.report,
            "average": _average(stepper),
            "loss_scale": asdict(stepper.scale),
        },
    )


def load_state(folder: Path, stepper: Stepper) -> Position:
    """Put the state back into a stepper; where to go on: the beginning when none was saved yet."""
    if not (folder / FILE).exists():
        return Position.beginning()
    content: dict[str, Any] = read_safely(folder / FILE)
    stepper.network.load_state_dict(content["network"])
    stepper.discriminator.load_state_dict(content["discriminator"])
    stepper.optimizer.load_state_dict(content["optimizer"])
    stepper.discriminator_optimizer.load_state_dict(content["discriminator_optimizer"])
    if stepper.average and content.get("average"):
        stepper.average.network.load_state_dict(content["average"]["network"])
        stepper.average.steps = content["average"]["steps"]
    stepper.scale = LossScale(**content.get("loss_scale", {}))
    best = Best.from_json(content["best"])
    return Position(
        content["epoch"], content["step"], content["sums"], best, content["seconds"], content.get("report")
    )


def _average(stepper: Stepper) -> dict[str, Any] | None:
    if stepper.average is None:
        return None
    return {"network": stepper.average.network.state_dict(), "steps": stepper.average.steps}
