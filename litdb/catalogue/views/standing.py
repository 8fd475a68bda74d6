"""What decisions in force say of own runs: which are removed, and which checkpoint or group stands for a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import CheckpointRow, ModelRow, ReadingRow, ResultRow, RunRow
from litdb.catalogue.decision import Declare, DeclareGroup, Made, RemoveRun
from litdb.catalogue.views.in_force import in_force
from litdb.errors import Conflict, NotFound
from litdb.values.value import SeedGroup


def removed_runs(session: Session) -> dict[str, Made[RemoveRun]]:
    """The runs that count no more, by key, with the decision."""
    return {decision.target: decision for decision in in_force(session, RemoveRun)}


def refuse_removed(session: Session, run: str) -> None:
    """Raise Conflict for a run that was removed, with who did it, why and what brings it back."""
    decision = removed_runs(session).get(run)
    if decision is not None:
        raise Conflict(
            f"run {run} was removed by {decision.who} on {decision.made_at.date()} ({decision.reason}): "
            f"`litdb undo {decision.uid[:8]}` brings it back, or record this one under another name"
        )


def find_run(session: Session, key: str) -> RunRow:
    """An own run by its name. Raises NotFound that lists those there are, Conflict for one that was removed."""
    own = select(RunRow).join(ModelRow, ModelRow.id == RunRow.model_id).where(ModelRow.own)
    found = session.scalar(own.where(RunRow.key == key))
    if found is None:
        removed = removed_runs(session)
        there = [run.key for run in session.scalars(own.order_by(RunRow.key)) if run.key not in removed]
        raise NotFound(f"no own run is called {key!r}: there are {', '.join(there) or 'none yet'}")
    refuse_removed(session, key)
    return found


def runs_of_owner(session: Session, owner: int) -> list[RunRow]:
    """The runs that count for a model (its row number), by key."""
    of_model = (
        select(RunRow)
        .join(ModelRow, ModelRow.id == RunRow.model_id)
        .where(func.coalesce(ModelRow.unified_id, ModelRow.id) == owner)
    )
    return list(session.scalars(of_model.order_by(RunRow.key)))


def states_of(session: Session, run: RunRow) -> list[CheckpointRow]:
    """The checkpoints of a run, by key."""
    states = select(CheckpointRow).where(CheckpointRow.run_id == run.id)
    return list(session.scalars(states.order_by(CheckpointRow.key)))


def standing_declarations(
    session: Session,
) -> dict[int, tuple[Made[Declare | DeclareGroup], tuple[str, ...]]]:
    """What stands for each own model (its row number): the last declaration in force, and the checkpoints it names.

    Checkpoints of removed runs, and those that this catalogue does not have, stand for nothing.
    """
    removed = removed_runs(session)
    owners = {
        key: owner
        for key, owner, run in session.execute(
            select(CheckpointRow.key, func.coalesce(ModelRow.unified_id, ModelRow.id), RunRow.key)
            .join(RunRow, RunRow.id == CheckpointRow.run_id)
            .join(ModelRow, ModelRow.id == RunRow.model_id)
        )
        if run not in removed
    }
    found: dict[int, tuple[Made[Declare | DeclareGroup], tuple[str, ...]]] = {}
    declarations: list[Made[Declare | DeclareGroup]] = in_force(session, Declare, DeclareGroup)
    for decision in declarations:
        for owner, keys in _by_owner(_named(decision), owners):
            found[owner] = decision, keys
    return found


def _named(decision: Made[Declare | DeclareGroup]) -> tuple[str, ...]:
    return decision.what.members if isinstance(decision.what, DeclareGroup) else (decision.target,)


def _by_owner(keys: Collection[str], owners: Mapping[str, int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for owner in {owners[key] for key in keys if key in owners}:
        yield owner, tuple(key for key in keys if owners.get(key) == owner)


def standing_groups(session: Session) -> dict[int, SeedGroup]:
    """The group of checkpoints that stands for each own model (its row number) that has one."""
    return {
        owner: SeedGroup(
            keys, decision.what.omitted, decision.what.date or decision.made_at.date(), decision.uid
        )
        for owner, (decision, keys) in standing_declarations(session).items()
        if isinstance(decision.what, DeclareGroup)
    }


def documents_out_of_step(session: Session) -> list[int]:
    """The documents whose results do not yet say what was decided about the run that gave them."""
    removed = sorted(removed_runs(session))
    of_runs = (
        select(ReadingRow.document_id)
        .join(ResultRow, ResultRow.reading_id == ReadingRow.id)
        .join(CheckpointRow, CheckpointRow.id == ReadingRow.checkpoint_id)
        .join(RunRow, RunRow.id == CheckpointRow.run_id)
        .distinct()
    )
    gone = of_runs.where(RunRow.key.in_(removed), ResultRow.status != "rejected")
    back = of_runs.where(RunRow.key.not_in(removed), ResultRow.status == "rejected")
    return sorted({*session.scalars(gone), *session.scalars(back)})
