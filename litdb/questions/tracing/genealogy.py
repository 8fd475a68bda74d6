"""From the question of `litdb why --genealogy` to its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import UsageError
from litdb.evidence.tracing.genealogy import Genealogy, genealogy
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def trace(session: Session, model: str, metric: str, dataset: str) -> Genealogy:
    """Who copied a number of a model from whom. Raises NotFound, Ambiguous for the model, UsageError for the words."""
    words = vocabulary()
    name = words.metric_name(metric)
    quantity = words.metric(name.quantity)
    if quantity is None:
        raise UsageError(f"no metric {metric!r}: `litdb vocabulary metrics` lists them")
    known = "" if quantity.per_model else asked_test_set(session, dataset).id
    found = find_model(session, model)
    mine = values(session, Where(models=[found.key], statuses=ACCEPTED))
    there = {
        value.key: value
        for paper in sorted({value.paper for value in mine} - {""})
        for value in values(session, Where(paper=paper, statuses=ACCEPTED))
    }
    models = sorted({value.model for value in there.values()} | {found.key})
    everything = values(session, Where(models=models, statuses=ACCEPTED))
    return genealogy(str(name), known, everything, found.key)
