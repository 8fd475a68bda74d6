"""What ablations say of every component at once: the papers whose rows speak for it, and those against.

A row speaks where it changes the component alone. Nothing is averaged over papers: their models and training differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from litdb.evidence.components.attribute import attribute
from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.values import ChangedRow


@dataclass(frozen=True, slots=True)
class Principle:
    """A component and the papers with rows that isolate it, by the sign of the metric with it minus without.

    A paper whose rows do not agree stands in `mixed`, one without a printed difference in `none`; `lowest` and `highest`
    are the differences of single rows.
    """

    component: str
    title: str
    metric: str
    rows: int
    lowest: float
    highest: float
    supporting: tuple[str, ...]
    against: tuple[str, ...]
    mixed: tuple[str, ...]
    none: tuple[str, ...]


def principles(
    comparisons: Sequence[ChangedRow], phrases: Phrases, *, dataset: str, metric: str
) -> tuple[Principle, ...]:
    """The components that any row isolates on this test set, those with the most papers first."""
    found = []
    for component in phrases.components.all:
        answer = attribute(component.id, comparisons, phrases, dataset=dataset, metric=metric)
        by_paper: dict[str, list[float]] = defaultdict(list)
        for evidence in answer.isolated:
            by_paper[evidence.comparison.paper].extend(
                e.difference for e in evidence.effects if e.metric == metric and e.dataset == dataset
            )
        signs = {paper: {(d > 0) - (d < 0) for d in ds} for paper, ds in sorted(by_paper.items()) if ds}
        if not signs:
            continue
        every = [d for ds in by_paper.values() for d in ds]
        found.append(
            Principle(
                component.id,
                component.title,
                metric,
                len(every),
                min(every),
                max(every),
                tuple(p for p, s in signs.items() if 1 in s and -1 not in s),
                tuple(p for p, s in signs.items() if -1 in s and 1 not in s),
                tuple(p for p, s in signs.items() if {1, -1} <= s),
                tuple(p for p, s in signs.items() if s == {0}),
            )
        )
    return tuple(sorted(found, key=lambda one: (-_papers(one), one.component)))


def _papers(one: Principle) -> int:
    return len(one.supporting) + len(one.against) + len(one.mixed) + len(one.none)
