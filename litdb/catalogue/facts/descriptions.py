"""What papers say of their models in words, each with its source: those of the seed, and what people decided on top.

They lie beside the facts of components (:mod:`litdb.catalogue.facts.components`), in one table and one kind of decision; a model
has one description on each topic, the last one made.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, FactRow, ModelRow
from litdb.catalogue.decision import StateFact
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.naming import find_model
from litdb.catalogue.views.in_force import in_force
from litdb.errors import NotFound, UsageError, near
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


def describe(
    session: Session, model: str, topic: str, text: str, source: str, *, remark: str = ""
) -> DecisionRow:
    """Record what a source says of a model on a topic; it stands in place of what was recorded before.

    Raises NotFound, Ambiguous, and UsageError for an unknown topic, an empty text or source, or what is recorded already.
    """
    owner = find_model(session, model)
    _known(topic)
    if not text.strip():
        raise UsageError(f"say what the source states: {topic}=TEXT")
    if not source.strip():
        raise UsageError(
            "a description needs its source: the paper, table, file or configuration that makes it"
        )
    now = _of(session, owner, topic)
    if now is not None and (now.text, now.source, now.remark) == (text, source, remark):
        raise UsageError(f"{owner.name}: {topic} is recorded so already, from {source}")
    return append_decision(session, StateFact(text, topic, True, source, remark), owner.key, source)


def withdraw_description(session: Session, model: str, topic: str, reason: str) -> DecisionRow:
    """Say that what is recorded of a model on a topic does not hold. Raises NotFound when nothing is recorded."""
    owner = find_model(session, model)
    _known(topic)
    now = _of(session, owner, topic)
    if now is None:
        raise NotFound(
            f"{owner.name}: nothing is recorded on {topic}; `litdb fact {owner.key}` lists what is"
        )
    return append_decision(session, StateFact(now.text, topic, stated=False), owner.key, reason)


def _of(session: Session, owner: ModelRow, topic: str) -> Description | None:
    return next((one for one in descriptions(session, owner.key) if one.topic == topic), None)


def _known(topic: str) -> None:
    if topic not in TOPICS:
        hint = near(topic, TOPICS, other=f"use one of {', '.join(TOPICS)}")
        raise UsageError(f"{topic!r} is no topic: {hint}")
