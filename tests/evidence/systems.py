"""Systems with scores by file or means alone, to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from litdb.catalogue.scores import Mean, System
from litdb.evidence.pairing import Comparison
from litdb.vocabulary import MetricName

FILES = [f"p{speaker}_{number:03}" for speaker in (232, 257) for number in range(20)]
PESQ = [MetricName("PESQ")]


def scores(shift: float, seed: int = 0) -> dict[str, float]:
    generator = np.random.default_rng(seed)
    easy = np.random.default_rng(99).normal(2.8, 0.5, len(FILES))
    return dict(zip(FILES, (easy + shift + generator.normal(0, 0.05, len(FILES))).tolist(), strict=True))


def system(name: str, by_metric: Mapping[str, Mapping[str, float]], **known: object) -> System:
    run = name.partition("/")[0]
    return replace(
        System(name, "MyNet", "vbd", run, name, scores=by_metric),
        **known,  # type: ignore[arg-type]
    )


def only(found: list[Comparison]) -> Comparison:
    assert len(found) == 1
    return found[0]


def means(**values: float) -> dict[str, Mean]:
    return {name.replace("_", "@"): Mean(value, str(value)) for name, value in values.items()}
