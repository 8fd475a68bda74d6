"""What papers say of their models in words, each with its source: those of the seed, and what people decided on top.

They lie beside the facts of components (:mod:`litdb.catalogue.facts.components`), in one table and one kind of decision; a model
has one description on each topic, the last one made.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import ModelRow
from litdb.catalogue.facts.statements import statements
from litdb.values.description import TOPICS, Description
from litdb.values.origin import Kind


def descriptions(session: Session, model: str | None = None) -> list[Description]:
    """All descriptions, or those of one model (its key), by model and topic. A model has those of each unified with it."""
    found: dict[tuple[str, str], Description] = {}
    for one in statements(session, TOPICS, model):
        if one.holds:
            found[one.target, one.item] = Description(
                one.owner, one.item, one.value, one.source, one.remark, one.by
            )
        else:
            found.pop((one.target, one.item), None)
    order = {topic: place for place, topic in enumerate(TOPICS)}
    return sorted(found.values(), key=lambda one: (one.model.casefold(), one.model, order[one.topic]))


#: What a paper does with all its models; what they are made of is each one's own.
_OF_ALL = ("recipe", "training-set", "sampling-rate", "causal", "seeds", "hardware")


def said_of(session: Session, model: ModelRow) -> list[Description]:
    """What is said of a model, and what its paper says of the model that it is a variant of, or of its other systems."""
    found = descriptions(session, model.key)
    others = [model.parent] if model.parent is not None else []
    if model.paper is not None:
        others += session.scalars(
            select(ModelRow)
            .where(ModelRow.paper == model.paper, ModelRow.kind == Kind.SYSTEM)
            .order_by(ModelRow.key)
        )
    for other in others:
        known = {one.topic for one in found}
        found += [
            replace(one, remark="; ".join(filter(None, (one.remark, f"of {other.name}"))))
            for one in descriptions(session, other.key)
            if one.topic in _OF_ALL and one.topic not in known and other.key != model.key
        ]
    return found
