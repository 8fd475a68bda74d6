"""Which metrics a network was trained or selected on, so that its gain in them is read beside another one.

The metric discriminator is taught PESQ, so a network trained against it is trained on PESQ (and CSIG, CBAK and COVL contain
PESQ). A checkpoint that is the best of its run by a metric on validation was selected on that metric.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.evaluation.systems import System
from model.runs import RunFolder

#: Name of a checkpoint -> the metrics that it is the best by.
SELECTED_ON: Mapping[str, tuple[str, ...]] = {
    "best-pesq": ("PESQ",),
    "best-stoi": ("STOI",),
    "best-composite": ("PESQ", "STOI"),
}
UNTRAINED = "SI-SDR"
"""What is shown beside PESQ everywhere: no recipe here trains or selects on it."""


@dataclass(frozen=True)
class Targets:
    """The metrics that a checkpoint was trained and selected on; None where its run is not known."""

    trained: tuple[str, ...] | None
    selected: tuple[str, ...] | None

    @property
    def pesq(self) -> bool:
        """Whether PESQ is a target, or may be one."""
        known = (self.trained, self.selected)
        return any(metrics is None or "PESQ" in metrics for metrics in known)

    def sentence(self, beside: str = UNTRAINED) -> str:
        """What must be said beside a gain in PESQ; empty where PESQ is no target. `beside` is the metric shown with it."""
        if not self.pesq:
            return ""
        if self.trained is None or self.selected is None:
            return f"what it was trained and selected on is not known, PESQ may be among it: read PESQ beside {beside}"
        said = []
        if "PESQ" in self.trained:
            said.append("trained on PESQ (by the metric discriminator)")
        if self.selected:
            said.append(f"selected on {' and '.join(self.selected)}")
        return f"{' and '.join(said)}: read its PESQ beside {beside}, on which it was neither trained nor selected"


def targets(recipe: Mapping[str, Any], checkpoint: str) -> Targets:
    """The targets of a checkpoint, called `best-pesq` and so on, of a run with this recipe."""
    trained = ("PESQ",) if float(recipe.get("weight_adversarial", 0)) > 0 else ()
    return Targets(trained, SELECTED_ON.get(checkpoint, ()))


def targets_of(system: System) -> Targets:
    """The targets of a system: nothing for the noisy files, unknown for audio and for checkpoints without a training run."""
    if system.source == "noisy":
        return Targets((), ())
    run = system.run()
    config = {} if run is None else RunFolder(run).config()
    record = system.record()
    if config.get("kind") != "training" or record is None:
        return Targets(None, None)
    return targets(config.get("recipe", {}), record.name)


def remarks_on_targets(systems: list[System], beside: str = UNTRAINED) -> tuple[str, ...]:
    """The sentences for several systems, each with the system's name."""
    said = [(system.name, targets_of(system).sentence(beside)) for system in systems]
    return tuple(f"{name}: {sentence}" for name, sentence in said if sentence)
