"""Stating and withdrawing what models are made of and what is said of them: each a decision, apart from what reads them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow, ModelRow
from litdb.catalogue.decision import StateFact
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.facts.components import Fact, model_facts
from litdb.catalogue.facts.descriptions import descriptions
from litdb.catalogue.naming import find_model
from litdb.errors import NotFound, UsageError, near
from litdb.values.description import TOPICS, Description
from litdb.vocabulary.components import Component, components


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
