"""Pools of single-threaded worker processes that end with the process that made them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def worker_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """A started pool of `workers` processes, each with one numerical thread.

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
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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
