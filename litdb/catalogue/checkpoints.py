"""Own checkpoints by their names: the same bytes can be the best by several criteria, and have a name for each."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import CheckpointRow, ModelRow, RunRow
from litdb.errors import NotFound
from litdb.evidence.runs.carrying import extensions
from litdb.vocabulary.remarks import Mark, Remark


def also_called(checkpoint: CheckpointRow, identity: str) -> None:
    """Remember another name of the same bytes: one epoch can be the best by several criteria."""
    details = json.loads(checkpoint.details)
    names = {*details.get("also", []), identity}
    checkpoint.details = json.dumps({**details, "also": sorted(names)}, sort_keys=True, ensure_ascii=False)


def other_names(checkpoint: CheckpointRow) -> list[str]:
    """The other keys that the same bytes were recorded under, such as `full-1/best-composite`."""
    names: list[str] = json.loads(checkpoint.details).get("also", [])
    return names


def marks_of_run(details: str) -> tuple[str, ...]:
    """What must be said beside all scores of a run, from its recorded details (JSON): leaks, what it began with,
    whether it was given more epochs."""
    if not any(f'"{key}"' in details for key in ("leaks", "from", "extended")):
        return ()
    told = json.loads(details)
    data, began = told.get("data"), told.get("from")
    leaks = data.get("leaks") if isinstance(data, dict) else None
    found = [
        Remark(Mark.LEAK, (leak["detail"],))
        for leak in (leaks if isinstance(leaks, list) else ())
        if isinstance(leak, dict) and leak.get("detail")
    ]
    if isinstance(began, dict) and began:
        place = "/".join(str(part) for part in (began.get("run"), began.get("file")) if part)
        found.append(Remark(Mark.FINE_TUNED, (place or "another checkpoint",)))
    if steps := extensions(told):
        found.append(Remark(Mark.EXTENDED, (", ".join(steps),)))
    return tuple(map(str, found))


def recorded_recipe(details: str) -> str | None:
    """Network and recipe but for the seed, from a run's recorded details (JSON); None where it recorded none."""
    told = json.loads(details) if '"recipe"' in details else {}
    recipe = told.get("recipe")
    if not isinstance(recipe, dict):
        return None
    kept = {key: value for key, value in recipe.items() if key != "seed"}
    return json.dumps({"network": told.get("network"), "recipe": kept}, sort_keys=True, ensure_ascii=False)


def own_names(session: Session) -> list[str]:
    """What own runs and checkpoints are called, and the models that they are of."""
    keys = session.scalars(select(CheckpointRow.key))
    models = session.scalars(select(ModelRow.name).where(ModelRow.own))
    return [*keys, *session.scalars(select(RunRow.key)), *models]


def named_checkpoint(session: Session, key: str) -> CheckpointRow | None:
    """The checkpoint of a key such as `full-1/best-composite`, also by another name of the same bytes."""
    found = session.scalar(select(CheckpointRow).where(CheckpointRow.key == key))
    if found is not None:
        return found
    noted = session.scalars(
        select(CheckpointRow).where(CheckpointRow.details.contains('"also"')).order_by(CheckpointRow.key)
    )
    return next((checkpoint for checkpoint in noted if key in other_names(checkpoint)), None)


def find_checkpoint(session: Session, run: str, checkpoint: str) -> CheckpointRow:
    """A checkpoint of a run by its name, or the beginning of its SHA-256. Raises NotFound that lists what there is."""
    own = select(RunRow).join(ModelRow, ModelRow.id == RunRow.model_id).where(ModelRow.own)
    owner = session.scalar(own.where(RunRow.key == run))
    if owner is None:
        known = [row.key for row in session.scalars(own.order_by(RunRow.key))]
        there = f": there are {', '.join(known)}" if known else ": `litdb add RUN` takes one in"
        raise NotFound(f"no run is called {run!r}{there}")
    states = session.scalars(
        select(CheckpointRow).where(CheckpointRow.run_id == owner.id).order_by(CheckpointRow.key)
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
