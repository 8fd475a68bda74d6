"""The learning-rate finder: a loss over a rate that grows with every step (the range test of L. N. Smith, 2017)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from model.errors import ModelUsageError, NotFinite, TrainingError
from model.networks import MetricDiscriminator, NetworkConfig, build
from model.training.loop import Batches
from model.training.machine.processes import Machine, accelerator
from model.training.recipe import Recipe
from model.training.step import Stepper
from model.training.trainer import TrainingData

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 100
LOWEST, HIGHEST = 1e-6, 1.0
FEWEST = 10
"""Steps below which nothing can be told."""
_MEMORY = 0.9  # of the running mean of the loss
_LOST = 4.0  # times the lowest loss: the rest of the rates is not tried
_EDGE = 0.1  # of the steps at either end, whose slopes say nothing


@dataclass(frozen=True)
class RateTest:
    """Rates that were tried, the reconstruction loss at each and its running mean; what follows from them.

    `steepest` is the rate at which the mean falls fastest per decade, `lowest` the one at which it is lowest; above that
    a training loses what it has. A rate to train with lies from `steepest` to a tenth of `lowest`.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    steepest: float
    lowest: float
    recipe: float
    """The rate of the recipe, for comparison."""


def find_rate(
    config: NetworkConfig,
    recipe: Recipe,
    data: TrainingData,
    machine: Machine,
    *,
    steps: int = STEPS,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
) -> RateTest:
    """Train for some steps, each with a higher rate than the one before, and throw the weights away.

    Without discriminator; it ends early when the loss leaves all bounds. Raises ModelUsageError for rates or steps that make
    no range, TrainingError when it ended before anything could be told.
    """
    if not 0 < lowest < highest < math.inf:
        raise ModelUsageError(f"rates must grow from above 0, not from {lowest} to {highest}")
    if steps < FEWEST:
        raise ModelUsageError(f"the finder needs at least {FEWEST} steps, not {steps}")
    group = accelerator(machine)
    torch.manual_seed(recipe.seed)
    without = replace(recipe, weight_adversarial=0.0, ema=0.0)
    stepper = Stepper(
        without, build(config), MetricDiscriminator(1), group, precision=machine.precision or "fp32"
    )
    batches = Batches(without, data.training, group)
    wanted = list(islice(((epoch, batch) for epoch in count() for batch in batches.of(epoch)), steps))
    rates = [float(rate) for rate in np.geomspace(lowest, highest, steps)]
    losses: list[float] = []
    with ThreadPoolExecutor(1) as loader:
        loading = loader.submit(batches.share, *wanted[0])
        for place, (rate, (epoch, _)) in enumerate(zip(rates, wanted, strict=True)):
            batch = loading.result()
            if place + 1 < steps:
                loading = loader.submit(batches.share, *wanted[place + 1])
            batches.seed(epoch, place)
            stepper.set_rate(rate)
            try:
                losses.append(stepper.step(batch, 0.0, None).values["total"])
            except NotFinite:
                break
            smoothed = running_mean(losses)
            if smoothed[-1] > _LOST * min(smoothed):
                break
    return judged(rates[: len(losses)], losses, recipe.rate)


def judged(rates: Sequence[float], losses: Sequence[float], recipe: float) -> RateTest:
    """What follows from the losses of a test. Raises TrainingError when they are too few."""
    if len(losses) < FEWEST:
        raise TrainingError(
            f"the loss left all bounds after {len(losses)} steps, at a rate of {rates[-1] if rates else 0:.1g}; "
            "begin with a lower one"
        )
    smoothed = running_mean(losses)
    slopes = np.gradient(smoothed, np.log10(rates))
    edge = max(1, round(_EDGE * len(losses)))
    steepest = edge + int(np.argmin(slopes[edge:-edge]))
    return RateTest(
        tuple(rates), tuple(losses), tuple(smoothed), rates[steepest], rates[int(np.argmin(smoothed))], recipe
    )


def running_mean(values: Sequence[float]) -> list[float]:
    """The exponential running mean, corrected for its beginning."""
    mean, found = 0.0, []
    for place, value in enumerate(values, start=1):
        mean = _MEMORY * mean + (1 - _MEMORY) * value
        found.append(mean / (1 - _MEMORY**place))
    return found


def save_figure(test: RateTest, path: Path) -> Path:
    """Draw the loss over the rate, with what follows from it. Raises ModelUsageError when the name has no kind of figure."""
    figure = _drawn(test)
    kinds = figure.canvas.get_supported_filetypes()
    if path.suffix.lstrip(".").lower() not in kinds:
        raise ModelUsageError(f"{path} must end in one of {', '.join(f'.{kind}' for kind in kinds)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    return path


def _drawn(test: RateTest) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(test.rates, test.losses, ".", color="0.7", label="loss of a step")
    axes.plot(test.rates, test.smoothed, color="C0", label="running mean")
    for rate, words, colour in (
        (test.steepest, "falls fastest", "C2"),
        (test.lowest, "lowest", "C3"),
        (test.recipe, "the recipe's", "0.3"),
    ):
        axes.axvline(rate, color=colour, linestyle="--", label=f"{words}: {rate:.1e}")
    axes.set(xscale="log", xlabel="learning rate", ylabel="reconstruction loss")
    axes.set_ylim(0.9 * min(test.losses), 1.1 * max(test.smoothed))
    axes.legend()
    return figure
