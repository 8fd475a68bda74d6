"""Pools of single-threaded worker processes that end with the process that made them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any, Self

from model.errors import ModelError

#: A job is given up when the worker that had it was killed so often.
MOST_TRIES = 3

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def worker_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A started pool of `workers` processes, each with one numerical thread."""
    pool = _started(workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class Job:
    """Something a worker does; done again by another one when its worker is killed."""

    def __init__(self, owner: SteadyPool, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._owner, self._function, self._arguments = owner, function, arguments
        self._pool, self._future = owner.hand_out(function, arguments)

    def result(self) -> Any:
        """What the function returned, or the error it raised. Raises ModelError when its workers keep being killed."""
        for _ in range(MOST_TRIES):
            try:
                return self._future.result()
            except BrokenProcessPool:
                self._owner.replace(self._pool)
                self._pool, self._future = self._owner.hand_out(self._function, self._arguments)
        raise ModelError(
            f"a worker process was killed {MOST_TRIES} times, perhaps for lack of memory; "
            "go on with --resume and fewer --workers"
        )


class SteadyPool:
    """A pool that outlives its workers: when one is killed (the whole pool is lost then), a new one takes its jobs.

    `killed` is called each time. A context manager; used from one thread.
    """

    def __init__(self, workers: int, killed: Callable[[], None]) -> None:
        self._workers, self._killed = workers, killed
        self._pool = _started(workers)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Job:
        """Hand out a job."""
        return Job(self, function, arguments)

    def hand_out(
        self, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> tuple[ProcessPoolExecutor, Future[Any]]:
        """The job's future, and the pool that has it."""
        try:
            return self._pool, self._pool.submit(function, *arguments)
        except BrokenProcessPool:
            self.replace(self._pool)
            return self._pool, self._pool.submit(function, *arguments)

    def replace(self, lost: ProcessPoolExecutor) -> None:
        """Start a new pool in place of a lost one, once for all jobs it had."""
        if self._pool is lost:
            lost.shutdown(wait=False, cancel_futures=True)
            self._killed()
            self._pool = _started(self._workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _started(workers: int) -> ProcessPoolExecutor:
    """A pool whose processes are there, each with one numerical thread.

    Processes are spawned, not forked, because a fork of a process with running torch threads can hang.
    """
    saved = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin)
    try:
        os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
        wait([pool.submit(_nothing) for _ in range(workers)])
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    return pool


def _begin() -> None:
    """In a new worker: a thread that ends it when its parent is gone, for a killed parent says nothing."""
    parent = parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()


def _nothing() -> None:
    return None
