"""What a model is made of or trained with, each with its source: facts of the seed, and what people decided on top.

A fact that somebody states or withdraws is a decision of kind `fact`, so it is merged, undone and listed like any other;
the table holds what the seed ships. Reading lays the one over the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import FactRow, ModelRow
from litdb.catalogue.decision import StateFact
from litdb.catalogue.views.in_force import in_force
from litdb.vocabulary.components import KINDS


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
