"""From the question of `litdb gaps` to its counts: what nobody here is known to have tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.facts.components import facts_of_models
from litdb.catalogue.models import own_models
from litdb.catalogue.papers import paper_keys
from litdb.catalogue.values import ACCEPTED, Where, in_order, values
from litdb.catalogue.views.ablations import comparisons, sizes_of
from litdb.catalogue.views.field import surveys
from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import NotFound
from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.untried import (
    Coverage,
    Gaps,
    OnlyOnce,
    UsingModel,
    coverage,
    isolations,
    own_components_of,
)
from litdb.values.origin import Kind, Origin
from litdb.values.value import Value
from litdb.vocabulary import vocabulary
from litdb.vocabulary.components import own_components

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Models whose rows count as systems of their own.
_KINDS = (Kind.SYSTEM, Kind.VARIANT)


def find_gaps(
    session: Session, survey: str = "", *, datasets: Sequence[str] = ("vbd",), metric: str = "PESQ"
) -> Gaps:
    """What is known of the papers of a survey (those taken, else all that were not dropped), or of all papers here.

    Raises NotFound for an unknown survey and one of whose papers nothing is in the catalogue, UsageError.
    """
    papers = None
    if survey:
        chosen = surveys.load(session, survey).chosen
        papers = frozenset(paper_keys(session, (paper.candidate.paper for paper in chosen)).values())
    name = vocabulary().metric_name(metric)
    known = own_components()
    facts = facts_of_models(session)
    sets = [asked_test_set(session, text) for text in datasets]
    covered: list[Coverage] = []
    once: list[OnlyOnce] = []
    reproduced = 0
    seen: set[str] = set()
    for one in sets:
        found = [
            value
            for value in in_order(
                values(session, Where(quantities=[name.quantity], dataset=one.id, statuses=ACCEPTED))
            )
            if value.metric == str(name) and value.row.model.kind in _KINDS and _within(value, papers)
        ]
        by_model: dict[str, list[Value]] = defaultdict(list)
        for value in found:
            by_model[value.model].append(value)
        seen.update(value.paper for value in found if value.paper)
        sizes = sizes_of(session, set(by_model))
        models = [UsingModel(key, sizes.get(key), frozenset(facts.get(key, ()))) for key in sorted(by_model)]
        covered.append(coverage(one.id, one.title, models, known))
        if one is sets[0]:
            once, reproduced = _only_once(by_model, sizes)
    if papers is not None and not seen:
        raise NotFound(
            f"nothing of the papers of {survey} is in the catalogue: `litdb survey fetch {survey}` takes them in"
        )
    phrases = Phrases(known)
    every = comparisons(session, known)
    isolated = everywhere = isolations(every, phrases)
    if papers is not None:
        isolated = isolations([row for row in every if row.paper in papers], phrases)
    _declared, with_runs = own_models(session)
    own = {component for model in with_runs for component in facts.get(model.key, ())}
    return Gaps(
        survey,
        len(seen),
        str(name),
        tuple(covered),
        isolated,
        own_components_of(own, everywhere, known),
        reproduced,
        tuple(once),
    )


def _within(value: Value, papers: Collection[str] | None) -> bool:
    return papers is None or value.paper in papers


def _only_once(by_model: dict[str, list[Value]], sizes: dict[str, float]) -> tuple[list[OnlyOnce], int]:
    """The results that only their authors report, in the order of size; and how many models others ran themselves."""
    once, reproduced = [], 0
    for key, found in by_model.items():
        if any(value.origin is Origin.REPRODUCED for value in found):
            reproduced += 1
            continue
        theirs = next((value for value in found if value.origin is Origin.SELF), None)
        if theirs is not None and not theirs.row.model.own:
            once.append(OnlyOnce(theirs.name, sizes.get(key), theirs.printed, theirs.row.place))
    return sorted(once, key=lambda one: (one.params is None, one.params or 0.0, one.name)), reproduced
