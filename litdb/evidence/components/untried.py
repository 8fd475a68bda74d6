"""What a catalogue knows nobody to have tried: components by size, isolating rows, results nobody reproduced.

Counts and empty cells, never advice: an empty cell says that no recorded source fills it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from litdb.evidence.components.attribute import attribute
from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.values import ChangedRow
from litdb.evidence.marks import few
from litdb.vocabulary.components import KINDS, Component, Components, Kind

#: Classes of size by parameters: from, up to and without.
SIZES: tuple[tuple[str, float, float], ...] = (
    ("under 0.2M", 0.0, 0.2e6),
    ("0.2M to 1M", 0.2e6, 1e6),
    ("1M to 5M", 1e6, 5e6),
    ("5M and over", 5e6, math.inf),
)
#: What a network is small below (parameters): components are asked for that were never isolated there.
SMALL = 1e6


@dataclass(frozen=True, slots=True)
class UsingModel:
    """A model with a result on a test set: its parameters (None where nobody counts them) and stated components."""

    key: str
    params: float | None
    components: frozenset[str]


@dataclass(frozen=True, slots=True)
class ComponentUse:
    """How many models of each class of size are stated to have a component; the last count is of unknown size."""

    component: str
    item: Kind
    title: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The use of every component on one test set: `models` have a result there, of `stated` anything is recorded.

    `sizes` counts the models of each class, the last of unknown size.
    """

    dataset: str
    title: str
    models: int
    stated: int
    sizes: tuple[int, ...]
    rows: tuple[ComponentUse, ...]


@dataclass(frozen=True, slots=True)
class Isolated:
    """How often a component was isolated by an ablation row: in all, in networks under 1M parameters, in networks that
    are stated to be trained with a metric discriminator, and with means over seeds on both sides."""

    component: str
    item: str
    title: str
    rows: int
    papers: int
    small: int
    adversarial: int
    seeded: int


@dataclass(frozen=True, slots=True)
class OwnComponent:
    """A component of an own network, and those that the vocabulary calls near it: who isolated them says most of it."""

    isolated: Isolated
    near: tuple[Isolated, ...]


@dataclass(frozen=True, slots=True)
class OnlyOnce:
    """A result that only its authors report: model, number as printed, where."""

    name: str
    params: float | None
    printed: str
    place: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """What was not tried. `within` names the survey whose papers are looked at, '' for all; `classes` are those of size,
    in the order of all counts; `reproduced` counts the models whose result others report from a run of their own, `once`
    are those of which nobody does."""

    within: str
    papers: int
    metric: str
    coverage: tuple[Coverage, ...]
    isolated: tuple[Isolated, ...]
    own: tuple[OwnComponent, ...]
    reproduced: int
    once: tuple[OnlyOnce, ...]
    classes: tuple[str, ...] = (*(name for name, _, _ in SIZES), "size unknown")

    @property
    def alone(self) -> str:
        """In words, how many results only their authors report, and whose."""
        said = f"{len(self.once)} of {self.reproduced + len(self.once)} models"
        return f"{said}: {few([f'{one.name} ({one.printed})' for one in self.once])}" if self.once else said


def size_class(params: float | None) -> int:
    """The place in SIZES of a number of parameters; one behind the last for an unknown one."""
    if params is None:
        return len(SIZES)
    return next(place for place, (_, low, high) in enumerate(SIZES) if low <= params < high)


def coverage(dataset: str, title: str, models: Sequence[UsingModel], known: Components) -> Coverage:
    """Every component by size, those that no model uses too."""
    sizes = [0] * (len(SIZES) + 1)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(SIZES) + 1))
    for model in models:
        place = size_class(model.params)
        sizes[place] += 1
        for component in model.components:
            counts[component][place] += 1
    rows = [ComponentUse(c.id, c.item, c.title, tuple(counts[c.id])) for c in known.all]
    stated = sum(1 for model in models if model.components)
    order = sorted(rows, key=lambda row: (KINDS.index(row.item), -sum(row.counts), row.component))
    return Coverage(dataset, title, len(models), stated, tuple(sizes), tuple(order))


def isolations(comparisons: Sequence[ChangedRow], phrases: Phrases) -> tuple[Isolated, ...]:
    """How often each component of the vocabulary was isolated, the never isolated ones first."""
    found = [_isolated(component, comparisons, phrases) for component in phrases.components.all]
    return tuple(sorted(found, key=lambda one: (one.rows, one.component)))


def _isolated(component: Component, comparisons: Sequence[ChangedRow], phrases: Phrases) -> Isolated:
    rows = [evidence.comparison for evidence in attribute(component.id, comparisons, phrases).isolated]
    return Isolated(
        component.id,
        component.item,
        component.title,
        len(rows),
        len({row.paper for row in rows}),
        sum(row.base_params is not None and row.base_params < SMALL for row in rows),
        sum(row.metricgan == "yes" for row in rows),
        sum(row.seeded for row in rows),
    )


def own_components_of(
    own: Iterable[str], found: Iterable[Isolated], known: Components
) -> tuple[OwnComponent, ...]:
    """The components of own networks with their relatives: what the vocabulary calls near, from either side."""
    by_id: Mapping[str, Isolated] = {one.component: one for one in found}
    wanted = sorted(component for component in set(own) if component in by_id)
    answer = []
    for name in wanted:
        component = known.of_id(name)
        near = set(component.near if component is not None else ())
        near |= {other.id for other in known.all if name in other.near}
        answer.append(
            OwnComponent(
                by_id[name], tuple(by_id[one] for one in sorted(near) if one in by_id and one != name)
            )
        )
    return tuple(answer)
