"""Interpretations scored by a log-linear model: the sum of the weights of its features, fitted on hand-checked papers.

`weights.toml` is written by `benchmarks/fit_reader.py`; nothing in it is set by hand.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from litdb.extract.meaning.layout.features import Evidence, Features
from litdb.extract.meaning.layout.interpretation import Layout

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An interpretation with its score; `share` is its part of the probability among those of its table."""

    layout: Layout
    score: float
    share: float


@lru_cache(maxsize=8)
def shipped(part: str = "layout") -> Weights:
    """The fitted weights of the package: of the interpretations, or of the evidence for a test set."""
    text = resources.files("litdb.extract.meaning.layout").joinpath("weights.toml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in tomllib.loads(text)[part].items()}


def score(features: Features, weights: Weights) -> float:
    """The sum of the features, each by its weight; features without a weight do not count."""
    return math.fsum(value * weights.get(name, 0.0) for name, value in features.items())


def ranked(layouts: Iterable[Layout], evidence: Evidence, weights: Weights | None = None) -> list[Ranked]:
    """The interpretations, best first; of equals, the one proposed first."""
    known = shipped() if weights is None else weights
    scored = [(score(evidence.of(layout), known), layout) for layout in layouts]
    if not scored:
        return []
    top = max(value for value, _ in scored)
    total = math.fsum(math.exp(value - top) for value, _ in scored)
    done = [Ranked(layout, value, math.exp(value - top) / total) for value, layout in scored]
    return sorted(done, key=lambda item: -item.score)
