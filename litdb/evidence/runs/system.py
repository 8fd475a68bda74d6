"""What can be compared: own checkpoints with the scores of every file, and models of which only means are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from litdb.evidence.rows.refusals import Refusal
from litdb.evidence.runs.targets import Aimed
from litdb.values.value import Value


@dataclass(frozen=True, slots=True)
class System:
    """One side of a comparison on one test set: means by metric, and where they are kept, scores of every file.

    `scores` is metric to file to value, `failed` metric to file to the reason that there is none. `run` and `checkpoint`
    are empty for a published model and for a file of scores. `recipe` is equal for runs that differ in their seed
    alone. `chosen` says why this checkpoint stands for a model; `reference` that it is the noisy or clean speech;
    `marks` are what must be said beside its scores, `refusals` by metric why a mean has no rank,
    `aims` what it was trained and selected on, None where that is not recorded.
    """

    name: str
    model: str
    dataset: str
    run: str = ""
    checkpoint: str = ""
    selected_on: str = ""
    seed: int | None = None
    recipe: str = ""
    chosen: str = ""
    reference: bool = False
    means: Mapping[str, Value] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    failed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    aims: Aimed | None = None
