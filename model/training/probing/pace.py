"""How long a training will take, from some steps of it."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from accelerate import Accelerator

from model.networks import MetricDiscriminator, NetworkConfig, build
from model.training.labels import Labels, PooledLabels
from model.training.loop import Batches
from model.training.machine.processes import Machine, accelerator, local_processes
from model.training.recipe import Recipe
from model.training.step import Stepper
from model.training.trainer import TrainingData
from model.training.validation import validate
from model.workers import SteadyPool, cores

STEPS = 50
"""Steps of each kind that are timed, after a few that are not."""
WARM_UP = 3
VALIDATED = 4
"""Held-out files that are timed."""


@dataclass(frozen=True)
class Pace:
    """Seconds of a step without and with the discriminator (None when the recipe has none), and of a validation."""

    plain: float
    adversarial: float | None
    validation: float
    steps: int
    """Of an epoch."""

    def seconds(self, recipe: Recipe, begin: int = 0) -> float:
        """Of the epochs from `begin` (counted from 0) to the recipe's last."""
        total = 0.0
        for epoch in range(begin, recipe.epochs):
            step = self.adversarial if self.adversarial and recipe.discriminates(epoch) else self.plain
            total += step * self.steps
            if (epoch + 1) % recipe.validate_every == 0 or epoch + 1 == recipe.epochs:
                total += self.validation
        return total

    def __str__(self) -> str:
        beside = f", {self.adversarial:.3f} s with the discriminator" if self.adversarial else ""
        return f"a step takes {self.plain:.3f} s{beside}, a validation {self.validation:.0f} s"


def measure_pace(
    config: NetworkConfig, recipe: Recipe, data: TrainingData, machine: Machine, steps: int = STEPS
) -> Pace:
    """Train for some steps, with and without the discriminator, and throw the weights away.

    Every process of a group must call it; the times are this process's.
    """
    group = accelerator(machine)
    discriminator = MetricDiscriminator(recipe.discriminator_width)
    discriminator.dropout.p = recipe.discriminator_dropout
    stepper = Stepper(
        recipe,
        build(config),
        discriminator,
        group,
        precision=machine.precision or "fp32",
        compiled=bool(machine.compiled),
    )
    workers = machine.workers or max(1, cores() // local_processes())
    batches = Batches(recipe, data.training, group)
    with SteadyPool(workers, lambda: None) as pool:
        plain = _step_seconds(stepper, batches, 0.0, None, steps)
        adversarial = None
        if recipe.weight_adversarial:
            labels = PooledLabels(pool)
            adversarial = _step_seconds(stepper, batches, recipe.weight_adversarial, labels, steps)
        return Pace(plain, adversarial, _validation_seconds(stepper, data, group, pool), len(batches.of(0)))


def _step_seconds(
    stepper: Stepper, batches: Batches, weight: float, labels: Labels | None, steps: int
) -> float:
    """The median over steps, the reading of the next batch going on beside as in a training."""
    wanted = [
        (epoch, batch)
        for epoch in range(-(-(steps + WARM_UP) // len(batches.of(0))))
        for batch in batches.of(epoch)
    ][: steps + WARM_UP]
    seconds = []
    with ThreadPoolExecutor(1) as loader:
        loading = loader.submit(batches.share, *wanted[0])
        for place, (epoch, _) in enumerate(wanted):
            started = time.perf_counter()
            batch = loading.result()
            if place + 1 < len(wanted):
                loading = loader.submit(batches.share, *wanted[place + 1])
            batches.seed(epoch, place)
            stepper.step(batch, weight, labels)
            seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[WARM_UP:])


def _validation_seconds(stepper: Stepper, data: TrainingData, group: Accelerator, pool: SteadyPool) -> float:
    """From a few files for each process; the first one, which also starts the workers, is not timed."""
    share = data.validation[: VALIDATED * group.num_processes]
    validate(stepper.recipe, stepper.result, share[: group.num_processes], group, pool)
    started = time.perf_counter()
    validate(stepper.recipe, stepper.result, share, group, pool)
    return (time.perf_counter() - started) * len(data.validation) / len(share)
