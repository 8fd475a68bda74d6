"""What was measured on an own checkpoint, and the checkpoint it belongs to: found by its hash or name, or made."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.checkpoints import also_called
from litdb.catalogue.database.schema import CheckpointRow, ModelRow, RunRow
from litdb.catalogue.decision import GoOn
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.views.standing import refuse_removed
from litdb.errors import Conflict
from litdb.values.reading import Reading


@dataclass(frozen=True, slots=True)
class Utterance:
    """The score of one test file in one metric, or why there is none."""

    name: str
    metric: str
    value: float | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of one checkpoint on one test set, with what is known of both.

    `identity` is the run and checkpoint in words (`new/best-composite`, or the path a result file names).
    """

    model: str
    identity: str
    dataset: str
    readings: tuple[Reading, ...]
    sha256: str | None = None
    epoch: int | None = None
    criterion: str = ""
    selected_on: str = ""
    date: dt.date | None = None
    recipe: str = ""
    details: dict[str, object] = field(default_factory=dict)
    run_details: dict[str, object] = field(default_factory=dict)
    utterances: tuple[Utterance, ...] = ()


def put_checkpoint(session: Session, model: ModelRow, measured: Measured) -> CheckpointRow:
    """The checkpoint of that SHA-256 or identity, made with its run when it is new.

    Raises Conflict when it is recorded for another model, or with another hash.
    """
    found = None
    if measured.sha256:
        found = session.scalar(select(CheckpointRow).where(CheckpointRow.sha256 == measured.sha256))
    if found is None:
        found = session.scalar(select(CheckpointRow).where(CheckpointRow.key == measured.identity))
    refuse_removed(
        session,
        found.run.key if found is not None else measured.identity.rpartition("/")[0] or measured.identity,
    )
    if found is not None:
        if found.run.model_id != model.id:
            raise Conflict(
                f"{measured.identity} is recorded as a run of {found.run.model.name}, not of {model.name}: "
                "give the model it belongs to, or another --run"
            )
        if measured.sha256 and found.sha256 is None:
            found.sha256 = measured.sha256
        elif measured.sha256 and found.sha256 != measured.sha256:
            if not went_on(found, measured):
                raise Conflict(
                    f"{measured.identity} is recorded with checkpoint {(found.sha256 or '')[:12]}, the new one is "
                    f"{measured.sha256[:12]}: record it as another run (`add --name`, `add-result --run`)"
                )
            _take_later_state(session, found, measured)
        if measured.identity != found.key:
            also_called(found, measured.identity)
        return found
    run_key, _, name = measured.identity.rpartition("/")
    run_key = run_key or measured.identity
    run = session.scalar(select(RunRow).where(RunRow.key == run_key))
    if run is None:
        details = json.dumps(measured.run_details, sort_keys=True, ensure_ascii=False)
        run = RunRow(key=run_key, model_id=model.id, recipe=measured.recipe, details=details)
        session.add(run)
        session.flush()
    elif run.model_id == model.id and run.details == "{}" and measured.run_details:
        run.details = json.dumps(measured.run_details, sort_keys=True, ensure_ascii=False)
    elif run.model_id != model.id:
        raise Conflict(
            f"run {run_key} is recorded for {run.model.name}, not for {model.name}: give another --run"
        )
    checkpoint = CheckpointRow(
        key=measured.identity,
        run_id=run.id,
        name=name,
        sha256=measured.sha256,
        epoch=measured.epoch,
        criterion=measured.criterion,
        selected_on=measured.selected_on,
        date=measured.date,
        details=json.dumps(measured.details, sort_keys=True, ensure_ascii=False),
    )
    session.add(checkpoint)
    session.flush()
    return checkpoint


def went_on(found: CheckpointRow, measured: Measured) -> bool:
    """Whether a checkpoint is a later state of the one recorded: same configuration, seed and data, a later epoch."""
    identity = measured.run_details.get("identity")
    same = identity is not None and json.loads(found.run.details).get("identity") == identity
    return same and found.epoch is not None and measured.epoch is not None and found.epoch < measured.epoch


def _take_later_state(session: Session, found: CheckpointRow, measured: Measured) -> None:
    """The run went on: the checkpoint is what it is now, and the history keeps what it was."""
    states = [
        f"epoch {epoch}, {(sha256 or 'no hash')[:12]}"
        for epoch, sha256 in ((found.epoch, found.sha256), (measured.epoch, measured.sha256))
    ]
    said = f"the run went on from epoch {found.epoch} to {measured.epoch}"
    append_decision(session, GoOn(*states), found.key, said)
    details = json.loads(found.details)
    earlier = [*details.get("earlier", []), {"epoch": found.epoch, "sha256": found.sha256}]
    found.details = json.dumps(
        {**details, **measured.details, "earlier": earlier}, sort_keys=True, ensure_ascii=False
    )
    found.sha256, found.epoch = measured.sha256, measured.epoch
    # a run that was given more epochs says so, and has the longer recipe
    run = found.run
    known = json.loads(run.details)
    run.details = json.dumps({**known, **measured.run_details}, sort_keys=True, ensure_ascii=False)
    run.recipe = measured.recipe or run.recipe
    found.criterion, found.selected_on = measured.criterion, measured.selected_on
