"""Which techniques models use: a matrix of what sources state, with counts. Counts are not causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litdb.evidence.components.principles import Principle
from litdb.vocabulary.components import KINDS, components


@dataclass(frozen=True, slots=True)
class Use:
    """That a model has a component: `item` is family, technique or training, `source` the place that states it."""

    item: str
    source: str


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
    """Components by models: kinds in the order family, technique, training, within a kind the most common first.

    `principles` is what ablation rows say of components, where that was asked.
    """

    dataset: str
    metrics: tuple[str, ...]
    models: tuple[PatternModel, ...]
    rows: tuple[Pattern, ...]
    principles: tuple[Principle, ...] = ()

    @property
    def stated(self) -> int:
        """Of how many models anything is recorded."""
        return sum(1 for model in self.models if model.stated)


def arrange(models: Sequence[PatternModel], facts: Mapping[str, Mapping[str, Use]]) -> tuple[Pattern, ...]:
    """The components that any of the models is stated to have, and where."""
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
