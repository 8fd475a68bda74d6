"""The declared checkpoints of an own model with all that is recorded of their runs, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litdb.catalogue.naming import find_model
from litdb.catalogue.views.runs import CheckpointView, RunView, details_of, own_runs
from litdb.catalogue.views.scores import find_checkpoint, measured_system
from litdb.errors import UsageError
from litdb.evidence.runs.system import System

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run with the checkpoint of it that stands for its model.

    `details` are what its folder says of network, recipe, data and environment, as read (JSON values); `scored` are its
    scores by file, a system a test set.
    """

    run: RunView
    checkpoint: CheckpointView
    details: Mapping[str, Any]
    scored: tuple[System, ...]


def recorded_runs(session: Session, name: str) -> list[RecordedRun]:
    """The runs whose checkpoints were declared for an own model, one or, with several seeds, a group.

    Raises UsageError for a model of somebody else or without a declared checkpoint, NotFound, Ambiguous.
    """
    model = find_model(session, name)
    if not model.own:
        raise UsageError(
            f"{model.name} is no own model: its numbers are its paper's, `litdb card` has what is stated"
        )
    runs = [run for run in own_runs(session, model.id) if not run.removed]
    found = [(run, state) for run in runs for state in run.checkpoints if state.standing]
    if not found:
        raise UsageError(
            f"no checkpoint of {model.name} is declared: `litdb runs declare RUN --checkpoint C --reason R` says which one it is"
        )
    made = []
    for run, state in found:
        stored = find_checkpoint(session, state.key)
        scored = (
            ()
            if stored is None
            else tuple(measured_system(session, stored, one) for one in sorted(state.scored))
        )
        made.append(RecordedRun(run, state, details_of(session, [run.key])[0], scored))
    return made
