"""Own runs and their checkpoints as they are listed: recipe, what each was selected on, its values."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from litdb.catalogue.checkpoints import marks_of_run, other_names
from litdb.catalogue.database.schema import (
    CheckpointRow,
    ModelRow,
    RunRow,
    ScoreRow,
)
from litdb.catalogue.decision import Declare, DeclareGroup, Made, RemoveRun
from litdb.catalogue.values import ACCEPTED, Where, in_order, values
from litdb.catalogue.views.standing import removed_runs, standing_declarations, standing_groups
from litdb.errors import NotFound
from litdb.evidence.runs.carrying import CarriedOut
from litdb.evidence.runs.looks import Look, before, distinct_looks
from litdb.values.display import cell_text, column_for
from litdb.values.value import SeedGroup, Value
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Mean:
    """A value of a checkpoint: a mean over a test set, or a count. `files` is `820 of 824` where that is known.

    `shown` is how a table prints it, in the unit of its column.
    """

    metric: str
    dataset: str
    value: float | None
    printed: str
    files: str = ""
    shown: str = ""

    @property
    def partial(self) -> bool:
        """Whether it covers fewer files than the test set has."""
        covered, _, expected = self.files.partition(" of ")
        return covered != expected


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """A checkpoint. `standing` says that it is the one declared for its model; `scored` counts files by test set."""

    key: str
    name: str
    epoch: int | None
    criterion: str
    selected_on: str
    date: dt.date | None
    declared_on: dt.date | None
    reason: str
    sha256: str
    means: tuple[Mean, ...]
    scored: Mapping[str, int]
    validation: Mapping[str, float]
    also: tuple[str, ...] = ()  # other names of the same bytes
    marks: tuple[str, ...] = ()  # what must be said beside its scores
    looks_before: Mapping[str, int] = field(default_factory=dict)
    """Of the declared one: by test set, how often it was looked at with the model's checkpoints before that."""

    @property
    def standing(self) -> bool:
        """Whether it is the one that stands for its model."""
        return self.declared_on is not None


@dataclass(frozen=True, slots=True)
class RunView:
    """An own run with its checkpoints; `seed` is None where the run does not say, `looks` are those at test sets.

    `removed` says by whom and why it was taken out ('' where it counts); `group` are the checkpoints that stand for its
    model together, with what was left out of them; `carried_out` is on what and how it was computed.
    """

    key: str
    model: str
    recipe: str
    seed: int | None
    checkpoints: tuple[CheckpointView, ...]
    looks: tuple[Look, ...] = ()
    removed: str = ""
    group: SeedGroup | None = None
    carried_out: CarriedOut = field(default_factory=CarriedOut)


def own_runs(session: Session, model: int | None = None) -> list[RunView]:
    """All own runs, or those of one model (its row number), by model and name; checkpoints by name."""
    owner = func.coalesce(ModelRow.unified_id, ModelRow.id)
    query = select(RunRow, owner).join(ModelRow, ModelRow.id == RunRow.model_id)
    query = query.where(ModelRow.own).order_by(RunRow.key)
    if model is not None:
        query = query.where(owner == model)
    found = session.execute(query).all()
    measured = values(session, Where(measured=True, statuses=ACCEPTED))
    means, marks = _means(measured), _marks(in_order(measured))
    names = dict(iter(session.execute(select(ModelRow.id, ModelRow.name))))
    scored, declared = _scored(session), _declared(session)
    removed, groups = removed_runs(session), standing_groups(session)
    looked = {run.id: looks_of(run.details) for run, _ in found}
    of_model = {
        owner: distinct_looks(look for run, number in found if number == owner for look in looked[run.id])
        for owner in {number for _, number in found}
    }
    by_run: dict[int, list[CheckpointRow]] = defaultdict(list)
    for checkpoint in session.scalars(select(CheckpointRow).order_by(CheckpointRow.name)):
        by_run[checkpoint.run_id].append(checkpoint)
    views = [
        RunView(
            run.key,
            names[number],
            run.recipe,
            seed_of(run.details),
            tuple(
                _view(
                    c,
                    means.get(c.key, ()),
                    scored.get(c.id, {}),
                    marks.get(c.key, ()),
                    declared.get(c.key),
                    of_model[number],
                )
                for c in by_run[run.id]
            ),
            looked[run.id],
            _removed(removed.get(run.key)),
            groups.get(number),
            carried_out_of(run.details),
        )
        for run, number in found
    ]
    return sorted(views, key=lambda view: (view.model.casefold(), view.key))


def _declared(session: Session) -> dict[str, Made[Declare | DeclareGroup]]:
    """The declaration that lets each checkpoint stand for its model, alone or in a group."""
    return {key: decision for decision, keys in standing_declarations(session).values() for key in keys}


def _removed(decision: Made[RemoveRun] | None) -> str:
    if decision is None:
        return ""
    return f"removed by {decision.who} on {decision.made_at.date()}: {decision.reason} (decision {decision.uid[:8]})"


