"""What a model is made of or trained with, each with its source: facts of the seed, and what people decided on top.

A fact that somebody states or withdraws is a decision of kind `fact`, so it is merged, undone and listed like any other;
the table holds what the seed ships. Reading lays the one over the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, FactRow, ModelRow
from litdb.catalogue.decision import StateFact
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.naming import find_model
from litdb.catalogue.views.in_force import in_force
from litdb.errors import NotFound, UsageError
from litdb.vocabulary.components import KINDS, Component, components


@dataclass(frozen=True, slots=True)
class Fact:
    """A component of a model and where that is stated. `by` is `seed`, or who decided."""

    model: str
    item: str
    component: str
    source: str
    remark: str = ""
    by: str = "seed"


def model_facts(session: Session, model: str | None = None) -> list[Fact]:
    """All facts, or those of one model (its key), by model, kind and component. Unified models share theirs."""
    keys = dict(iter(session.execute(select(ModelRow.id, ModelRow.key))))
    into = {
        key: keys[unified] if unified is not None else key
        for key, unified in session.execute(select(ModelRow.key, ModelRow.unified_id))
    }
    found: dict[tuple[str, str], Fact] = {}
    for row in session.scalars(select(FactRow).where(FactRow.item.in_(KINDS)).order_by(FactRow.id)):
        owner = into[keys[row.model_id]]
        found[owner, row.value] = Fact(owner, row.item, row.value, row.source, row.remark, row.made_by)
    theirs = None if model is None else [key for key, owner in into.items() if owner == model]
    for decision in in_force(session, StateFact, targets=theirs):
        owner, what = into.get(decision.target, ""), decision.what
        if not owner or what.item not in KINDS:
            continue  # the model is not in this catalogue (yet), or it is a statement in words
        if what.stated:
            found[owner, what.component] = Fact(
                owner, what.item, what.component, what.source or "", what.remark or "", decision.who
            )
        else:
            found.pop((owner, what.component), None)
    order = {"family": 0, "technique": 1, "training": 2}
    facts = [fact for fact in found.values() if model is None or fact.model == model]
    return sorted(facts, key=lambda f: (f.model.casefold(), f.model, order.get(f.item, 3), f.component))


def state_fact(
    session: Session, model: str, component: str, item: str, source: str, *, remark: str = ""
) -> DecisionRow:
    """Say that a model has a component, with the place that states it; a model has one family, the last stated.

    Stating it again replaces the source. Raises NotFound, Ambiguous, and UsageError for an unknown component, an empty
    source or what is recorded already.
    """
    owner, wanted = find_model(session, model), components().find(component, item)
    if not source.strip():
        raise UsageError("a fact needs its source: the paper, table, file or configuration that states it")
    present = {fact.component: fact for fact in model_facts(session, owner.key)}
    known = present.get(wanted.id)
    if known is not None and (known.source, known.remark) == (source, remark):
        raise UsageError(f"{owner.name}: {wanted.id} is recorded already, from {source}")
    if wanted.item == "family":
        for other in present.values():
            if other.item == "family" and other.component != wanted.id:
                _withdraw(session, owner, _component(other), f"{wanted.id} instead")
    what = StateFact(wanted.id, wanted.item, True, source, remark)
    return append_decision(session, what, owner.key, source)


def withdraw_fact(session: Session, model: str, component: str, item: str, reason: str) -> DecisionRow:
    """Say that a model does not have a component after all. Raises NotFound when that was never stated."""
    owner, wanted = find_model(session, model), components().find(component, item)
    if all(fact.component != wanted.id for fact in model_facts(session, owner.key)):
        raise NotFound(f"{owner.name}: {wanted.id} is not recorded; `litdb fact {owner.key}` lists what is")
    return _withdraw(session, owner, wanted, reason)


def _withdraw(session: Session, owner: ModelRow, component: Component, reason: str) -> DecisionRow:
    what = StateFact(component.id, component.item, stated=False)
    return append_decision(session, what, owner.key, reason)


def _component(fact: Fact) -> Component:
    return components().of_id(fact.component) or Component(fact.component, fact.component, "family")


def facts_of_models(session: Session) -> dict[str, dict[str, Fact]]:
    """The facts of each model by component; a variant has what its system has, its own family before its system's."""
    found: dict[str, dict[str, Fact]] = {}
    for fact in model_facts(session):
        found.setdefault(fact.model, {})[fact.component] = fact
    variants = session.execute(
        select(ModelRow.key, ModelRow.parent_id).where(
            ModelRow.kind == "variant", ModelRow.parent_id.is_not(None)
        )
    ).all()
    keys = dict(iter(session.execute(select(ModelRow.id, ModelRow.key))))
    for key, parent in variants:
        mine = found.get(key, {})
        has_family = any(fact.item == "family" for fact in mine.values())
        inherited = {
            name: fact
            for name, fact in found.get(keys[parent] if parent is not None else "", {}).items()
            if not (has_family and fact.item == "family")
        }
        if inherited:
            found[key] = {**inherited, **mine}
    return found
