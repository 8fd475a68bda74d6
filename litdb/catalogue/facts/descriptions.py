"""What papers say of their models in words, each with its source: those of the seed, and what people decided on top.

They lie beside the facts of components (:mod:`litdb.catalogue.facts.components`), in one table and one kind of decision; a model
has one description on each topic, the last one made.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from litdb.catalogue.facts.statements import statements
from litdb.values.description import TOPICS, Description


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
