"""What PESQ labels add to a training step, beside a loop that computes them in line.

    python benchmarks/model_training.py [--model M4] [--batch 6] [--rounds 7] [--threads 1] [--workers 1]

Four ways to take the same steps with the same network, crops of 2 s of the speech-like signals in this file:

- *given*: the labels are known beforehand and cost nothing;
- *pooled*: worker processes compute them while the generator's step is taken (what `litdb model train` does);
- *in line*: this process computes them one after the other when the discriminator needs them;
- *plain*: as in line, and in every step, also before the discriminator takes part.

Before the discriminator takes part (`--set adversarial_start`), *given*, *pooled* and *in line* are one thing: no label
is asked for, which is counted. The network takes all cores but one, and the labels that one (on a graphics card it takes
none): where the network fills every core, whoever computes labels takes time from it. The ways take turns within a round, so that a change of the machine's speed meets all;
printed are medians over rounds of the ratio to *given* in the same round.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import numpy as np
import torch
from accelerate import Accelerator

from model.networks import MetricDiscriminator, build, variant
from model.training.labels import Labels, PooledLabels, label
from model.training.recipe import Recipe
from model.training.step import Batch, Stepper
from model.workers import cores, worker_pool

RATE = 16000


class Given:
    """Labels that are known: whatever pair is asked for, the same value."""

    def __init__(self, value: float) -> None:
        self._value = value
        self._number = 0
        self.asked = 0

    def submit(self, references: np.ndarray, degraded: np.ndarray) -> Given:  # noqa: ARG002 - as the pool it stands for
        self._number = len(references)
        self.asked += self._number
        return self

    def result(self) -> list[float | None]:
        return [self._value] * self._number


class InLine:
    """Labels computed here, when they are needed."""

    def __init__(self) -> None:
        self._pairs: list[tuple[np.ndarray, np.ndarray]] = []

    def submit(self, references: np.ndarray, degraded: np.ndarray) -> InLine:
        self._pairs = list(zip(references, degraded))
        return self

    def result(self) -> list[float | None]:
        return [label(*pair) for pair in self._pairs]


def speech(random: np.random.Generator, seconds: float) -> np.ndarray:
    """Syllables of a gliding pitch with falling harmonics, float32 [samples]."""
    time_axis = np.arange(int(seconds * RATE)) / RATE
    pitch = 110 + 60 * random.random() + 20 * np.sin(2 * np.pi * 1.3 * time_axis)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 30))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time_axis + random.random()), 0, 1) ** 0.5
    signal = syllables * voice + 0.01 * random.standard_normal(len(time_axis))
    return (0.5 * signal / np.max(np.abs(signal))).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="M4")
    parser.add_argument("--batch", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=max(1, cores() - 1), help="threads of the network")
    parser.add_argument("--workers", type=int, default=1, help="processes that compute labels")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    random = np.random.default_rng(0)
    clean = np.stack([speech(random, 2.0) for _ in range(arguments.batch)])
    noisy = clean + 0.05 * random.standard_normal(clean.shape).astype(np.float32)
    batch = Batch(
        torch.from_numpy(clean),
        torch.from_numpy(noisy),
        torch.ones(len(clean)),
        len(clean),
        [f"signal {number}" for number in range(len(clean))],
    )
    torch.manual_seed(0)
    recipe = Recipe()
    stepper = Stepper(recipe, build(variant(arguments.model)), MetricDiscriminator(), Accelerator(cpu=True))
    print(
        f"{arguments.model}, batch {len(clean)} of 2 s, {torch.get_num_threads()} threads, "
        f"{arguments.workers} label workers, {cores()} cores, "
        f"load {os.getloadavg()[0]:.2f}"
    )

    given = Given(0.5)
    with worker_pool(arguments.workers) as pool:
        pooled = PooledLabels(pool)
        pooled.submit(clean, noisy).result()  # the workers have imported what they need

        def generator_phase() -> None:
            stepper.step(batch, 0.0, None)

        def plain_generator_phase() -> None:
            outcome = stepper.step(batch, 0.0, None)
            del outcome
            InLine().submit(np.concatenate([clean, clean]), np.concatenate([noisy, noisy])).result()

        def discriminator_phase(labels: Labels) -> None:
            stepper.step(batch, recipe.weight_adversarial, labels)

        ways = {
            "discriminator phase, given": lambda: discriminator_phase(given),
            "discriminator phase, pooled": lambda: discriminator_phase(pooled),
            "discriminator phase, in line": lambda: discriminator_phase(InLine()),
            "generator phase, no label": generator_phase,
            "generator phase, plain loop": plain_generator_phase,
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(arguments.rounds + 1):
            for name, step in ways.items():
                asked = given.asked
                start = time.perf_counter()
                step()
                if number:  # the first round warms up
                    seconds[name].append(time.perf_counter() - start)
                if name == "generator phase, no label" and given.asked != asked:
                    raise SystemExit("labels were computed before the discriminator takes part")

    for phase, base in (
        ("discriminator", "discriminator phase, given"),
        ("generator", "generator phase, no label"),
    ):
        for name in ways:
            if name.startswith(phase):
                ratios = [one / other for one, other in zip(seconds[name], seconds[base])]
                print(
                    f"{name:30} {statistics.median(seconds[name]):7.3f} s   {statistics.median(ratios):.3f}"
                )
    print(f"load at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
