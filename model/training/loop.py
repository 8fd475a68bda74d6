"""The epochs of a training: steps, validation, checkpoints, state, log, in this order."""

from __future__ import annotations

import errno
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator

from model.data import Crops, Pair
from model.errors import Stopped, TrainingError
from model.metrics import RATE
from model.runs import RunFolder
from model.training.labels import Labels, Pool, PooledLabels
from model.training.machine.processes import Machine, local_processes, not_repeatable
from model.training.recipe import Recipe
from model.training.selection import Validation, write_checkpoints
from model.training.state import Position, save_state
from model.training.step import PARTS, Batch, StepLosses, Stepper
from model.training.validation import validate
from model.training.watching.loggers import Loggers
from model.training.watching.progress import Progress
from model.workers import SteadyPool, cores

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_RESERVE = 3  # times the longest step, to end and save before a deadline


class Batches:
    """The batches of a training, and this process's share of each."""

    def __init__(self, recipe: Recipe, pairs: tuple[Pair, ...], group: Accelerator) -> None:
        self._recipe, self._pairs, self._group = recipe, pairs, group
        self._crops = Crops.of(pairs, round(recipe.crop_seconds * RATE), recipe.seed)

    def of(self, epoch: int) -> list[list[int]]:
        """The epoch's batches, as places of the pairs."""
        return self._crops.batches(epoch, self._recipe.batch)

    def share(self, epoch: int, indices: list[int]) -> Batch:
        """This process's share of a batch, filled up with repeated items of no weight to the size of the largest."""
        processes, rank = self._group.num_processes, self._group.process_index
        own, size = indices[rank::processes], -(-len(indices) // processes)
        filled = own + [indices[0]] * (size - len(own))
        clean, noisy = self._crops.batch(epoch, filled)
        valid = torch.tensor([1.0] * len(own) + [0.0] * (size - len(own)))
        device = self._group.device
        return Batch(
            torch.from_numpy(clean).to(device),
            torch.from_numpy(noisy).to(device),
            valid.to(device),
            len(indices),
            [self._pairs[index].id for index in own],
        )

    def seed(self, epoch: int, step: int) -> None:
        """Seed what the step draws (dropout) from seed, epoch, step and process."""
        words: list[Any] = [self._recipe.seed, epoch, step, self._group.process_index]
        torch.manual_seed(int(np.random.SeedSequence(words).generate_state(1)[0]))


class Training:
    """A run under way."""

    def __init__(
        self,
        run: RunFolder,
        recipe: Recipe,
        pairs: tuple[tuple[Pair, ...], tuple[Pair, ...]],
        stepper: Stepper,
        group: Accelerator,
        machine: Machine,
    ) -> None:
        """`pairs` are those to train on and those held out."""
        self._run, self._recipe, self._stepper = run, recipe, stepper
        self._group, self._machine = group, machine
        self._held_out = pairs[1]
        self._batches = Batches(recipe, pairs[0], group)
        self._main = group.is_main_process
        self._progress = Progress(recipe)
        self._saved: Position | None = None
        self._longest_step = self._validating = 0.0

    def go(self, position: Position) -> None:
        """All remaining epochs. Raises Stopped when the machine's time is over, with the state saved."""
        if position.epoch >= self._recipe.epochs:
            return
        self._saved = position if position.epoch or position.step else None
        workers = self._machine.workers or max(1, cores() // local_processes())
        loggers = Loggers(
            self._machine.loggers if self._main else (), self._run.path, self._flat(), self._lost
        )
        with SteadyPool(workers, self._worker_killed) as pool, ThreadPoolExecutor(1) as loader:
            with self._told_of_ends(position):
                while position.epoch < self._recipe.epochs:
                    position = self._epoch(position, pool, loader, loggers)
                if self._main:
                    self._run.log("finished", epochs=position.epoch, seconds=round(position.seconds, 1))
            loggers.close()

    @contextmanager
    def _told_of_ends(self, begun: Position) -> Iterator[None]:
        """Log why a run ended early; a full disk is told in a sentence that says what is safe."""
        try:
            yield
        except Exception as error:
            reached = self._saved or begun
            if self._main:
                with suppress(OSError):  # the log may be what cannot be written
                    self._run.log("stopped", reason=str(error), epoch=reached.epoch)
            if isinstance(error, OSError) and error.errno in _FULL:
                safe = f"epoch {reached.epoch}, step {reached.step}" if self._saved else "the beginning"
                raise TrainingError(
                    f"there is no room left on the disk of {self._run.path}; make some and go on from {safe} "
                    f"with --resume {self._run.path}"
                ) from error
            raise

    def _epoch(self, position: Position, pool: Pool, loader: Executor, loggers: Loggers) -> Position:
        epoch, began = position.epoch, time.monotonic()
        labels: Labels | None = PooledLabels(pool) if self._recipe.discriminates(epoch) else None
        weight = self._recipe.adversarial_weight(epoch)
        self._stepper.set_rate(self._recipe.learning_rate(epoch))
        batches = self._batches.of(epoch)
        sums, last = dict(position.sums), len(batches)

        def reached(step: int) -> Position:
            seconds = position.seconds + time.monotonic() - began
            return Position(epoch, step, sums, position.best, seconds)

        share, every = self._batches.share, self._recipe.save_every_steps
        loading = loader.submit(share, epoch, batches[position.step]) if position.step < last else None
        for step in range(position.step, last):
            if loading is None:
                raise RuntimeError("no batch is being loaded")
            batch = loading.result()
            loading = loader.submit(share, epoch, batches[step + 1]) if step + 1 < last else None
            started = time.monotonic()
            self._batches.seed(epoch, step)
            with self._noting_what_is_not_repeatable(step == position.step):
                losses = self._stepper.step(batch, weight, labels)
            self._longest_step = max(self._longest_step, time.monotonic() - started)
            add(sums, losses, batch.total)
            if self._main:
                self._progress.step(epoch, step + 1, last, losses.values["total"])
            if self._machine.stop.agreed(self._group, _RESERVE * self._longest_step):
                self._end_early(reached(step + 1))
            if every and (step + 1) % every == 0 and step + 1 < last:
                self._save(reached(step + 1))
        # what a kill or a full disk during validation must not cost
        self._save(reached(last))
        if self._machine.stop.agreed(self._group, self._validating + _RESERVE * self._longest_step):
            self._end_early(self._saved or reached(last))
        return self._finish(position, sums, pool, began, loggers)

    def _finish(
        self, position: Position, sums: dict[str, float], pool: Pool, began: float, loggers: Loggers
    ) -> Position:
        """Validation, checkpoints, resume state and log, in this order.

        A kill before the state repeats the end of the epoch; the log's line is in the state, so that one after it is
        written when the run goes on.
        """
        epoch, validation, best = position.epoch, None, position.best
        if (epoch + 1) % self._recipe.validate_every == 0 or epoch + 1 == self._recipe.epochs:
            started = time.monotonic()
            validation = validate(self._recipe, self._stepper.result, self._held_out, self._group, pool)
            self._validating = time.monotonic() - started
        seconds = time.monotonic() - began
        reached = Position(epoch + 1, 0, {}, best, position.seconds + seconds)
        if self._main:
            train = means(sums)
            report = {
                "epoch": epoch + 1,
                "learning_rate": self._recipe.learning_rate(epoch),
                "adversarial_weight": self._recipe.adversarial_weight(epoch),
                "train": train,
                "validation": validation.to_json() if validation else None,
                "labels": int(sums.get("labels", 0)),
                "labels_missing": int(sums.get("labels_missing", 0)),
                "steps_left_out": int(sums.get("steps_left_out", 0)),
                "seconds": round(seconds, 2),
            }
            best = write_checkpoints(self._run, self._stepper.result, epoch + 1, validation, best)
            reached = replace(reached, best=best, report=report)
            self._save(reached)
            self._run.log("epoch", **report)
            self._progress.epoch(epoch, train, validation, seconds)
            loggers.scalars(epoch + 1, _scalars(train, validation))
        self._group.wait_for_everyone()
        return reached

    def _save(self, position: Position) -> None:
        if self._main:
            save_state(self._run.path, self._stepper, position)
        self._saved = position

    def _end_early(self, position: Position) -> None:
        """Save, and leave by Stopped."""
        self._save(position)
        self._group.wait_for_everyone()
        stop = self._machine.stop
        raise Stopped(
            f"{self._run.path} was stopped ({stop.reason}) in epoch {position.epoch + 1} after step {position.step}, "
            f"and is saved: go on with --resume {self._run.path}",
            told=stop.told,
        )

    @contextmanager
    def _noting_what_is_not_repeatable(self, first: bool) -> Iterator[None]:
        """On a GPU, log which operations of a first step have no repeatable kernel there."""
        watched = first and self._main and self._group.device.type != "cpu"
        with warnings.catch_warnings(record=True) if watched else nullcontext() as seen:
            yield
        names = not_repeatable([str(warning.message) for warning in seen or ()])
        if names:
            self._run.log("not_repeatable", operations=names)

    def _worker_killed(self) -> None:
        words = "a worker process was killed, perhaps for lack of memory; a new one does its work"
        self._progress.note(words)
        self._run.log("worker_killed", process=self._group.process_index)

    def _lost(self, name: str, reason: str) -> None:
        self._progress.note(
            f"nothing more goes to {name}: {reason}; the training goes on, log.jsonl has every value"
        )
        self._run.log("logger_lost", logger=name, reason=reason)

    def _flat(self) -> dict[str, Any]:
        """The configuration for loggers: names and plain values."""
        content = self._run.config()
        network = {f"network.{name}": value for name, value in content["network"].items()}
        return {"model": content["model"], **network, **content["recipe"]}


def add(sums: dict[str, float], losses: StepLosses, items: int) -> None:
    """Add a step to the sums of its epoch, weighted with its items."""
    values: dict[str, float | None] = {**losses.values, "gradient_norm": losses.gradient_norm}
    for name, value in values.items():
        if value is None:
            sums["steps_left_out"] = sums.get("steps_left_out", 0.0) + 1
            continue
        sums[name] = sums.get(name, 0.0) + value * items
        sums[f"{name}:items"] = sums.get(f"{name}:items", 0.0) + items
    sums["labels"] = sums.get("labels", 0.0) + losses.labels
    sums["labels_missing"] = sums.get("labels_missing", 0.0) + losses.labels_missing


def means(sums: dict[str, float]) -> dict[str, float]:
    """The means of an epoch's sums, by the names in PARTS, and of the gradient's norm."""
    names = [name for name in (*PARTS, "gradient_norm") if name in sums]
    return {name: round(sums[name] / sums[f"{name}:items"], 6) for name in names}


def _scalars(train: dict[str, float], validation: Validation | None) -> dict[str, float]:
    held_out = validation.terms() if validation else {}
    return {
        **{f"train/{name}": value for name, value in train.items()},
        **{f"validation/{name}": value for name, value in held_out.items()},
    }
