"""What can be compared: own checkpoints with the scores of every file, and models of which only means are known."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.checkpoints import named_checkpoint
from litdb.catalogue.database.schema import Checkpoint, Model, Run, UtteranceScore
from litdb.catalogue.naming import find_model
from litdb.catalogue.queries import Library, source_rows
from litdb.catalogue.runs import seed_of
from litdb.errors import NotFound, UsageError
from litdb.evidence import selection
from litdb.evidence.selection import Asked
from litdb.evidence.subsets import plain
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.protocol import NOTHING_STATED, Protocol


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over the test set with what is known of how it came about, and its source where that is a paper."""

    value: float
    printed: str
    protocol: Protocol = NOTHING_STATED
    source: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """One side of a comparison on one test set: means by metric, and where they are kept, scores of every file.

    `scores` is metric to file to value, `failed` metric to file to the reason that there is none. `run` and `checkpoint`
    are empty for a published model and for a file of scores. `recipe` is equal for runs that differ in their seed alone. `chosen` says why this checkpoint stands for a model;
    `reference` that it is the noisy or clean speech.
    """

    name: str
    model: str
    dataset: str
    run: str = ""
    checkpoint: str = ""
    selected_on: str = ""
    seed: int | None = None
    recipe: str = ""
    chosen: str = ""
    reference: bool = False
    means: Mapping[str, Mean] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    failed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def find_system(session: Session, text: str, dataset: str, metrics: Sequence[MetricName] = ()) -> System:
    """What a user means by a checkpoint's key, a run's name or a model's name, with what is known of it.

    A run stands for its declared checkpoint, else the one selected on validation data, else its only one; a model
    for the row a table shows. Raises NotFound, Ambiguous, and UsageError for a run that leaves the choice open.
    """
    checkpoint = named_checkpoint(session, text)
    if checkpoint is None:
        run = session.scalar(select(Run).where(Run.key == text))
        if run is not None:
            checkpoint = _of_run(session, run)
    if checkpoint is not None:
        owner = session.get_one(Model, checkpoint.run.model_id)
        return _measured(session, checkpoint, owner, dataset)
    try:
        model = find_model(session, text)
    except NotFound as error:
        raise NotFound(
            f"no checkpoint, run or model is called {text!r}: `litdb runs` lists own ones"
        ) from error
    return _model(session, model, dataset, metrics)


def _of_run(session: Session, run: Run) -> Checkpoint:
    states = session.scalars(
        select(Checkpoint).where(Checkpoint.run_id == run.id).order_by(Checkpoint.key)
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


def _measured(session: Session, checkpoint: Checkpoint, owner: Model, dataset: str) -> System:
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    failed: dict[str, dict[str, str]] = defaultdict(dict)
    columns = UtteranceScore.metric, UtteranceScore.utterance, UtteranceScore.value, UtteranceScore.error
    query = select(*columns).where(
        UtteranceScore.checkpoint_id == checkpoint.id, UtteranceScore.dataset == dataset
    )
    for metric, utterance, value, error in session.execute(query):
        if value is None:
            failed[metric][plain(utterance)] = error
        else:
            scores[metric][plain(utterance)] = value
    number = owner.unified_id or owner.id
    rows = source_rows(session, [number], dataset=dataset, quantities=()).get(number, [])
    own = [row for row in rows if row.checkpoint is not None and row.checkpoint.name == checkpoint.key]
    facts = [fact for row in own for fact in row.facts if fact.status == "accepted"]
    return System(
        name=checkpoint.key,
        model=owner.name,
        dataset=dataset,
        run=checkpoint.run.key,
        checkpoint=checkpoint.key,
        selected_on=checkpoint.selected_on,
        seed=seed_of(checkpoint.run.details),
        recipe=_recipe(checkpoint.run),
        means={f.metric: Mean(f.value, f.printed, f.protocol) for f in facts if f.value is not None},
        scores={metric: dict(found) for metric, found in scores.items()},
        failed={metric: dict(found) for metric, found in failed.items()},
    )


def _recipe(run: Run) -> str:
    """What two runs of one recipe have in common: network and recipe but for the seed, or the recipe in words."""
    details = json.loads(run.details)
    recipe = details.get("recipe")
    if not isinstance(recipe, dict):
        return run.recipe
    kept = {key: value for key, value in recipe.items() if key != "seed"}
    return json.dumps({"network": details.get("network"), "recipe": kept}, sort_keys=True, ensure_ascii=False)


def _model(session: Session, model: Model, dataset: str, metrics: Sequence[MetricName]) -> System:
    library = Library(session)
    rows = source_rows(session, [model.id], dataset=dataset, quantities=(), library=library).get(model.id, [])
    asked = [Asked(name) for name in metrics or _known_metrics(rows)]
    chosen = selection.select(rows, asked, own=model.own) if asked else []
    if model.own and chosen:
        if len(chosen) > 1:
            names = ", ".join(s.row.checkpoint.name for s in chosen if s.row.checkpoint)
            raise UsageError(
                f"{model.name} has several checkpoints and none is declared: name one of {names}, or "
                "`litdb runs declare RUN --checkpoint C`"
            )
        shown = chosen[0].row.checkpoint
        if shown is not None:
            checkpoint = session.scalars(select(Checkpoint).where(Checkpoint.key == shown.name)).one()
            why = "; ".join(chosen[0].notes)
            return replace(_measured(session, checkpoint, model, dataset), chosen=f"{model.name} is {why}")
    means = {}
    for choice in chosen[0].choices if chosen else ():
        fact = choice.fact if choice is not None else None
        if choice is not None and fact is not None and fact.value is not None:
            means[fact.metric] = Mean(fact.value, fact.printed, fact.protocol, choice.row.source)
    reference = model.kind == "reference"
    return System(name=model.name, model=model.name, dataset=dataset, reference=reference, means=means)


def _known_metrics(rows: Sequence[selection.SourceRow]) -> list[MetricName]:
    names = dict.fromkeys(
        fact.metric for row in rows for fact in row.facts if vocabulary().metric(fact.quantity) is not None
    )
    return [MetricName.parse(name) for name in names if not _per_model(name)]


def _per_model(name: str) -> bool:
    metric = vocabulary().metric(MetricName.parse(name).quantity)
    return metric is not None and metric.per_model
