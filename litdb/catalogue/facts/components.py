"""What a model is made of or trained with, each with its source: facts of the seed, and what people decided on top.

A fact that somebody states or withdraws is a decision of kind `fact`, so it is merged, undone and listed like any other;
the table holds what the seed ships. Reading lays the one over the other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import ModelRow
from litdb.catalogue.facts.statements import statements
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


def model_facts(session: Session, model: str | None = None, items: Collection[str] = KINDS) -> list[Fact]:
    """All facts, or those of one model (its key), by model, kind and component. Unified models share theirs."""
    found: dict[tuple[str, str], Fact] = {}
    for one in statements(session, items, model):
        if one.holds:
            found[one.owner, one.value] = Fact(one.owner, one.item, one.value, one.source, one.remark, one.by)
        else:
            found.pop((one.owner, one.value), None)
    return sorted(
        found.values(), key=lambda f: (f.model.casefold(), f.model, KINDS.index(f.item), f.component)
    )


def facts_of_models(session: Session, items: Collection[str] = KINDS) -> dict[str, dict[str, Fact]]:
    """The facts of each model by component; a variant has what its system has, its own family before its system's."""
    found: dict[str, dict[str, Fact]] = {}
    for fact in model_facts(session, items=items):
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
