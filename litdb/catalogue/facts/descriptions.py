"""What papers say of their models in words, each with its source: those of the seed, and what people decided on top.

They lie beside the facts of components (:mod:`litdb.catalogue.facts.components`), in one table and one kind of decision; a model
has one description on each topic, the last one made.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import FactRow, ModelRow
from litdb.catalogue.decision import StateFact
from litdb.catalogue.views.in_force import in_force
from litdb.values.description import TOPICS, Description


def descriptions(session: Session, model: str | None = None) -> list[Description]:
    """All descriptions, or those of one model (its key), by model and topic. A model has those of each unified with it."""
    keys = dict(iter(session.execute(select(ModelRow.id, ModelRow.key))))
    into = {
        key: keys[unified] if unified is not None else key
        for key, unified in session.execute(select(ModelRow.key, ModelRow.unified_id))
    }
    found: dict[tuple[str, str], Description] = {}
    for row in session.scalars(select(FactRow).where(FactRow.item.in_(TOPICS)).order_by(FactRow.id)):
        key = keys[row.model_id]
        found[key, row.item] = Description(
            into[key], row.item, row.value, row.source, row.remark, row.made_by
        )
    theirs = None if model is None else [key for key, owner in into.items() if owner == model]
    for decision in in_force(session, StateFact, targets=theirs):
        owner, what = into.get(decision.target, ""), decision.what
        if not owner or what.item not in TOPICS:
            continue
        if what.stated:
            found[decision.target, what.item] = Description(
                owner, what.item, what.component, what.source or "", what.remark or "", decision.who
            )
        else:
            found.pop((decision.target, what.item), None)
    order = {topic: place for place, topic in enumerate(TOPICS)}
    chosen = [one for one in found.values() if model is None or one.model == model]
    return sorted(chosen, key=lambda one: (one.model.casefold(), one.model, order[one.topic]))
