"""The own model that a question is about, and the row that stands for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.models import own_models
from litdb.catalogue.naming import find_model
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.errors import UsageError
from litdb.evidence.beside.seeds import SeedSpread, spread_in, spreads_of_runs
from litdb.evidence.ranking import Pick
from litdb.questions.question import Question
from litdb.questions.table import pick
from litdb.vocabulary import MetricName

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from litdb.catalogue.database.schema import ModelRow

#: What is asked besides the metrics of a question, to know a model by.
USUAL = tuple(map(MetricName, ("params", "PESQ", "CSIG", "CBAK", "COVL", "SSNR", "STOI")))


class NoValue(UsageError):
    """A model has no value in what is asked on a test set."""


def own_model(session: Session, name: str | None = None) -> ModelRow:
    """The model of that name, else the only own one with a declared checkpoint, else the only own one with a run.

    Own ablations and variants stand back behind systems. Raises UsageError when there is none or several, NotFound and Ambiguous for a name.
    """
    if name is not None:
        return find_model(session, name)
    declared, with_runs = own_models(session)
    for found in (declared, with_runs):
        systems = [model for model in found if model.kind == "system"] or found
        if len(systems) == 1:
            return systems[0]
    if not with_runs:
        raise UsageError("no own model has a run: `litdb add RUN` takes one in, or name a model with --model")
    raise UsageError(
        f"several own models have runs: name one with --model: {', '.join(m.key for m in with_runs)}"
    )


def known_spreads(
    session: Session, metrics: Iterable[MetricName], dataset: str, model: str
) -> dict[str, tuple[SeedSpread, ...]]:
    """The spreads over seeds known on a test set, by quantity: those of own runs of a model, else published ones."""
    quantities = [name.quantity for name in metrics]
    asked = Where(quantities=quantities, dataset=dataset, statuses=ACCEPTED)
    own = values(session, replace(asked, models=[model], measured=True))
    published = values(session, replace(asked, spread=True))
    found = {}
    for quantity in quantities:
        printed = (spread_in(value) for value in published if value.quantity == quantity)
        runs = spreads_of_runs(value for value in own if value.quantity == quantity)
        found[quantity] = tuple(runs) or tuple(spread for spread in printed if spread is not None)
    return found


def row_of(session: Session, model: ModelRow, metrics: tuple[MetricName, ...], dataset: str) -> Pick:
    """The row a table shows for a model. Raises NoValue, or UsageError for several checkpoints."""
    rows = pick(session, Question(metrics, dataset, models=(model.key,), kinds=(model.kind,)))
    rows = [row for row in rows if not row.selected.reproduced] or rows
    if not rows:
        raise NoValue(f"no accepted {' or '.join(map(str, metrics))} of {model.name} on {dataset} is known")
    if len(rows) > 1:
        names = ", ".join(row.selected.row.checkpoint.key for row in rows if row.selected.row.checkpoint)
        raise UsageError(
            f"{model.name} has several checkpoints and none stands for it ({names}): "
            "`litdb runs declare RUN --checkpoint C --reason R`"
        )
    return rows[0]
