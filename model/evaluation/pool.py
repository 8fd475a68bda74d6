"""Scoring files in parallel: one task is one file, read, enhanced if need be, scored and perhaps written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from model.data import audio
from model.errors import EvaluationError, ModelError
from model.evaluation.alignment import Offset, equal_length, offset
from model.evaluation.cluster import Cluster, Each, joined
from model.metrics import NAMES, RATE, Scores, score
from model.workers import worker_pool

if TYPE_CHECKING:
    from model.networks import Network


WAITING = 4
"""Enhanced files for each worker that may wait to be scored."""


@dataclass(frozen=True)
class ScoreTask:
    """One file to score: `degraded` as it is, or what `checkpoint` makes of it; `save` is where to write that."""

    id: str
    clean: Path
    degraded: Path
    checkpoint: Path | None = None
    save: Path | None = None


@dataclass(frozen=True)
class FileScore:
    """The values of one file in the order of `NAMES`; None where `error` gives the reason; `notes` say the rest.

    `offset` is how the scored signal lies to its clean file, None where that cannot be told.
    """

    id: str
    values: tuple[float | None, ...]
    error: str = ""
    notes: tuple[str, ...] = ()
    offset: Offset | None = None

    def value(self, metric: str) -> float | None:
        """The value of a metric by its name."""
        return self.values[NAMES.index(metric)]

    @property
    def scored(self) -> bool:
        """Whether any metric has a value."""
        return any(value is not None for value in self.values)


class ScorePool:
    """Worker processes that score files; a context manager.

    With a `device` networks run there, in this process, and the workers score beside it; without, each worker runs the network
    by itself on one core. In place of a number of workers a cluster can do all of it.
    """

    def __init__(self, workers: int | Cluster, device: str | None = None) -> None:
        self._cluster = workers if isinstance(workers, Cluster) else None
        self._workers = workers.processes if isinstance(workers, Cluster) else workers
        self._device = device
        self._each: Each[ScoreTask, FileScore] | None = None
        self._stack = ExitStack()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._cluster is not None:
            self._each = self._stack.enter_context(joined(self._cluster))
        else:
            self._pool = self._stack.enter_context(worker_pool(self._workers))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def run(self, tasks: Iterable[ScoreTask]) -> Iterator[FileScore]:
        """Scores in the order in which they are ready. Raises EvaluationError when a worker process dies."""
        # long files first, so that no core is left with one at the end
        ordered = sorted(
            tasks, key=lambda task: -task.degraded.stat().st_size if task.degraded.exists() else 0
        )
        if self._each is not None:
            yield from self._each(score_file, ordered)
            return
        if self._pool is None:
            raise RuntimeError("use the pool as a context manager")
        try:
            if self._device is None:
                yield from _in_workers(self._pool, ordered)
            else:
                yield from self._beside(self._pool, self._device, ordered)
        except BrokenProcessPool:
            raise EvaluationError(
                "a scoring process was killed, perhaps for lack of memory; run the command again to go on"
            ) from None

    def _beside(
        self, pool: ProcessPoolExecutor, device: str, tasks: Iterable[ScoreTask]
    ) -> Iterator[FileScore]:
        """Files go through the network here; the workers are given no more than they can hold."""
        waiting: set[Future[FileScore]] = set()
        for task in tasks:
            waiting.add(pool.submit(score_file, task, _made(task, device) if task.checkpoint else None))
            if len(waiting) > WAITING * self._workers:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ready)
        for future in as_completed(waiting):
            yield future.result()


def _in_workers(pool: ProcessPoolExecutor, tasks: Iterable[ScoreTask]) -> Iterator[FileScore]:
    futures = [pool.submit(score_file, task) for task in tasks]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def _made(task: ScoreTask, device: str) -> audio.Samples | ModelError:
    """What the network makes of a file, or what is wrong with the file."""
    if task.checkpoint is None:
        raise RuntimeError("a task without a network")
    try:
        signal = audio.read_at(task.degraded, RATE)
        return processed(network_on(task.checkpoint, device), signal)
    except ModelError as error:
        return error


def score_file(task: ScoreTask, made: audio.Samples | ModelError | None = None) -> FileScore:
    """Do one task in this process. What is wrong with the files becomes the `error` of the result.

    `made` is what the network made of the file, where it ran elsewhere.
    """
    try:
        if isinstance(made, ModelError):
            raise made
        clean = audio.read_at(task.clean, RATE)
        signal = audio.read_at(task.degraded, RATE) if made is None else made
        if task.checkpoint is not None and made is None:
            signal = processed(network_of(task.checkpoint), signal)
        if task.save is not None:
            audio.write(task.save, signal, RATE)
        return scored(task.id, clean, signal)
    except ModelError as error:
        return unscored(task.id, str(error))
    except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
        # whatever numbers a file holds, the others are scored
        return unscored(task.id, f"a metric failed: {type(error).__name__}: {error}")


def scored(name: str, clean: audio.Samples, signal: audio.Samples) -> FileScore:
    """The scores of a signal against clean, both [samples] at 16 kHz, cut to one length where they differ by up to a frame."""
    clean, signal, notes = equal_length(clean, signal)
    found = file_score(name, score(clean, signal, RATE))
    return replace(found, notes=(*notes, *found.notes), offset=offset(clean, signal))


def unscored(name: str, reason: str) -> FileScore:
    """A file without any value."""
    return FileScore(name, (None,) * len(NAMES), reason)


def file_score(name: str, scores: Scores) -> FileScore:
    """The scores of a file with the reasons of missing values gathered into one text."""
    by_reason: dict[str, list[str]] = {}
    for entry in scores.missing:
        by_reason.setdefault(entry.reason, []).append(entry.metric)
    error = "; ".join(f"{' '.join(metrics)}: {reason}" for reason, metrics in by_reason.items())
    return FileScore(name, tuple(scores.value(metric) for metric in NAMES), error, scores.notes)


def processed(network: Network, signal: audio.Samples) -> audio.Samples:
    """A whole utterance [samples] at 16 kHz through a network, on the device of the network."""
    import torch

    from model.stft import enhance

    device = next(network.parameters()).device
    wave = torch.from_numpy(signal)[None].to(device)
    enhanced: audio.Samples = enhance(network, wave)[0].cpu().numpy()
    return enhanced


@lru_cache(maxsize=2)
def network_of(checkpoint: Path) -> Network:
    """The network of a checkpoint in a worker process, kept for the next file."""
    import torch

    from model.checkpoint import load_checkpoint

    torch.set_num_threads(1)
    return load_checkpoint(checkpoint)[0].eval()


@lru_cache(maxsize=2)
def network_on(checkpoint: Path, device: str) -> Network:
    """The network of a checkpoint on a device, kept for the next file."""
    import torch

    from model.checkpoint import load_checkpoint

    # single precision throughout: scores are to be those of the processor
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    return load_checkpoint(checkpoint)[0].eval().to(device)


def best_device(cpu: bool = False) -> str | None:
    """The device that networks run on when files are enhanced: `cuda` or `mps` where there is one, None for the processor."""
    import torch

    if cpu:
        return None
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None
