"""Which techniques the models of a range use: a matrix of what sources state, with counts. Counts are not causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.components import Fact, model_facts
from litdb.catalogue.database.schema import Model
from litdb.errors import UsageError
from litdb.questions.table import Question, pick
from litdb.values.display import cell_text, column_for
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.components import KINDS, components
from litdb.vocabulary.ranges import Condition


@dataclass(frozen=True, slots=True)
class PatternModel:
    """A model of the range: what it was asked for, and whether any fact of it is recorded."""

    key: str
    name: str
    own: bool
    year: int | None
    values: tuple[str, ...]
    stated: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A component and where each model's use of it is stated, in the order of the models; '' where nothing says so."""

    component: str
    item: str
    title: str
    sources: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many of the models are stated to have it."""
        return sum(1 for source in self.sources if source)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Components by models: kinds in the order family, technique, training, within a kind the most common first."""

    dataset: str
    metrics: tuple[str, ...]
    models: tuple[PatternModel, ...]
    rows: tuple[Pattern, ...]

    @property
    def stated(self) -> int:
        """Of how many models anything is recorded."""
        return sum(1 for model in self.models if model.stated)


def find_patterns(session: Session, conditions: Sequence[Condition], dataset: str) -> Patterns:
    """The matrix for all models that meet the conditions; a variant has what its system has. Raises UsageError."""
    known = vocabulary().dataset(dataset)
    if known is None:
        raise UsageError(f"unknown test set {dataset!r}: `litdb vocabulary datasets` lists them")
    named = [condition.metric for condition in conditions]
    scores = [name for name in named if not column_for(name, vocabulary()).per_model]
    metrics = tuple(dict.fromkeys((MetricName("params"), *(scores or [MetricName("PESQ")]), *named)))
    picks = pick(session, Question(metrics, known.id, conditions=tuple(conditions)))
    picks = [found for found in picks if not found.selected.reproduced]
    facts = _with_parents(session)
    columns = [column_for(metric, vocabulary()) for metric in metrics]
    models = []
    for found in picks:
        values = tuple(
            cell_text(choice.fact.value, choice.fact.resolution, column)
            if choice is not None and choice.fact.value is not None
            else "-"
            for choice, column in zip(found.selected.choices, columns, strict=True)
        )
        model = found.model
        models.append(
            PatternModel(model.key, model.name, model.own, model.year, values, bool(facts.get(model.key)))
        )
    return Patterns(
        known.title, tuple(column.title for column in columns), tuple(models), _rows(models, facts)
    )


def _with_parents(session: Session) -> dict[str, dict[str, Fact]]:
    """The facts of each model by component, a variant's own before its system's."""
    found: dict[str, dict[str, Fact]] = {}
    for fact in model_facts(session):
        found.setdefault(fact.model, {})[fact.component] = fact
    variants = session.execute(
        select(Model.key, Model.parent_id).where(Model.kind == "variant", Model.parent_id.is_not(None))
    ).all()
    keys = dict(iter(session.execute(select(Model.id, Model.key))))
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


def _rows(models: Sequence[PatternModel], facts: dict[str, dict[str, Fact]]) -> tuple[Pattern, ...]:
    titles = {component.id: component.title for component in components().all}
    present = {name: fact for model in models for name, fact in facts.get(model.key, {}).items()}
    rows = [
        Pattern(
            name,
            fact.item,
            titles.get(name, name),
            tuple(
                facts[model.key][name].source if name in facts.get(model.key, {}) else "" for model in models
            ),
        )
        for name, fact in present.items()
    ]
    order: dict[str, int] = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(sorted(rows, key=lambda row: (order.get(row.item, len(order)), -row.count, row.component)))
