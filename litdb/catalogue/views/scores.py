"""Own checkpoints with the scores of every file, found by what people call them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from litdb.catalogue.checkpoints import named_checkpoint, other_names, recorded_recipe
from litdb.catalogue.database.schema import CheckpointRow, ModelRow, ResultRow, RunRow, ScoreRow
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.catalogue.views.runs import seed_of
from litdb.catalogue.views.standing import refuse_removed
from litdb.errors import UsageError
from litdb.evidence.runs.subsets import plain
from litdb.evidence.runs.system import System
from litdb.evidence.runs.targets import Aimed, aimed
from litdb.vocabulary import Dataset, vocabulary


def find_checkpoint(session: Session, text: str) -> CheckpointRow | None:
    """A checkpoint by its key, or the one that stands for the run of that name; None when it is neither.

    A run stands for its declared checkpoint, else the one selected on validation data, else its only one. Raises
    UsageError for a run that leaves the choice open.
    """
    checkpoint = named_checkpoint(session, text)
    if checkpoint is not None:
        refuse_removed(session, checkpoint.run.key)
        return checkpoint
    refuse_removed(session, text)
    run = session.scalar(select(RunRow).where(RunRow.key == text))
    return None if run is None else _of_run(session, run)


def _of_run(session: Session, run: RunRow) -> CheckpointRow:
    states = session.scalars(
        select(CheckpointRow).where(CheckpointRow.run_id == run.id).order_by(CheckpointRow.key)
    ).all()
    if not states:
        raise UsageError(f"run {run.key} has no checkpoint: evaluate it and `litdb add` it again")
    for wanted in (
        [s for s in states if s.declared_on],
        [s for s in states if s.selected_on == "validation"],
        states,
    ):
        if len(wanted) == 1:
            return wanted[0]
    names = ", ".join(s.key for s in states)
    raise UsageError(f"run {run.key} has several checkpoints and none is declared: name one of {names}")


def measured_system(session: Session, checkpoint: CheckpointRow, dataset: str) -> System:
    """A checkpoint with its means and the scores of every file of a test set."""
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    failed: dict[str, dict[str, str]] = defaultdict(dict)
    columns = ScoreRow.metric, ScoreRow.utterance, ScoreRow.value, ScoreRow.error
    query = select(*columns).where(ScoreRow.checkpoint_id == checkpoint.id, ScoreRow.dataset == dataset)
    for metric, utterance, value, error in session.execute(query):
        if value is None:
            failed[metric][plain(utterance)] = error
        else:
            scores[metric][plain(utterance)] = value
    owner = session.get_one(ModelRow, checkpoint.run.model_id)
    stays = session.get_one(ModelRow, owner.unified_id) if owner.unified_id else owner
    known = values(session, Where(models=[stays.key], dataset=dataset, statuses=ACCEPTED))
    audio = (
        not owner.own
    )  # of somebody else's model: its means are reproductions, in a document of the same name
    document = f"evaluation:{checkpoint.key}:{dataset}:"
    own = [
        value
        for value in known
        if (value.row.document.key.startswith(document) if audio else value.checkpoint == checkpoint.key)
    ]
    return System(
        name=checkpoint.key,
        model=owner.name,
        dataset=dataset,
        run="" if audio else checkpoint.run.key,
        checkpoint="" if audio else checkpoint.key,
        selected_on=checkpoint.selected_on,
        seed=seed_of(checkpoint.run.details),
        recipe=_recipe(checkpoint.run),
        means={value.metric: value for value in own if value.value is not None},
        scores={metric: dict(found) for metric, found in scores.items()},
        failed={metric: dict(found) for metric, found in failed.items()},
        aims=_aims(checkpoint),
        marks=tuple(dict.fromkeys(mark for value in own if value.dataset for mark in value.marks)),
    )


def scored_audio(session: Session, model: ModelRow, dataset: str) -> list[CheckpointRow]:
    """What stands for audio of a published model of which scores by file are kept, by key."""
    query = (
        select(CheckpointRow)
        .join(RunRow, RunRow.id == CheckpointRow.run_id)
        .join(ModelRow, ModelRow.id == RunRow.model_id)
        .where(func.coalesce(ModelRow.unified_id, ModelRow.id) == model.id, ModelRow.own.is_(False))
        .where(exists().where(ScoreRow.checkpoint_id == CheckpointRow.id, ScoreRow.dataset == dataset))
    )
    return list(session.scalars(query.order_by(CheckpointRow.key)))


def seed_groups(
    session: Session, dataset: str, quantity: str, owner: int | None = None
) -> list[list[CheckpointRow]]:
    """Own runs of one recorded recipe, one checkpoint of each, that have values of a quantity on a test set.

    Of all own models, or of the one of that row number. Each group has one run a seed and the same checkpoint by name in
    all of them: the declared one's name, else the one that most runs have, selected on validation before others. A
    recipe that was run once is a group of one.
    """
    measured = values(
        session, Where(quantities=[quantity], dataset=dataset, statuses=ACCEPTED, measured=True)
    )
    known = {value.checkpoint for value in measured if value.value is not None}
    query = (
        select(CheckpointRow, RunRow)
        .join(RunRow, RunRow.id == CheckpointRow.run_id)
        .join(ModelRow, ModelRow.id == RunRow.model_id)
        .where(ModelRow.own)
        .order_by(RunRow.key, CheckpointRow.key)
    )
    if owner is not None:
        query = query.where(func.coalesce(ModelRow.unified_id, ModelRow.id) == owner)
    recipes: dict[str, dict[str, dict[int, CheckpointRow]]] = defaultdict(lambda: defaultdict(dict))
    for checkpoint, run in session.execute(query):
        recipe, seed = recorded_recipe(run.details), seed_of(run.details)
        if checkpoint.key not in known or recipe is None or seed is None:
            continue
        for name in (checkpoint.name, *(other.rpartition("/")[2] for other in other_names(checkpoint))):
            recipes[recipe][name].setdefault(seed, checkpoint)
    return [
        list(max(by_name.items(), key=lambda entry: _fit(*entry))[1].values()) for by_name in recipes.values()
    ]


def _fit(name: str, runs: Mapping[int, CheckpointRow]) -> tuple[bool, int, bool, str]:
    """How well a checkpoint's name stands for a recipe: declared, in many runs, selected on validation."""
    states = list(runs.values())
    declared = any(state.declared_on for state in states)
    return declared, len(states), all(state.selected_on == "validation" for state in states), name


def _aims(checkpoint: CheckpointRow) -> Aimed | None:
    """What a checkpoint was trained and selected on, where its run recorded its recipe."""
    recipe = json.loads(checkpoint.run.details).get("recipe")
    if not isinstance(recipe, dict):
        return None
    names = [checkpoint.name, *(other.rpartition("/")[2] for other in other_names(checkpoint))]
    return aimed(recipe, names)


def asked_test_set(session: Session, text: str) -> Dataset:
    """The test set that somebody names: one of the vocabulary, or one of the user's own. Raises UsageError."""
    known = vocabulary().dataset(text)
    return known if known is not None else vocabulary().test_set(text, own_test_sets(session))


def own_test_sets(session: Session) -> list[str]:
    """The names of test sets that the vocabulary does not know and on which something was measured: files, or a mean alone."""
    found = {
        name
        for row in (ScoreRow, ResultRow)
        for name in session.scalars(select(row.dataset).where(row.dataset != "").distinct())
    }
    return sorted(name for name in found if vocabulary().dataset(name) is None)


def _recipe(run: RunRow) -> str:
    """What two runs of one recipe have in common: network and recipe but for the seed, or the recipe in words."""
    recorded = recorded_recipe(run.details)
    return run.recipe if recorded is None else recorded
