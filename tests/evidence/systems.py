"""Systems with scores by file or means alone, to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from litdb.evidence.runs.pairing import Comparison
from litdb.evidence.runs.system import System
from litdb.values.value import Value
from litdb.vocabulary import MetricName
from litdb.vocabulary.protocol import NOTHING_STATED, Protocol
from tests.evidence.values import value

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


def means(**numbers: float) -> dict[str, Value]:
    return {
        name.replace("_", "@"): mean(name.replace("_", "@"), str(number)) for name, number in numbers.items()
    }


def mean(metric: str, printed: str, protocol: Protocol = NOTHING_STATED) -> Value:
    """A mean with nothing stated of it but what is given."""
    return replace(value("MyNet", metric, printed), protocol=protocol)
