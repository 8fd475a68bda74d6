"""What worker processes compute in a training: PESQ as the discriminator's target, PESQ and STOI for validation.

The workers import this module only, so they start without torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from model.data.audio import Samples
from model.metrics.intelligibility import intelligibility
from model.metrics.pesq_wb import NoPesq, pesq_wb


def quality(pesq: float) -> float:
    """PESQ (WB, MOS-LQO) as a target in about 0.3 to 1.0: (PESQ + 0.5) / 5."""
    return (pesq + 0.5) / 5


def label(reference: Samples, degraded: Samples) -> float | None:
    """The target for one pair of waves [samples] at 16 kHz, or None when PESQ has no value for it."""
    if not (np.all(np.isfinite(reference)) and np.all(np.isfinite(degraded))):
        return None  # the loss of this batch is not finite either and stops the training with its name
    try:
        return quality(pesq_wb(reference.astype(np.float64), degraded.astype(np.float64)))
    except NoPesq:
        return None


def pesq_and_stoi(clean: Samples, enhanced: Samples) -> tuple[float | None, float | None]:
    """PESQ and STOI of one file at 16 kHz, None where there is no value."""
    one, other = clean.astype(np.float64), enhanced.astype(np.float64)
    try:
        pesq = pesq_wb(one, other)
    except NoPesq:
        pesq = None
    return pesq, intelligibility(one, other).stoi


class Result(Protocol):
    """Something a worker does."""

    def result(self) -> Any:
        """What came out, when it is there."""


class Pool(Protocol):
    """Workers: an executor, or a pool that outlives them (`model.workers.SteadyPool`)."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Result:
        """Hand out a job."""


class Pending(Protocol):
    """Labels on their way."""

    def result(self) -> list[float | None]:
        """The labels, in the order of the pairs."""


class Labels(Protocol):
    """What gives labels for pairs of waves."""

    def submit(self, references: Samples, degraded: Samples) -> Pending:
        """Begin to label the pairs of two arrays [pairs, samples]."""


@dataclass(frozen=True)
class _Futures:
    futures: tuple[Result, ...]

    def result(self) -> list[float | None]:
        return [future.result() for future in self.futures]


@dataclass(frozen=True)
class PooledLabels:
    """Labels from a pool of worker processes."""

    pool: Pool

    def submit(self, references: Samples, degraded: Samples) -> Pending:
        """One job a pair."""
        return _Futures(
            tuple(self.pool.submit(label, *pair) for pair in zip(references, degraded, strict=True))
        )
