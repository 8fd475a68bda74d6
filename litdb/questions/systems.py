"""What a user means by one side of a comparison: a checkpoint, a run, a model, or a file of scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.checkpoints import own_names
from litdb.catalogue.naming import find_model
from litdb.catalogue.values import Where, values
from litdb.catalogue.views.scores import find_checkpoint, measured_system, scored_audio
from litdb.errors import NotFound, UsageError, near
from litdb.evidence import selection
from litdb.evidence.matching import Asked
from litdb.evidence.runs.system import System
from litdb.values.origin import Kind
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from litdb.catalogue.database.schema import ModelRow


def find_system(session: Session, text: str, dataset: str, metrics: Sequence[MetricName] = ()) -> System:
    """What a user means by a checkpoint's key, a run's name or a model's name, with what is known of it.

    A run stands for its declared checkpoint, else the one selected on validation data, else its only one; a model
    for the row a table shows. Raises NotFound, Ambiguous, and UsageError for a run that leaves the choice open.
    """
    checkpoint = find_checkpoint(session, text)
    if checkpoint is not None:
        return measured_system(session, checkpoint, dataset)
    try:
        model = find_model(session, text)
    except NotFound as error:
        raise NotFound(
            f"no checkpoint, run or model is called {text!r}: "
            + near(text, own_names(session), other="`litdb runs` lists own ones")
        ) from error
    return _model(session, model, dataset, metrics)


def _model(session: Session, model: ModelRow, dataset: str, metrics: Sequence[MetricName]) -> System:
    known = values(session, Where(models=[model.key], dataset=dataset))
    # PESQ besides, which says about how good the model is.
    asked = [
        Asked(name)
        for name in dict.fromkeys((*metrics, MetricName("PESQ")) if metrics else _known_metrics(known))
    ]
    chosen = selection.select(known, asked, own=model.own) if asked else []
    if model.own and chosen:
        if len(chosen) > 1:
            names = ", ".join(s.row.checkpoint.key for s in chosen if s.row.checkpoint)
            raise UsageError(
                f"{model.name} has several checkpoints and none is declared: name one of {names}, or "
                "`litdb runs declare RUN --checkpoint C`"
            )
        shown = chosen[0].row.checkpoint
        if shown is not None and shown.group is not None and shown.key not in shown.group.members:
            runs = ",".join(key.rpartition("/")[0] for key in shown.group.members)
            raise UsageError(
                f"{model.name} stands by the mean over several seeds: compare it as a group, --group {model.name}={runs}"
            )
        if shown is not None:
            checkpoint = find_checkpoint(session, shown.key)
            assert checkpoint is not None  # a value was measured with it
            why = "; ".join(chosen[0].notes)
            system = measured_system(session, checkpoint, dataset)
            return replace(system, model=model.name, chosen=f"{model.name} is {why}")
    if audio := scored_audio(session, model, dataset):
        if len(audio) > 1:
            names = ", ".join(state.key for state in audio)
            raise UsageError(f"audio of {model.name} was scored more than once: name one of {names}")
        why = f"{model.name} is its audio as scored in {audio[0].key}, not its published values"
        return replace(measured_system(session, audio[0], dataset), name=model.name, chosen=why)
    means = {}
    for choice in chosen[0].choices if chosen else ():
        if choice is not None and choice.value.value is not None:
            means[choice.value.metric] = choice.value
    return System(
        name=model.name,
        model=model.name,
        dataset=dataset,
        reference=model.kind == Kind.REFERENCE,
        means=means,
    )


def _known_metrics(known: Iterable[Value]) -> list[MetricName]:
    names = dict.fromkeys(v.metric for v in known if vocabulary().metric(v.quantity) is not None)
    return [MetricName.parse(name) for name in names if not _per_model(name)]


def _per_model(name: str) -> bool:
    metric = vocabulary().metric(MetricName.parse(name).quantity)
    return metric is not None and metric.per_model
