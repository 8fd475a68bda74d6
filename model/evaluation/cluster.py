"""Scoring the files of a large corpus on a dask cluster, or on joblib's own processes.

joblib hands the files out; dask brings them to other machines. Both are the optional extra `cluster`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from model.errors import EvaluationError, ModelUsageError

LOCAL = "local"
"""In place of a scheduler's address: joblib's own processes on this machine."""
SECONDS_TO_ANSWER = 10
_SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Cluster:
    """A dask scheduler by its `address` (`tcp://host:8786`), or `local` for `processes` of joblib's own."""

    address: str
    processes: int


T = TypeVar("T")
R = TypeVar("R")
#: A function called with each item, results in the order in which they are ready.
Each = Callable[[Callable[[T], R], Iterable[T]], Iterator[R]]


@contextmanager
def joined(cluster: Cluster) -> Iterator[Each[Any, Any]]:
    """What does a function on the workers of a cluster.

    The workers read the same paths and need the same packages. Raises ModelUsageError when the extra is not installed,
    EvaluationError when no scheduler answers or it has no workers, and, from what is given, when a worker is lost.
    """
    joblib = _imported("joblib")
    with ExitStack() as stack:
        if cluster.address == LOCAL:
            options: dict[str, Any] = {
                "backend": "loky",
                "n_jobs": cluster.processes,
                "inner_max_num_threads": 1,
            }
        else:
            client = stack.enter_context(_client(cluster.address))
            # as many files at a time as the workers have threads
            options = {"backend": "dask", "client": client}

        def each(function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
            with joblib.parallel_config(**options):
                parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1)
                try:
                    yield from parallel(joblib.delayed(function)(item) for item in items)
                except _lost() as error:
                    raise EvaluationError(
                        "a worker of the cluster was lost, perhaps for lack of memory; run the command again to go on"
                    ) from error

        yield each


def one_thread() -> None:
    """In a worker, before its first numerical work: one thread, as many files are worked on side by side."""
    for name in _SINGLE:
        os.environ[name] = "1"


@contextmanager
def _client(address: str) -> Iterator[Any]:
    distributed = _imported("distributed")
    try:
        client = distributed.Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise EvaluationError(
            f"no dask scheduler answers at {address}: start one with `dask scheduler`, and workers with `dask worker {address}`"
        ) from error
    with client:
        if not client.scheduler_info()["workers"]:
            raise EvaluationError(
                f"the dask scheduler at {address} has no workers: start some with `dask worker {address} --nthreads 1`"
            )
        client.run(one_thread)
        yield client


def _imported(name: str) -> Any:
    """A package of the extra. Raises ModelUsageError that names the extra."""
    try:
        return __import__(name)
    except ImportError:
        raise ModelUsageError(
            f"--cluster needs {name}, which is not installed: pip install 'litdb-sota[model,cluster]'"
        ) from None


def _lost() -> tuple[type[Exception], ...]:
    """What is raised when a worker is gone."""
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        from distributed import KilledWorker
    except ImportError:
        return (TerminatedWorkerError,)
    return (TerminatedWorkerError, KilledWorker)
