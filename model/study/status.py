"""How far a study is: what is done, what is open, and the hours that are left."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from model.errors import TrainingError
from model.runs import RunFolder
from model.study.plan import Plan, Planned, read_plan
from model.training.machine.lock import refuse_held
from model.training.recipe import Recipe
from model.training.watching.progress import PHASE_FACTOR


class State(StrEnum):
    """Where a run of a study stands."""

    DONE = "done"
    """Trained and tested."""
    TRAINED = "trained"
    """To be tested."""
    RUNNING = "running"
    STOPPED = "stopped"
    """Begun, and at rest."""
    OPEN = "open"
    """Not begun."""


@dataclass(frozen=True)
class RunStatus:
    """A run: finished epochs of all, and the hours its training still takes (None where nothing tells)."""

    run: str
    state: State
    epochs: int
    of: int
    hours_left: float | None


@dataclass(frozen=True)
class Status:
    """All runs of a study in their order; `hours_left` is the sum, None when one of them cannot be told."""

    runs: tuple[RunStatus, ...]
    hours_left: float | None

    def count(self, state: State) -> int:
        """How many runs are in a state."""
        return sum(run.state is state for run in self.runs)


#: Seconds of an epoch without and with the discriminator, as far as known.
Seconds = Mapping[bool, float]


def status(folder: Path) -> Status:
    """Look at the folder of a study. Times are those of the same variant's epochs, else of its probe, else of others."""
    plan = read_plan(folder)
    logged = {planned.run: RunFolder(folder / planned.run).epochs() for planned in plan.runs}
    runs = tuple(_run_status(folder, planned, plan, logged) for planned in plan.runs)
    hours = [run.hours_left for run in runs]
    known = [value for value in hours if value is not None]
    return Status(runs, sum(known) if len(known) == len(hours) else None)


def _run_status(
    folder: Path, planned: Planned, plan: Plan, logged: Mapping[str, list[dict[str, Any]]]
) -> RunStatus:
    epochs = logged[planned.run]
    done = int(epochs[-1]["epoch"]) if epochs else 0
    state = _state(folder / planned.run, done, plan)
    hours = 0.0 if done >= plan.recipe.epochs else _hours(planned, done, plan, logged)
    return RunStatus(planned.run, state, done, plan.recipe.epochs, hours)


def _state(run: Path, done: int, plan: Plan) -> State:
    if not (run / "config.json").exists():
        return State.OPEN
    try:
        refuse_held(run)
    except TrainingError:
        return State.RUNNING
    if done < plan.recipe.epochs:
        return State.STOPPED
    for summary in run.glob("scores/*/summary.json"):
        entries = json.loads(summary.read_text())["entries"]
        if any(entry["name"] == plan.checkpoint for entry in entries):
            return State.DONE
    return State.TRAINED


def epochs_done(folder: Path, planned: Planned) -> int:
    """The finished epochs of a run of the study in a folder; 0 where it was not begun."""
    epochs = RunFolder(folder / planned.run).epochs()
    return int(epochs[-1]["epoch"]) if epochs else 0


def _hours(
    planned: Planned, done: int, plan: Plan, logged: Mapping[str, list[dict[str, Any]]]
) -> float | None:
    own = [run.run for run in plan.runs if run.variant == planned.variant]
    of_variant = _seconds([epoch for run in own for epoch in logged[run]], plan.recipe)
    if not of_variant and planned.variant in plan.paces:
        return plan.paces[planned.variant].seconds(plan.recipe, done) / 3600
    seconds = of_variant or _seconds([epoch for epochs in logged.values() for epoch in epochs], plan.recipe)
    if not seconds:
        return None
    plain = seconds.get(False, seconds.get(True, 0.0) / PHASE_FACTOR)
    full = seconds.get(True, plain * PHASE_FACTOR)
    rest = range(done, plan.recipe.epochs)
    return sum(full if plan.recipe.discriminates(epoch) else plain for epoch in rest) / 3600


def _seconds(epochs: list[dict[str, Any]], recipe: Recipe) -> Seconds:
    """Median seconds of the epochs of each phase."""
    by_phase: dict[bool, list[float]] = {}
    for epoch in epochs:
        by_phase.setdefault(recipe.discriminates(epoch["epoch"] - 1), []).append(epoch["seconds"])
    return {phase: statistics.median(found) for phase, found in by_phase.items()}
