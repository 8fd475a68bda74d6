"""What speaks against numbers of a test set, loaded: unprocessed rows of tables, other numbers of models and of their papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.models import candidate_models, models_of_papers
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.evidence.rows.mixed import quoted_alone
from litdb.evidence.rows.refusals import Refusals
from litdb.evidence.rows.unprocessed import Unprocessed
from litdb.values.origin import Kind
from litdb.values.value import Value

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def refusals(
    session: Session, dataset: str, known: Mapping[str, Sequence[Value]], inputs: Unprocessed | None = None
) -> Refusals:
    """The refusals of a test set, for models with what is `known` of them there; `inputs` where they are loaded already."""
    loaded = unprocessed(session, dataset) if inputs is None else inputs
    return Refusals(loaded, known, _own(session, dataset, known))


def known_of(session: Session, dataset: str, models: Collection[str]) -> dict[str, list[Value]]:
    """All that is accepted of the models of these keys on a test set."""
    known: dict[str, list[Value]] = defaultdict(list)
    for value in values(session, Where(models=models, dataset=dataset, statuses=ACCEPTED)):
        known[value.model].append(value)
    return known


def unprocessed(session: Session, dataset: str) -> Unprocessed:
    """The unprocessed rows of all tables on a test set: which tables are on other data."""
    models = candidate_models(
        session, dataset=dataset, conditions=(), kinds=(Kind.REFERENCE,), statuses=ACCEPTED
    )
    wanted = Where(models=[model.key for model in models], dataset=dataset, statuses=ACCEPTED)
    return Unprocessed(values(session, wanted))


def _own(session: Session, dataset: str, known: Mapping[str, Sequence[Value]]) -> dict[str, list[Value]]:
    """By paper, the scores of all its networks, where others quote a network of which it has none itself."""
    papers = {
        some[0].row.model.paper
        for some in known.values()
        if some and some[0].row.model.kind is Kind.SYSTEM and quoted_alone(some)
    } - {""}
    found: dict[str, list[Value]] = defaultdict(list)
    if papers:
        wanted = Where(models=models_of_papers(session, papers), dataset=dataset, statuses=ACCEPTED)
        for value in values(session, wanted):
            if value.dataset:
                found[value.row.model.paper].append(value)
    return found