def _view(
    checkpoint: CheckpointRow,
    means: tuple[Mean, ...],
    scored: Mapping[str, int],
    marks: tuple[str, ...],
    declared: Made[Declare | DeclareGroup] | None,
    looks: Sequence[Look],
) -> CheckpointView:
    details = json.loads(checkpoint.details)
    return CheckpointView(
        key=checkpoint.key,
        name=checkpoint.name,
        epoch=checkpoint.epoch,
        criterion=checkpoint.criterion,
        selected_on=checkpoint.selected_on,
        date=checkpoint.date,
        declared_on=checkpoint.declared_on,
        reason=declared.reason if declared is not None and checkpoint.declared_on else "",
        sha256=checkpoint.sha256 or "",
        means=means,
        scored=scored,
        validation=details.get("validation", {}),
        also=tuple(other_names(checkpoint)),
        marks=(*marks_of_run(checkpoint.run.details), *marks),
        looks_before=before(looks, checkpoint.declared_on, _in_utc(declared.made_at))
        if declared is not None and checkpoint.declared_on
        else {},
    )


def _in_utc(moment: dt.datetime) -> dt.datetime:
    """A stored moment; SQLite gives it back without its zone."""
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _means(measured: Sequence[Value]) -> dict[str, tuple[Mean, ...]]:
    found: dict[str, list[Mean]] = defaultdict(list)
    for value in sorted(measured, key=lambda value: value.dataset):
        files = _files(value.protocol)
        mean = Mean(value.metric, value.dataset, value.value, value.printed, files, _as_in_a_table(value))
        found[value.checkpoint].append(mean)
    return {checkpoint: tuple(means) for checkpoint, means in found.items()}


def _as_in_a_table(value: Value) -> str:
    if value.value is None or vocabulary().metric(value.quantity) is None:
        return value.printed
    return cell_text(value.value, value.resolution, column_for(MetricName.parse(value.metric), vocabulary()))


def _marks(measured: Sequence[Value]) -> dict[str, tuple[str, ...]]:
    """What must be said beside the scores of each checkpoint on each test set; what holds for a whole run apart."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for value in measured:
        assert value.row.checkpoint is not None
        for mark in value.marks:
            if mark not in value.row.checkpoint.marks and value.dataset:
                found[value.checkpoint][f"{value.dataset}: {mark}"] = None
    return {checkpoint: tuple(marks) for checkpoint, marks in found.items()}


def _files(protocol: Protocol) -> str:
    covered, expected = protocol.get("files"), protocol.get("files_expected")
    return f"{covered} of {expected}" if covered and expected else ""


def _scored(session: Session) -> dict[int, dict[str, int]]:
    count = func.count(func.distinct(ScoreRow.utterance))
    query = select(ScoreRow.checkpoint_id, ScoreRow.dataset, count).group_by(
        ScoreRow.checkpoint_id, ScoreRow.dataset
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for checkpoint, dataset, files in session.execute(query):
        found[checkpoint][dataset] = files
    return found


def looks_of(details: str) -> tuple[Look, ...]:
    """The looks at test sets that a run's details (JSON) tell of, oldest first."""
    if '"looks"' not in details:
        return ()
    return tuple(
        Look(
            dt.datetime.fromisoformat(told["at"]), told["command"], told["dataset"], told["files"],
            tuple(told["systems"]), tuple(told["hashes"]),
        )
        for told in json.loads(details)["looks"]
    )  # fmt: skip


def details_of(session: Session, runs: Sequence[str]) -> list[dict[str, Any]]:
    """What each of some own runs, by its key, is recorded to have been: recipe, settings, environment.

    Raises NotFound that names the runs there are.
    """
    details = dict(iter(session.execute(select(RunRow.key, RunRow.details))))
    unknown = [run for run in runs if run not in details]
    if unknown:
        raise NotFound(f"no run {unknown[0]!r}: the own runs are {', '.join(sorted(details)) or 'none yet'}")
    return [json.loads(details[run]) for run in runs]


def runs_of(session: Session, checkpoints: Sequence[str]) -> dict[str, str]:
    """The own runs of some checkpoints (by key), each with its details (JSON)."""
    query = select(RunRow.key, RunRow.details).join(CheckpointRow, CheckpointRow.run_id == RunRow.id)
    return dict(iter(session.execute(query.where(CheckpointRow.key.in_(checkpoints)).order_by(RunRow.key))))


def carried_out_of(details: str) -> CarriedOut:
    """On what and how a run was computed, as its details (JSON) state it."""
    return CarriedOut.of(json.loads(details).get("environment"))


def seed_of(details: str) -> int | None:
    """The seed that a run's details (JSON) state, or None."""
    environment = json.loads(details).get("environment", {})
    seed = environment.get("seed") if isinstance(environment, dict) else None
    return seed if isinstance(seed, int) else None
