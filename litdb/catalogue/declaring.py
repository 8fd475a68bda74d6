"""Which own checkpoint stands for its model: declared, dated, and corrected by declaring another."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.checkpoints import other_names
from litdb.catalogue.database.schema import Checkpoint, Decision, Model, Run
from litdb.errors import NotFound, UsageError


def declare(
    session: Session, run: str, checkpoint: str, reason: str, *, date: dt.date | None = None
) -> Decision:
    """Say that a checkpoint of a run stands for the run's model; of several declarations the last one made counts.

    `date` is the day from which it does (default: today). Raises NotFound for an unknown run or checkpoint,
    UsageError for a day that is still to come.
    """
    from litdb.catalogue.decisions import append_decision, reapply

    found = find_checkpoint(session, run, checkpoint)
    today = dt.datetime.now(dt.UTC).date()
    if date is not None and date > today:
        raise UsageError(
            f"{date} is still to come: declare a checkpoint on the day, or with an earlier --date"
        )
    detail = {"date": (date or today).isoformat()}
    decision = append_decision(session, "declare", found.key, reason, detail)
    reapply(session)
    return decision


def find_checkpoint(session: Session, run: str, checkpoint: str) -> Checkpoint:
    """A checkpoint of a run by its name, or the beginning of its SHA-256. Raises NotFound that lists what there is."""
    owner = session.scalar(select(Run).where(Run.key == run))
    if owner is None:
        known = session.scalars(select(Run.key).order_by(Run.key)).all()
        there = f": there are {', '.join(known)}" if known else ": `litdb add RUN` takes one in"
        raise NotFound(f"no run is called {run!r}{there}")
    states = session.scalars(
        select(Checkpoint).where(Checkpoint.run_id == owner.id).order_by(Checkpoint.key)
    ).all()
    for state in states:
        if checkpoint in (state.name, state.key):
            return state
    for state in states:
        if {checkpoint, f"{run}/{checkpoint}"} & set(other_names(state)):
            return state
    hashed = [s for s in states if len(checkpoint) >= 8 and (s.sha256 or "").startswith(checkpoint.lower())]
    if len(hashed) == 1:
        return hashed[0]
    names = ", ".join(state.name for state in states) or "none"
    raise NotFound(f"run {run} has no checkpoint {checkpoint!r}: its checkpoints are {names}")


def apply_declarations(session: Session, in_force: Sequence[Decision]) -> None:
    """Date the checkpoints that decisions declare, oldest decision first, and take the date from all others."""
    owners = {
        checkpoint.key: (checkpoint, unified or model)
        for checkpoint, model, unified in session.execute(
            select(Checkpoint, Model.id, Model.unified_id)
            .join(Run, Run.id == Checkpoint.run_id)
            .join(Model, Model.id == Run.model_id)
        )
    }
    last: dict[int, tuple[str, dt.date | None]] = {}
    for decision in in_force:
        if decision.kind == "declare" and decision.target in owners:
            stated = json.loads(decision.detail).get("date")
            day = dt.date.fromisoformat(stated) if stated else decision.made_at.date()
            last[owners[decision.target][1]] = (decision.target, day)
    for key, (checkpoint, model) in owners.items():
        standing, since = last.get(model, ("", None))
        checkpoint.declared_on = since if standing == key else None
    session.flush()
