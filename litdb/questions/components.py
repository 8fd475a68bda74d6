"""From the question of `litdb evidence` to its answer: words checked, rows loaded, sorted by what they isolate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.catalogue.facts.components import model_facts
from litdb.catalogue.values import ACCEPTED, Where, in_order, values
from litdb.catalogue.views.ablations import comparisons, gains, waiting
from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import UsageError
from litdb.evidence.components.attribute import attribute
from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.values import Answer
from litdb.evidence.tries import about
from litdb.questions.trying.tries import all_tries
from litdb.vocabulary import parse_quantity, vocabulary
from litdb.vocabulary.components import components as read_components
from litdb.vocabulary.components import own_components

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def answer(
    session: Session,
    component: str,
    *,
    near: str | None = None,
    dataset: str | None = None,
    metric: str = "PESQ",
    components: Path | None = None,
) -> Answer:
    """What the catalogue's ablation rows say of a component. Raises UsageError, InputError."""
    if not component.strip():
        raise UsageError("name a component, such as phase, “time loss” or discriminator")
    words = vocabulary()
    test_set = asked_test_set(session, dataset) if dataset else None
    size = parse_quantity(near) if near else None
    if size is not None and size <= 0:
        raise UsageError(f"--near {near}: give a number of parameters such as 0.46M")
    name = words.metric_name(metric)
    known = read_components(components) if components else own_components()
    phrases = Phrases(known)
    facts: dict[str, set[str]] = defaultdict(set)
    for fact in model_facts(session):
        facts[fact.model].add(fact.component)
    wanted = Where(
        models=list(facts),
        quantities=[name.quantity],
        dataset=test_set.id if test_set else "vbd",
        statuses=ACCEPTED,
    )
    found = attribute(
        component,
        comparisons(session, known),
        phrases,
        gains=gains(session),
        values=in_order(values(session, wanted)),
        facts=facts,
        size=size,
        dataset=test_set.id if test_set else "",
        metric=str(name),
    )
    tried = about(all_tries(session), component, known.of_id(found.component), phrases)
    return replace(found, waiting=waiting(session), tries=tuple(tried))
