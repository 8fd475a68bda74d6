"""Interpretations scored by a log-linear model: the sum of the weights of its features, fitted on hand-checked papers.

`weights.toml` is written by `benchmarks/fit_reader.py`; nothing in it is set by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from litdb.extract.meaning.layout.features import Features, LayoutEvidence
from litdb.extract.meaning.layout.interpretation import Layout

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RankedLayout:
    """An interpretation with its score; `share` is its part of the probability among those of its table."""

    layout: Layout
    score: float
    share: float


def score(features: Features, weights: Weights) -> float:
    """The sum of the features, each by its weight; features without a weight do not count."""
    return math.fsum(value * weights.get(name, 0.0) for name, value in features.items())


def ranked(layouts: Iterable[Layout], evidence: LayoutEvidence, weights: Weights) -> list[RankedLayout]:
    """The interpretations, best first; of equals, the one proposed first."""
    scored = [(score(evidence.of(layout), weights), layout) for layout in layouts]
    if not scored:
        return []
    top = max(value for value, _ in scored)
    total = math.fsum(math.exp(value - top) for value, _ in scored)
    done = [RankedLayout(layout, value, math.exp(value - top) / total) for value, layout in scored]
    return sorted(done, key=lambda item: -item.score)
