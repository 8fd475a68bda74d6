"""How long a training will take, from some steps of it."""

from __future__ import annotations

import math
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from accelerate import Accelerator

from model.networks import MetricDiscriminator, NetworkConfig, build
from model.training.labels import Labels, PooledLabels
from model.training.loop import Batches
from model.training.machine.processes import Machine, accelerator, local_processes
from model.training.machine.sums import summed
from model.training.probing.pace import Pace
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
SHARE = 0.02
"""Of the time that is given (`--hours`), what each kind of step may take; fewer steps are timed then."""


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
    seconds = SHARE * machine.stop.left()
    with SteadyPool(workers, lambda: None) as pool:
        plain = _step_seconds(stepper, batches, group, None, (steps, seconds))
        adversarial = None
        if recipe.weight_adversarial:
            adversarial = _step_seconds(stepper, batches, group, PooledLabels(pool), (steps, seconds))
        return Pace(
            statistics.median(plain),
            statistics.median(adversarial) if adversarial else None,
            _validation_seconds(stepper, data, group, pool),
            len(batches.of(0)),
            min(len(plain), len(adversarial or plain)),
        )


def _step_seconds(
    stepper: Stepper, batches: Batches, group: Accelerator, labels: Labels | None, most: tuple[int, float]
) -> list[float]:
    """The seconds of `most` steps, in no more than so many seconds together (but one at least).

    The reading of the next batch goes on beside, as in a training.
    """
    steps, given = most
    weight = stepper.recipe.weight_adversarial if labels else 0.0
    epochs = math.ceil((steps + WARM_UP) / len(batches.of(0)))
    wanted = [(epoch, batch) for epoch in range(epochs) for batch in batches.of(epoch)][: steps + WARM_UP]
    seconds: list[float] = []
    begun = time.perf_counter()
    with ThreadPoolExecutor(1) as loader:
        loading = loader.submit(batches.share, *wanted[0])
        for place, (epoch, _) in enumerate(wanted):
            started = time.perf_counter()
            batch = loading.result()
            if place + 1 < len(wanted):
                loading = loader.submit(batches.share, *wanted[place + 1])
            batches.seed(epoch, place)
            stepper.step(batch, weight, labels)
            now = time.perf_counter()
            seconds.append(now - started)
            if place >= WARM_UP and summed(group, [float(now - begun > given)])[0] > 0:
                break  # all processes together
    return seconds[WARM_UP:]


def _validation_seconds(stepper: Stepper, data: TrainingData, group: Accelerator, pool: SteadyPool) -> float:
    """From a few files for each process; the first one, which also starts the workers, is not timed."""
    share = data.validation[: VALIDATED * group.num_processes]
    validate(stepper.recipe, stepper.result, share[: group.num_processes], group, pool)
    started = time.perf_counter()
    validate(stepper.recipe, stepper.result, share, group, pool)
    return (time.perf_counter() - started) * len(data.validation) / len(share)
